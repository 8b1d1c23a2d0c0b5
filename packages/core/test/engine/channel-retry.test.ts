import { expect } from 'chai';
import { Err, HOUR, MINUTE, SECOND, type Instant, type SyncError } from '@loft/sync-core';
import { overridden } from './overridden.js';
import { BAY1, BAY2, World } from './world.js';

const PUSH = { address: 'https://sync.example.com/webhook/gcal', tokenOf: (id: string) => `token of ${id}` };

function refusal(retryAfterMs: number | undefined): SyncError {
  const error = { kind: 'rate-limited', system: 'google', method: 'events.watch', message: '429' } as const;
  return retryAfterMs === undefined ? error : { ...error, retryAfterMs };
}

/** A world in which the first opening of the channel of bay 1 is refused. Returns the times of its openings. */
async function refusedOnce(retryAfterMs: number | undefined): Promise<{ world: World; opened: readonly Instant[] }> {
  const world = new World({
    settings: { uschedule: { pollSeconds: 3600 }, google: { sweepSeconds: 3600 } },
    engine: { push: PUSH },
  });
  const { calendars, clock } = world;
  const opened: Instant[] = [];
  world.through({
    calendars: overridden(calendars, {
      watch: async (request) => {
        if (request.calendarId === BAY1.calendarId) opened.push(clock.now());
        if (opened.length === 1 && request.calendarId === BAY1.calendarId) return Err(refusal(retryAfterMs));
        return calendars.watch(request);
      },
    }),
  });
  await world.start();
  return { world, opened };
}

describe('the opening of a watch channel that was refused', () => {
  for (const [asked, ms, waited] of [
    ['no wait', undefined, MINUTE],
    ['20 seconds', 20 * SECOND, MINUTE],
    ['four minutes', 4 * MINUTE, 4 * MINUTE],
    ['a year, which counts as ten minutes', 365 * 24 * HOUR, 10 * MINUTE],
  ] as const) {
    it(`is repeated as the answer asks: ${asked}`, async () => {
      const { world, opened } = await refusedOnce(ms);
      await world.settle(11 * MINUTE);
      expect(opened).to.have.length(2);
      expect(opened[1]! - opened[0]!).to.be.within(waited, waited + 2 * SECOND);
      const channels = world.calendars.channels.map(({ calendarId }) => calendarId);
      expect(channels).to.have.members([BAY1.calendarId, BAY2.calendarId]);
    });
  }

  it('is not repeated sooner by a tick, or because the channel of another calendar failed', async () => {
    const { world, opened } = await refusedOnce(4 * MINUTE);
    await world.engine.tick();
    await world.settle(3 * MINUTE);
    await world.engine.tick();
    expect(opened).to.have.length(1);
    await world.settle(MINUTE + SECOND);
    await world.engine.tick();
    expect(opened).to.have.length(2);
  });
});
