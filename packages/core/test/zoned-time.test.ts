import { expect } from 'chai';
import * as fc from 'fast-check';
import { DAY, HOUR, intlTimeZones, MINUTE } from '#src/index.js';
import { fromWallTime, startOfDay, toWallTime, type WallTime, wallOfUtc } from '#src/entries/adapters.js';

const ZONES = [
  'America/Phoenix',
  'America/New_York',
  'America/Los_Angeles',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Toronto',
  'Europe/Berlin',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'UTC',
];

const TIME_ZONES = intlTimeZones();

/** Times under all rules of these zones, including changes of their standard offset. */
const anyInstant = fc.integer({ min: Date.UTC(1971, 0, 2), max: Date.UTC(2037, 11, 30) });
const anyZone = fc.constantFrom(...ZONES);

function wall(text: string): WallTime {
  return wallOfUtc(Date.parse(`${text}Z`));
}

function written({ year, month, day, hour, minute, second, millisecond }: WallTime): string {
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, millisecond)).toISOString().slice(0, -1);
}

function instantOf(wallTime: string, zone: string, overlap?: 'earlier' | 'later'): string {
  return new Date(fromWallTime(wall(wallTime), zone, TIME_ZONES, overlap)).toISOString();
}

function startOf(instant: string, zone: string, addDays?: number): string {
  return new Date(startOfDay(Date.parse(instant), zone, TIME_ZONES, addDays)).toISOString();
}

describe('zoned time', () => {
  describe('of a zone without daylight saving', () => {
    it('is the same distance from UTC in summer and in winter', () => {
      expect(instantOf('2026-01-15T13:30:00', 'America/Phoenix')).to.equal('2026-01-15T20:30:00.000Z');
      expect(instantOf('2026-07-15T13:30:00', 'America/Phoenix')).to.equal('2026-07-15T20:30:00.000Z');
    });

    it('has no gap on the day on which neighbouring zones have one', () => {
      expect(instantOf('2026-03-08T02:30:00', 'America/Phoenix')).to.equal('2026-03-08T09:30:00.000Z');
    });
  });

  describe('of a zone with daylight saving', () => {
    it('follows the season', () => {
      expect(instantOf('2026-01-15T13:30:00', 'America/New_York')).to.equal('2026-01-15T18:30:00.000Z');
      expect(instantOf('2026-07-15T13:30:00', 'America/New_York')).to.equal('2026-07-15T17:30:00.000Z');
      expect(instantOf('2026-07-15T13:30:00', 'Europe/Berlin')).to.equal('2026-07-15T11:30:00.000Z');
    });

    it('converts a time that does not exist by the offset before the gap', () => {
      expect(instantOf('2026-03-08T02:30:00', 'America/New_York')).to.equal('2026-03-08T07:30:00.000Z');
      expect(written(toWallTime(Date.parse('2026-03-08T07:30:00Z'), 'America/New_York', TIME_ZONES))).to.contain(
        'T03:30:00',
      );
      expect(instantOf('2026-03-29T02:00:00', 'Europe/Berlin')).to.equal('2026-03-29T01:00:00.000Z');
    });

    it('converts the last time before a gap and the first one after it', () => {
      expect(instantOf('2026-03-08T01:59:59.999', 'America/New_York')).to.equal('2026-03-08T06:59:59.999Z');
      expect(instantOf('2026-03-08T03:00:00', 'America/New_York')).to.equal('2026-03-08T07:00:00.000Z');
    });

    it('converts a time that exists twice to the earlier instant, unless the later one is requested', () => {
      expect(instantOf('2026-11-01T01:30:00', 'America/New_York')).to.equal('2026-11-01T05:30:00.000Z');
      expect(instantOf('2026-11-01T01:30:00', 'America/New_York', 'later')).to.equal('2026-11-01T06:30:00.000Z');
      expect(instantOf('2026-11-01T02:00:00', 'America/New_York', 'later')).to.equal('2026-11-01T07:00:00.000Z');
      expect(instantOf('2026-11-01T00:59:59', 'America/New_York', 'later')).to.equal('2026-11-01T04:59:59.000Z');
    });

    it('supports a clock change of half an hour', () => {
      expect(instantOf('2026-10-04T02:15:00', 'Australia/Lord_Howe')).to.equal('2026-10-03T15:45:00.000Z');
      expect(instantOf('2026-04-05T01:45:00', 'Australia/Lord_Howe', 'later')).to.equal('2026-04-04T15:15:00.000Z');
    });
  });

  describe('wall time', () => {
    it('keeps milliseconds, also before 1970', () => {
      expect(toWallTime(-1, 'UTC', TIME_ZONES)).to.deep.equal(wall('1969-12-31T23:59:59.999'));
      expect(toWallTime(Date.UTC(2026, 4, 9, 20, 30, 0, 7), 'America/Phoenix', TIME_ZONES)).to.deep.equal(
        wall('2026-05-09T13:30:00.007'),
      );
    });

    it('shows midnight as hour 0 of the day that begins', () => {
      expect(toWallTime(Date.parse('2026-05-09T07:00:00Z'), 'America/Phoenix', TIME_ZONES)).to.deep.equal(
        wall('2026-05-09T00:00:00'),
      );
    });

    it('converts back to the same instant, or to the other instant with the same wall time', () => {
      fc.assert(
        fc.property(anyInstant, anyZone, (instant, zone) => {
          const shown = toWallTime(instant, zone, TIME_ZONES);
          const [earlier, later] = [
            fromWallTime(shown, zone, TIME_ZONES),
            fromWallTime(shown, zone, TIME_ZONES, 'later'),
          ];
          expect([earlier, later]).to.include(instant);
          expect(earlier).to.be.at.most(later);
          expect(toWallTime(earlier, zone, TIME_ZONES)).to.deep.equal(shown);
          expect(toWallTime(later, zone, TIME_ZONES)).to.deep.equal(shown);
        }),
        { numRuns: 500 },
      );
    });

    it('that does not exist is moved forward, by less than a day and a half', () => {
      fc.assert(
        fc.property(anyInstant, anyZone, (instant, zone) => {
          const asked = wallOfUtc(instant);
          const moved =
            Date.parse(`${written(toWallTime(fromWallTime(asked, zone, TIME_ZONES), zone, TIME_ZONES))}Z`) - instant;
          expect(moved).to.be.at.least(0).and.at.most(DAY);
        }),
        { numRuns: 500 },
      );
    });
  });

  describe('start of day', () => {
    it('is local midnight', () => {
      expect(startOf('2026-05-09T06:59:59.999Z', 'America/Phoenix')).to.equal('2026-05-08T07:00:00.000Z');
      expect(startOf('2026-05-09T07:00:00Z', 'America/Phoenix')).to.equal('2026-05-09T07:00:00.000Z');
    });

    it('counts local days of 23, 24 or 25 hours', () => {
      expect(startOf('2026-03-08T12:00:00Z', 'America/New_York')).to.equal('2026-03-08T05:00:00.000Z');
      expect(startOf('2026-03-08T12:00:00Z', 'America/New_York', 1)).to.equal('2026-03-09T04:00:00.000Z');
      expect(startOf('2026-11-01T12:00:00Z', 'America/New_York')).to.equal('2026-11-01T04:00:00.000Z');
      expect(startOf('2026-11-01T12:00:00Z', 'America/New_York', 1)).to.equal('2026-11-02T05:00:00.000Z');
      expect(startOf('2026-11-02T12:00:00Z', 'America/New_York', -1)).to.equal('2026-11-01T04:00:00.000Z');
    });

    it('crosses the ends of months and years', () => {
      expect(startOf('2027-01-01T00:30:00Z', 'America/Phoenix', 1)).to.equal('2027-01-01T07:00:00.000Z');
      expect(startOf('2028-02-28T12:00:00Z', 'UTC', 1)).to.equal('2028-02-29T00:00:00.000Z');
      expect(startOf('2026-01-01T12:00:00Z', 'UTC', -60)).to.equal('2025-11-02T00:00:00.000Z');
    });

    it('is the first existing time if clocks skip midnight', () => {
      // 00:00 became 01:00.
      expect(startOf('2018-11-04T12:00:00Z', 'America/Sao_Paulo')).to.equal('2018-11-04T03:00:00.000Z');
      // 23:30 became 00:30.
      expect(startOf('1919-03-31T12:00:00Z', 'America/Toronto')).to.equal('1919-03-31T04:30:00.000Z');
    });

    it('of a day that a zone skipped is the start of the next day', () => {
      // Samoa went from the end of 29 December straight to 31 December.
      expect(startOf('2011-12-30T09:00:00Z', 'Pacific/Apia', 1)).to.equal('2011-12-30T10:00:00.000Z');
      expect(startOf('2011-12-30T09:00:00Z', 'Pacific/Apia', 2)).to.equal('2011-12-30T10:00:00.000Z');
    });

    it('is the first of two midnights if clocks go back over midnight', () => {
      // 00:01 became 23:01 of the day before.
      expect(startOf('2006-10-29T12:00:00Z', 'America/St_Johns')).to.equal('2006-10-29T02:30:00.000Z');
    });

    it('is never after the instant, has its date, and is the first instant with that date', () => {
      fc.assert(
        fc.property(anyInstant, anyZone, (instant, zone) => {
          const start = startOfDay(instant, zone, TIME_ZONES);
          const date = (at: number): string => written(toWallTime(at, zone, TIME_ZONES)).slice(0, 10);
          expect(start).to.be.at.most(instant);
          expect(date(start)).to.equal(date(instant));
          expect(date(start - 1)).not.to.equal(date(instant));
          const next = startOfDay(instant, zone, TIME_ZONES, 1);
          // Where clocks go back over midnight, by two hours at most, the next day has begun before this one is over.
          expect(next).to.be.greaterThan(instant - 2 * HOUR - 1);
          expect(next - start)
            .to.be.at.least(22 * HOUR)
            .and.at.most(26 * HOUR);
          expect((next - start) % MINUTE).to.equal(0);
        }),
        { numRuns: 500 },
      );
    });
  });

  it('has a list of all zones', () => {
    expect(ZONES.every((zone) => TIME_ZONES.isZone(zone))).to.equal(true);
    for (const unknown of ['', 'Phoenix', 'America/Nowhere', 'America/Phoenix ', '+02:00']) {
      expect(TIME_ZONES.isZone(unknown), unknown).to.equal(false);
    }
  });
});
