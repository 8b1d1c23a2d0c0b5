import { expect } from 'chai';
import { minimalFile } from './support/settings-fixture.js';
import { Studio, type Installation } from './support/installations.js';

const NEW_CALENDAR = 'bay-1-new@calendars.example';
const [BAY1, ...OTHERS] = minimalFile.bays;
const BAYS = [{ ...BAY1, calendarId: NEW_CALENDAR }, ...OTHERS] as typeof minimalFile.bays;

/** How the replaced calendar answers afterwards. */
const OLD_ANSWERS = {
  'answers 404': { kind: 'answer', status: 404, reason: 'notFound' },
  'answers 403': { kind: 'answer', status: 403, reason: 'forbidden' },
  'answers 500': { kind: 'answer', status: 500, reason: 'backendError' },
  works: null,
} as const;

describe("a bay's calendar id is replaced in the settings (docs/decision-table.md#replaced-calendars)", function () {
  this.timeout(120_000);
  let studio: Studio;
  let service: Installation;
  afterEach(() => studio.close());

  for (const [answers, effect] of Object.entries(OLD_ANSWERS)) {
    it(`while the old calendar ${answers}: each booking has its event in the new one, none is cancelled, /ready is 200`, async () => {
      studio = await Studio.open();
      service = await studio.install();
      const [moved = '', canceled = ''] = studio.book([30, 32, 34, 36, 38, 40]);
      await service.start();
      await service.settle();
      await service.stop();
      const old = BAY1?.calendarId ?? '';
      studio.uschedule.move(moved, { start: studio.hour(50) });
      studio.uschedule.cancel(canceled);
      studio.google.addCalendar(NEW_CALENDAR);
      studio.calendars.push(NEW_CALENDAR);
      if (effect) studio.google.addFault({ calendarId: old, times: Infinity, ...effect });
      await service.start({ bays: BAYS });
      await service.settle(3);
      const starts = (calendarId: string): readonly number[] =>
        studio.google
          .events(calendarId)
          .map(({ start }) => Date.parse(start?.dateTime ?? ''))
          .toSorted((a, b) => a - b);
      const hours = [34, 36, 38, 40, 50].map((hour) => studio.hour(hour));
      expect(starts(NEW_CALENDAR)).to.deep.equal(hours);
      if (!effect) expect(starts(old)).to.deep.equal([]);
      expect(studio.uschedule.liveBookings()).to.have.length(5);
      expect(studio.uschedule.writes).to.deep.equal([]);
      const { status, reasons } = await service.ready();
      expect(reasons).to.deep.equal([]);
      expect(status).to.equal(200);
    });
  }
});
