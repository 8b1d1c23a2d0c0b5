import { expect } from 'chai';
import {
  DAY,
  Err,
  HOUR,
  MemoryStore,
  MINUTE,
  SECOND,
  type ChannelNotification,
  type Instant,
  type SyncErrorKind,
} from '@loft/sync-core';
import type { ChannelEvent } from '@loft/sync-core/reports';
import type { MemoryChannel } from '@loft/sync-core/testing';
import { overridden } from './overridden.js';
import { BAY1, BAY2, BAYS, World, type WorldOptions } from './world.js';

const PUSH = { address: 'https://sync.example.com/webhook/gcal', tokenOf: (id: string) => `token of ${id}` };

/** A reproducible sequence of different random numbers. */
function random(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A world whose engine has a public address. Polls are rare, so that weeks are simulated fast. */
function pushed(options: WorldOptions = {}): World {
  return new World({
    settings: { uschedule: { pollSeconds: 3600 }, google: { sweepSeconds: 3600, ...options.settings?.google } },
    engine: { push: PUSH, random: random(), ...options.engine },
  });
}

function channelsOf(world: World, calendarId: string): readonly MemoryChannel[] {
  return world.calendars.channels.filter((channel) => channel.calendarId === calendarId);
}

function channelEvents(world: World, outcome: ChannelEvent['outcome']): readonly ChannelEvent[] {
  return world.events.filter((it): it is ChannelEvent => it.type === 'channel' && it.outcome === outcome);
}

function notificationOf({ channelId, token, resourceId }: MemoryChannel): ChannelNotification {
  return { channelId, token, resourceId, resourceState: 'exists' };
}

function lists(world: World): number {
  return world.calls()['listEvents'] ?? 0;
}

describe('watch channels', () => {
  it('are not opened without a public address', async () => {
    const world = await new World().start();
    expect(world.calendars.channels).to.deep.equal([]);
  });

  it('have ids of characters that Google accepts, also on a clock with fractions of a millisecond', async () => {
    const world = pushed();
    await world.clock.advance(0.25);
    await world.start();
    expect(world.calendars.channels).to.have.length(BAYS.length);
    for (const { channelId } of world.calendars.channels) expect(channelId).to.match(/^[A-Za-z0-9\-_+/=]{1,64}$/);
  });

  it('are opened, one per calendar, each with its own token', async () => {
    const world = await pushed().start();
    for (const { calendarId } of BAYS) {
      const [channel, ...more] = channelsOf(world, calendarId);
      expect(more).to.deep.equal([]);
      expect(channel).to.include({ address: PUSH.address, token: `token of ${channel?.channelId}` });
      expect(channel!.expiresAt - world.clock.now()).to.be.within(7 * DAY - SECOND, 7 * DAY);
    }
    expect(channelEvents(world, 'opened')).to.have.length(2);
    const { channels } = (await world.engine.status()).unwrap();
    expect(channels.map(({ bay, expiresAt, lastError }) => ({ bay, expiresAt, lastError }))).to.deep.equal(
      BAYS.map(({ bay, calendarId }) => ({
        bay,
        expiresAt: channelsOf(world, calendarId)[0]?.expiresAt,
        lastError: null,
      })),
    );
  });

  describe('over two months', () => {
    it('are renewed before their expiry, the new one before the old is stopped, at different times', async () => {
      const world = pushed();
      const openedAt = new Map<string, Instant[]>(BAYS.map(({ calendarId }) => [calendarId, []]));
      const { calendars } = world;
      world.through({
        calendars: overridden(calendars, {
          watch: async (request) => {
            openedAt.get(request.calendarId)?.push(world.clock.now());
            return calendars.watch(request);
          },
          stopChannel: async (...args) => {
            // Both channels notify for some time.
            const stopped = calendars.channels.find(({ channelId }) => channelId === args[0]);
            expect(channelsOf(world, stopped?.calendarId ?? '')).to.have.length(2);
            return calendars.stopChannel(...args);
          },
        }),
      });
      await world.start();
      for (let hour = 0; hour < 60 * 24; hour++) {
        await world.settle(HOUR);
        for (const { calendarId } of BAYS) expect(channelsOf(world, calendarId)).to.have.length(1);
      }
      const gaps = [...openedAt.values()].map((times) =>
        times.slice(1).map((at, index) => (at - times[index]!) / (7 * DAY)),
      );
      for (const ofCalendar of gaps) {
        expect(ofCalendar.length).to.be.within(10, 12);
        // The channels are checked every ten minutes.
        for (const gap of ofCalendar) expect(gap).to.be.within(0.7, 0.802);
      }
      const spread = gaps.flat();
      expect(Math.max(...spread) - Math.min(...spread)).to.be.greaterThan(0.05);
      const [first, second] = [...openedAt.values()].map((times) => times.slice(1));
      for (const [index, at] of (first ?? []).entries()) {
        expect(Math.abs(at - (second?.[index] ?? 0))).to.be.greaterThan(MINUTE);
      }
      const stored = (await world.store.listChannels()).unwrap();
      expect(stored.map(({ channelId }) => channelId)).to.have.members(
        calendars.channels.map(({ channelId }) => channelId),
      );
    });
  });

  it('are reused after a restart', async () => {
    const world = await pushed().start();
    const before = world.calendars.channels;
    await world.settle(DAY);
    await world.restart();
    await world.settle(DAY);
    expect(world.calendars.channels).to.deep.equal(before);
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.engine.hint(id);
    await world.settle(MINUTE);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
    await world.settle(MINUTE);
    expect(world.bookings.user.booking(id)?.start).to.equal(world.hour(40));
  });

  it('are reopened if they expired while no process ran', async () => {
    const world = await pushed().start();
    const before = world.calendars.channels.map(({ channelId }) => channelId);
    await world.engine.stop();
    await world.clock.advance(8 * DAY);
    world.engine = world.newEngine();
    await world.start();
    const after = world.calendars.channels.map(({ channelId }) => channelId);
    expect(after).to.have.length(2);
    expect(after).to.not.include.members(before);
    expect((await world.store.listChannels()).unwrap()).to.have.length(2);
  });

  it('are opened every ten minutes while the clock is ahead by more than their lifetime, and once when it is corrected', async () => {
    const world = pushed();
    let ahead = 30 * DAY;
    const clock = { now: () => world.clock.now() + ahead, setTimer: world.clock.setTimer.bind(world.clock) };
    world.engine = world.newEngine({ clock });
    await world.start();
    await world.settle(HOUR);
    expect(world.calls()['watch']).to.be.within(BAYS.length, 7 * BAYS.length);
    ahead = 0;
    await world.settle(15 * MINUTE);
    const corrected = world.calls()['watch'];
    await world.settle(HOUR);
    expect(world.calls()['watch']).to.equal(corrected);
    for (const { calendarId } of BAYS) expect(channelsOf(world, calendarId).length).to.be.greaterThan(0);
    await world.engine.stop();
  });

  it('are closed when their calendar no longer belongs to a bay', async () => {
    const world = await pushed().start();
    await world.engine.stop();
    world.engine = world.newEngine({ settings: { ...world.settings, bays: [BAY1] } });
    await world.start();
    expect(channelsOf(world, BAY1.calendarId)).to.have.length(1);
    expect(channelsOf(world, BAY2.calendarId)).to.have.length(0);
    expect((await world.store.listChannels()).unwrap()).to.have.length(1);
  });

  it('are replaced when the public address changes', async () => {
    const world = await pushed().start();
    await world.engine.stop();
    const address = 'https://elsewhere.example.com/webhook/gcal';
    world.engine = world.newEngine({ push: { ...PUSH, address } });
    await world.start();
    expect(world.calendars.channels.map((channel) => channel.address)).to.deep.equal([address, address]);
  });

  it('are recognized if they notify before Google has answered their opening', async () => {
    const world = pushed();
    const { calendars } = world;
    const outcomes: (string | undefined)[] = [];
    world.through({
      calendars: overridden(calendars, {
        watch: async (request) => {
          const { channelId, token } = request;
          const hello = { channelId, token, resourceId: 'resource', resourceState: 'sync' };
          outcomes.push((await world.engine.notify(hello)).unwrap());
          return calendars.watch(request);
        },
      }),
    });
    await world.start();
    expect(outcomes).to.deep.equal(['accepted', 'accepted']);
    expect(world.calls()['stopChannel']).to.equal(undefined);
    expect(calendars.channels).to.have.length(2);
  });

  describe('of ours that are missing from the store', () => {
    it('are stopped once when they notify', async () => {
      const world = await pushed().start();
      const lost = world.calendars.channels;
      await world.engine.stop();
      world.store = new MemoryStore();
      world.engine = world.newEngine();
      await world.start();
      expect(world.calendars.channels).to.have.length(4);
      world.events.length = 0;
      for (let time = 0; time < 5; time++) {
        const outcomes = await Promise.all(lost.map((channel) => world.engine.notify(notificationOf(channel))));
        for (const outcome of outcomes) expect(outcome.unwrap()).to.equal('unknown-channel');
      }
      await world.settle(MINUTE);
      expect(world.calendars.channels).to.have.length(2);
      expect(world.calendars.channels).to.not.include.members(lost);
      expect(world.calls()).to.deep.equal({ stopChannel: 2 });
    });

    it('are not stopped for a notification with a wrong token', async () => {
      const world = await pushed().start();
      const [lost] = world.calendars.channels;
      await world.engine.stop();
      world.store = new MemoryStore();
      world.engine = world.newEngine();
      await world.start();
      const outcome = await world.engine.notify({ ...notificationOf(lost!), token: 'guessed' });
      expect(outcome.unwrap()).to.equal('unknown-channel');
      await world.settle(MINUTE);
      expect(world.calendars.channels).to.include(lost);
    });
  });

  it('whose token is wrong cause no sync', async () => {
    const world = await pushed().start();
    await world.settle(MINUTE);
    world.events.length = 0;
    const [channel] = world.calendars.channels;
    for (const token of ['', 'guessed', `${channel?.token}x`, `token of ${channel?.channelId}`.slice(0, -1)]) {
      const outcome = await world.engine.notify({ ...notificationOf(channel!), token });
      expect(outcome.unwrap()).to.equal('wrong-token');
    }
    await world.settle(MINUTE);
    expect(lists(world)).to.equal(0);
  });

  for (const kind of [
    'invalid',
    'forbidden',
    'not-found',
    'transient',
    'rate-limited',
  ] as const satisfies SyncErrorKind[]) {
    it(`that cannot be opened (${kind}) are reported as a warning, and the incremental sync continues`, async () => {
      const world = pushed({ settings: { google: { sweepSeconds: 300 } } });
      const { calendars } = world;
      let refusing = true;
      world.through({
        calendars: overridden(calendars, {
          watch: async (request) => {
            if (!refusing || request.calendarId !== BAY2.calendarId) return calendars.watch(request);
            return Err({ kind, system: 'google', method: 'events.watch', message: 'Not like this.' });
          },
        }),
      });
      await world.start();
      const id = world.book(BAY2.resourceUnitId, 30);
      await world.engine.hint(id);
      await world.settle(HOUR);
      world.calendars.person.dragEvent(BAY2.calendarId, `loft${id}`, { start: world.hour(40) });
      await world.settle(6 * MINUTE);
      expect(world.bookings.user.booking(id)?.start).to.equal(world.hour(40));
      const readiness = await world.engine.readiness();
      expect(readiness.warnings).to.deep.equal([
        'no watch channel on the calendar of bay 2, the sweep alone reads it: Not like this.',
      ]);
      if (kind !== 'rate-limited') expect(readiness).to.include({ ready: true });
      const { channels } = (await world.engine.status()).unwrap();
      expect(channels.find(({ bay }) => bay === '2')).to.include({ channelId: null, expiresAt: null });
      // Retried, but not continuously.
      expect(channelEvents(world, 'failed').length).to.be.within(20, 67);

      refusing = false;
      await world.settle(11 * MINUTE);
      expect(await world.engine.readiness()).to.deep.equal({ ready: true, reasons: [], warnings: [] });
      expect(channelsOf(world, BAY2.calendarId)).to.have.length(1);
    });
  }
});

describe('a storm of 2,000 notifications', () => {
  it('causes a few reads, and an edit during the storm is carried at once', async () => {
    const world = await pushed().start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.engine.hint(id);
    await world.settle(10 * MINUTE);
    world.events.length = 0;
    const storm = channelsOf(world, BAY1.calendarId).map(notificationOf)[0]!;
    for (let wave = 0; wave < 20; wave++) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => world.engine.notify(storm)));
      for (const answer of answers) expect(answer.unwrap()).to.equal('accepted');
      if (wave === 10) {
        world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(50) });
      }
      await world.settle(100);
    }
    await world.settle(2 * SECOND);
    expect(world.bookings.user.booking(id)?.start).to.equal(world.hour(50));
    await world.settle(10 * MINUTE);
    expect(lists(world)).to.be.within(3, 6);
    expect(world.bookings.writeCount).to.equal(1);
  });

  it('that come from our own writes during a backfill cause few reads', async () => {
    const world = await pushed({ settings: { google: {} } }).start();
    for (let index = 0; index < 400; index++) world.book(BAY1.resourceUnitId, 5 + index, `Guest ${index}`);
    world.events.length = 0;
    await world.engine.syncNow();
    await world.settle(MINUTE);
    expect(world.on(BAY1)).to.have.length(400);
    expect(world.calls()['insertEvent']).to.equal(400);
    expect(lists(world)).to.be.lessThan(20);
  });
});
