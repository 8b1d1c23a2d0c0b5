import { expect } from 'chai';
import { HOUR, type Booking } from '@loft/sync-core';
import type { Content } from '@loft/sync-core/store';
import {
  areNotesLost,
  completeBooking,
  completeByEvent,
  type CompletedBooking,
  type PreviousBooking,
  type ReadingContext,
} from '#src/rules/complete-booking.js';

const START = Date.parse('2026-05-09T20:00:00Z');

const WHOLE: Booking = {
  appointmentId: '700123',
  status: 'live',
  resourceUnitId: 5523,
  start: START,
  end: START + 2 * HOUR,
  customerName: 'Ana R.',
  notes: 'Two players',
  customerId: '90001',
  createdAt: START - 24 * HOUR,
};

const THIN: Booking = { ...WHOLE, customerName: '', notes: '', end: START + HOUR, customerId: null, createdAt: null };

const BASE: Content = {
  start: START,
  end: START + 3 * HOUR,
  bay: '1',
  title: 'Ana from the map',
  description: 'Notes from the map',
};

const NOTHING: PreviousBooking = { reading: null, nullNotes: 0, base: null, originalBase: null, isBaseNewer: false };
const READ: PreviousBooking = { ...NOTHING, reading: WHOLE };
const BY_ID: ReadingContext = {
  templates: { title: '{customerName}', description: '{notes}' },
  isPoll: false,
  areNotesLost: false,
};
const POLLED: ReadingContext = { ...BY_ID, isPoll: true };

function complete(change: Partial<Booking>, known: PreviousBooking, context = BY_ID): CompletedBooking {
  return completeBooking({ ...THIN, ...change }, known, context);
}

describe('completing a booking whose record lacks fields', () => {
  it('does not change a complete record, including an empty note', () => {
    const record = { ...WHOLE, notes: '' };
    expect(completeBooking(record, READ, POLLED).booking).to.deep.equal(record);
    expect(completeBooking(record, NOTHING, POLLED).booking).to.equal(record);
  });

  it('takes missing fields from the latest reading: name, notes, customer, age', () => {
    const { booking } = complete({ missing: { customerName: 'absent', notes: 'absent', end: 'absent' } }, READ);
    expect(booking).to.deep.equal({ ...WHOLE, missing: {} });
  });

  it('keeps the known length, not the known end', () => {
    const start = START + 24 * HOUR;
    const moved = { start, end: start + HOUR, missing: { end: 'null' } } as const;
    expect(complete(moved, READ).booking.end).to.equal(start + 2 * HOUR);
    expect(complete(moved, { ...READ, base: BASE }).booking.end).to.equal(start + 2 * HOUR);
    expect(complete(moved, { ...READ, base: BASE, isBaseNewer: true }).booking.end).to.equal(start + 3 * HOUR);
    expect(complete(moved, { ...NOTHING, base: BASE }).booking.end).to.equal(start + 3 * HOUR);
  });

  it('uses the default length of the record if none is known', () => {
    const { booking } = complete({ missing: { end: 'null' } }, NOTHING);
    expect(booking.end).to.equal(START + HOUR);
    expect(booking.missing).to.deep.equal({ end: 'null' });
  });

  it('keeps the texts of the map if there is no reading', () => {
    const known = { ...NOTHING, base: BASE };
    const keptText = (missing: Booking['missing']): unknown =>
      complete(missing ? { missing } : {}, known).booking.keptText;
    expect(keptText({ customerName: 'absent' })).to.deep.equal({ title: BASE.title });
    expect(keptText({ notes: 'absent' })).to.deep.equal({ description: BASE.description });
    expect(keptText({ end: 'absent' })).to.equal(undefined);
    expect(keptText(undefined)).to.equal(undefined);
  });

  it('keeps no text that does not depend on the missing field', () => {
    const context = { ...BY_ID, templates: { title: '{bayName}', description: 'by {customerName|Customer}' } };
    const { booking } = complete({ missing: { customerName: 'null' } }, { ...NOTHING, base: BASE }, context);
    expect(booking.keptText).to.deep.equal({ description: BASE.description });
  });

  describe('null notes in an otherwise whole record', () => {
    const nullNotes = { missing: { notes: 'null' }, customerName: 'Ana R.', end: WHOLE.end } as const;

    it('are empty at the second poll in a row', () => {
      const first = complete(nullNotes, READ, POLLED);
      expect(first.booking.notes).to.equal('Two players');
      const second = complete(nullNotes, { ...READ, reading: first.booking, nullNotes: first.nullNotes }, POLLED);
      expect(second.booking.notes).to.equal('');
      expect(second.booking.missing).to.deep.equal({});
      expect(second.booking.keptText).to.equal(undefined);
    });

    it('are empty at the second poll after a restart, too', () => {
      const known = { ...NOTHING, base: BASE };
      const first = complete(nullNotes, known, POLLED);
      expect(first.booking.keptText).to.deep.equal({ description: BASE.description });
      const second = complete(nullNotes, { ...known, reading: first.booking, nullNotes: first.nullNotes }, POLLED);
      expect(second.booking.keptText).to.equal(undefined);
      expect(second.booking.notes).to.equal('');
    });

    it('are ignored between two polls with notes', () => {
      const first = complete(nullNotes, READ, POLLED);
      const whole = completeBooking(WHOLE, { ...READ, nullNotes: first.nullNotes }, POLLED);
      const again = complete(nullNotes, { ...READ, nullNotes: whole.nullNotes }, POLLED);
      expect(again.booking.notes).to.equal('Two players');
    });

    it('are ignored if the record was read by its id', () => {
      const once = complete(nullNotes, { ...READ, nullNotes: 1 }, BY_ID);
      expect(once).to.deep.include({ nullNotes: 1 });
      expect(once.booking.notes).to.equal('Two players');
    });

    it('are ignored while another field is null too, or most records have lost theirs', () => {
      const known = { ...READ, nullNotes: 1 };
      for (const field of ['customerName', 'end'] as const) {
        const { booking } = complete({ ...nullNotes, missing: { notes: 'null', [field]: 'null' } }, known, POLLED);
        expect(booking.notes, field).to.equal('Two players');
      }
      const { booking } = complete(nullNotes, known, { ...POLLED, areNotesLost: true });
      expect(booking.notes).to.equal('Two players');
    });

    it('are ignored in any number of polls if the key is absent', () => {
      const absent = { ...nullNotes, missing: { notes: 'absent' } } as const;
      expect(complete(absent, { ...READ, nullNotes: 9 }, POLLED).booking.notes).to.equal('Two players');
    });
  });

  it('never removes a name, because a visit has a customer', () => {
    const nameless = { missing: { customerName: 'null' }, end: WHOLE.end } as const;
    expect(complete(nameless, { ...READ, nullNotes: 5 }, POLLED).booking.customerName).to.equal('Ana R.');
  });

  it('keeps details that only some records have, and uses newer ones', () => {
    const reading = { ...WHOLE, terms: { groupSize: 2, serviceId: 11 }, details: { price: '50' } };
    const read = { ...WHOLE, terms: { groupSize: 3 }, details: { groupSize: '3' } };
    expect(completeBooking(read, { ...READ, reading }, POLLED).booking).to.deep.include({
      terms: { groupSize: 3, serviceId: 11 },
      details: { price: '50', groupSize: '3' },
    });
    expect(completeBooking(WHOLE, { ...READ, reading }, POLLED).booking.terms).to.deep.equal(reading.terms);
  });
});

describe('notes that most records have lost', () => {
  const records = (...notes: (string | null)[]): Booking[] =>
    notes.map((note, index) => ({
      ...WHOLE,
      appointmentId: String(index),
      notes: note ?? '',
      ...(note === null ? { missing: { notes: 'null' } as const } : {}),
    }));
  const allKnown = (): PreviousBooking => READ;

  it('count as lost if more than half of the records that had notes have none', () => {
    expect(areNotesLost(records(null, null, 'x'), allKnown)).to.equal(true);
    expect(areNotesLost(records(null, null, 'x', 'y'), allKnown)).to.equal(false);
    expect(areNotesLost(records(null, null, 'x', ''), allKnown)).to.equal(true);
  });

  it('do not count as lost if a single record lost them, or none ever had any', () => {
    expect(areNotesLost(records(null), allKnown)).to.equal(false);
    expect(areNotesLost(records(null, null), () => NOTHING)).to.equal(false);
    const without = { ...READ, reading: { ...WHOLE, notes: '' } };
    expect(areNotesLost(records(null, null), () => without)).to.equal(false);
  });

  it('are known from the map if there is no reading', () => {
    expect(areNotesLost(records(null, null), () => ({ ...NOTHING, base: BASE }))).to.equal(true);
    expect(areNotesLost(records(null, null), () => ({ ...NOTHING, base: { ...BASE, description: '' } }))).to.equal(
      false,
    );
  });
});

describe('a completed reading', () => {
  it('is the same object as the latest reading if nothing is new', () => {
    const again = completeBooking({ ...WHOLE }, READ, POLLED);
    expect(again.booking).to.equal(WHOLE);
    expect(completeBooking({ ...WHOLE, notes: 'Three players' }, READ, POLLED).booking.notes).to.equal('Three players');
  });

  it('is the same object as the latest reading if only earlier details complete it', () => {
    const known = { ...WHOLE, terms: { groupSize: 2 } };
    expect(completeBooking({ ...WHOLE }, { ...READ, reading: known }, POLLED).booking).to.equal(known);
  });
});

describe('a booking that is completed by the event that is adopted for it', () => {
  const event = { start: START, end: START + 3 * HOUR, title: 'Ana from the event', description: 'Notes of the event' };
  const { templates } = BY_ID;
  const lacking = (missing: NonNullable<Booking['missing']>): Booking => ({ ...THIN, missing });
  const by = (
    change: Partial<typeof event> | { readonly end: null } | { readonly start: null },
    booking: Booking,
  ): Booking => completeByEvent(booking, { ...event, ...change }, templates);

  it('keeps the length of the event, from its own start', () => {
    const moved = { ...lacking({ end: 'null' }), start: START + HOUR };
    expect(by({}, moved)).to.deep.equal({ ...moved, end: START + 4 * HOUR });
  });

  it('keeps its own end if the event has no length', () => {
    const booking = lacking({ end: 'absent' });
    for (const change of [{ end: null }, { start: null }, { end: START }, { end: START - HOUR }]) {
      expect(by(change, booking), JSON.stringify(change)).to.deep.equal(booking);
    }
  });

  it('keeps the texts of the event that use a missing field', () => {
    expect(by({}, lacking({ customerName: 'null' }))).to.deep.equal({
      ...lacking({ customerName: 'null' }),
      keptText: { title: event.title },
    });
    expect(by({}, lacking({ notes: 'absent' }))).to.have.deep.property('keptText', { description: event.description });
  });

  it('keeps the texts of the last agreement if these are known', () => {
    const keptText = { title: 'Ana from the map' };
    expect(by({}, { ...lacking({ customerName: 'null' }), keptText })).to.have.deep.property('keptText', keptText);
  });

  it('is unchanged if its record lacks nothing', () => {
    expect(by({}, WHOLE)).to.equal(WHOLE);
  });
});

describe('a completed reading of a complete record', () => {
  const cut = 'wants the launch monitor on the left side and the screen calibrated. '.repeat(3).trim();
  const marker = '[loft:700122] ';
  const shown = (description: string): Content => ({ ...BASE, description });

  it('ends a row of polls with null notes, and only a poll does', () => {
    const known = { ...READ, nullNotes: 1 };
    expect(completeBooking({ ...WHOLE }, known, POLLED).nullNotes).to.equal(0);
    expect(completeBooking({ ...WHOLE }, known, BY_ID).nullNotes).to.equal(1);
    expect(completeBooking({ ...WHOLE, notes: 'Other' }, known, POLLED).nullNotes).to.equal(0);
  });

  it('replaces a reading that lacks fields, which an equal record does not', () => {
    const lacking: Booking = { ...WHOLE, missing: { notes: 'null' } };
    expect(completeBooking({ ...WHOLE }, { ...READ, reading: lacking }, POLLED).booking).to.deep.equal(WHOLE);
    expect(completeBooking(lacking, { ...READ, reading: lacking }, POLLED).nullNotes).to.equal(1);
  });

  it('has the end of a note that a marker cut off, from the reading, its map, or the map of the original', () => {
    const whole = `${cut} Thanks.`;
    const record = { ...WHOLE, notes: marker + cut };
    const from = (known: Partial<PreviousBooking>): string =>
      completeBooking(record, { ...NOTHING, ...known }, POLLED).booking.notes;
    expect(from({ reading: { ...WHOLE, notes: whole } })).to.equal(marker + whole);
    expect(from({ base: shown(whole) })).to.equal(marker + whole);
    expect(from({ originalBase: shown(whole) })).to.equal(marker + whole);
    expect(from({})).to.equal(marker + cut);
  });

  it('keeps details of earlier records', () => {
    const reading = { ...WHOLE, details: { price: '50' } };
    const read = { ...WHOLE, notes: 'Three players' };
    expect(completeBooking(read, { ...READ, reading }, POLLED).booking.details).to.deep.equal({ price: '50' });
    const first = completeBooking({ ...read, details: { price: '60' } }, READ, POLLED);
    expect(first.booking.details).to.deep.equal({ price: '60' });
  });
});

describe('the length of a visit whose record has no end', () => {
  const lacking: Booking = { ...THIN, missing: { end: 'null' } };
  const length = (known: Partial<PreviousBooking>): number =>
    (completeBooking(lacking, { ...NOTHING, ...known }, BY_ID).booking.end - START) / HOUR;
  const base = (hours: number): Content => ({ ...BASE, end: BASE.start + hours * HOUR });

  it('is that of the latest whole reading, or of the map if that is newer', () => {
    expect(length({ reading: WHOLE, base: base(3) })).to.equal(2);
    expect(length({ reading: WHOLE, base: base(3), isBaseNewer: true })).to.equal(3);
    expect(length({ reading: WHOLE, isBaseNewer: true })).to.equal(2);
    expect(length({ base: base(3) })).to.equal(3);
  });

  it('is not that of a map that has the usual length, which may be a placeholder', () => {
    const reading = { ...lacking, end: START + HOUR };
    expect(completeBooking(lacking, { ...NOTHING, reading, base: base(1) }, BY_ID).booking.missing).to.deep.equal({
      end: 'null',
    });
    expect(length({ reading, base: base(3) })).to.equal(3);
  });
});
