import { expect } from 'chai';
import * as fc from 'fast-check';
import { intlTimeZones } from '@loft/sync-core';
import { dayText, parseTime, slashedDayText, wallTimeText } from '#src/uschedule-time.js';

const PHOENIX = 'America/Phoenix';
const NEW_YORK = 'America/New_York';
const TIME_ZONES = intlTimeZones();

function parsed(value: unknown, zone = PHOENIX): string | null {
  const instant = parseTime(value, zone, TIME_ZONES);
  return instant === null ? null : new Date(instant).toISOString();
}

describe('parseTime', () => {
  it('reads wall time of the zone', () => {
    expect(parsed('2026-05-09T13:30:00')).to.equal('2026-05-09T20:30:00.000Z');
    expect(parsed('2026-05-09T13:30')).to.equal('2026-05-09T20:30:00.000Z');
    expect(parsed('2026-05-09 13:30:00')).to.equal('2026-05-09T20:30:00.000Z');
    expect(parsed('2026-05-09T13:30:00', NEW_YORK)).to.equal('2026-05-09T17:30:00.000Z');
  });

  it('tolerates fractions of a second', () => {
    expect(parsed('2026-05-09T13:30:00.5')).to.equal('2026-05-09T20:30:00.500Z');
    expect(parsed('2026-05-09T13:30:00.1234567')).to.equal('2026-05-09T20:30:00.123Z');
  });

  it('uses an explicit offset, in any zone', () => {
    expect(parsed('2026-05-09T13:30:00Z')).to.equal('2026-05-09T13:30:00.000Z');
    expect(parsed('2026-05-09T13:30:00.25-05:00')).to.equal('2026-05-09T18:30:00.250Z');
    expect(parsed('2026-05-09T13:30:00+0545')).to.equal('2026-05-09T07:45:00.000Z');
    expect(parsed('2026-05-09T13:30:00+14:00')).to.equal('2026-05-08T23:30:00.000Z');
    expect(parsed('2026-05-09T13:30:00-14:00')).to.equal('2026-05-10T03:30:00.000Z');
  });

  it('reads 24:00 as the end of the day, as ISO 8601 writes it', () => {
    expect(parsed('2026-05-09T24:00:00')).to.equal('2026-05-10T07:00:00.000Z');
    expect(parsed('2026-12-31T24:00')).to.equal('2027-01-01T07:00:00.000Z');
    expect(parsed('2026-05-09T24:00:00Z')).to.equal('2026-05-10T00:00:00.000Z');
    expect(parsed('2026-03-07T24:00:00', NEW_YORK)).to.equal('2026-03-08T05:00:00.000Z');
  });

  it('reads all years except those that mean "not set"', () => {
    expect(parsed('1970-01-01T00:00:00')).to.equal('1970-01-01T07:00:00.000Z');
    expect(parsed('2099-12-31T23:59:59')).to.equal('2100-01-01T06:59:59.000Z');
  });

  it('moves a time in the gap forward, and reads the first of two equal times', () => {
    expect(parsed('2026-03-08T02:30:00', NEW_YORK)).to.equal('2026-03-08T07:30:00.000Z');
    expect(parsed('2026-11-01T01:30:00', NEW_YORK)).to.equal('2026-11-01T05:30:00.000Z');
    expect(parseTime('2026-11-01T01:30:00', NEW_YORK, TIME_ZONES, 'later')).to.equal(
      Date.parse('2026-11-01T06:30:00Z'),
    );
  });

  for (const nonsense of [
    '2026-02-29T10:00:00',
    '2026-00-01T10:00:00',
    '2026-05-32T10:00:00',
    '2026-05-09T24:00:01',
    '2026-05-09T24:30:00',
    '2026-05-09T25:00:00',
    '2026-05-09T10:61:00',
    '2026-05-09',
    '0001-01-01T00:00:00',
    '1969-12-31T23:59:59',
    '2100-01-01T00:00:00',
    '9999-12-31T23:59:59.9999999',
    '2026-05-09T13:30:00+14:01',
    '2026-05-09T13:30:00-99:99',
    '2026-05-09T13:30:00+05:60',
    '5/9/2026 1:30 PM',
    'now',
    '',
    1_778_358_600_000,
    null,
    undefined,
  ]) {
    it(`does not read ${JSON.stringify(nonsense) ?? 'nothing'}`, () => {
      expect(parsed(nonsense)).to.equal(null);
    });
  }
});

describe('the texts of requests', () => {
  it('name the local day', () => {
    const lateEvening = Date.parse('2026-05-10T06:59:00Z');
    expect(wallTimeText(lateEvening, PHOENIX, TIME_ZONES)).to.equal('2026-05-09T23:59:00');
    expect(dayText(lateEvening, PHOENIX, TIME_ZONES)).to.equal('2026-05-09T00:00:00');
    expect(slashedDayText(lateEvening, PHOENIX, TIME_ZONES)).to.equal('05/09/2026');
    expect(slashedDayText(lateEvening + 60_000, PHOENIX, TIME_ZONES)).to.equal('05/10/2026');
  });

  it('are parsed to the same instant, except in the second of two equal hours', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2035, 0, 1) / 1000 }),
        fc.constantFrom(PHOENIX, NEW_YORK, 'Europe/Berlin', 'Australia/Lord_Howe'),
        (seconds, zone) => {
          const instant = seconds * 1000;
          const text = wallTimeText(instant, zone, TIME_ZONES);
          expect([parseTime(text, zone, TIME_ZONES), parseTime(text, zone, TIME_ZONES, 'later')]).to.include(instant);
        },
      ),
      { numRuns: 300 },
    );
  });
});
