import { HOUR, type TimeZones } from '@loft/sync-core';
import { timeZonesFrom } from '@loft/sync-core/adapters';
import { expect } from 'chai';
import { newestTimeZones } from '#src/time-zones/time-zone-sources.js';
import { ServiceOnSimulators } from './support/service-on-simulators.js';

const VANCOUVER = 'America/Vancouver';
const newRules = newestTimeZones({});

/** Zone rules that give a time one hour earlier than today's rules. */
const oldRules: TimeZones = timeZonesFrom({
  source: 'old files',
  version: '2025c',
  isZone: (name) => newRules.isZone(name),
  offsetAt: (at, zone) => newRules.offsetAt(at, zone) - HOUR,
});

describe('a service with old zone rules', function () {
  this.timeout(60_000);
  let rules = oldRules;
  let studio: ServiceOnSimulators;
  beforeEach(async () => {
    rules = oldRules;
    studio = await ServiceOnSimulators.open({ timeZone: VANCOUVER, timeZones: () => rules });
  });
  afterEach(() => studio.close());

  const warnings = async (): Promise<readonly string[]> => {
    const answer = await fetch(`${studio.url}/ready`, { headers: { Connection: 'close' } });
    expect(answer.status).to.equal(200);
    return ((await answer.json()) as { readonly warnings: readonly string[] }).warnings;
  };

  it('starts, and warns that they are old, with the affected dates', async () => {
    await studio.start();
    const [warning, ...rest] = await warnings();
    expect(rest).to.deep.equal([]);
    expect(warning)
      .to.contain('old files (2025c)')
      .and.to.contain(VANCOUVER)
      .and.to.match(/\d{4}-\d\d-\d\d/);
    const [first] = studio.log;
    expect(first).to.include({ message: 'starting', zoneRules: 'old files', tzVersion: '2025c', timeZone: VANCOUVER });
    expect(studio.log.filter(({ message }) => message === warning)).to.have.length(1);
    const status = (await (await studio.admin('GET', '/admin/status')).json()) as { readonly timeZones: unknown };
    expect(status.timeZones).to.deep.equal({ zone: VANCOUVER, source: 'old files', version: '2025c' });
  });

  it('warns when Google’s offsets differ, and moves no event because of that', async () => {
    await studio.start();
    const id = studio.book(30);
    await studio.tick(2);
    const shown = studio.startOf(id);
    const writes = studio.googleWrites;
    await studio.tick(2);
    const [, google] = await warnings();
    const date = new Date((shown ?? 0) + oldRules.offsetAt(shown ?? 0, VANCOUVER)).toISOString().slice(0, 8);
    expect(google).to.contain('Google gives America/Vancouver another offset').and.to.contain(date);
    expect(studio.log.filter(({ message }) => message === google)).to.have.length(1);
    expect(studio.googleWrites).to.equal(writes);
  });

  it('rewrites the events when the rules are updated, and sends nothing to USchedule', async () => {
    await studio.start();
    const id = studio.book(30);
    await studio.tick();
    expect(studio.startOf(id)).to.equal(studio.hour(30) + HOUR);
    rules = newRules;
    await studio.restart();
    await studio.settle(2);
    expect(studio.startOf(id)).to.equal(studio.hour(30));
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect(await warnings()).to.deep.equal([]);
  });
});
