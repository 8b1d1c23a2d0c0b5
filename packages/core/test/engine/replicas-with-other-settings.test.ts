import { expect } from 'chai';
import { MINUTE, SECOND, type SyncEvent, type SyncSettings } from '@loft/sync-core';
import { Replicas, type TestReplica } from './replicas.js';

const WARNING = /other process.* with other settings/;

async function warnings({ engine }: TestReplica, replicas: Replicas): Promise<readonly string[]> {
  let found: readonly string[] = [];
  void engine.readiness().then((it) => (found = it.warnings));
  await replicas.pass(SECOND);
  return found.filter((warning) => WARNING.test(warning));
}

const notices = ({ events }: TestReplica): number =>
  events.filter((it: SyncEvent) => it.type === 'notice' && WARNING.test(it.message)).length;

describe('replicas with different settings on one store', () => {
  const replicas = new Replicas({ bays: 2 });
  const { bays, uschedule } = replicas.settings;
  const [first, second] = bays;
  const OTHERS: Readonly<Record<string, SyncSettings>> = {
    'no second bay': { ...replicas.settings, bays: [first!] },
    'another calendar for a bay': { ...replicas.settings, bays: [{ ...first!, calendarId: 'new' }, second!] },
    'another reschedule': { ...replicas.settings, uschedule: { ...uschedule, reschedule: 'off' } },
  };

  for (const [what, other] of Object.entries(OTHERS)) {
    it(`warn in /ready and once in the log, until the other ones end: ${what}`, async () => {
      const world = new Replicas({ bays: 2 });
      world.calendars.addCalendar('new');
      const [kept] = await world.start(1);
      const [old] = await world.start(1, other);
      await world.pass(10 * SECOND);
      for (const replica of [kept!, old!]) {
        expect(await warnings(replica, world)).to.have.length(1);
        expect(notices(replica)).to.equal(1);
      }
      old!.kill();
      await world.pass(MINUTE);
      expect(await warnings(kept!, world)).to.deep.equal([]);
      world.stop();
    });
  }

  it('do not warn if only the order of the bays or of the fields differs', async () => {
    const world = new Replicas({ bays: 2 });
    const { rules, ...rest } = world.settings;
    await world.start(1);
    await world.start(1, { rules, ...rest, bays: world.settings.bays.toReversed() });
    await world.pass(10 * SECOND);
    for (const replica of world.all) expect(await warnings(replica, world)).to.deep.equal([]);
    world.stop();
  });
});
