import { expect } from 'chai';
import * as fc from 'fast-check';
import type { CalendarEvent } from '@loft/sync-core';
import {
  anyInsertOf,
  appointmentOfEventId,
  calendarDigest,
  derivedEventId,
  derivedGeneration,
  digestsOf,
  draftOf,
  freshWriteId,
  insertOf,
  insertWriteId,
  isDerivedEventId,
  isMovedSince,
  otherDerivedId,
  textDigest,
} from '#src/rules/event-marks.js';
import { BAY1, BAY2 } from '../engine/world.js';
import { anEvent } from './situations.js';

describe('the derived event id', function () {
  this.timeout(300_000);

  it('contains a numeric appointment id', () => {
    expect(derivedEventId('700123')).to.equal('loft700123');
    expect(derivedEventId('0')).to.equal('loft0');
  });

  it('writes any other id in hex of its code units', () => {
    expect(derivedEventId('A-1')).to.equal('lofth0041002d0031');
    expect(derivedEventId('12a')).to.equal('lofth003100320061');
    expect(derivedEventId(' 12')).to.equal('lofth002000310032');
    expect(derivedEventId('12\n')).to.equal('lofth00310032000a');
    expect(derivedEventId('é😀')).to.equal('lofth00e9d83dde00');
    expect(derivedEventId('')).to.equal('lofth');
  });

  it('contains the generation after the first one', () => {
    expect(derivedEventId('700123', 0)).to.equal('loft700123');
    expect(derivedEventId('700123', 1)).to.equal('loft700123g1');
    expect(derivedEventId('A', 12)).to.equal('lofth0041g12');
  });

  it('is an id that Google accepts, unique for every appointment and generation', () => {
    const ids = fc.uniqueArray(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(ids, fc.nat(9), fc.nat(9), ([a = '', b = ''], first, second) => {
        const one = derivedEventId(a, first);
        expect(one).to.match(/^[0-9a-v]{5,}$/);
        expect(one).to.not.equal(derivedEventId(b, second));
        expect(isDerivedEventId(one, a)).to.equal(true);
        expect(isDerivedEventId(one, b)).to.equal(false);
      }),
    );
  });
});

describe('an event id', function () {
  this.timeout(300_000);

  it('is recognized as derived in any generation', () => {
    for (const id of ['loft700123', 'loft700123g1', 'loft700123g42']) {
      expect(isDerivedEventId(id, '700123'), id).to.equal(true);
    }
  });

  it('gives the appointment it was derived from, if that is a number', () => {
    expect(appointmentOfEventId('loft700123')).to.equal('700123');
    expect(appointmentOfEventId('loft700123g12')).to.equal('700123');
    for (const other of ['person0001', 'loft', 'lofth0061', 'loft7g', 'loft7g1x', 'xloft7']) {
      expect(appointmentOfEventId(other), other).to.equal(null);
    }
  });

  it('is not recognized as derived if it is only similar', () => {
    const others = [
      'loft7001234',
      'loft70012',
      'loft700123g',
      'loft700123g1x',
      'loft700123gx1',
      'loft700123h1',
      'person0001',
    ];
    for (const id of [...others, 'xloft700123g1', '']) expect(isDerivedEventId(id, '700123'), id).to.equal(false);
  });
});

describe('the generation of an event id', () => {
  it('is the number after the g, and 0 without one', () => {
    expect(derivedGeneration('loft700123', '700123')).to.equal(0);
    expect(derivedGeneration('loft700123g1', '700123')).to.equal(1);
    expect(derivedGeneration('lofth0041g12', 'A')).to.equal(12);
  });

  it('is unknown if the id is not derived from the appointment', () => {
    expect(derivedGeneration('loft700124', '700123')).to.equal(null);
    expect(derivedGeneration('copy1', '700123')).to.equal(null);
  });
});

describe('the write id of an insert', () => {
  const insert = { start: Date.UTC(2026, 0, 15, 18), end: Date.UTC(2026, 0, 15, 19), task: Date.UTC(2026, 0, 14) };

  it('contains the inserted time and the task, which can be read from it', () => {
    expect(anyInsertOf(insertWriteId(insert))).to.deep.equal(insert);
    expect(anyInsertOf(insertWriteId({ ...insert, task: insert.task + 0.75 }))).to.deep.equal(insert);
    const there = { ...insert, calendar: calendarDigest(BAY1.calendarId) };
    expect(anyInsertOf(insertWriteId(there))).to.deep.equal(there);
  });

  it('is no other text', () => {
    const id = insertWriteId(insert);
    for (const other of [null, '', `x${id}`, `${id}-1`, `${id}!`, 'i1-2', 'w1-2-3']) {
      expect(anyInsertOf(other), String(other)).to.equal(null);
    }
  });

  it('belongs to its task only', () => {
    const id = insertWriteId(insert);
    expect(insertOf(id, insert.task)).to.deep.equal(insert);
    expect(insertOf(id, insert.task + 0.5)).to.deep.equal(insert);
    expect(insertOf(id, insert.task + 1)).to.equal(null);
    expect(insertOf(id, undefined)).to.equal(null);
    expect(insertOf('w1-2', insert.task)).to.equal(null);
    expect(insertOf(null, undefined)).to.equal(null);
  });

  it('shows whether the event was moved since', () => {
    const event = { ...anEvent(), ...insert };
    const isMoved = (change: Partial<CalendarEvent>): boolean =>
      isMovedSince(insert, { ...event, ...change }, BAY1.calendarId);
    expect(isMoved({})).to.equal(false);
    expect(isMoved({ start: 1 })).to.equal(true);
    expect(isMoved({ end: 1 })).to.equal(true);
    expect(isMoved({ calendarId: BAY2.calendarId })).to.equal(true);
  });
});

describe('the marks of a write', () => {
  it('have an id with the version of the map and two random numbers of seven digits', () => {
    const numbers = [0, 0.5];
    expect(freshWriteId(37, () => numbers.shift() ?? 1)).to.equal(
      `w11-0000000${(2 ** 31).toString(36).padStart(7, '0')}`,
    );
    expect(freshWriteId(1, () => 1 - 2 ** -32)).to.equal(`w1-${'1z141z3'.repeat(2)}`);
  });

  it('have the digests of the texts that are written, and no other', () => {
    const titleDigest = textDigest('Ana R.');
    const descriptionDigest = textDigest('');
    expect(digestsOf({ title: 'Ana R.', description: '' })).to.deep.equal({ titleDigest, descriptionDigest });
    expect(digestsOf({ title: 'Ana R.' })).to.deep.equal({ titleDigest });
    expect(digestsOf({ description: '' })).to.deep.equal({ descriptionDigest });
    expect(digestsOf({})).to.deep.equal({});
  });

  it('of an insert name the appointment, the bay, the write and both texts, and the event blocks its time', () => {
    const base = { start: 1, end: 2, bay: '1', title: 'Ana R.', description: 'Two players' };
    expect(draftOf({ appointmentId: '700123', createdAt: 3 }, base)).to.deep.equal({
      ...base,
      free: false,
      appointmentId: '700123',
      write: 'i1-2-3',
      titleDigest: textDigest('Ana R.'),
      descriptionDigest: textDigest('Two players'),
    });
    expect(draftOf({ appointmentId: '700123', createdAt: 3 }, base, BAY1.calendarId)).to.have.property(
      'write',
      `i1-2-3-${calendarDigest(BAY1.calendarId)}`,
    );
  });
});

describe('the other id that may have been derived for an appointment', () => {
  it('is the second for the first one, and the first for any other', () => {
    expect(otherDerivedId('loft700123', '700123')).to.equal('loft700123g1');
    expect(otherDerivedId('loft700123g1', '700123')).to.equal('loft700123');
    expect(otherDerivedId('loft700123g2', '700123')).to.equal('loft700123');
    expect(otherDerivedId('copy', '700123')).to.equal('loft700123');
  });
});
