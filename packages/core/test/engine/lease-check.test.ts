import { expect } from 'chai';
import { Err, HOUR, Ok, type SyncError } from '@loft/sync-core';
import type { EventDraft } from '#src/domain/calendar-event.js';
import { leaseCheckedParts } from '#src/engine/queue/leased-task.js';
import { ID, START } from '../rules/situations.js';
import { ActBench, failure, plain } from './act-bench.js';
import { BAY1 } from './world.js';

const LOST: SyncError = {
  kind: 'conflict',
  system: 'store',
  method: 'lease',
  message: `the lease on appointment ${ID} ran out before its write`,
};
const STORE_FAILS = failure('store', 'transient');

/** The parts of a task whose lease ends in an hour, and the calls that pass. */
function checked(hasMap: boolean, flush: () => Promise<ReturnType<typeof Err<SyncError>> | typeof Ok.EMPTY>) {
  const bench = new ActBench();
  const calls: string[] = [];
  const note = (name: string): void => void calls.push(name);
  const parts = bench.parts(
    {},
    {
      bookings: {
        cancelBooking: async () => (note('cancelBooking'), Ok.EMPTY),
        getBooking: async () => (note('getBooking'), Err(failure('uschedule', 'not-found'))),
      },
      store: { flush: async () => (note('flush'), flush()) },
      calendars: {
        getEvent: async () => (note('getEvent'), Err(failure('google', 'not-found'))),
        insertEvent: async () => (note('insertEvent'), Err(failure('google', 'conflict'))),
        deleteEvent: async () => (note('deleteEvent'), Ok.EMPTY),
      },
    },
  );
  const { bookings, calendars } = leaseCheckedParts(parts, bench.task(ID), hasMap);
  const draft = { start: START } as EventDraft;
  return {
    clock: bench.clock,
    calls,
    cancel: async () => plain(await bookings.cancelBooking(ID)),
    get: async () => plain(await bookings.getBooking(ID)),
    getEvent: async () => plain(await calendars.getEvent(BAY1.calendarId, 'it')),
    insert: async () => plain(await calendars.insertEvent(BAY1.calendarId, 'it', draft)),
    remove: async () => plain(await calendars.deleteEvent(BAY1.calendarId, 'it', null)),
  };
}

const flushes = async () => Ok.EMPTY;

describe('the calls of a task', () => {
  it('are sent while its lease is valid: each write after a flush', async () => {
    const task = checked(true, flushes);
    expect(await task.get()).to.have.property('error');
    expect(await task.getEvent()).to.have.property('error');
    expect(await task.cancel()).to.have.property('ok');
    expect(await task.insert()).to.have.nested.property('error.kind', 'conflict');
    expect(await task.remove()).to.have.property('ok');
    const writes = ['flush', 'cancelBooking', 'flush', 'insertEvent', 'flush', 'deleteEvent'];
    expect(task.calls).to.deep.equal(['getBooking', 'getEvent', ...writes]);
  });

  it('without a map insert their event before the flush, and no other write', async () => {
    const task = checked(false, flushes);
    await task.insert();
    await task.remove();
    await task.cancel();
    expect(task.calls).to.deep.equal(['insertEvent', 'flush', 'deleteEvent', 'flush', 'cancelBooking']);
  });

  it('make no write if the flush fails', async () => {
    const task = checked(true, async () => Err(STORE_FAILS));
    expect(await task.cancel()).to.deep.equal({ error: STORE_FAILS });
    expect(await task.insert()).to.deep.equal({ error: STORE_FAILS });
    expect(task.calls).to.deep.equal(['flush', 'flush']);
  });

  it('make no write once its lease has ended, and may still read', async () => {
    const task = checked(true, flushes);
    await task.clock.advance(HOUR - 1);
    expect(await task.cancel()).to.have.property('ok');
    await task.clock.advance(1);
    task.calls.length = 0;
    for (const write of [task.cancel, task.insert, task.remove]) expect(await write()).to.deep.equal({ error: LOST });
    await task.get();
    await task.getEvent();
    expect(task.calls.filter((call) => call !== 'flush')).to.deep.equal(['getBooking', 'getEvent']);
  });
});
