import { expect } from 'chai';
import { DAY, HOUR, intlTimeZones, MINUTE, type Instant } from '@loft/sync-core';
import { toWallTime } from '@loft/sync-core/adapters';
import { newestTimeZones } from '#src/time-zones/time-zone-sources.js';
import { ServiceOnSimulators } from './support/service-on-simulators.js';

const NEW_YORK = 'America/New_York';

/** The instant of the next change of New York's clocks, forward or back. */
function nextChange(way: 'forward' | 'back'): Instant {
  const offset = (at: Instant): number => {
    const { hour, day } = toWallTime(at, NEW_YORK, intlTimeZones());
    return (day === new Date(at).getUTCDate() ? hour : hour - 24) - new Date(at).getUTCHours();
  };
  const noon = Math.floor(Date.now() / DAY) * DAY + 17 * HOUR;
  for (let day = noon + 3 * DAY; ; day += DAY) {
    const change = offset(day + DAY) - offset(day);
    if (Math.sign(change) !== (way === 'forward' ? 1 : -1)) continue;
    for (let at = day; ; at += HOUR) if (offset(at + HOUR) !== offset(at)) return at + HOUR;
  }
}

/** The local day of an instant with a time of day, in USchedule's notation. */
function wall(at: Instant, time: string): string {
  const { year, month, day } = toWallTime(at, NEW_YORK, intlTimeZones());
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T${time}:00`;
}

describe('a booking on a day of a clock change', function () {
  this.timeout(300_000);
  let studio: ServiceOnSimulators;
  beforeEach(async () => {
    studio = await ServiceOnSimulators.open({ timeZone: NEW_YORK, uschedule: { futureDays: 400 } });
    await studio.start();
  });
  afterEach(() => studio.close());

  /** Books around a clock change, and sets these wall times in the record. */
  const book = (at: Instant, times: { readonly StartTime: string; readonly EndTime: string }): string => {
    const id = studio.uschedule.book({ unit: 5523, start: at });
    studio.uschedule.distortRecord(id, (record) => ({ ...record, ...times }));
    return id;
  };
  const endOf = (id: string): Instant => Date.parse(studio.eventOf(id)?.end?.dateTime ?? '');

  it('whose start does not exist begins the same time after the clock change', async () => {
    const change = nextChange('forward');
    const id = book(change, { StartTime: wall(change, '02:30'), EndTime: wall(change, '04:00') });
    await studio.tick();
    expect(studio.startOf(id)).to.equal(change + 30 * MINUTE);
    expect(endOf(id)).to.equal(change + 2 * HOUR);
  });

  it('from 02:00 to 03:00, an hour that does not exist, is shown from 03:00 to 04:00', async () => {
    const change = nextChange('forward');
    const id = book(change, { StartTime: wall(change, '02:00'), EndTime: wall(change, '03:00') });
    await studio.tick();
    expect(studio.startOf(id)).to.equal(change);
    expect(endOf(id)).to.equal(change + HOUR);
  });

  it('whose start exists twice begins at the first, and ends at the second if its end requires that', async () => {
    const change = nextChange('back');
    const id = book(change - HOUR, { StartTime: wall(change, '01:30'), EndTime: wall(change, '02:00') });
    const within = studio.uschedule.book({ unit: 5524, start: change - HOUR });
    studio.uschedule.distortRecord(within, (record) => {
      return { ...record, StartTime: wall(change, '01:30'), EndTime: wall(change, '01:00') };
    });
    await studio.tick();
    expect(studio.startOf(id)).to.equal(change - 30 * MINUTE);
    expect(endOf(id)).to.equal(change + HOUR);
    expect(studio.startOf(within)).to.equal(change - 30 * MINUTE);
    expect(endOf(within)).to.equal(change);
  });

  it('whose event is dragged into the second of two equal hours is reverted', async () => {
    const change = nextChange('back');
    const id = studio.uschedule.book({ unit: 5523, start: change - 5 * HOUR });
    await studio.tick();
    const before = studio.startOf(id);
    const writes = studio.googleWrites;
    studio.dragEvent(id, change + 30 * MINUTE);
    await studio.settle(2);
    // USchedule accepts only "01:30", which means the first of the two.
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect(studio.startOf(id)).to.equal(before);
    expect(studio.googleWrites).to.equal(writes + 1);
    const decided = studio.events.flatMap((event) => (event.type === 'decision' ? [event.reason] : []));
    expect(decided).to.include('unsupported-edit');
  });

  it('whose event is dragged across the clock change moves to the wall time of the event', async () => {
    const change = nextChange('back');
    const id = studio.uschedule.book({ unit: 5523, start: change - 5 * HOUR });
    await studio.tick();
    // From the first 01:00 to 02:00: two real hours, one hour by wall time.
    const { calendarId } = studio.bays[0] ?? { calendarId: '' };
    studio.google.person.dragEvent(calendarId, studio.eventOf(id)?.id ?? '', {
      start: change - HOUR,
      end: change + HOUR,
    });
    await studio.settle(2);
    const [call] = studio.uschedule.writes;
    expect(call?.body).to.include({ StartTime: wall(change, '01:00'), ServiceLength: 60 });
    expect([studio.startOf(id), endOf(id)]).to.deep.equal([change - HOUR, change + HOUR]);
  });
});

describe('a night on which clocks go forward, with hidden booking status', function () {
  this.timeout(300_000);
  let studio: ServiceOnSimulators;
  afterEach(() => studio.close());

  /** The first change forward of a zone, at least three days from now. */
  const changeIn = (timeZone: string): Instant => {
    const zones = newestTimeZones({});
    const quarter = 15 * MINUTE;
    let at = Math.floor(Date.now() / quarter) * quarter + 3 * DAY;
    while (zones.offsetAt(at + quarter, timeZone) <= zones.offsetAt(at, timeZone)) at += quarter;
    return at + quarter;
  };
  const text = (at: Instant): string => new Date(at).toISOString().slice(0, 19);

  for (const [timeZone, gap] of [
    [NEW_YORK, HOUR],
    ['Australia/Lord_Howe', 30 * MINUTE],
  ] as const) {
    it(`mirrors a booking in the skipped hour, the next booking, and a booking whose end alone does not exist (${timeZone})`, async () => {
      const zones = newestTimeZones({});
      studio = await ServiceOnSimulators.openBlind({ timeZone, uschedule: { futureDays: 400 } });
      await studio.start();
      const change = changeIn(timeZone);
      /** Wall time of the clock change, encoded as UTC. */
      const leap = change + zones.offsetAt(change - 1, timeZone);
      const book = (unit: number, from: number, to: number): string => {
        const start = change + (from < 0 ? from : from - gap);
        const minutes = (to - from) / MINUTE;
        const id = studio.ago(HOUR, () => studio.uschedule.book({ unit, start, minutes }));
        studio.uschedule.distortRecord(id, (record) => ({
          ...record,
          StartTime: text(leap + from),
          EndTime: text(leap + to),
        }));
        return id;
      };
      const lost = book(5523, 0, gap);
      const real = book(5523, gap, gap + HOUR);
      const endInGap = book(5524, -HOUR, gap / 2);
      await studio.tick(3);
      const shown = (id: string): readonly number[] => {
        const { start, end } = studio.eventOf(id) ?? {};
        return [start, end].map((time) => (Date.parse(time?.dateTime ?? '') - change) / MINUTE);
      };
      expect(shown(lost)).to.deep.equal([0, gap / MINUTE]);
      expect(shown(real)).to.deep.equal([0, 60]);
      expect(shown(endInGap)).to.deep.equal([-60, gap / 2 / MINUTE]);
    });
  }
});
