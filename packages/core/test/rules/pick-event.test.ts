import { NO_MARKS } from '#src/domain/calendar-event.js';
import { expect } from 'chai';
import type { CalendarEvent } from '@loft/sync-core';
import { chooseMirror, pickEvent } from '#src/rules/observed-events.js';
import type { EventReading } from '#src/rules/situation.js';
import { BAY2 } from '../engine/world.js';
import { aMap, anEvent, aTombstone, EVENT_ID, eventSeen, ID } from './situations.js';

const canceled = { title: 'CANCELED: Ana R.', free: true };

/** All orders of a few things. */
function orders<T>(things: readonly T[]): readonly (readonly T[])[] {
  if (things.length < 2) return [things];
  return things.flatMap((thing, index) => orders(things.toSpliced(index, 1)).map((rest) => [thing, ...rest]));
}

describe('the mirror among several events of an appointment', () => {
  /** Expects that the first is chosen in any order. */
  function isChosen(first: CalendarEvent, ...others: readonly CalendarEvent[]): void {
    for (const events of orders([first, ...others])) expect(chooseMirror(ID, events)).to.equal(first);
  }

  it('is an active event in the calendar', () => {
    isChosen(anEvent({ eventId: 'zzz' }), anEvent(canceled), anEvent({ eventId: 'aaa', ...canceled }));
    isChosen(anEvent({ eventId: 'zzz' }), anEvent({ state: 'gone' }));
  });

  it('then an event with a derived id', () => {
    isChosen(anEvent(), anEvent({ eventId: 'aaa' }), anEvent({ eventId: 'bbb' }));
    isChosen(anEvent({ eventId: `${EVENT_ID}g2` }), anEvent({ eventId: 'aaa' }));
    isChosen(anEvent(canceled), anEvent({ eventId: 'aaa', ...canceled }));
  });

  it('then an event that was transferred with a new appointment id', () => {
    isChosen(anEvent({ eventId: 'loft690001' }), anEvent({ eventId: 'aaa' }), anEvent({ eventId: 'zzz' }));
    isChosen(anEvent(), anEvent({ eventId: 'loft690001' }));
    isChosen(anEvent({ eventId: 'aaa' }), anEvent({ eventId: 'loft690001', state: 'gone' }));
  });

  it('then the event with the smaller id', () => {
    isChosen(anEvent({ eventId: 'aaa' }), anEvent({ eventId: 'aab' }), anEvent({ eventId: 'b' }));
    isChosen(anEvent(), anEvent({ eventId: `${EVENT_ID}g1` }), anEvent({ eventId: `${EVENT_ID}g2` }));
  });

  it('is never an event without the appointment id or our properties', () => {
    const marks = { ...NO_MARKS, appointmentId: ID, managed: true, bay: '1' };
    expect(chooseMirror(ID, [])).to.equal(null);
    expect(chooseMirror(ID, [anEvent({ marks: { ...marks, managed: false } })])).to.equal(null);
    expect(chooseMirror(ID, [anEvent({ marks: { ...marks, appointmentId: '700999' } })])).to.equal(null);
    expect(chooseMirror(ID, [anEvent({ marks: { ...marks, appointmentId: null } })])).to.equal(null);
  });
});

describe('the event to decide about', () => {
  const mirror = eventSeen(anEvent());
  const copy = eventSeen(anEvent({ eventId: 'person0001' }));
  const strange = eventSeen(anEvent({ marks: NO_MARKS }));

  describe('without a map', () => {
    it('is the best candidate', () => {
      for (const bookingSeen of [true, false]) {
        expect(pickEvent(ID, null, [copy, mirror], bookingSeen)).to.equal(mirror);
        expect(pickEvent(ID, null, [strange, copy], bookingSeen)).to.equal(copy);
      }
    });

    it('is none, or the only observed event', () => {
      expect(pickEvent(ID, null, [], false)).to.equal(undefined);
      expect(pickEvent(ID, null, [], true)).to.equal(undefined);
      expect(pickEvent(ID, null, [strange], true)).to.equal(undefined);
      expect(pickEvent(ID, null, [strange], false)).to.equal(strange);
    });
  });

  describe('with a map', () => {
    const elsewhere = eventSeen(anEvent({ calendarId: BAY2.calendarId }));
    const gone = eventSeen(aTombstone());
    const goneElsewhere = eventSeen(aTombstone({ calendarId: BAY2.calendarId }));

    /** Expects that the first is picked in any order. */
    function isPicked(first: EventReading, ...others: readonly EventReading[]): void {
      for (const readings of orders([first, ...others])) {
        for (const bookingSeen of [true, false]) expect(pickEvent(ID, aMap(), readings, bookingSeen)).to.equal(first);
      }
    }

    it("is the map's, and not a copy", () => {
      isPicked(mirror, copy, strangerWithAnId());
      isPicked(gone, copy);
    });

    it('is the live one before a tombstone', () => {
      isPicked(elsewhere, gone);
      isPicked(mirror, goneElsewhere);
      isPicked(elsewhere, gone, goneElsewhere);
    });

    it('is the one in its own calendar before one elsewhere', () => {
      isPicked(mirror, elsewhere);
      isPicked(gone, goneElsewhere);
    });

    it('is a copy only if nothing else was observed', () => {
      expect(pickEvent(ID, aMap(), [copy], true)).to.equal(undefined);
      expect(pickEvent(ID, aMap(), [copy], false)).to.equal(copy);
      expect(pickEvent(ID, aMap(), [], false)).to.equal(undefined);
    });

    function strangerWithAnId(): EventReading {
      return eventSeen(anEvent({ eventId: 'aaa' }));
    }
  });
});
