import { expect } from 'chai';
import * as fc from 'fast-check';
import { type Booking, intlTimeZones } from '@loft/sync-core';
import type { UnreadableBooking } from '@loft/sync-core/adapters';
import { NoteFields } from '#src/note-fields.js';
import { readBookingRecord, type RecordRules } from '#src/booking-record.js';

const TRUSTED: RecordRules = {
  timeZone: 'America/Phoenix',
  timeZones: intlTimeZones(),
  status: 'trusted',
  serviceLengthMinutes: 60,
  noteFields: new NoteFields(),
};
const BLIND: RecordRules = { ...TRUSTED, status: 'blind' };

const RECORD: Readonly<Record<string, unknown>> = {
  AppointmentID: 700123,
  CustomerID: 90001,
  CustomerName: 'Ana',
  StatusID: 1,
  StartTime: '2026-05-09T13:30:00',
  EndTime: '2026-05-09T15:00:00',
  ResourceUnitID: 5523,
  ResourceName: 'Golf Simulator - Bay 1',
  Description: 'left-handed',
  CreatedDate: '2026-05-01T09:00:00.250',
};

function booking(change: object = {}, rules = TRUSTED): Booking {
  const read = readBookingRecord({ ...RECORD, ...change }, rules);
  if (!read.ok) throw new Error(read.unreadable.problem);
  return read.booking;
}

function unreadable(change: object): UnreadableBooking {
  const read = readBookingRecord({ ...RECORD, ...change }, TRUSTED);
  if (read.ok) throw new Error('it was readable');
  return read.unreadable;
}

describe('readBookingRecord', () => {
  describe('of a complete record', () => {
    it('reads everything', () => {
      expect(booking()).to.deep.equal({
        appointmentId: '700123',
        status: 'live',
        resourceUnitId: 5523,
        start: Date.parse('2026-05-09T20:30:00Z'),
        end: Date.parse('2026-05-09T22:00:00Z'),
        customerName: 'Ana',
        notes: 'left-handed',
        customerId: '90001',
        createdAt: Date.parse('2026-05-01T16:00:00.250Z'),
        details: { customerId: '90001' },
      });
    });

    it('takes the id from Id if there is no AppointmentID', () => {
      const { AppointmentID, ...rest } = RECORD;
      expect(readBookingRecord({ ...rest, Id: AppointmentID }, TRUSTED)).to.deep.equal({
        ok: true,
        booking: booking(),
      });
    });

    it('accepts ids, unit and status as text', () => {
      const asText = { AppointmentID: '700123', CustomerID: '90001', StatusID: '1', ResourceUnitID: '5523' };
      expect(booking(asText)).to.deep.equal(booking());
    });
  });

  describe('with a status', () => {
    const verdicts: [unknown, string, string][] = [
      [1, 'live', 'unknown'],
      [2, 'dead', 'unknown'],
      [9, 'dead', 'dead'],
      [10, 'dead', 'dead'],
      ['9', 'dead', 'dead'],
      [0, 'unknown', 'unknown'],
      [11, 'unknown', 'unknown'],
      [3, 'unknown', 'unknown'],
      [-1, 'unknown', 'unknown'],
      [1.5, 'unknown', 'unknown'],
      [null, 'unknown', 'unknown'],
      [undefined, 'unknown', 'unknown'],
      ['', 'unknown', 'unknown'],
      ['active', 'unknown', 'unknown'],
      [true, 'unknown', 'unknown'],
      [[9], 'unknown', 'unknown'],
      [{}, 'unknown', 'unknown'],
    ];
    for (const [StatusID, trusted, blind] of verdicts) {
      it(`reads ${JSON.stringify(StatusID) ?? 'no status'} as ${trusted}, or ${blind} if the status is hidden`, () => {
        expect(booking({ StatusID }).status).to.equal(trusted);
        expect(booking({ StatusID }, BLIND).status).to.equal(blind);
      });
    }
  });

  describe('of a record with gaps', () => {
    it('reads one that has no more than id, unit and start', () => {
      const bare = { AppointmentID: 1, ResourceUnitID: 5523, StartTime: '2026-05-09T13:30:00' };
      expect(readBookingRecord(bare, TRUSTED)).to.deep.equal({
        ok: true,
        booking: {
          appointmentId: '1',
          status: 'unknown',
          resourceUnitId: 5523,
          start: Date.parse('2026-05-09T20:30:00Z'),
          end: Date.parse('2026-05-09T21:30:00Z'),
          customerName: '',
          notes: '',
          customerId: null,
          createdAt: null,
          missing: { customerName: 'absent', end: 'absent', notes: 'absent', status: 'absent' },
        },
      });
    });

    for (const gap of [null, undefined, '']) {
      it(`takes the service's length where the end is ${JSON.stringify(gap) ?? 'missing'}`, () => {
        const { start, end } = booking({ EndTime: gap }, { ...TRUSTED, serviceLengthMinutes: 45 });
        expect(end - start).to.equal(45 * 60_000);
      });
    }

    it('has no text if the field is no text', () => {
      for (const value of [null, 42, true, {}, ['x']]) {
        const read = booking({ CustomerName: value, Description: value });
        expect([read.customerName, read.notes]).to.deep.equal(['', '']);
      }
    });

    it('lacks a name that is blank, like one that is null', () => {
      for (const value of [null, '', ' \t'])
        expect(booking({ CustomerName: value }).missing, String(value)).to.deep.equal({ customerName: 'null' });
    });

    it('has no customer and no creation time if these fields are invalid', () => {
      for (const value of [null, 0, -1, 1e300, {}, 'no id, no time']) {
        const read = booking({ CustomerID: value, CreatedDate: value });
        expect([read.customerId, read.createdAt]).to.deep.equal([null, null]);
      }
    });

    it('repairs text that is not well-formed', () => {
      expect(booking({ CustomerName: 'A\ud800B 🏌' }).customerName).to.equal('A\uFFFDB 🏌');
    });
  });

  describe('of an unreadable record', () => {
    it('names it by its id', () => {
      for (const change of [
        { StartTime: null },
        { StartTime: 'soon' },
        { StartTime: 1_778_358_600_000 },
        { StartTime: '0001-01-01T00:00:00', EndTime: '0001-01-01T00:00:00' },
        { EndTime: 'later' },
        { EndTime: 5 },
        { EndTime: RECORD['StartTime'] },
        { EndTime: '2026-05-09T13:00:00' },
        { ResourceUnitID: null },
        { ResourceUnitID: 0 },
        { ResourceUnitID: 5523.5 },
        { ResourceUnitID: 2 ** 31 },
        { ResourceUnitID: 1e15 },
        { StartTime: '9999-12-31T23:59:59' },
        { EndTime: '9999-12-31T23:59:59' },
        { ResourceUnitID: 'Bay 1' },
        { ResourceUnitID: [5523] },
      ]) {
        const { appointmentId, problem } = unreadable(change);
        expect(appointmentId, JSON.stringify(change)).to.equal('700123');
        expect(problem, JSON.stringify(change)).to.match(/StartTime|EndTime|ResourceUnitID/);
      }
    });

    it('reports a missing unit separately, which is not a malformed record', () => {
      for (const ResourceUnitID of [null, undefined, ''])
        expect(unreadable({ ResourceUnitID }).withoutUnit).to.equal(true);
      for (const ResourceUnitID of [0, 'Bay 1', {}])
        expect(unreadable({ ResourceUnitID })).not.to.have.property('withoutUnit');
      expect(unreadable({ StartTime: null })).not.to.have.property('withoutUnit');
    });

    it('has no name if the id is invalid, or was rounded by JSON', () => {
      for (const AppointmentID of [
        null,
        0,
        '0',
        -5,
        1.5,
        2 ** 53,
        1e300,
        {},
        [700123],
        true,
        '',
        'a b',
        'x'.repeat(500),
      ]) {
        expect(unreadable({ AppointmentID }).appointmentId, JSON.stringify(AppointmentID)).to.equal(null);
      }
    });

    it('does not fall back to Id if AppointmentID is invalid', () => {
      expect(unreadable({ AppointmentID: 1.5, Id: 7 }).appointmentId).to.equal(null);
    });
  });

  describe('of a clock change', () => {
    const NEW_YORK: RecordRules = { ...TRUSTED, timeZone: 'America/New_York' };
    const minutes = (StartTime: string, EndTime: string): number => {
      const { start, end } = booking({ StartTime, EndTime }, NEW_YORK);
      return (end - start) / 60_000;
    };

    it('excludes the hour that does not exist from a booking', () => {
      expect(minutes('2026-03-08T01:30:00', '2026-03-08T03:30:00')).to.equal(60);
    });

    it('moves a start that does not exist forward by the gap, and keeps the length', () => {
      const moved = booking({ StartTime: '2026-03-08T02:00:00', EndTime: '2026-03-08T03:00:00' }, NEW_YORK);
      expect([moved.start, moved.end]).to.deep.equal([
        Date.parse('2026-03-08T03:00:00-04:00'),
        Date.parse('2026-03-08T04:00:00-04:00'),
      ]);
      expect(minutes('2026-03-08T02:30:00', '2026-03-08T04:00:00')).to.equal(90);
      expect(minutes('2026-03-08T02:30:00', '')).to.equal(60);
    });

    it('moves only an end that does not exist', () => {
      const { start, end } = booking({ StartTime: '2026-03-08T01:30:00', EndTime: '2026-03-08T02:30:00' }, NEW_YORK);
      expect(start).to.equal(Date.parse('2026-03-08T01:30:00-05:00'));
      expect(end).to.equal(Date.parse('2026-03-08T03:30:00-04:00'));
    });

    it('includes the wall times on a day on which clocks go forward, and on no other', () => {
      const wallOf = (date: string, end = `${date}T04:00:00`): unknown =>
        booking({ StartTime: `${date}T03:00:00`, EndTime: end }, NEW_YORK).wall;
      expect(wallOf('2026-03-08')).to.deep.equal({ start: Date.UTC(2026, 2, 8, 3), end: Date.UTC(2026, 2, 8, 4) });
      expect(wallOf('2026-03-08', '2026-03-08T04:00:00-04:00')).to.equal(undefined);
      expect(wallOf('2026-03-10')).to.equal(undefined);
      expect(wallOf('2026-11-01')).to.equal(undefined);
    });

    it('includes the hour that exists twice in a booking', () => {
      expect(minutes('2026-11-01T00:30:00', '2026-11-01T02:30:00')).to.equal(180);
    });

    it('reads an end that seems to be before the start as the second of two equal times', () => {
      expect(minutes('2026-11-01T01:30:00', '2026-11-01T01:30:00')).to.equal(60);
      expect(minutes('2026-11-01T01:45:00', '2026-11-01T01:15:00')).to.equal(30);
    });

    it('refuses an end that is before the start in every interpretation', () => {
      const change = { StartTime: '2026-11-01T03:00:00', EndTime: '2026-11-01T01:30:00' };
      expect(readBookingRecord({ ...RECORD, ...change }, NEW_YORK).ok).to.equal(false);
    });
  });

  it('drops fractions of a second from start and end', () => {
    const read = booking({ StartTime: '2026-05-09T13:30:00.0071', EndTime: '2026-05-09T15:00:00.9' });
    expect([read.start, read.end]).to.deep.equal([booking().start, booking().end]);
  });

  describe('of generated JSON', () => {
    const strangeNumber = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom(0, -0, 1, 9, 10, 2 ** 53, 1e308, Number.MIN_VALUE, -1),
    );
    const strangeTime = fc.oneof(
      fc.constantFrom(
        '',
        '2026-02-30T10:00:00',
        '2026-13-01T10:00:00',
        '2026-05-09T24:00:00',
        '2026-05-09T13:60:00',
        '2026-05-09',
        '2026-05-09T13:30:00+24:00',
        '2026-05-09T13:30:00-07:00',
        '2026-05-09T20:30:00Z',
        '9999-12-31T23:59:59.9999999',
        '0001-01-01T00:00:00',
        '/Date(1778358600000)/',
        '٢٠٢٦-٠٥-٠٩T13:30:00',
      ),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.string(),
    );
    const strange = fc.oneof(strangeNumber, strangeTime, fc.jsonValue(), fc.constant(undefined));
    const damage = fc.dictionary(
      fc.constantFrom(...Object.keys(RECORD), 'Id', '__proto__', 'constructor', 'toString'),
      strange,
    );
    const rules = fc.constantFrom(TRUSTED, BLIND, { ...TRUSTED, timeZone: 'America/New_York' });

    /** Invariants of every reading. */
    function check(record: unknown, read: ReturnType<typeof readBookingRecord>, used: RecordRules): void {
      const fields = typeof record === 'object' && record !== null ? (record as Record<string, unknown>) : {};
      if (!read.ok) {
        expect(read.unreadable.problem).to.be.a('string').and.not.equal('');
        return;
      }
      const { booking: it } = read;
      const said = fields['StatusID'];
      const status = typeof said === 'string' ? Number(said.trim()) : said;
      if (it.status === 'live') expect([used.status, status]).to.deep.equal(['trusted', 1]);
      if (it.status === 'dead') expect(used.status === 'blind' ? [9, 10] : [2, 9, 10]).to.include(status);
      expect(it.appointmentId).to.equal(String(fields['AppointmentID'] ?? fields['Id']).trim());
      expect(it.resourceUnitId).to.equal(Number(fields['ResourceUnitID'])).and.to.be.greaterThan(0);
      expect(Number.isSafeInteger(it.start) && Number.isSafeInteger(it.end)).to.equal(true);
      expect(it.end).to.be.greaterThan(it.start);
      expect(it.customerName).to.be.a('string');
      expect(it.notes).to.be.a('string');
      expect(() => new Date(it.start).toISOString() + new Date(it.end).toISOString()).not.to.throw();
    }

    it('never throws and never invents a field, for any value', () => {
      fc.assert(
        fc.property(fc.jsonValue(), rules, (record, used) => check(record, readBookingRecord(record, used), used)),
        { numRuns: 1000 },
      );
    });

    it('never adds fields to a damaged record, and names it as long as its id is intact', () => {
      fc.assert(
        fc.property(damage, rules, (damaged, used) => {
          const record = { ...RECORD, ...damaged };
          const read = readBookingRecord(record, used);
          check(record, read, used);
          if (!read.ok && record['AppointmentID'] === 700123) {
            expect(read.unreadable.appointmentId).to.equal('700123');
          }
        }),
        { numRuns: 3000 },
      );
    });

    it('reads a value the same after JSON encoding', () => {
      fc.assert(
        fc.property(damage, (damaged) => {
          const wire: unknown = JSON.parse(JSON.stringify({ ...RECORD, ...damaged }));
          check(wire, readBookingRecord(wire, TRUSTED), TRUSTED);
        }),
        { numRuns: 1000 },
      );
    });
  });
});
