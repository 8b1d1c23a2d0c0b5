import { HOUR, intlTimeZones, MINUTE } from '@loft/sync-core';
import { expect } from 'chai';
import { eventOf } from '#src/caldav/calendar-object.js';

const timeZones = intlTimeZones();

/** Start and end of an event with these lines, in a calendar whose zone is Phoenix. */
function timesOf(...lines: readonly string[]): { readonly start: number | null; readonly end: number | null } {
  const text = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');
  const object = { eventId: '1', etag: '"1"', updatedAt: null, text };
  const event = eventOf(object, 'bay-1', 'America/Phoenix', timeZones);
  return { start: event?.start ?? null, end: event?.end ?? null };
}

describe('the times of a calendar object', () => {
  // Clocks in New York go forward on 8 March 2026 and back on 1 November.
  const march = 'DTSTART;TZID=America/New_York:20260307T180000';
  const marchStart = Date.UTC(2026, 2, 7, 23);
  const november = 'DTSTART;TZID=America/New_York:20261031T180000';
  const novemberStart = Date.UTC(2026, 9, 31, 22);

  it('end at the same time of day after a duration of days or weeks, also if a day has 23 or 25 hours', () => {
    expect(timesOf(march, 'DURATION:P1D')).to.deep.equal({ start: marchStart, end: marchStart + 23 * HOUR });
    expect(timesOf(november, 'DURATION:P1D')).to.deep.equal({ start: novemberStart, end: novemberStart + 25 * HOUR });
    expect(timesOf(march, 'DURATION:P1W').end).to.equal(marchStart + (7 * 24 - 1) * HOUR);
  });

  it('end after the exact hours and minutes of a duration', () => {
    expect(timesOf(march, 'DURATION:PT24H').end).to.equal(marchStart + 24 * HOUR);
    expect(timesOf(november, 'DURATION:P1DT1H30M').end).to.equal(novemberStart + 26 * HOUR + 30 * MINUTE);
  });

  it('are one instant without a duration and an end', () => {
    expect(timesOf(march)).to.deep.equal({ start: marchStart, end: marchStart });
    expect(timesOf('DTSTART:20260307T230000Z', 'DURATION:P1D').end).to.equal(marchStart + 24 * HOUR);
  });

  // biweekly 0.6.8 for Java writes the name of a zone like this, and does not describe the zone.
  it('are in a zone whose name has a slash before it', () => {
    const end = 'DTEND;TZID=/America/New_York:20260307T190000';
    const start = 'DTSTART;TZID=/America/New_York:20260307T180000';
    expect(timesOf(start, end)).to.deep.equal({ start: marchStart, end: marchStart + HOUR });
  });
});
