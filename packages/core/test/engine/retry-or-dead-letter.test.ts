import { expect } from 'chai';
import { Err, MINUTE, Ok, type DeadLetter, type SyncError } from '@loft/sync-core';
import type { ClaimedTask, SyncStore } from '@loft/sync-core/store';
import { afterFailure, LONGEST_WAIT, type Failure } from '#src/engine/queue/retry-or-dead-letter.js';
import type { Action } from '#src/rules/decision.js';
import { aMap, ID } from '../rules/situations.js';
import { failure } from './act-bench.js';
import { aLetter, anAttempt, failed, QueueBench, REFUSED, STORE_FAILS, TRANSIENT, EVENT } from './queue-bench.js';
import { BAY1, type Overrides } from './world.js';

describe('what becomes of a failure', () => {
  const settings: Overrides = { retry: { baseMs: 1000, maxMs: 60_000, maxAttempts: 3 } };
  async function after(
    error: SyncError,
    task: Partial<ClaimedTask> = {},
    {
      successes = [0, 0],
      change = {},
      store = {},
    }: {
      readonly successes?: readonly [number, number];
      readonly change?: Partial<Failure>;
      readonly store?: Partial<SyncStore>;
    } = {},
  ) {
    const bench = new QueueBench({ overrides: settings, answers: { store } });
    const [before, now] = successes;
    const parts = {
      ...bench.parts,
      circuits: Object.assign(Object.create(bench.parts.circuits), { successes: () => now }),
    };
    if (before >= 0) bench.queue.states.noteSuccesses(ID, error.system, before);
    const claimed = { ...bench.act.task(ID), ...task };
    return { bench, result: await afterFailure(claimed, failed(error, change), bench.queue.states, parts) };
  }

  it('is a dead letter after the last attempt, if its system has worked for others since the first failure', async () => {
    const last = await after(TRANSIENT, { attempts: 2 }, { successes: [4, 5] });
    expect(last.result.kind).to.equal('dead-letter');
    const outage = await after(TRANSIENT, { attempts: 2 }, { successes: [5, 5] });
    expect(outage.result).to.deep.equal({ kind: 'retry', dueAt: outage.bench.now + 2000, attempts: 3 });
    const earlier = await after(TRANSIENT, { attempts: 1 }, { successes: [4, 5] });
    expect(earlier.result).to.deep.equal({ kind: 'retry', dueAt: earlier.bench.now + 1000, attempts: 2 });
  });

  it('counts no attempt of an outage that has ended, and none of the next one', async () => {
    const ended = await after(TRANSIENT, { attempts: 9 }, { successes: [4, 5] });
    expect(ended.result).to.deep.equal({ kind: 'retry', dueAt: ended.bench.now + 500, attempts: 1 });
    expect(ended.bench.queue.states.get(ID).successesBefore).to.deep.equal({ uschedule: 5 });
    const next = await after(TRANSIENT, { attempts: 2 }, { successes: [5, 5] });
    expect(next.result).to.include({ kind: 'retry', attempts: 3 });
    const own = await after(TRANSIENT, { attempts: 2 }, { successes: [5, 6] });
    expect(own.result.kind).to.equal('dead-letter');
  });

  it('is a dead letter after the last attempt, if the store failed', async () => {
    expect((await after(STORE_FAILS, { attempts: 2 }, { successes: [9, 9] })).result.kind).to.equal('dead-letter');
    expect((await after(STORE_FAILS, { attempts: 1 })).result.kind).to.equal('retry');
  });

  it('counts the successes from the first failure of the task, by system', async () => {
    const first = await after(TRANSIENT, { attempts: 0 }, { successes: [4, 7] });
    expect(first.bench.queue.states.get(ID).successesBefore).to.deep.equal({ uschedule: 7 });
    const later = await after(TRANSIENT, { attempts: 1 }, { successes: [4, 7] });
    expect(later.bench.queue.states.get(ID).successesBefore).to.deep.equal({ uschedule: 4 });
    const unknown = await after(TRANSIENT, { attempts: 2 }, { successes: [-1, 7] });
    expect(unknown.result.kind).to.equal('retry');
    expect(unknown.bench.queue.states.get(ID).successesBefore).to.deep.equal({ uschedule: 7 });
  });

  it('is a wait that grows with the claims, up to five times the longest delay of a retry', async () => {
    const error = failure('uschedule', 'unauthorized');
    const waited = async (claims: number): Promise<number> => {
      const { bench, result } = await after(error, { claims });
      return result.kind === 'wait' ? result.until - bench.now : -1;
    };
    expect(await waited(1)).to.equal(1500);
    expect(await waited(2)).to.equal(1500);
    expect(await waited(4)).to.equal(4500);
    expect(await waited(30)).to.equal((LONGEST_WAIT * 60_000) / 2 + 500);
  });

  it('is a dead letter with the place of its event: of the map, of the task, or of the intended write', async () => {
    const letterOf = async (task: Partial<ClaimedTask>, change: Partial<Failure> = {}): Promise<DeadLetter> => {
      const { result } = await after(REFUSED, task, { change });
      if (result.kind !== 'dead-letter') throw new Error(result.kind);
      return result.letter;
    };
    const create: Action = {
      do: 'create-event',
      bay: BAY1,
      base: { start: 1, end: 2, bay: '1', title: '', description: '' },
    };
    const attempt = anAttempt(create, 'new-booking');
    expect(await letterOf({}, { attempt })).to.include({ ...EVENT, reason: 'new-booking' });
    const event = { calendarId: 'b', eventId: 'task' };
    expect(await letterOf({ event }, { attempt })).to.include(event);
    const map = aMap({ googleCalendarId: 'c', googleEventId: 'map' });
    expect(await letterOf({ event }, { attempt, map })).to.include({ calendarId: 'c', eventId: 'map' });
    expect(await letterOf({})).to.include({ calendarId: null, eventId: null, reason: null, attempts: 1 });
  });

  it('is retried automatically if it is temporary, later after each retry', async () => {
    const retried = async (task: Partial<ClaimedTask>, earlier: number | null, store: Partial<SyncStore> = {}) => {
      const getDeadLetter = async () => Ok(earlier === null ? null : aLetter({ revivals: earlier }));
      const { bench, result } = await after(
        TRANSIENT,
        { attempts: 2, ...task },
        { successes: [0, 1], store: { getDeadLetter, ...store } },
      );
      if (result.kind !== 'dead-letter') throw new Error(result.kind);
      const { retryAt, revivals } = result.letter;
      return [revivals, retryAt === null ? null : (retryAt - bench.now) / MINUTE];
    };
    expect(await retried({}, null)).to.deep.equal([0, 10]);
    expect(await retried({ trigger: 'replay' }, null)).to.deep.equal([0, 10]);
    expect(await retried({ trigger: 'replay' }, 0)).to.deep.equal([1, 60]);
    expect(await retried({ trigger: 'replay' }, 9)).to.deep.equal([10, null]);
    expect(await retried({ trigger: 'hint' }, 5)).to.deep.equal([0, 10]);
    expect(await retried({ trigger: 'replay' }, 5, { getDeadLetter: async () => Err(STORE_FAILS) })).to.deep.equal([
      0, 10,
    ]);
  });
});
