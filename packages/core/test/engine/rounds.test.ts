import { expect } from 'chai';
import { Err, HOUR, Ok, type BookingEventMap, type SyncError } from '@loft/sync-core';
import type { SyncIntent } from '@loft/sync-core/store';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { leaseCheckedParts } from '#src/engine/queue/leased-task.js';
import { Reconciler } from '#src/engine/reconcile/reconciler.js';
import { bookingFingerprint } from '#src/rules/needs-attention.js';
import type { Situation } from '#src/rules/situation.js';
import { aBooking, aMap, anEdit, anEvent, aTombstone, EVENT_ID, eventSeen, ID, START } from '../rules/situations.js';
import { failure } from './act-bench.js';
import { bookingSystem, FAILS, OTHER, STORE_FAILS, type Given } from './observe-bench.js';
import { done, ONE_WAY, REBOOKS, RoundsBench, seen, type Script } from './rounds-bench.js';
import { BAY1 } from './world.js';

const LOST = failure('store', 'conflict');
const REFUSED = failure('uschedule', 'refused');
const NEW_ID = '700900';

describe('a task', () => {
  it('is done with the attempt of its write', async () => {
    const bench = new RoundsBench(ONE_WAY);
    const map = aMap();
    const outcome = await bench.work(() => Ok({ map }), seen(bench));
    expect(bench.actions).to.deep.equal(['create-event']);
    expect(outcome).to.deep.equal({
      kind: 'done',
      attempt: { ...bench.decided[0], map, durationMs: 0 },
      refusal: null,
    });
    expect(bench.reported).to.deep.equal(['new-booking']);
  });

  it('is done without an attempt if neither side was changed', async () => {
    const bench = new RoundsBench();
    const foreign = anEvent({ eventId: 'other', marks: NO_MARKS });
    const outcome = await bench.work(done, { events: [eventSeen(foreign)] });
    expect(outcome).to.deep.equal({ kind: 'done', attempt: null, refusal: null });
    expect(bench.reported).to.deep.equal(['not-managed (quiet)']);
  });

  it('continues with the next situation of an action, and measures each', async () => {
    const bench = new RoundsBench(ONE_WAY);
    const next = (situation: Situation): Situation => ({ ...situation, map: aMap({ status: 'CANCELED' }) });
    await bench.work(({ situation }, round) => Ok({ next: round === 1 ? next(situation) : null }), seen(bench));
    expect(bench.actions).to.have.length(2);
    expect(bench.decided[1]?.situation.map?.status).to.equal('CANCELED');
  });

  it('fails after sixteen rounds', async () => {
    const bench = new RoundsBench(ONE_WAY);
    const outcome = await bench.work(({ situation }) => Ok({ next: situation }), seen(bench));
    expect(bench.actions).to.have.length(16);
    expect(outcome).to.have.nested.property('error.kind', 'transient');
    expect(outcome).to.have.nested.property('error.method', 'reconcile');
  });

  it('fails with a bug if anything throws', async () => {
    const bench = new RoundsBench(ONE_WAY);
    const outcome = await bench.work(() => {
      throw new Error('broken');
    }, seen(bench));
    expect(outcome).to.deep.include({ kind: 'failed', attempt: null, map: null, fingerprint: null });
    expect(outcome).to.have.nested.property('error.method', 'reconcile');
    expect(outcome)
      .to.have.nested.property('error.message')
      .that.matches(/broken/);
  });

  it('fails if the store cannot be read, and is lost if it reports a conflict', async () => {
    const failing = (error: SyncError) => new RoundsBench({ store: { getMap: async () => Err(error) } });
    const nothing = { attempt: null, map: null, fingerprint: null };
    expect(await failing(STORE_FAILS).work(done, {})).to.deep.equal({ kind: 'failed', error: STORE_FAILS, ...nothing });
    expect(await failing(LOST).work(done, {})).to.deep.equal({ kind: 'lost' });
    const conflict = failure('uschedule', 'conflict');
    expect(await failing(conflict).work(done, {})).to.include({ kind: 'failed' });
    const unlisted = new RoundsBench({ store: { listEventRecords: async () => Err(STORE_FAILS) } });
    await unlisted.put(aMap());
    expect(await unlisted.work(done, {})).to.deep.equal({ kind: 'failed', error: STORE_FAILS, ...nothing });
  });

  it('continues under the new id of its booking, with its events', async () => {
    const bench = new RoundsBench();
    await bench.put(aMap({ supersededBy: NEW_ID }));
    const events = [eventSeen(anEvent())];
    const superseded = { kind: 'superseded', by: NEW_ID };
    expect(await bench.work(done, { events })).to.deep.equal({ ...superseded, events });
    expect(await bench.work(done, null)).to.deep.equal({ ...superseded, events: [] });
  });

  it('waits without any call while the edit of its event waits for a slot', async () => {
    const bench = new RoundsBench();
    const edit = anEdit({ at: bench.at, waitsFor: OTHER });
    (await bench.act.store.putEventRecords([edit, anEdit({ at: bench.at, id: OTHER, appointmentId: OTHER })])).unwrap();
    const event = { calendarId: BAY1.calendarId, eventId: EVENT_ID };
    expect(await bench.work(done, null, { event })).to.deep.equal({ kind: 'wait', dueAt: bench.at + 2000 });
    expect(await bench.work(done, null)).to.not.include({ kind: 'wait' });
    expect(await bench.work(done, {}, { event })).to.not.include({ kind: 'wait' });
  });

  it('has the fingerprint of its booking if a reading of another thing fails, and none if that of the booking fails', async () => {
    const read = { ...REBOOKS, store: { listMaps: async () => Err(STORE_FAILS) } };
    const other = new RoundsBench(read);
    const { booking } = seen(other);
    const fingerprint = bookingFingerprint(booking?.booking ?? null, 'live');
    expect(await other.work(done, seen(other))).to.deep.include({ kind: 'failed', error: STORE_FAILS, fingerprint });
    const unread = new RoundsBench({ bookings: { getBooking: async () => Err(FAILS) } });
    const map = aMap({ lastSyncedAt: unread.at + 1 });
    await unread.put(map);
    expect(await unread.work(done, seen(unread))).to.deep.include({ kind: 'failed', error: FAILS, fingerprint: null });
  });
});

describe('a failed action', () => {
  it('fails the task with its attempt', async () => {
    const bench = new RoundsBench(ONE_WAY);
    const outcome = await bench.work(() => Err(FAILS), seen(bench));
    expect(outcome).to.deep.include({ kind: 'failed', error: FAILS, map: null });
    expect(outcome).to.have.nested.property('attempt.action.do', 'create-event');
    expect(bench.reported).to.deep.equal([]);
  });

  it('leads to a new reading of the event if that has changed', async () => {
    const bench = new RoundsBench({ ...ONE_WAY, events: [] });
    const conflict = failure('google', 'conflict');
    await bench.work((_, round) => (round === 1 ? Err(conflict) : Ok({})), seen(bench));
    expect(bench.actions).to.deep.equal(['create-event', 'create-event']);
    expect(bench.calls).to.include(`get bay-1 ${EVENT_ID}`);
  });

  it('fails the task if the map cannot be read again', async () => {
    let reads = 0;
    const getMap = async () => (reads++ === 0 ? Ok(null) : Err(STORE_FAILS));
    const bench = new RoundsBench({ ...ONE_WAY, store: { getMap } });
    const outcome = await bench.work(() => Err(failure('google', 'conflict')), seen(bench));
    expect(outcome).to.deep.include({ kind: 'failed', error: STORE_FAILS });
    expect(outcome).to.have.nested.property('attempt.action.do', 'create-event');
  });
});

describe('the report of a task', () => {
  /** The event of a mirror was deleted long ago. */
  async function deleted(script: Script, given: Given = {}) {
    const bench = new RoundsBench({ bookings: bookingSystem({ [ID]: aBooking() }), ...given });
    const map = aMap({
      base: { ...aMap().base, start: bench.at + 48 * HOUR, end: bench.at + 49 * HOUR },
      lastSyncedAt: 0,
    });
    await bench.put(map);
    const base = { start: map.base.start, end: map.base.end, bay: '1' };
    const record = anEdit({ change: 'deleted', ...base, toBay: '1', base, at: bench.at - 60_000 });
    (await bench.act.store.putEventRecords([record])).unwrap();
    const events = [eventSeen(aTombstone({ marks: anEvent().marks }), { at: bench.at, proven: true })];
    const outcome = await bench.work(script, { events, ...seen(bench) }, { createdAt: bench.at - 60_000 });
    return { bench, outcome };
  }

  it('has the action of a booking that is written before the last write of its task', async () => {
    const cancel: Script = ({ situation }, round) =>
      Ok({ next: round === 1 ? { ...situation, map: null, event: undefined } : null });
    const { bench } = await deleted(cancel);
    expect(bench.actions[0]).to.equal('cancel-booking');
    expect(bench.reported.slice(0, 2)).to.deep.equal(['event-deleted', `cancel ${ID} ok`]);
    const last = await deleted(done);
    expect(last.bench.reported).to.deep.equal(['event-deleted']);
    const unwritten = await deleted((decided, round) => cancel(decided, round).map((it) => ({ ...it, wrote: false })));
    expect(unwritten.bench.reported).to.not.include(`cancel ${ID} ok`);
  });

  it('stores the outcome of the edit', async () => {
    const { bench } = await deleted(done);
    const [record] = (await bench.act.store.listEventRecords({ kind: 'edit', appointmentId: ID })).unwrap();
    expect(record).to.include({ state: 'carried' });
    const failed = await deleted(() => Err(FAILS));
    const [kept] = (await failed.bench.act.store.listEventRecords({ kind: 'edit', appointmentId: ID })).unwrap();
    expect(kept).to.include({ state: 'seen' });
  });

  /** The second half of a rebooking, whose old booking may not be cancelled. */
  async function exchanged(script: Script) {
    const bench = new RoundsBench({
      ...REBOOKS,
      bookings: bookingSystem({ [ID]: aBooking(), [NEW_ID]: aBooking({ appointmentId: NEW_ID }) }),
    });
    const triedAt = bench.at - 48 * HOUR;
    const intent: SyncIntent = {
      kind: 'reschedule',
      start: START + HOUR,
      end: START + 2 * HOUR,
      bay: '1',
      since: triedAt,
      triedAt,
      successor: NEW_ID,
    };
    const map: BookingEventMap = aMap({ intent, lastSyncedAt: 0 });
    await bench.put(map);
    await bench.work(script, seen(bench));
    return bench;
  }

  it('names the other booking of an exchange that was cancelled', async () => {
    const bench = await exchanged(({ situation }, round) => {
      const rebooking = { phase: 'first', cancelRefusal: REFUSED, old: 'exists' } as const;
      if (round === 1) return Ok({ wrote: false, next: { ...situation, rebooking } });
      return Ok({ next: round === 2 ? { ...situation, map: null } : null });
    });
    expect(bench.decided[1]?.action).to.include({ do: 'cancel-booking', appointmentId: NEW_ID, because: 'undo' });
    expect(bench.reported).to.include(`cancel ${NEW_ID} ok`);
    expect(bench.reported).to.not.include(`cancel ${ID} ok`);
  });
});

describe('the writes of a task', () => {
  it('are checked against its lease, and only the first insert is sent before the flush', async () => {
    const bench = new RoundsBench(ONE_WAY);
    expect(leaseCheckedParts(bench.parts, bench.act.task(ID), false)).to.include({ store: bench.parts.store });
    const flushes: string[] = [];
    const store = { flush: async () => (flushes.push('flush'), Ok.EMPTY) };
    const insertEvent = async () => (flushes.push('insert'), Err(FAILS));
    const fresh = new RoundsBench({ ...ONE_WAY, store, calendars: { insertEvent } });
    const none = { changedAt: -Infinity, events: [], mustReread: false, missingFromList: false };
    const { booking = null } = seen(fresh);
    await new Reconciler(fresh.parts).work(fresh.act.task(ID), { ...none, booking });
    expect(flushes).to.deep.equal(['insert']);
  });
});
