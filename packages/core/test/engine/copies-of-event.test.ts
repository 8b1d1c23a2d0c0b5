import { expect } from 'chai';
import { Err, type BookingEventMap, type CalendarEvent } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { copyOf, nextCopy, recordCandidates, removeCopy } from '#src/engine/act/copies-of-event.js';
import { derivedEventId, draftOf } from '#src/rules/event-marks.js';
import type { Situation } from '#src/rules/situation.js';
import { aMap, anEvent, aSituation, eventSeen, ID } from '../rules/situations.js';
import { ActBench, failure, plain, type Answers } from './act-bench.js';
import { overridden } from './overridden.js';
import { BAY1 } from './world.js';

const LOST = failure('store', 'transient');

/** A mirror in the calendar of bay 1, and a double of it. */
class Bench extends ActBench {
  readonly base = { start: this.hour(100), end: this.hour(101), bay: '1', title: 'Ana R.', description: '' };
  readonly map: BookingEventMap = aMap({ base: this.base, version: 0, fence: 0 });

  /** The map while the removal of a duplicate is in progress. */
  get begun(): BookingEventMap {
    return { ...this.map, flags: { deleting: true }, lastSyncedAt: this.clock.now(), version: 1, fence: 1 };
  }

  async insert(generation: number, appointmentId = ID): Promise<CalendarEvent> {
    const draft = { ...draftOf({ appointmentId: ID, createdAt: 0 }, this.base), appointmentId };
    return (await this.calendars.insertEvent(BAY1.calendarId, derivedEventId(ID, generation), draft)).unwrap();
  }

  async record(...events: readonly CalendarEvent[]): Promise<void> {
    (await this.store.putEventRecords(events.map((event) => copyOf(ID, event, 0)))).unwrap();
  }

  async records(): Promise<readonly string[]> {
    const records = (await this.store.listEventRecords({ kind: 'copy', appointmentId: ID })).unwrap();
    return records.map(({ id }) => id.split(' ')[1] ?? '');
  }

  get ids(): readonly string[] {
    return this.calendars.events(BAY1.calendarId).map(({ eventId }) => eventId);
  }

  async remove(
    event: CalendarEvent,
    {
      mirrorMap = null,
      change = {},
      answers = {},
    }: {
      readonly mirrorMap?: BookingEventMap | null;
      readonly change?: Partial<Situation>;
      readonly answers?: Answers;
    } = {},
  ) {
    const { copies: _none, ...bare } = aSituation({ map: this.map });
    const situation: Situation = { ...bare, ...change };
    const action = { do: 'remove-copy', event, mirrorMap } as const;
    const done = plain(await removeCopy(action, situation, this.task(ID), this.parts({}, answers)));
    return { situation, done };
  }
}

describe('the removal of a duplicate', () => {
  it('removes the observed version and its record, and nothing else', async () => {
    const bench = new Bench();
    const [mirror, double] = [await bench.insert(0), await bench.insert(1)];
    await bench.record(mirror, double);
    const { done } = await bench.remove(double);
    expect(done).to.deep.equal({ ok: { map: bench.begun, next: null, wrote: true } });
    expect(bench.ids).to.deep.equal([mirror.eventId]);
    expect(await bench.records()).to.deep.equal([mirror.eventId]);
  });

  it('of a canceled booking stores no map', async () => {
    const bench = new Bench();
    const map = { ...bench.map, status: 'CANCELED' as const };
    const { done } = await bench.remove(await bench.insert(1), { change: { map } });
    expect(done).to.deep.equal({ ok: { map, next: null, wrote: true } });
  });

  it('is refused for a version that was changed since, and keeps the record', async () => {
    const bench = new Bench();
    const double = await bench.insert(1);
    await bench.record(double);
    bench.calendars.person.renameEvent(BAY1.calendarId, double.eventId, 'Party');
    expect((await bench.remove(double)).done).to.have.nested.property('error.kind', 'conflict');
    expect(bench.ids).to.deep.equal([double.eventId]);
    expect(await bench.records()).to.deep.equal([double.eventId]);
  });

  for (const kind of ['gone', 'not-found'] as const) {
    it(`counts as done if the calendar answers "${kind}"`, async () => {
      const bench = new Bench();
      const double = await bench.insert(1);
      await bench.record(double);
      const answers = { calendars: { deleteEvent: async () => Err(failure('google', kind)) } };
      expect((await bench.remove(double, { answers })).done).to.have.nested.property('ok.wrote', true);
      expect(await bench.records()).to.deep.equal([]);
    });
  }

  it('of the former mirror stores the map of the new one first, and is not made without that', async () => {
    const bench = new Bench();
    const [former, mirror] = [await bench.insert(0), await bench.insert(1)];
    const mirrorMap = { ...bench.map, googleEventId: mirror.eventId, etag: mirror.etag };
    const error = failure('store', 'conflict');
    const failed = await bench.remove(former, { mirrorMap, answers: { store: { putMap: async () => Err(error) } } });
    expect(failed.done).to.deep.equal({ error });
    expect(bench.calls).to.deep.equal([]);
    const { done } = await bench.remove(former, { mirrorMap });
    expect(done).to.deep.nested.include({ 'ok.map.googleEventId': mirror.eventId, 'ok.next': null });
    expect(bench.ids).to.deep.equal([mirror.eventId]);
  });

  it('that was observed beside the event of the task leaves that event to the next decision', async () => {
    const bench = new Bench();
    const [mirror, double, another] = [await bench.insert(0), await bench.insert(1), await bench.insert(2)];
    const others = [eventSeen(double), eventSeen(another)];
    const { done, situation } = await bench.remove(double, { change: { event: eventSeen(mirror), others } });
    const next = { ...situation, map: bench.begun, others: [eventSeen(another)] };
    expect(done).to.deep.equal({ ok: { map: bench.begun, next, wrote: true } });
  });

  it('that was found among the copies leaves the others to the next decision', async () => {
    const bench = new Bench();
    const [mirror, double, another] = [await bench.insert(0), await bench.insert(1), await bench.insert(2)];
    const elsewhere = eventSeen({ ...double, calendarId: 'another' });
    const copies = [eventSeen(double), eventSeen(another), elsewhere];
    const change = { event: eventSeen(mirror), copies, mirror: eventSeen(mirror) };
    const { done, situation } = await bench.remove(double, { change });
    const { mirror: _outdated, ...rest } = situation;
    const next = { ...rest, map: bench.begun, copies: [eventSeen(another), elsewhere] };
    expect(done).to.deep.equal({ ok: { map: bench.begun, next, wrote: true } });
    const own = await bench.remove(another, { change: { ...change, map: bench.begun, event: eventSeen(another) } });
    expect(own.done).to.have.nested.property('ok.next', null);
  });
});

describe('the next copy of a canceled booking', () => {
  async function next(bench: Bench, change: Partial<BookingEventMap> = {}, answers: Answers = {}) {
    const map = { ...bench.map, status: 'CANCELED' as const, ...change };
    const situation = aSituation({ map });
    return { map, situation, found: await nextCopy(map, situation, bench.parts({}, answers)) };
  }

  it('is a recorded event with its marks at its time, read again', async () => {
    const bench = new Bench();
    const copy = await bench.insert(1);
    await bench.record(copy);
    const { found, map, situation } = await next(bench);
    expect(found).to.deep.include({ ...situation, map, event: found?.event });
    expect(found?.event?.event).to.deep.equal(copy);
  });

  it('does not exist without a map, while the map is active, or if the records cannot be read', async () => {
    const bench = new Bench();
    await bench.record(await bench.insert(1));
    expect(await nextCopy(null, aSituation(), bench.parts())).to.equal(null);
    expect((await next(bench, { status: 'ACTIVE' })).found).to.equal(null);
    const answers = { store: { listEventRecords: async () => Err(failure('store', 'transient')) } };
    expect((await next(bench, {}, answers)).found).to.equal(null);
    expect(bench.calls).to.deep.equal([]);
  });

  it('is not the mirror, nor an event at another time, and their records stay', async () => {
    const bench = new Bench();
    const [mirror, sooner, longer] = [await bench.insert(0), await bench.insert(1), await bench.insert(2)];
    await bench.record(mirror, { ...sooner, start: bench.hour(99) }, { ...longer, end: bench.hour(103) });
    expect((await next(bench)).found).to.equal(null);
    expect(await bench.records()).to.have.length(3);
    expect(bench.calls).to.deep.equal([]);
  });

  it('is not a deleted event or one with other marks: their records are removed', async () => {
    const bench = new Bench();
    const [deleted, other] = [await bench.insert(1), await bench.insert(2, '700999')];
    bench.calendars.person.deleteEvent(BAY1.calendarId, deleted.eventId);
    await bench.record(deleted, other);
    expect((await next(bench)).found).to.equal(null);
    expect(await bench.records()).to.deep.equal([]);
    expect(bench.ids).to.deep.equal([other.eventId]);
  });

  it('is not an unreadable event: its record stays', async () => {
    const bench = new Bench();
    const copy = await bench.insert(1);
    await bench.record(copy);
    const answers = { calendars: { getEvent: async () => Err(failure('google', 'transient')) } };
    expect((await next(bench, {}, answers)).found).to.equal(null);
    expect(await bench.records()).to.deep.equal([copy.eventId]);
  });
});

describe('the candidates of a list', () => {
  const [first, second] = ['a', 'b'].map((eventId) => anEvent({ eventId }));
  const listed = new Map([first, second].map((event) => [event!, ID]));

  it('are recorded once, for their appointments', async () => {
    const { store } = new Bench();
    (await store.putEventRecords([copyOf(ID, first!, 1)])).unwrap();
    expect((await recordCandidates(listed, 5, store)).ok).to.equal(true);
    const records = (await store.listEventRecords({ kind: 'copy' })).unwrap();
    const candidate = { ...copyOf(ID, second!, 5), isCandidate: true };
    expect(records).to.have.deep.members([copyOf(ID, first!, 1), candidate]);
    const unwritten = overridden<SyncStore>(store, { putEventRecords: async () => Err(LOST) });
    expect((await recordCandidates(listed, 6, unwritten)).ok).to.equal(true);
  });

  it('need no call of the store if there are none', async () => {
    const failing = overridden<SyncStore>(new Bench().store, { listEventRecords: async () => Err(LOST) });
    expect((await recordCandidates(new Map(), 5, failing)).ok).to.equal(true);
    expect(plain(await recordCandidates(listed, 5, failing))).to.deep.equal({ error: LOST });
    const full = overridden<SyncStore>(new Bench().store, { putEventRecords: async () => Err(LOST) });
    expect(plain(await recordCandidates(listed, 5, full))).to.deep.equal({ error: LOST });
  });
});
