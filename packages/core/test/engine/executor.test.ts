import { expect } from 'chai';
import { Err, Ok, type BookingEventMap, type CalendarEvent } from '@loft/sync-core';
import { execute } from '#src/engine/act/executor.js';
import type { Action, EventWrite } from '#src/rules/decision.js';
import { draftOf } from '#src/rules/event-marks.js';
import type { Situation } from '#src/rules/situation.js';
import { aMap, anEdit, aSituation, bookingSeen, eventSeen, FOREIGN_UNIT, ID } from '../rules/situations.js';
import { ActBench, failure, plain, type Answers } from './act-bench.js';
import { BAY1, BAY2, only } from './world.js';

const EVENT_ID = `loft${ID}`;
const LOST = failure('store', 'conflict');

/** A mirror in the calendar of bay 1, its map, and the maps that a write stores. */
class Bench extends ActBench {
  readonly base = { start: this.hour(100), end: this.hour(101), bay: '1', title: 'Ana R.', description: '' };
  readonly later = { ...this.base, start: this.hour(110), end: this.hour(111) };
  readonly stored: BookingEventMap[] = [];
  map: BookingEventMap = aMap({ base: this.base, version: 0, fence: 0 });

  /** Inserts the event, and returns it. */
  async insert(eventId = EVENT_ID, calendarId = BAY1.calendarId, appointmentId = ID): Promise<CalendarEvent> {
    const { start, end, title, description } = this.base;
    const digests = { titleDigest: '1', descriptionDigest: '1', write: '1' };
    const draft = { start, end, title, description, free: false, bay: '1', appointmentId, ...digests };
    const event = (await this.calendars.insertEvent(calendarId, eventId, draft)).unwrap();
    if (eventId === EVENT_ID) this.map = { ...this.map, etag: event.etag };
    return event;
  }

  async act(action: Action, change: Partial<Situation> = {}, { store, ...answers }: Answers = {}) {
    const situation = aSituation({ now: this.clock.now(), map: this.map, ...change });
    const putMap = async (map: BookingEventMap) => {
      this.stored.push(map);
      return (store?.putMap ?? this.store.putMap.bind(this.store))(map);
    };
    const parts = this.parts({}, { ...answers, store: { ...store, putMap } });
    const done = plain(await execute(action, situation, this.task(ID), parts));
    return { situation, done, intents: this.stored.map(({ intent }) => intent?.kind ?? null) };
  }

  write(event: CalendarEvent, change: Partial<EventWrite> = {}): Action {
    const { calendarId, eventId, etag: ifMatch, start, end } = event;
    const base = this.base;
    return {
      do: 'write-event',
      write: { calendarId, eventId, moveTo: null, fields: {}, ifMatch, assumed: { start, end }, base, ...change },
    };
  }
}

describe('an action that changes neither side', () => {
  it('"nothing" keeps the map and ends the round', async () => {
    const bench = new Bench();
    const { done } = await bench.act({ do: 'nothing' });
    expect(done).to.deep.equal({ ok: { map: bench.map, next: null, wrote: false } });
    expect(bench.stored).to.deep.equal([]);
  });

  it('"note" stores the map, and the round continues with it', async () => {
    const bench = new Bench();
    const event = eventSeen(await bench.insert());
    const { done, situation } = await bench.act({ do: 'note', map: bench.map, event });
    const map = (await bench.store.getMap(ID)).unwrap();
    expect(map).to.include({ version: 1 });
    expect(done).to.deep.equal({ ok: { map, next: { ...situation, map, event }, wrote: false } });
    const failed = await bench.act({ do: 'note', map: bench.map });
    expect(failed.done).to.have.nested.property('error.kind', 'conflict');
  });

  it('"store-map" stores the map, ends the round, and counts as no write', async () => {
    const bench = new Bench();
    const { done } = await bench.act({ do: 'store-map', map: { ...bench.map, etag: '"9"' } });
    const map = (await bench.store.getMap(ID)).unwrap();
    expect(map).to.include({ etag: '"9"' });
    expect(done).to.deep.equal({ ok: { map, next: null, wrote: false } });
  });

  it('"record-edits" replaces the records of the same edits only', async () => {
    const bench = new Bench();
    const [old, other] = [anEdit(), anEdit({ id: '700999', appointmentId: '700999' })];
    const held = anEdit({ state: 'held' });
    const { done, situation } = await bench.act({ do: 'record-edits', edits: [held] }, { edits: [old, other] });
    expect(done).to.deep.equal({
      ok: { map: bench.map, next: { ...situation, edits: [other, held] }, wrote: false },
    });
    expect((await bench.store.listEventRecords({ kind: 'edit' })).unwrap()).to.deep.equal([held]);
    const { edits: _unread, ...unread } = situation;
    const first = await bench.act({ do: 'record-edits', edits: [held] }, { ...unread, edits: undefined as never });
    expect(first.done).to.have.deep.nested.property('ok.next.edits', [held]);
    const failing = { store: { putEventRecords: async () => Err(LOST) } };
    expect((await bench.act({ do: 'record-edits', edits: [held] }, {}, failing)).done).to.deep.equal({ error: LOST });
  });

  it('"record-edits" keeps the record of another edit that its own task has replaced since', async () => {
    const bench = new Bench();
    const id = { id: '700999', appointmentId: '700999' };
    const [deleted, moved, open] = [anEdit(id), anEdit({ ...id, change: 'moved', at: 1 }), anEdit({ id: '701000' })];
    const hold = [anEdit(), deleted, open].map((edit) => ({ ...edit, state: 'held' as const }));
    (await bench.store.putEventRecords([anEdit(), moved, open])).unwrap();
    const { done } = await bench.act({ do: 'record-edits', edits: hold }, { edits: [anEdit(), deleted, open] });
    const expected = [hold[0], hold[2], moved];
    expect((await bench.store.listEventRecords({ kind: 'edit' })).unwrap()).to.have.deep.members(expected);
    expect(done).to.have.nested.property('ok.next.edits').that.has.deep.members(expected);
    const failing = { store: { listEventRecords: async () => Err(LOST) } };
    expect((await bench.act({ do: 'record-edits', edits: hold }, {}, failing)).done).to.deep.equal({ error: LOST });
  });
});

describe('a write to the event', () => {
  for (const [what, change, kind] of [
    ['time', { fields: {}, later: true }, 'write-event'],
    ['title', { fields: { title: 'Party' } }, 'write-title'],
    ['description', { fields: { description: 'Cake' } }, 'write-description'],
    ['texts', { fields: { title: 'Party', description: 'Cake' } }, 'write-text'],
  ] as const) {
    it(`of its ${what} stores the intent "${kind}" first, and its id is in the event`, async () => {
      const bench = new Bench();
      const event = await bench.insert();
      const later = 'later' in change;
      const fields = later ? { start: bench.later.start, end: bench.later.end } : change.fields;
      const { done, intents } = await bench.act(bench.write(event, { fields, base: later ? bench.later : bench.base }));
      expect(intents).to.deep.equal([kind, null]);
      const shown = only(bench.calendars.events(BAY1.calendarId));
      expect(shown).to.deep.include(fields);
      expect(shown.marks.write).to.equal(bench.stored[0]?.intent?.write).and.not.to.equal('1');
      expect(done).to.deep.nested.include({ 'ok.next': null, 'ok.wrote': true, 'ok.map.lastSource': 'USCHEDULE' });
      expect(done).to.deep.nested.include({ 'ok.map.etag': shown.etag, 'ok.map.intent': null });
    });
  }

  it('to another bay stores the intent first, and moves it', async () => {
    const bench = new Bench();
    const event = await bench.insert();
    const action = bench.write(event, { moveTo: BAY2.calendarId, base: { ...bench.base, bay: '2' } });
    const { done, intents } = await bench.act(action);
    expect(intents).to.deep.equal(['write-event', null]);
    expect(bench.stored[0]?.intent).to.include({ bay: '2' });
    expect(done).to.deep.nested.include({ 'ok.map.googleCalendarId': BAY2.calendarId, 'ok.map.base.bay': '2' });
  });

  it('back to the place of the map stores no intent', async () => {
    const bench = new Bench();
    await bench.insert();
    bench.calendars.person.dragEvent(BAY1.calendarId, EVENT_ID, { start: bench.later.start });
    const moved = only(bench.calendars.events(BAY1.calendarId));
    const { start, end } = bench.base;
    const { done, intents } = await bench.act(bench.write(moved, { fields: { start, end } }));
    expect(intents).to.deep.equal([null]);
    expect(done).to.deep.nested.include({ 'ok.map.base.start': start, 'ok.wrote': true });
    expect(only(bench.calendars.events(BAY1.calendarId))).to.include({ start, end });
  });

  for (const [what, base] of [
    ['start', { start: 'later' }],
    ['end', { end: 'later' }],
    ['bay', { bay: '2' }],
    ['bay without a route', { bay: '9' }],
  ] as const) {
    it(`that gives the booking another ${what} stores the intent first`, async () => {
      const bench = new Bench();
      const event = await bench.insert();
      const changed = Object.fromEntries(
        Object.entries(base).map(([name, to]) => [name, to === 'later' ? bench.later[name as 'start' | 'end'] : to]),
      );
      const { start, end } = bench.later;
      const { intents } = await bench.act(
        bench.write(event, { fields: { start, end }, base: { ...bench.base, ...changed } }),
      );
      expect(intents[0]).to.equal('write-event');
    });
  }

  it('is not made if its intent cannot be stored', async () => {
    const bench = new Bench();
    const event = await bench.insert();
    const failing = { store: { putMap: async () => Err(LOST) } };
    const { done } = await bench.act(bench.write(event, { fields: { title: 'Party' } }), {}, failing);
    expect(done).to.deep.equal({ error: LOST });
    expect(bench.calls).to.deep.equal([]);
  });

  it('of its marks alone stores no intent; an event that was moved meanwhile is read again', async () => {
    const bench = new Bench();
    const event = await bench.insert();
    const still = await bench.act(bench.write(event, { stamp: true }));
    expect(still.intents).to.deep.equal([null]);
    expect(still.done).to.deep.nested.include({ 'ok.next': null });
    const moved = new Bench();
    const before = await moved.insert();
    moved.calendars.person.dragEvent(BAY1.calendarId, EVENT_ID, { start: moved.later.start });
    const { done, situation } = await moved.act(moved.write(before, { stamp: true, ifMatch: null }));
    const map = (await moved.store.getMap(ID)).unwrap();
    expect(map).to.deep.include({ etag: '', base: moved.base });
    const reread = { event: { calendarId: BAY1.calendarId, eventId: EVENT_ID }, booking: false };
    expect(done).to.deep.equal({ ok: { map, next: { ...situation, map, event: undefined, reread }, wrote: true } });
  });

  it('of its marks alone does not say that the write of a pending intent has reached the event', async () => {
    const bench = new Bench();
    const event = await bench.insert();
    const { start, end, bay } = bench.later;
    const begun = { kind: 'write-event', since: 0, triedAt: 0, successor: null, write: 'w-pending' } as const;
    const map = (await bench.store.putMap({ ...bench.map, intent: { ...begun, start, end, bay } })).unwrap();
    await bench.act(bench.write(event, { stamp: true }), { map });
    expect(only(bench.calendars.events(BAY1.calendarId)).marks.write).to.equal(event.marks.write);
  });

  it('without a map stores none of its intents', async () => {
    const bench = new Bench();
    const event = await bench.insert();
    const { intents, done } = await bench.act(bench.write(event, { fields: { title: 'Party' } }), { map: null });
    expect(intents).to.deep.equal([null]);
    expect(done).to.deep.nested.include({ 'ok.map.etag': only(bench.calendars.events(BAY1.calendarId)).etag });
  });

  it('that fails leaves the intent in the map', async () => {
    const bench = new Bench();
    const event = await bench.insert();
    const error = failure('google', 'transient');
    const failing = { calendars: { patchEvent: async () => Err(error) } };
    const { done } = await bench.act(bench.write(event, { fields: { title: 'Party' } }), {}, failing);
    expect(done).to.deep.equal({ error });
    expect((await bench.store.getMap(ID)).unwrap()).to.have.nested.property('intent.kind', 'write-title');
  });
});

describe('the creation of an event', () => {
  async function edited(): Promise<Bench> {
    const bench = new Bench();
    const draft = draftOf(bench.task(ID), bench.base);
    (await bench.calendars.insertEvent(BAY1.calendarId, EVENT_ID, draft)).unwrap();
    bench.calendars.person.dragEvent(BAY1.calendarId, EVENT_ID, { start: bench.later.start });
    return bench;
  }

  it('writes nothing over an event of this task that was edited before its map was stored: the edit is decided next', async () => {
    const bench = await edited();
    const { done } = await bench.act({ do: 'create-event', bay: BAY1, base: bench.base }, { map: null });
    const shown = only(bench.calendars.events(BAY1.calendarId));
    expect(shown).to.include({ start: bench.later.start });
    expect(done).to.deep.nested.include({ 'ok.map': null, 'ok.wrote': false, 'ok.next.event.event': shown });
    expect(bench.stored).to.deep.equal([]);
  });

  it('with a map writes the booking over the event that has its id', async () => {
    const bench = await edited();
    const { done } = await bench.act({ do: 'create-event', bay: BAY1, base: bench.base });
    expect(done).to.have.nested.property('ok.map.googleEventId', EVENT_ID);
    expect(only(bench.calendars.events(BAY1.calendarId))).to.include({ start: bench.base.start });
  });
});

describe('the adoption of an event', () => {
  it('stores its version, and continues with other events that were observed with it', async () => {
    const bench = new Bench();
    const event = await bench.insert();
    const action: Action = { do: 'adopt-event', event, write: null, base: bench.base };
    const alone = await bench.act(action, { map: null, event: eventSeen(event) });
    expect(alone.done).to.deep.nested.include({ 'ok.map.etag': event.etag, 'ok.next': null, 'ok.wrote': true });
    const other = new Bench();
    const seen = await other.insert();
    const others = [eventSeen({ ...seen, eventId: `${EVENT_ID}g1` })];
    const { done, situation } = await other.act(
      { ...action, event: seen },
      { map: null, event: eventSeen(seen), others },
    );
    const map = (await other.store.getMap(ID)).unwrap();
    expect(done).to.deep.equal({ ok: { map, next: { ...situation, map, event: undefined }, wrote: true } });
  });

  it('continues with an event that was edited before its map was stored', async () => {
    const bench = new Bench();
    const event = { ...(await bench.insert()), etag: '' };
    const action: Action = { do: 'adopt-event', event, write: null, base: bench.base };
    const seen = await bench.act(action, { map: null, event: eventSeen(event), derived: null });
    expect(seen.done).to.have.deep.nested.property('ok.next.event', eventSeen(event));
    const other = new Bench();
    const derived = eventSeen(event, { proven: true });
    const found = await other.act(action, { map: null, derived });
    expect(found.done).to.have.deep.nested.property('ok.next.event', derived);
    expect(found.done).to.have.nested.property('ok.next.map.etag', '');
  });
});

describe('the restoration of a deleted event', () => {
  async function restored(change: (bench: Bench) => Partial<BookingEventMap>, bay = BAY1, answers: Answers = {}) {
    const bench = new Bench();
    await bench.insert();
    bench.calendars.person.deleteEvent(BAY1.calendarId, EVENT_ID);
    bench.map = { ...bench.map, ...change(bench) };
    const action: Action = { do: 'restore-event', bay, base: { ...bench.base, bay: bay.bay } };
    return { bench, ...(await bench.act(action, {}, answers)) };
  }

  it('with the same content stores no intent', async () => {
    const { bench, done, intents } = await restored(() => ({}));
    expect(intents).to.deep.equal([null]);
    expect(done).to.deep.nested.include({ 'ok.map.etag': only(bench.calendars.events(BAY1.calendarId)).etag });
  });

  it('with another text or place stores the intent first', async () => {
    const text = await restored(({ base }) => ({ base: { ...base, title: 'Ana' } }));
    expect(text.intents).to.deep.equal(['write-text', null]);
    const place = await restored(({ later }) => ({ base: later }));
    expect(place.intents).to.deep.equal(['write-event', null]);
    const shown = only(place.bench.calendars.events(BAY1.calendarId));
    expect(shown.marks.write).to.equal(place.bench.stored[0]?.intent?.write);
    const both = await restored(({ later }) => ({ base: { ...later, title: 'Ana' } }));
    expect(both.intents).to.deep.equal(['write-text', null]);
  });

  it('is not made if its intent cannot be stored', async () => {
    const failing = { store: { putMap: async () => Err(LOST) } };
    const { bench, done } = await restored(({ later }) => ({ base: later }), BAY1, failing);
    expect(done).to.deep.equal({ error: LOST });
    expect(bench.calls).to.deep.equal([]);
  });

  it('in another bay makes a new event under the derived id', async () => {
    const { bench, done } = await restored(() => ({}), BAY2);
    expect(bench.calendars.events(BAY2.calendarId)).to.have.length(1);
    expect(done).to.have.nested.property('ok.map.googleCalendarId', BAY2.calendarId);
  });
});

describe('the removal of a mirror', () => {
  it('removes the version of the map if the event was not observed, and cancels the map', async () => {
    const bench = new Bench();
    await bench.insert();
    const { done } = await bench.act({ do: 'cancel-event', event: null });
    expect(bench.calendars.events(BAY1.calendarId)).to.deep.equal([]);
    expect(done).to.deep.nested.include({
      'ok.map.status': 'CANCELED',
      'ok.map.lastSource': 'USCHEDULE',
      'ok.wrote': true,
    });
    const edited = new Bench();
    await edited.insert();
    edited.calendars.person.renameEvent(BAY1.calendarId, EVENT_ID, 'Party');
    expect((await edited.act({ do: 'cancel-event', event: null })).done).to.have.nested.property(
      'error.kind',
      'conflict',
    );
    expect(edited.calendars.events(BAY1.calendarId)).to.have.length(1);
  });

  it('without a map and without an event is complete', async () => {
    const bench = new Bench();
    const { done } = await bench.act({ do: 'cancel-event', event: null }, { map: null });
    expect(done).to.deep.equal({ ok: { map: null, next: null, wrote: true } });
    expect(bench.calls).to.deep.equal([]);
  });

  it('keeps no bay in the map of a booking that is live on a unit without a route', async () => {
    const bench = new Bench();
    const event = await bench.insert();
    const booking = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    const { done } = await bench.act({ do: 'cancel-event', event }, { booking });
    expect(done).to.deep.nested.include({ 'ok.map.status': 'CANCELED', 'ok.map.base.bay': null });
    const dead = new Bench();
    const seen = await dead.insert();
    const same = await dead.act({ do: 'cancel-event', event: seen }, { booking: bookingSeen({ status: 'dead' }) });
    expect(same.done).to.deep.nested.include({ 'ok.map.base.bay': '1' });
  });
});

describe('a write whose answer shows an event of another shape', () => {
  it('stores no etag, so that the event is read again and corrected', async () => {
    for (const [shape, expected] of [
      ['timed', '"9"'],
      ['recurring', ''],
      ['all-day', ''],
    ] as const) {
      const bench = new Bench();
      const event = await bench.insert();
      const answer = { ...event, etag: '"9"', shape, title: 'Party' };
      const action = bench.write(event, { fields: { title: 'Party' } });
      await bench.act(action, {}, { calendars: { patchEvent: async () => Ok(answer) } });
      expect((await bench.store.getMap(ID)).unwrap(), shape).to.include({ etag: expected });
    }
  });
});
