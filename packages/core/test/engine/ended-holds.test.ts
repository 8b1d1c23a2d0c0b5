import { expect } from 'chai';
import { Err, MemoryStore, Ok } from '@loft/sync-core';
import type { EventRecord, SyncStore } from '@loft/sync-core/store';
import { byAppointment, refOf, type MapsByAppointment } from '#src/domain/booking-event-map.js';
import { EndedHolds } from '#src/engine/held-edits.js';
import type { WorkItem } from '#src/engine/queue/appointment-state.js';
import type { TaskQueue } from '#src/engine/queue/task-queue.js';
import { hasHoldEnded, withPresentBay } from '#src/rules/edit-record.js';
import { createRules } from '#src/rules/rules.js';
import { aMap, anEdit, END, ID, START } from '../rules/situations.js';
import { failure, plain } from './act-bench.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, settingsWith } from './world.js';

const RULES = createRules(settingsWith());
const HELD = anEdit({ state: 'held' });
const OTHER = anEdit({ state: 'held', id: '700999', appointmentId: '700999' });
const CANCELED = aMap({ status: 'CANCELED' });
const NONE = byAppointment([]);
const STORE_FAILS = failure('store', 'transient');

class Bench {
  reads = 0;
  readonly store: MemoryStore;
  readonly holds: EndedHolds;

  constructor(isShared: boolean, answers: Partial<SyncStore> = {}, rules = RULES) {
    this.store = new MemoryStore({ shared: isShared });
    const listEventRecords: SyncStore['listEventRecords'] = async (query) => {
      this.reads++;
      return this.store.listEventRecords(query);
    };
    this.holds = new EndedHolds({
      store: overridden<SyncStore>(this.store, { listEventRecords, ...answers }),
      rules,
    });
  }

  readonly queued: WorkItem[] = [];

  forget(mapOf: MapsByAppointment): ReturnType<EndedHolds['forget']> {
    const add: TaskQueue['add'] = async (works) => {
      this.queued.push(...works);
      return Ok.EMPTY;
    };
    return this.holds.forget(mapOf, { add });
  }

  async put(...records: readonly EventRecord[]): Promise<void> {
    (await this.store.putEventRecords(records)).unwrap();
  }

  async left(): Promise<readonly string[]> {
    return (await this.store.listEventRecords({ kind: 'edit' })).unwrap().map(({ id }) => id);
  }
}

describe('the held edits that have ended', () => {
  it('are read by the first poll, and by no further poll while none is held', async () => {
    const bench = new Bench(false);
    await bench.put(HELD);
    for (let poll = 0; poll < 3; poll++) (await bench.forget(byAppointment([CANCELED]))).unwrap();
    expect(await bench.left()).to.deep.equal([]);
    expect(bench.reads).to.equal(1);
  });

  it('are read again by each poll while one is held, also after a restart', async () => {
    const bench = new Bench(false);
    await bench.put(HELD, OTHER);
    const mapOf = byAppointment([aMap()]);
    for (let poll = 0; poll < 3; poll++) (await bench.forget(mapOf)).unwrap();
    expect(await bench.left()).to.deep.equal([ID, OTHER.id]);
    expect(bench.reads).to.equal(3);
  });

  it('are found if the edit was held after a poll without one, or during its read', async () => {
    const bench: Bench = new Bench(false, {
      listEventRecords: async () => {
        bench.reads++;
        if (bench.reads === 1) bench.holds.note([HELD]);
        return bench.reads === 1 ? Ok([]) : bench.store.listEventRecords({ kind: 'edit' });
      },
    });
    await bench.put(HELD);
    const mapOf = byAppointment([CANCELED]);
    (await bench.forget(mapOf)).unwrap();
    (await bench.forget(mapOf)).unwrap();
    expect(await bench.left()).to.deep.equal([]);
    bench.holds.note([anEdit()]);
    (await bench.forget(mapOf)).unwrap();
    expect(bench.reads, 'an edit that is not held').to.equal(2);
    await bench.put(HELD);
    bench.holds.note([anEdit(), HELD]);
    (await bench.forget(mapOf)).unwrap();
    expect(await bench.left()).to.deep.equal([]);
  });

  it('are found if another replica has held the edit', async () => {
    const bench = new Bench(true);
    const mapOf = byAppointment([CANCELED]);
    (await bench.forget(mapOf)).unwrap();
    await bench.put(HELD);
    (await bench.forget(mapOf)).unwrap();
    expect(await bench.left()).to.deep.equal([]);
  });

  it('are compared with the stored map if the poll does not list it', async () => {
    const bench = new Bench(false);
    await bench.put(HELD, OTHER);
    (await bench.store.putMap(aMap({ version: 0, status: 'CANCELED' }))).unwrap();
    (await bench.forget(NONE)).unwrap();
    expect(await bench.left(), 'the other has no map').to.deep.equal([OTHER.id]);
  });

  it('lead to tasks, because the edit may still be there', async () => {
    const bench = new Bench(false);
    await bench.put(HELD, OTHER);
    const moved = aMap({ base: { ...aMap().base, bay: '2' } });
    (await bench.store.putMap({ ...moved, version: 0 })).unwrap();
    (await bench.forget(byAppointment([moved]))).unwrap();
    expect(bench.queued).to.deep.equal([
      {
        appointmentId: ID,
        trigger: 'follow-up',
        event: refOf(moved),
        observed: { mustReread: true },
        fingerprint: null,
      },
    ]);
    const failing = new Bench(false);
    await failing.put(HELD);
    const queue = { add: async () => Err(STORE_FAILS) };
    expect(plain(await failing.holds.forget(byAppointment([CANCELED]), queue))).to.deep.equal({ error: STORE_FAILS });
    expect(await failing.left()).to.deep.equal([ID]);
  });

  it('are read again after a fault of the store', async () => {
    for (const method of ['listEventRecords', 'getMap', 'deleteEventRecords'] as const) {
      let isFailing = true;
      const bench: Bench = new Bench(false, {
        [method]: async (argument: never): Promise<unknown> =>
          isFailing ? Err(STORE_FAILS) : bench.store[method](argument),
      });
      await bench.put(HELD);
      (await bench.store.putMap(aMap({ version: 0, status: 'CANCELED' }))).unwrap();
      expect(plain(await bench.forget(NONE)), method).to.deep.equal({ error: STORE_FAILS });
      isFailing = false;
      (await bench.forget(NONE)).unwrap();
      expect(await bench.left(), method).to.deep.equal([]);
    }
  });

  it('are those whose booking was cancelled or moved since', () => {
    const { base } = aMap();
    expect(hasHoldEnded(HELD, aMap(), RULES)).to.equal(false);
    expect(hasHoldEnded(HELD, aMap({ base: { ...base, title: 'Ben' } }), RULES)).to.equal(false);
    expect(hasHoldEnded(HELD, CANCELED, RULES)).to.equal(true);
    expect(hasHoldEnded(HELD, aMap({ base: { ...base, start: START + 1 } }), RULES)).to.equal(true);
    expect(hasHoldEnded(HELD, aMap({ base: { ...base, end: END + 1 } }), RULES)).to.equal(true);
    expect(hasHoldEnded(HELD, aMap({ base: { ...base, bay: '2' } }), RULES)).to.equal(true);
    expect(hasHoldEnded(anEdit(), CANCELED, RULES)).to.equal(false);
  });

  it('are none because their bay was renamed: their records get the present name', async () => {
    const rules = createRules(settingsWith({ bays: [{ ...BAY1, bay: 'One' }, BAY2] as never }));
    const { base } = aMap();
    const renamed = { bay: 'One', toBay: 'One', base: { ...HELD.base, bay: 'One' } };
    expect(withPresentBay(HELD, aMap(), rules)).to.deep.equal({ ...HELD, ...renamed });
    expect(withPresentBay({ ...HELD, toBay: '2' }, aMap(), rules)).to.deep.equal({ ...HELD, ...renamed, toBay: '2' });
    expect(withPresentBay(HELD, aMap(), RULES)).to.equal(null);
    expect(withPresentBay(HELD, aMap({ googleCalendarId: 'of no bay' }), rules)).to.equal(null);
    expect(hasHoldEnded(HELD, aMap({ base: { ...base, bay: 'One' } }), rules)).to.equal(false);
    const bench = new Bench(false, {}, rules);
    await bench.put(HELD);
    (await bench.forget(byAppointment([aMap()]))).unwrap();
    const [record] = (await bench.store.listEventRecords({ kind: 'edit' })).unwrap();
    expect(record).to.deep.equal({ ...HELD, ...renamed });
  });
});
