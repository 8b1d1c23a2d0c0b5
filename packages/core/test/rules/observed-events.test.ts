import { expect } from 'chai';
import type { BookingEventMap, CalendarEvent } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { copyOf } from '#src/engine/act/copies-of-event.js';
import {
  endedCopies,
  eventsToRecord,
  isMirrorOrCandidate,
  isNoCopy,
  leftBehind,
  otherEvents,
  unlistedCopies,
} from '#src/rules/observed-events.js';
import type { Situation } from '#src/rules/situation.js';
import { BAY2 } from '../engine/world.js';
import { aMap, anEvent, aSituation, aTombstone, EVENT_ID, eventSeen, ID } from './situations.js';

const MIRROR = anEvent();
const COPY = anEvent({ eventId: 'copy' });
const CANCELED = anEvent({ eventId: 'struck', title: 'CANCELED: Ana R.', free: true });
const UNMARKED = anEvent({ eventId: 'other', marks: NO_MARKS });
const FOCUS_TIME = anEvent({ eventId: 'focus', eventType: 'focusTime' });

describe('the other events of an appointment', () => {
  const of = (map: BookingEventMap | null, picked: CalendarEvent | null, ...seen: readonly CalendarEvent[]) =>
    otherEvents(
      ID,
      map,
      picked ? eventSeen(picked) : undefined,
      seen.map((event) => eventSeen(event)),
    ).map(({ event }) => event);

  it('are the active events with its marks, without the mirror', () => {
    const seen = [MIRROR, COPY, CANCELED, UNMARKED, aTombstone({ eventId: 'gone', marks: MIRROR.marks })];
    expect(of(aMap(), MIRROR, ...seen)).to.deep.equal([COPY]);
    expect(of(null, MIRROR, ...seen)).to.deep.equal([COPY]);
    expect(of(null, COPY, ...seen)).to.deep.equal([MIRROR]);
    expect(of(null, null, ...seen)).to.deep.equal([MIRROR, COPY]);
  });

  it('include an event with the id of the mirror in another calendar', () => {
    const elsewhere = anEvent({ calendarId: BAY2.calendarId });
    expect(of(aMap(), MIRROR, MIRROR, elsewhere)).to.deep.equal([elsewhere]);
    expect(of(aMap(), elsewhere, MIRROR, elsewhere)).to.deep.equal([elsewhere]);
    expect(of(null, elsewhere, MIRROR, elsewhere)).to.deep.equal([MIRROR]);
  });
});

describe('the observed events that are recorded', () => {
  const of = (change: Partial<Situation>, ...seen: readonly CalendarEvent[]) => {
    const { mirrorId, copies, candidates } = eventsToRecord(
      aSituation(change),
      seen.map((event) => eventSeen(event)),
    );
    return { mirrorId, copies, candidates };
  };

  it('are copies if a map names the mirror, whether it was observed or not', () => {
    const expected = { mirrorId: EVENT_ID, copies: [COPY], candidates: [] };
    const seen = [MIRROR, COPY, CANCELED, UNMARKED];
    expect(of({ map: aMap(), event: eventSeen(MIRROR) }, ...seen)).to.deep.equal(expected);
    expect(of({ map: aMap(), event: eventSeen(aTombstone()) }, ...seen)).to.deep.equal(expected);
    expect(of({ map: aMap() }, ...seen)).to.deep.equal(expected);
    const transferred = anEvent({ eventId: 'loft690001' });
    expect(of({ map: aMap({ googleEventId: 'loft690001' }) }, transferred, COPY).mirrorId).to.equal('loft690001');
  });

  it('do not include the event that is decided now, unless the mirror is read instead of it', () => {
    const event = eventSeen(COPY);
    const reread = { event: { calendarId: COPY.calendarId, eventId: EVENT_ID }, booking: false };
    expect(of({ map: aMap(), event }, COPY).copies).to.deep.equal([]);
    expect(of({ map: aMap(), event, reread }, COPY).copies).to.deep.equal([COPY]);
  });

  it('are copies without a map only beside an active mirror, or if they cannot become one', () => {
    expect(of({ event: eventSeen(MIRROR) }, MIRROR, COPY, FOCUS_TIME).copies).to.deep.equal([COPY, FOCUS_TIME]);
    expect(of({}, MIRROR, COPY, FOCUS_TIME)).to.deep.equal({
      mirrorId: EVENT_ID,
      copies: [FOCUS_TIME],
      candidates: [],
    });
    expect(of({ event: eventSeen(aTombstone()) }, COPY).copies).to.deep.equal([]);
  });

  it('are a candidate if there is no map, and the id of the picked event does not show that it is ours', () => {
    expect(of({ event: eventSeen(COPY) }, COPY)).to.deep.equal({ mirrorId: 'copy', copies: [], candidates: [COPY] });
    expect(of({ map: aMap(), event: eventSeen(COPY) }, COPY).candidates).to.deep.equal([]);
    for (const event of [MIRROR, UNMARKED, CANCELED, FOCUS_TIME, aTombstone({ eventId: 'gone' })]) {
      expect(of({ event: eventSeen(event) }, event).candidates, event.eventId).to.deep.equal([]);
    }
  });
});

describe('the recorded copies that a full list of their calendar does not show', () => {
  const copies = ['a', 'b', 'c'].map((eventId) => copyOf(ID, anEvent({ eventId }), 0));
  const [first, second, third] = copies;

  it('are those of that calendar whose events are not listed', () => {
    const elsewhere = copyOf(ID, anEvent({ eventId: 'd', calendarId: BAY2.calendarId }), 0);
    const listed = new Set(['b']);
    expect(unlistedCopies([...copies, elsewhere], MIRROR.calendarId, listed)).to.deep.equal([first, third]);
  });

  it('have ended if their events do not exist, are deleted, or have no marks of ours', () => {
    expect(isNoCopy(COPY)).to.equal(false);
    expect(isNoCopy(UNMARKED)).to.equal(true);
    expect(isNoCopy(aTombstone({ marks: MIRROR.marks }))).to.equal(true);
    const unmarked = anEvent({ eventId: 'b', marks: NO_MARKS });
    expect(endedCopies(copies, [anEvent({ eventId: 'a' }), unmarked])).to.deep.equal([second, third]);
    expect(endedCopies([], [])).to.deep.equal([]);
  });
});

describe('a recorded copy', () => {
  const copyAt = (change: Partial<CalendarEvent>) => copyOf(ID, anEvent({ eventId: 'copy', ...change }), 0);

  it('was left behind by a canceled booking if it is at its time, and not the mirror', () => {
    const here = copyAt({});
    const { start, end } = anEvent();
    const others = [
      copyAt({ start: (start ?? 0) + 1 }),
      copyAt({ end: (end ?? 0) + 1 }),
      copyAt({ eventId: EVENT_ID }),
    ];
    expect(leftBehind([here, ...others], aMap())).to.deep.equal([here]);
  });

  it('is not listed if it is the mirror at its place, or may become it', () => {
    const mirror = copyAt({ eventId: EVENT_ID });
    expect(isMirrorOrCandidate(mirror, aMap())).to.equal(true);
    expect(isMirrorOrCandidate(copyAt({ eventId: EVENT_ID, calendarId: BAY2.calendarId }), aMap())).to.equal(false);
    expect(isMirrorOrCandidate(copyAt({}), aMap())).to.equal(false);
    expect(isMirrorOrCandidate(mirror, null)).to.equal(false);
    expect(isMirrorOrCandidate({ ...mirror, isCandidate: true }, null)).to.equal(true);
    expect(isMirrorOrCandidate({ ...copyAt({}), isCandidate: true }, aMap())).to.equal(false);
  });
});
