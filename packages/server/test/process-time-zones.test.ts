import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY, HOUR, MINUTE, type Instant } from '@loft/sync-core';
import { expect } from 'chai';
import { newestTimeZones } from '#src/time-zones/time-zone-sources.js';
import { SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

/** Offsets in December by tzdata 2026f. By 2025c, which Node 20.20.2 contains, each offset is different. */
const DECEMBER = {
  'America/Vancouver': -7,
  'America/Edmonton': -6,
  'America/Winnipeg': -5,
  'America/Havana': -4,
  'Africa/Casablanca': 0,
} as const;

const CHISINAU = 'Europe/Chisinau';

/** The next 10 December that is at least three days ahead, midnight UTC. */
function nextDecember(): Instant {
  const year = new Date(Date.now() + 3 * DAY).getUTCFullYear();
  const day = Date.UTC(year, 11, 10);
  return day >= Date.now() + 3 * DAY ? day : Date.UTC(year + 1, 11, 10);
}

/** The next last Sunday of March that is at least three days ahead, midnight UTC. */
function nextLastSundayOfMarch(): Instant {
  for (let year = new Date().getUTCFullYear(); ; year++) {
    const last = Date.UTC(year, 2, 31);
    const sunday = last - new Date(last).getUTCDay() * DAY;
    if (sunday >= Date.now() + 3 * DAY) return sunday;
  }
}

describe('the service in a time zone whose rules changed recently', function () {
  this.timeout(60_000);
  let studio: SimulatedStudio;
  afterEach(() => studio.close());

  const open = async (timeZone: string): Promise<void> => {
    const timeZones = newestTimeZones({});
    studio = await SimulatedStudio.open({
      google: { timeZone, zoneOffset: (zone, at) => timeZones.offsetAt(at, zone) / MINUTE },
      uschedule: { timeZone, timeZones },
    });
    const path = join(studio.directory, 'settings.json');
    const file = JSON.parse(await readFile(path, 'utf8')) as { uschedule: object };
    await writeFile(
      path,
      JSON.stringify({ ...file, timeZone, uschedule: { ...file.uschedule, pollSeconds: 1, futureDays: 400 } }),
    );
  };

  const startOf = (id: string): Instant => Date.parse(studio.eventOf(id)?.start?.dateTime ?? '');

  /** Books a slot. @returns the wall time in the record */
  const book = (start: Instant): { readonly id: string; readonly wall: () => unknown } => {
    let wall: unknown = null;
    const id = studio.uschedule.book({ unit: 5523, start });
    studio.uschedule.distortRecord(id, (record) => {
      wall = record['StartTime'];
      return record;
    });
    return { id, wall: () => wall };
  };

  const dragged = async (id: string, to: Instant): Promise<unknown> => {
    const bay = studio.bays[0]?.calendarId ?? '';
    studio.google.person.dragEvent(bay, studio.eventOf(id)?.id ?? '', { start: to });
    const isReschedule = ({ method }: { readonly method: string }): boolean => method === 'rescheduleappointment';
    await waitFor('the drag to be carried over', () => studio.uschedule.writes.some(isReschedule));
    expect(studio.uschedule.booking(id)?.start).to.equal(to);
    return (studio.uschedule.writes.find(isReschedule)?.body as Record<string, unknown>)['StartTime'];
  };

  for (const [timeZone, offsetHours] of Object.entries(DECEMBER)) {
    for (const TZ of [undefined, 'Asia/Tokyo']) {
      it(`mirrors 13:30 in December in ${timeZone}, and carries a dragged event back to the booking${TZ ? `, with TZ=${TZ}` : ''}`, async () => {
        await open(timeZone);
        await studio.serve(TZ === undefined ? {} : { TZ });
        const day = nextDecember();
        const start = day + 13.5 * HOUR - offsetHours * HOUR;
        const { id, wall } = book(start);
        await waitFor('the event', () => studio.eventOf(id) !== null);
        expect(wall()).to.match(/-12-10T13:30:00$/);
        expect(startOf(id)).to.equal(start);
        expect(await dragged(id, start + 2 * HOUR)).to.match(/-12-10T15:30:00$/);
        expect((await studio.readiness()).warnings).to.deep.equal([]);
      });
    }
  }

  it(`changes the clocks of ${CHISINAU} at 03:00 in spring, and not at 02:00`, async () => {
    await open(CHISINAU);
    await studio.serve();
    const day = nextLastSundayOfMarch();
    const { id, wall } = book(day + 13.5 * HOUR - 3 * HOUR);
    await waitFor('the event', () => studio.eventOf(id) !== null);
    expect(wall()).to.match(/T13:30:00$/);
    // 00:30 UTC is 02:30 local time, half an hour before the change; by older rules it is 03:30.
    expect(await dragged(id, day + 30 * MINUTE)).to.match(/T02:30:00$/);
  });
});
