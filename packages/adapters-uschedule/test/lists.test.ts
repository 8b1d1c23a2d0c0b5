import { expect } from 'chai';
import * as fc from 'fast-check';
import { intlTimeZones } from '@loft/sync-core';
import { NoteFields } from '#src/note-fields.js';
import { readBookingList } from '#src/booking-list.js';
import { readFreeSlots } from '#src/free-slots.js';
import { readUnitsOfService } from '#src/resource-unit.js';

const RULES = {
  timeZone: 'America/Phoenix',
  timeZones: intlTimeZones(),
  status: 'trusted',
  serviceLengthMinutes: 60,
  noteFields: new NoteFields(),
} as const;
const ONE = { AppointmentID: 1, StatusID: 1, ResourceUnitID: 5523, StartTime: '2026-05-09T13:30:00' };
const TWO = { ...ONE, AppointmentID: 2 };

describe('readBookingList', () => {
  function ids(records: readonly unknown[]): { bookings: string[]; unreadable: (string | null)[] } {
    const { bookings, unreadable } = readBookingList(records, RULES);
    return {
      bookings: bookings.map(({ appointmentId }) => appointmentId),
      unreadable: unreadable.map(({ appointmentId }) => appointmentId),
    };
  }

  it('keeps the readable records and names the others', () => {
    expect(ids([ONE, { ...TWO, StartTime: null }, null, 'x'])).to.deep.equal({
      bookings: ['1'],
      unreadable: ['2', null, null],
    });
  });

  it('treats a record that is listed twice as one', () => {
    expect(ids([ONE, TWO, { ...ONE }])).to.deep.equal({ bookings: ['1', '2'], unreadable: [] });
  });

  it('uses neither of two contradictory records', () => {
    const contradiction = { ...ONE, StatusID: 9 };
    expect(ids([ONE, TWO, contradiction, ONE, { ...ONE, StatusID: 10 }])).to.deep.equal({
      bookings: ['2'],
      unreadable: ['1'],
    });
  });

  it('uses no record whose duplicate is unreadable', () => {
    expect(ids([{ ...ONE, StartTime: '?' }, ONE])).to.deep.equal({ bookings: [], unreadable: ['1'] });
    expect(ids([ONE, { ...ONE, StartTime: '?' }])).to.deep.equal({ bookings: [], unreadable: ['1'] });
  });

  it('leaves out a cancelled record without a unit or time, also beside a readable one', () => {
    const cancelled = { AppointmentID: 1, StatusID: 9, ResourceUnitID: null, StartTime: null };
    expect(ids([cancelled, TWO])).to.deep.equal({ bookings: ['2'], unreadable: [] });
    expect(ids([ONE, cancelled])).to.deep.equal({ bookings: [], unreadable: [] });
    expect(ids([{ ...cancelled, StatusID: 0 }])).to.deep.equal({ bookings: [], unreadable: ['1'] });
  });

  it('loses no record of any list', () => {
    const record = fc.oneof(
      fc.string(),
      fc.constant(null),
      fc.integer({ min: 1, max: 1000 }).map((AppointmentID) => ({ ...ONE, AppointmentID })),
      fc.integer({ min: 1, max: 1000 }).map((AppointmentID) => ({ AppointmentID })),
    );
    fc.assert(
      fc.property(fc.uniqueArray(record, { selector: (it) => JSON.stringify(it) }), (records) => {
        const { bookings, unreadable } = readBookingList(records, RULES);
        const named = new Set([...bookings, ...unreadable].map(({ appointmentId }) => appointmentId));
        for (const it of records) {
          const id: unknown = typeof it === 'object' && it !== null && 'AppointmentID' in it ? it.AppointmentID : null;
          if (typeof id === 'number') expect(named).to.include(String(id));
        }
      }),
    );
  });
});

describe('readFreeSlots', () => {
  const read = (answer: unknown): readonly number[] | null =>
    readFreeSlots(answer, 5523, 'America/Phoenix', RULES.timeZones);
  const SLOT = { StartTime: '2026-05-09T13:30:00', ResourceUnitID: 5523 };

  it('reads the starts', () => {
    expect(read([SLOT, { StartTime: '2026-05-09T14:30:00.000' }])).to.deep.equal([
      Date.parse('2026-05-09T20:30:00Z'),
      Date.parse('2026-05-09T21:30:00Z'),
    ]);
    expect(read([])).to.deep.equal([]);
  });

  it('leaves out slots of another unit', () => {
    expect(read([{ ...SLOT, ResourceUnitID: 5524 }])).to.deep.equal([]);
  });

  it('reads nothing from an answer with an invalid part', () => {
    for (const answer of [
      null,
      {},
      'Ok',
      5,
      { Slots: [SLOT] },
      [SLOT, null],
      [SLOT, {}],
      [SLOT, 'x'],
      [{ StartTime: 1 }],
    ]) {
      expect(read(answer), JSON.stringify(answer)).to.equal(null);
    }
  });
});

describe('readUnitsOfService', () => {
  it('reads the units of all resources', () => {
    const answer = {
      AvailableResources: [{ Units: [{ Id: 5523 }, { ResourceUnitID: 5524 }] }, { Units: ['5525', 5526] }],
    };
    expect(readUnitsOfService(answer)).to.deep.equal([5523, 5524, 5525, 5526]);
    expect(readUnitsOfService({ AvailableResources: [] })).to.deep.equal([]);
  });

  it('reads nothing from an answer with an invalid part', () => {
    for (const answer of [null, [], {}, { AvailableResources: [{}] }, { AvailableResources: [{ Units: [{}] }] }]) {
      expect(readUnitsOfService(answer), JSON.stringify(answer)).to.equal(null);
    }
  });
});
