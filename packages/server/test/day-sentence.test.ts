import { expect } from 'chai';
import { daySentence } from '#src/http/console/day-sentence.js';
import type { DayCount } from '#src/http/console/week.js';

const NONE: DayCount = { booked: 0, synced: 0, syncing: 0, attention: 0, cancelled: 0, notKnown: 0, missed: 0 };

const DAYS: readonly (readonly [string, Partial<DayCount>, string])[] = [
  ['a day whose bookings are synced', { booked: 12, synced: 12, cancelled: 1 }, 'all 12 bookings synced, 1 cancelled'],
  ['a day with one booking', { booked: 1, synced: 1 }, '1 booking, synced'],
  ['a day with one booking that is not synced', { booked: 1, attention: 1 }, '1 booking, needs attention'],
  [
    'a day with bookings that need attention',
    { booked: 12, synced: 9, attention: 2, syncing: 1, cancelled: 3 },
    '2 of 12 bookings need attention, 1 syncing, 9 synced, 3 cancelled',
  ],
  [
    'a day with one that needs attention',
    { booked: 2, synced: 1, attention: 1 },
    '1 of 2 bookings needs attention, 1 synced',
  ],
  [
    'a day of a bay whose calendar cannot be read',
    { booked: 3, notKnown: 3 },
    '3 of 3 bookings not known, because the calendar cannot be read',
  ],
  [
    'a past day whose calendar could not be written',
    { booked: 2, missed: 2 },
    '2 of 2 bookings without an event in Google Calendar',
  ],
  ['a day without bookings', {}, 'no bookings on this day'],
  ['a day whose bookings were all cancelled', { cancelled: 2 }, 'no bookings on this day, 2 cancelled'],
];

describe('the sentence of a day', () => {
  for (const [what, count, sentence] of DAYS) {
    it(`describes ${what}`, () => {
      expect(daySentence({ ...NONE, ...count }, true)).to.equal(sentence);
    });
  }

  it('says that there is no data about a day that was not read', () => {
    expect(daySentence(NONE, false)).to.equal('no data about this day');
    expect(daySentence({ ...NONE, booked: 1, synced: 1 }, false)).to.equal('1 booking, synced');
  });
});
