import { expect } from 'chai';
import { Err, MINUTE, type BookingEventMap, type CalendarEvent, type SyncError } from '@loft/sync-core';
import type { ClaimedTask, EditRecord } from '@loft/sync-core/store';
import type { EventRecord } from '#src/domain/event-record.js';
import { copyOf } from '#src/engine/act/copies-of-event.js';
import { observeFirst, stillWaitsUntil } from '#src/engine/reconcile/first-situation.js';
import type { Observation } from '#src/rules/situation.js';
import { aMap, anEdit, anEvent, bookingSeen, EVENT_ID, eventSeen, ID } from '../rules/situations.js';
import { FAILS, ObserveBench, OTHER, STORE_FAILS, type Given } from './observe-bench.js';
import { BAY1, BAY2 } from './world.js';

const REF = { calendarId: BAY1.calendarId, eventId: EVENT_ID };
const ELSEWHERE = { ...REF, calendarId: BAY2.calendarId };
const OBSERVED: Observation = {
  booking: null,
  changedAt: -Infinity,
  events: [],
  mustReread: false,
  missingFromList: false,
};

class Bench extends ObserveBench {
  async first(
    task: Partial<ClaimedTask> = {},
    map: BookingEventMap | null = null,
    observation: Observation | null = OBSERVED,
  ) {
    return observeFirst({ ...this.act.task(ID), ...task }, map, observation, this.parts);
  }

  async situation(...given: Parameters<Bench['first']>) {
    return (await this.first(...given)).unwrap();
  }

  async failure(...given: Parameters<Bench['first']>): Promise<SyncError | null> {
    const first = await this.first(...given);
    return first.err ? first.val : null;
  }

  async record(...records: readonly EventRecord[]): Promise<void> {
    (await this.act.store.putEventRecords(records)).unwrap();
  }

  /** The ids of the recorded copies, with a mark for candidates. */
  async recorded(): Promise<readonly string[]> {
    const records = (await this.act.store.listEventRecords({ kind: 'copy' })).unwrap();
    return records.map((it) => (it.kind === 'copy' && it.isCandidate ? `${it.id} (candidate)` : it.id));
  }
}

const failing = (kind: EventRecord['kind']): Given => ({
  store: { listEventRecords: async ({ kind: asked }) => (asked === kind ? Err(STORE_FAILS) : Err(FAILS)) },
});

describe('the first situation of a task, as it is read', () => {
  it('has the time, the window and the accounts of the engine', async () => {
    const bench = new Bench();
    const now = bench.act.clock.now();
    expect(await bench.situation()).to.deep.include({
      now,
      historyBefore: bench.parts.windowAt(now).from,
      accounts: bench.parts.accounts.addresses,
    });
    expect(bench.calls).to.deep.equal([]);
  });

  it('reads the event of the task if it is not the event of the map, and was not observed', async () => {
    const other = anEvent({ eventId: 'other' });
    const bench = new Bench({ events: [other] });
    const task = { event: { ...REF, eventId: 'other' } };
    expect((await bench.situation(task, aMap())).others?.map(({ event }) => event)).to.deep.equal([other]);
    expect(bench.calls).to.deep.equal(['get bay-1 other']);
    const observed = { ...OBSERVED, events: [eventSeen(other)] };
    expect((await bench.situation(task, aMap(), observed)).others).to.have.length(1);
    await bench.situation({ event: null }, aMap());
    await bench.situation({ event: REF }, aMap());
    expect(bench.calls).to.have.length(1);
    const failed = new Bench({ errors: { [BAY1.calendarId]: FAILS } });
    expect(await failed.failure(task, aMap())).to.deep.equal(FAILS);
  });

  it("reads the map's event in another bay's calendar once, if it was reported there", async () => {
    const there = anEvent({ calendarId: BAY2.calendarId });
    const bench = new Bench({ events: [there] });
    const situation = await bench.situation({ event: ELSEWHERE }, aMap());
    const at = bench.act.clock.now();
    expect(situation.event).to.deep.equal({ at, event: there, proven: false });
    expect(bench.calls).to.deep.equal([`get bay-2 ${EVENT_ID}`]);
    const observed = { ...OBSERVED, events: [eventSeen(there)] };
    expect((await bench.situation({ event: ELSEWHERE }, aMap(), observed)).event?.event).to.equal(there);
    expect(bench.calls).to.have.length(1);
  });

  it("ignores that place if it is empty, and fails if that bay's calendar cannot be read", async () => {
    expect((await new Bench().situation({ event: ELSEWHERE }, aMap())).event).to.equal(undefined);
    const failed = new Bench({ errors: { [BAY2.calendarId]: FAILS } });
    expect(await failed.failure({ event: ELSEWHERE }, aMap())).to.deep.equal(FAILS);
  });

  it('reads the recorded and the listed candidates without a map', async () => {
    const [recorded, listed] = [anEvent({ eventId: 'recorded' }), anEvent()];
    const bench = new Bench({ events: [recorded, listed] });
    await bench.record(copyOf(ID, recorded, 0), copyOf(OTHER, anEvent({ eventId: 'of other' }), 0));
    const task = { event: { ...REF, eventId: 'missing' } };
    const situation = await bench.situation(task);
    expect(situation.event?.event).to.equal(recorded);
    bench.parts.markedEvents.note(listed);
    expect((await bench.situation(task)).event?.event).to.equal(listed);
    const mapped = await bench.situation({}, aMap());
    expect(mapped.reread).to.equal(undefined);
    expect(bench.calls.filter((call) => call.startsWith('get bay-1'))).to.include.members([
      'get bay-1 missing',
      'get bay-1 recorded',
      `get bay-1 ${EVENT_ID}`,
    ]);
  });

  it('reads no records without a map, an event of the task or an observed event', async () => {
    const bench = new Bench(failing('copy'));
    expect(await bench.failure()).to.equal(null);
    expect(await bench.failure({ event: REF })).to.deep.equal(STORE_FAILS);
    expect(await bench.failure({}, null, { ...OBSERVED, events: [eventSeen(anEvent())] })).to.deep.equal(STORE_FAILS);
  });

  it('is a replay if a request of a person is stored for an active map', async () => {
    const bench = new Bench();
    expect(await bench.situation({}, aMap())).to.include({ replayed: false });
    await bench.record(anEdit({ id: OTHER, appointmentId: OTHER, state: 'undo' }));
    expect(await bench.situation({}, aMap())).to.include({ replayed: false });
    await bench.record(anEdit({ state: 'undo' }));
    expect(await bench.situation({}, aMap())).to.include({ replayed: true });
    expect(await bench.situation({}, aMap({ status: 'CANCELED' }))).to.include({ replayed: false });
    expect(await new Bench(failing('edit')).failure({}, aMap())).to.deep.equal(STORE_FAILS);
  });
});

describe('the events that are observed before the first decision', () => {
  const seen = (...events: readonly CalendarEvent[]): Observation => ({
    ...OBSERVED,
    booking: bookingSeen(),
    events: events.map((event) => eventSeen(event)),
  });
  const copy = anEvent({ eventId: 'copy' });

  it('are recorded as copies, and each copy is reported once', async () => {
    const bench = new Bench();
    await bench.situation({}, aMap(), seen(anEvent(), copy));
    await bench.situation({}, aMap(), seen(anEvent(), copy));
    expect(await bench.recorded()).to.deep.equal([`${BAY1.calendarId} copy`]);
    expect(bench.act.events).to.deep.equal([
      {
        type: 'decision',
        at: bench.act.clock.now(),
        appointmentId: ID,
        reason: 'copy',
        quiet: true,
        detail: `event copy of ${BAY1.calendarId} is a copy of ${EVENT_ID}`,
      },
    ]);
  });

  it('are recorded as candidates without a report, if one may become the mirror', async () => {
    const bench = new Bench();
    await bench.situation({}, null, seen(copy));
    expect(await bench.recorded()).to.deep.equal([`${BAY1.calendarId} copy (candidate)`]);
    expect(bench.act.events).to.deep.equal([]);
  });

  it('are not recorded if there is only the mirror, and a failing store fails the task', async () => {
    const bench = new Bench(failing('copy'));
    expect(await bench.failure({}, aMap(), seen(anEvent()))).to.deep.equal(FAILS);
    const full = new Bench({ store: { putEventRecords: async () => Err(STORE_FAILS) } });
    expect(await full.failure({}, aMap({ status: 'CANCELED' }), seen(anEvent()))).to.equal(null);
    expect(await full.failure({}, aMap(), seen(anEvent(), copy))).to.deep.equal(STORE_FAILS);
    const unread = new Bench(failing('copy'));
    expect(await unread.failure({}, aMap({ status: 'CANCELED' }), seen(anEvent(), copy))).to.deep.equal(STORE_FAILS);
  });
});

describe('a task without a new observation', () => {
  const HOLDER = '700300';
  async function waits(own: Partial<EditRecord> | null, holder: Partial<EditRecord> | null, given: Given = {}) {
    const bench = new Bench(given);
    const at = bench.act.clock.now();
    if (own) await bench.record(anEdit({ at, waitsFor: HOLDER, ...own }));
    if (holder) await bench.record(anEdit({ at, id: HOLDER, appointmentId: HOLDER, ...holder }));
    const until = await stillWaitsUntil(bench.act.task(ID), bench.parts);
    return until === null ? null : until - at;
  }

  it('waits on if its edit waits for a slot whose holder is about to leave', async () => {
    expect(await waits({}, {})).to.equal(2000);
    expect(await waits({}, { state: 'carried' })).to.equal(null);
    expect(await waits({ at: -10 * MINUTE }, {})).to.equal(null);
  });

  it('is decided if no edit waits for a slot', async () => {
    expect(await waits(null, {})).to.equal(null);
    expect(await waits({ waitsFor: null }, {})).to.equal(null);
    expect(await waits({ state: 'held' }, {})).to.equal(null);
  });

  it('is decided if the store fails', async () => {
    const store = { listEventRecords: async () => Err(STORE_FAILS) };
    expect(await waits({}, {}, { store })).to.equal(null);
  });
});
