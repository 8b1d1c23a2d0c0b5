import { expect } from 'chai';
import { HOUR, MINUTE, type CalendarEvent } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { bookingSide } from '#src/rules/booking-side.js';
import { decideEdit } from '#src/rules/decide-edit.js';
import { decideUndo } from '#src/rules/decide-replay.js';
import type { Verdict } from '#src/rules/decision.js';
import { createRules } from '#src/rules/rules.js';
import type { Situation } from '#src/rules/situation.js';
import { BAYS, BAY1, settingsWith, type Overrides } from '../engine/world.js';
import {
  aMap,
  anEdit,
  anEditedEvent,
  anEvent,
  aSituation,
  aTombstone,
  bookingSeen,
  END,
  eventSeen,
  NOW,
  SEEN,
  START,
  SYNCED,
} from './situations.js';

const ONE_WAY = (bay: string): Overrides => ({
  bays: BAYS.map((it) => (it.bay === bay ? { ...it, direction: 'to-google' as const } : it)),
});
const LATER = { start: START + HOUR, end: END + HOUR };
const ELSEWHERE = { calendarId: 'elsewhere@group.calendar.google.com' };
const INTENT = { kind: 'write-event', ...LATER, bay: '1', since: NOW, triedAt: NOW, successor: null } as const;

interface Given {
  readonly map?: ReturnType<typeof aMap>;
  /** Null: not read. */
  readonly booking?: ReturnType<typeof bookingSeen> | null;
  readonly proven?: boolean;
  readonly settings?: Overrides;
  readonly change?: Partial<Situation>;
}

function on(event: CalendarEvent, given: Given = {}): Verdict {
  const { map = aMap(), booking = bookingSeen(), proven = false, settings = {}, change = {} } = given;
  const rules = createRules(settingsWith(settings));
  const reading = eventSeen(event, { proven });
  const side = booking && bookingSide(booking, map, rules);
  return decideEdit(
    reading,
    map,
    side,
    aSituation({ map, booking: booking ?? undefined, event: reading, ...change }),
    rules,
  );
}

describe('row 20 · unsupported-edit: an event whose place no booking can have', () => {
  const revertsTo = (verdict: Verdict, reason: string): void => {
    expect(verdict).to.have.property('reason', reason);
    expect(verdict).to.have.nested.property('action.do', 'write-event');
  };

  it('is over: it ends now or earlier', () => {
    const end = (at: number): CalendarEvent => anEditedEvent({ start: NOW - HOUR, end: at });
    revertsTo(on(end(NOW)), 'unsupported-edit');
    expect(on(end(NOW + 1))).to.have.nested.property('action.do', 'record-edits');
  });

  it('is in the calendar of no bay', () => {
    revertsTo(on(anEditedEvent({ ...LATER, ...ELSEWHERE }), { proven: true }), 'unsupported-edit');
  });

  it('is a conflict that the booking wins if the booking has moved too, without a record', () => {
    const event = anEditedEvent({ start: NOW - HOUR, end: NOW, updatedAt: SEEN + 1 });
    const verdict = on(event, { booking: bookingSeen(LATER) });
    revertsTo(verdict, 'conflict');
    expect(verdict).to.have.nested.property('record.state', 'put-back');
  });
});

describe('row 17 · conflict: both sides were moved', () => {
  const moved = bookingSeen({ start: START + 2 * HOUR, end: END + 2 * HOUR });

  it('is won by the later change, and by the booking if the time of the edit is unknown or the same', () => {
    const at = (updatedAt: number | null): Verdict => on(anEditedEvent({ ...LATER, updatedAt }), { booking: moved });
    expect(at(SEEN + 1)).to.have.nested.property('action.do', 'record-edits');
    for (const updatedAt of [SEEN, null]) expect(at(updatedAt)).to.have.nested.property('action.do', 'write-event');
  });
});

describe('row 14 · event-deleted: a deleted event', () => {
  const gone = aTombstone();
  const grace = { google: { deleteGraceSeconds: 60 } };
  const DELETED = anEdit({ change: 'deleted', at: NOW - 90_000 });
  const early = anEdit({ change: 'deleted', at: NOW - 30_000 });

  it('is waited for before anything is read', () => {
    expect(on(gone, { booking: null, settings: grace, change: { edits: [early] } })).to.deep.equal({
      kind: 'wait',
      until: NOW + 30_000,
    });
    expect(on(gone, { booking: null, settings: grace, change: { edits: [] } })).to.deep.include({
      reason: 'event-deleted',
    });
  });

  it('is proven, then its booking is read, before the booking is cancelled', () => {
    const over = { settings: grace, change: { edits: [DELETED] } };
    expect(on(gone, { booking: null, ...over })).to.deep.equal({ kind: 'observe', target: 'event' });
    expect(on(gone, { ...over })).to.deep.equal({ kind: 'observe', target: 'event' });
    expect(on(gone, { booking: null, proven: true, ...over })).to.deep.equal({ kind: 'observe', target: 'booking' });
    const canceled = on(gone, { proven: true, ...over });
    expect(canceled).to.deep.include({ reason: 'event-deleted', record: { ...DELETED, state: 'carried' } });
    expect(canceled).to.have.nested.property('action.do', 'cancel-booking');
  });

  it('is decided with the records of the edits, also if the booking was not read', () => {
    const { edits: _unread, ...situation } = aSituation({ map: aMap(), event: eventSeen(gone) });
    const rules = createRules(settingsWith(grace));
    const reads = { kind: 'observe', target: 'edits' };
    expect(decideEdit(eventSeen(gone), aMap(), null, situation, rules)).to.deep.equal(reads);
    const side = bookingSide(bookingSeen(), aMap(), rules);
    expect(decideEdit(eventSeen(gone), aMap(), side, situation, rules)).to.deep.equal(reads);
  });

  it('is not waited for if the booking has changed: the event is restored', () => {
    const given = { proven: true, settings: grace, change: { edits: [early] } };
    expect(on(gone, { ...given, booking: bookingSeen(LATER) })).to.have.property('reason', 'conflict-restore');
    expect(on(gone, { ...given, booking: bookingSeen({ notes: 'Four players' }) })).to.have.property(
      'reason',
      'conflict-restore',
    );
  });

  it('is not waited for in a bay that changes no booking: the event is restored', () => {
    const given = { settings: { ...grace, ...ONE_WAY('1') }, change: { edits: [early] } };
    expect(on(gone, given)).to.deep.equal({ kind: 'observe', target: 'event' });
    expect(on(gone, { ...given, proven: true })).to.deep.include({ reason: 'one-way' });
  });

  it('is not waited for if the event had no marks when it was last observed active: the event is restored', () => {
    const given = { settings: grace, proven: true, change: { edits: [early] } };
    const restored = (event: CalendarEvent, map = aMap()): void => {
      expect(on(event, { ...given, map })).to.have.property('reason', 'metadata-removed');
    };
    restored(aTombstone({ title: 'Ana R.', start: START, end: END }));
    restored(aTombstone({ title: 'Ana R.' }));
    restored(aTombstone({ start: START }));
    restored(gone, aMap({ flags: { unmarked: true } }));
  });

  it('is proven first if it was deleted in another calendar than that of its map', () => {
    const elsewhere = aTombstone(ELSEWHERE);
    const given = { settings: grace, change: { edits: [early] } };
    expect(on(elsewhere, given)).to.deep.equal({ kind: 'observe', target: 'event' });
    expect(on(elsewhere, { ...given, proven: true })).to.deep.equal({ kind: 'wait', until: NOW + 30_000 });
  });
});

describe('row 19 · metadata-removed: an event without our marks', () => {
  const unmarked = (change: Partial<CalendarEvent> = {}): CalendarEvent =>
    anEditedEvent({ marks: NO_MARKS, ...change });
  const apart = 'the event was moved after its marks were removed: the two sides differ';
  const known = aMap({ flags: { unmarked: true } });

  it('is recorded once, and a begun change ends', () => {
    const map = aMap({ flags: { ownTitle: true }, intent: INTENT });
    expect(on(unmarked(), { map })).to.deep.equal({
      kind: 'decision',
      reason: 'metadata-removed',
      action: { do: 'store-map', map: { ...map, intent: null, flags: { ownTitle: true, unmarked: true } } },
      detail: null,
    });
    expect(on(unmarked(), { map: known })).to.have.nested.property('action.do', 'nothing');
    const begun = { ...known, intent: INTENT };
    expect(on(unmarked(), { map: begun })).to.have.nested.property('action.do', 'store-map');
  });

  it('needs a reading of the booking only if a change was begun', () => {
    const reads = { kind: 'observe', target: 'booking' };
    expect(on(unmarked(), { map: aMap({ intent: INTENT }), booking: null })).to.deep.equal(reads);
    expect(on(unmarked(), { booking: null })).to.have.property('reason', 'metadata-removed');
  });

  it('is reported if its place is another one than the booking’s', () => {
    for (const change of [{ start: START - MINUTE }, { end: END + MINUTE }]) {
      expect(on(unmarked(change)), JSON.stringify(change)).to.have.property('detail', apart);
    }
    const elsewhere = unmarked(ELSEWHERE);
    expect(on(elsewhere, { proven: true })).to.have.property('detail', apart);
    expect(on(elsewhere)).to.deep.equal({ kind: 'observe', target: 'event' });
    expect(on(unmarked())).to.have.property('detail', null);
  });

  it('is reported if its marks were removed within ten minutes after our write: a program may do so every time', () => {
    const soon = 'its marks were removed soon after our write: no edit of this event changes its booking';
    const after = (updatedAt: number | null, eventUpdatedAt: number | null = SYNCED): Verdict =>
      on(unmarked({ updatedAt }), { map: aMap({ eventUpdatedAt }) });
    expect(after(SYNCED + 10 * MINUTE - 1)).to.have.property('detail', soon);
    expect(after(SYNCED + 10 * MINUTE)).to.have.property('detail', null);
    expect(after(null)).to.have.property('detail', null);
    expect(after(SYNCED, null)).to.have.property('detail', null);
  });
});

describe('row 15 · text-edited: a text of the event', () => {
  it('is stored as the last agreement, and outdated flags are removed', () => {
    const event = anEditedEvent();
    const { flags: _outdated, ...plain } = aMap({ flags: { ownTitle: true } });
    const verdict = on(event, { map: aMap({ flags: { ownTitle: true } }) });
    expect(verdict).to.deep.include({
      reason: 'in-sync',
      action: { do: 'store-map', map: { ...plain, etag: event.etag, eventUpdatedAt: event.updatedAt } },
    });
    expect(on(event)).to.deep.include({ reason: 'in-sync', action: { do: 'nothing' } });
  });

  it('keeps a begun change until the booking was read', () => {
    const map = aMap({ intent: INTENT });
    const event = anEditedEvent({ title: 'Party of Ana' });
    expect(on(event, { map, booking: null }))
      .to.have.nested.property('action.map.intent')
      .deep.equal(INTENT);
    expect(on(event, { map })).to.have.nested.property('action.map.intent', null);
  });
});

describe('row 21e · change-undone: a request to undo a change', () => {
  const before = { start: START - 3 * HOUR, end: END - 3 * HOUR };
  const REQUEST = anEdit({ ...before, state: 'undo', at: NOW - HOUR });
  const undo = (event: CalendarEvent, given: Given = {}): Verdict | null => {
    const { map = aMap(), booking = bookingSeen(), settings = {}, change = {} } = given;
    const rules = createRules(settingsWith(settings));
    const situation = aSituation({ map, booking: booking ?? undefined, replayed: true, edits: [REQUEST], ...change });
    return decideUndo(event, map, bookingSide(booking ?? bookingSeen(), map, rules), situation, rules);
  };
  const dropped = (verdict: Verdict | null, detail: string, record = REQUEST): void => {
    expect(verdict).to.deep.equal({
      kind: 'decision',
      reason: 'change-undone',
      action: { do: 'record-edits', edits: [{ ...record, state: 'put-back' }] },
      detail,
    });
  };

  it('moves the booking back, up to an hour after the request', () => {
    const event = anEvent();
    const carried = {
      kind: 'decision',
      reason: 'change-undone',
      action: { do: 'reschedule-booking', bay: BAY1, event, base: { ...aMap().base, ...before } },
      detail: null,
      record: { ...REQUEST, state: 'carried' },
    };
    expect(undo(event)).to.deep.equal(carried);
    const another = { ...REQUEST, id: '9', appointmentId: '9', state: 'seen' as const };
    expect(undo(event, { change: { edits: [another, REQUEST] } })).to.deep.equal(carried);
    const late = { ...REQUEST, at: NOW - HOUR - 1 };
    dropped(undo(event, { change: { edits: [late] } }), 'it was asked for more than an hour ago', late);
  });

  it('is no request without a replay, or without a record of this appointment', () => {
    expect(undo(anEvent(), { change: { replayed: false } })).to.equal(null);
    expect(undo(anEvent(), { change: { edits: [] } })).to.equal(null);
    expect(undo(anEvent(), { change: { edits: [{ ...REQUEST, id: '9', appointmentId: '9' }] } })).to.equal(null);
    const { edits: _unread, ...situation } = aSituation({ map: aMap(), booking: bookingSeen(), replayed: true });
    const rules = createRules(settingsWith());
    const side = bookingSide(bookingSeen(), aMap(), rules);
    expect(decideUndo(anEvent(), aMap(), side, situation, rules)).to.deep.equal({ kind: 'observe', target: 'edits' });
  });

  it('is dropped if the event has another place', () => {
    const detail = 'the appointment is not as that change left it any more';
    for (const change of [{ start: START - MINUTE }, { end: END + MINUTE }, ELSEWHERE]) {
      dropped(undo(anEvent(change)), detail);
    }
  });

  it('is dropped if the visit is over', () => {
    const past = { start: NOW - HOUR, end: NOW };
    const record = { ...REQUEST, base: { ...past, bay: '1' } };
    const given = { map: aMap({ base: { ...aMap().base, ...past } }), booking: bookingSeen(past) };
    dropped(undo(anEvent(past), { ...given, change: { edits: [record] } }), 'the visit is over', record);
  });

  it('is dropped if one of its bays changes no booking', () => {
    const record = { ...REQUEST, toBay: '2' };
    for (const bay of ['1', '2']) {
      const verdict = undo(anEvent(), { settings: ONE_WAY(bay), change: { edits: [record] } });
      dropped(verdict, 'the calendars of this bay change no booking', record);
    }
  });
});
