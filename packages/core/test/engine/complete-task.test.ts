import { expect } from 'chai';
import { Err, HOUR, MINUTE, Ok, SECOND } from '@loft/sync-core';
import type { EditRecord } from '@loft/sync-core/store';
import type { Outcome } from '#src/engine/reconcile/outcome.js';
import type { Action } from '#src/rules/decision.js';
import { aMap, anEdit, anEvent, aSituation, eventSeen, ID } from '../rules/situations.js';
import { failure, type Answers } from './act-bench.js';
import {
  aLetter,
  anAttempt,
  CANCEL,
  DONE,
  EVENT,
  failed,
  QueueBench,
  REFUSED,
  RESCHEDULE,
  STORE_FAILS,
  storeLetter,
  TRANSIENT,
} from './queue-bench.js';

describe('a task whose work is done', () => {
  it('is removed, and its changes are not pending any more', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed({ fingerprint: 'one' });
    expect(bench.queue.isBusyWith(ID)).to.equal(true);
    expect(await bench.completion.complete(task, DONE, false)).to.equal(true);
    expect(await bench.nextDueAt()).to.equal(null);
    expect(bench.queue.isBusyWith(ID)).to.equal(false);
    expect(bench.act.events).to.deep.equal([]);
  });

  it('reports its write, with the refusal that led to it', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed();
    const attempt = anAttempt({ do: 'cancel-event', event: anEvent() }, 'booking-cancelled');
    await bench.completion.complete(task, { kind: 'done', attempt, refusal: REFUSED }, false);
    expect(bench.act.events).to.have.length(1);
    expect(bench.act.events[0]).to.include({
      type: 'action',
      outcome: 'ok',
      reason: 'booking-cancelled',
      error: REFUSED,
      at: bench.now,
    });
  });

  it('is due again at the end of the debounce if a hint came during the work', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed({ trigger: 'hint' });
    bench.queue.states.begin(task, bench.now);
    await bench.add({ trigger: 'hint' });
    bench.queue.states.workFinished(ID, true, bench.now);
    expect(await bench.completion.complete(task, DONE, false)).to.equal(false);
    expect(await bench.nextDueAt()).to.equal(bench.now + SECOND / 2);
    expect(bench.queue.isBusyWith(ID)).to.equal(true);
    expect(bench.queue.states.get(ID).pending?.since).to.equal(bench.now);
  });

  it('leaves a change pending that was stored during its removal', async () => {
    const changed = (fingerprint: string, isShared = false): QueueBench => {
      const bench: QueueBench = new QueueBench({
        isShared,
        answers: {
          store: {
            completeTask: async () => {
              bench.queue.states.changeStored(ID, fingerprint, false, bench.now);
              return Ok('done');
            },
          },
        },
      });
      return bench;
    };
    const other = changed('two');
    await other.completion.complete(await other.claimed({ fingerprint: 'one' }), DONE, false);
    expect(other.queue.isBusyWith(ID)).to.equal(true);
    const same = changed('one');
    await same.completion.complete(await same.claimed({ fingerprint: 'one' }), DONE, false);
    expect(same.queue.isBusyWith(ID)).to.equal(false);
  });

  it('is not removed if the store fails, and keeps its dead letter', async () => {
    const bench = new QueueBench({ answers: { store: { completeTask: async () => Err(STORE_FAILS) } } });
    await storeLetter(bench);
    const task = await bench.claimed();
    expect(await bench.completion.complete(task, DONE, true)).to.equal(false);
    expect(await bench.letter()).not.to.equal(null);
  });

  it('forgets its failures and its deferral', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed();
    bench.queue.states.defer(ID);
    bench.queue.states.noteSuccesses(ID, 'google', 3);
    await bench.completion.complete(task, DONE, false);
    expect(bench.queue.states.size).to.equal(0);
  });
});

describe('the dead letter of an appointment whose task is done', () => {
  const edit = (bench: QueueBench, change: Partial<EditRecord> = {}): EditRecord =>
    anEdit({ state: 'dead-letter', base: { start: bench.now + HOUR, end: bench.now + 2 * HOUR, bay: '1' }, ...change });
  async function withMap(bench: QueueBench): Promise<void> {
    const base = { start: bench.now + HOUR, end: bench.now + 2 * HOUR, bay: '1', title: '', description: '' };
    (await bench.store.putMap(aMap({ base, version: 0 }))).unwrap();
  }

  it('is removed', async () => {
    const bench = new QueueBench();
    await storeLetter(bench);
    bench.queue.noteDeadLetters([aLetter()]);
    expect(await bench.completion.complete(await bench.claimed(), DONE, true)).to.equal(true);
    expect(await bench.letter()).to.equal(null);
    expect(bench.queue.states.get(ID).deadLetter).to.equal(null);
  });

  it('is kept while its edit can still be executed', async () => {
    const bench = new QueueBench();
    await storeLetter(bench);
    bench.queue.noteDeadLetters([aLetter()]);
    await withMap(bench);
    await bench.store.putEventRecords([edit(bench)]);
    expect(await bench.completion.complete(await bench.claimed(), DONE, true)).to.equal(true);
    expect(await bench.letter()).not.to.equal(null);
    expect(bench.queue.states.get(ID).deadLetter).not.to.equal(null);
  });

  it('is kept if its edit was just reverted', async () => {
    const bench = new QueueBench();
    await storeLetter(bench);
    bench.queue.noteDeadLetters([aLetter()]);
    const attempt = anAttempt({ do: 'nothing' }, 'edit-undelivered');
    const outcome: Outcome = { kind: 'done', attempt, refusal: null };
    expect(await bench.completion.complete(await bench.claimed(), outcome, true)).to.equal(true);
    expect(await bench.letter()).not.to.equal(null);
    expect(await bench.completion.complete(await bench.claimed(), outcome, false)).to.equal(true);
    expect(await bench.nextDueAt()).to.equal(null);
  });

  it('leads to a replay if it was stored during the work', async () => {
    const bench = new QueueBench();
    await storeLetter(bench);
    const task = await bench.claimed();
    bench.queue.noteDeadLetters([aLetter()]);
    expect(await bench.completion.complete(task, DONE, false)).to.equal(true);
    expect(await bench.claim()).to.deep.include({ appointmentId: ID, trigger: 'replay', event: EVENT });
  });

  it('is searched in a shared store, because another replica may have stored it', async () => {
    const shared = new QueueBench({ isShared: true });
    await storeLetter(shared);
    await shared.completion.complete(await shared.claimed(), DONE, false);
    expect(await shared.claim()).to.include({ trigger: 'replay' });
    expect(shared.queue.states.get(ID).deadLetter).to.deep.equal({ event: EVENT });
    const own = new QueueBench();
    await storeLetter(own);
    await own.completion.complete(await own.claimed(), DONE, false);
    expect(await own.nextDueAt()).to.equal(null);
  });

  it('is forgotten if it does not exist any more, and kept in memory if the store fails', async () => {
    const bench = new QueueBench();
    bench.queue.noteDeadLetters([aLetter()]);
    await bench.completion.complete(await bench.claimed(), DONE, false);
    expect(bench.queue.states.get(ID).deadLetter).to.equal(null);
    const broken = new QueueBench({ answers: { store: { getDeadLetter: async () => Err(STORE_FAILS) } } });
    broken.queue.noteDeadLetters([aLetter()]);
    await broken.completion.complete(await broken.claimed(), DONE, false);
    expect(broken.queue.states.get(ID).deadLetter).not.to.equal(null);
  });
});

describe('a task that is too early', () => {
  it('is due at the given time, without an attempt, and keeps the readings that it needs', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed();
    const keeps = [eventSeen(anEvent())];
    const dueAt = bench.now + MINUTE;
    expect(await bench.completion.complete({ ...task, attempts: 2 }, { kind: 'wait', dueAt, keeps }, false)).to.equal(
      false,
    );
    expect(await bench.nextDueAt()).to.equal(dueAt);
    expect(bench.queue.states.get(ID).observation).to.deep.include({ events: keeps });
    expect(bench.queue.states.takeDeferred()).to.deep.equal([]);
    await bench.act.clock.advance(MINUTE);
    expect(await bench.claim()).to.include({ attempts: 2 });
  });

  it('keeps no readings if it needs none', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed();
    bench.queue.states.takeObservation(task);
    await bench.completion.complete(task, { kind: 'wait', dueAt: bench.now }, false);
    expect(bench.queue.states.get(ID).observation).to.equal(null);
  });

  it('is due at once if another trigger came during the work', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed();
    await bench.add();
    await bench.completion.complete(task, { kind: 'wait', dueAt: bench.now + HOUR }, false);
    expect(await bench.nextDueAt()).to.equal(bench.now);
  });
});

describe('a task whose booking has another id', () => {
  it('ends, and a task of the other id gets its events', async () => {
    const bench = new QueueBench();
    const events = [eventSeen(anEvent())];
    const task = await bench.claimed();
    expect(await bench.completion.complete(task, { kind: 'superseded', by: '9', events }, false)).to.equal(true);
    expect(await bench.claim()).to.deep.include({ appointmentId: '9', trigger: 'follow-up', event: EVENT });
    expect(bench.queue.states.get('9').observation).to.deep.include({ events });
  });

  it('names the event of the task if none was read', async () => {
    const bench = new QueueBench();
    const event = { ...EVENT, eventId: 'copy1' };
    const task = await bench.claimed({ event });
    await bench.completion.complete(task, { kind: 'superseded', by: '9', events: [] }, false);
    expect(await bench.claim()).to.deep.include({ appointmentId: '9', event });
  });

  it('records the events that may become the mirror of an appointment without a map', async () => {
    const marks = { ...anEvent().marks, appointmentId: '9' };
    const transferred = anEvent({ marks });
    const others = [
      anEvent({ eventId: 'loft9', marks }),
      anEvent(),
      anEvent({ eventId: 'gone', marks, state: 'gone' }),
    ];
    const events = [transferred, ...others].map((event) => eventSeen(event));
    const recorded = async (bench: QueueBench): Promise<readonly string[]> => {
      const task = await bench.claimed();
      await bench.completion.complete(task, { kind: 'superseded', by: '9', events }, false);
      const records = (await bench.store.listEventRecords({ kind: 'copy', appointmentId: '9' })).unwrap();
      return records.map(({ id }) => id);
    };
    const { calendarId, eventId } = transferred;
    expect(await recorded(new QueueBench())).to.deep.equal([`${calendarId} ${eventId}`]);
    const mapped = new QueueBench({ answers: { store: { getMap: async () => Ok(aMap()) } } });
    expect(await recorded(mapped)).to.deep.equal([]);
    for (const method of ['getMap', 'listEventRecords', 'putEventRecords'] as const) {
      const broken = new QueueBench({ answers: { store: { [method]: async () => Err(STORE_FAILS) } } });
      const task = await broken.claimed();
      await broken.completion.complete(task, { kind: 'superseded', by: '9', events }, false);
      expect(await broken.nextDueAt(), method).to.equal(broken.now + SECOND);
    }
  });

  it('is tried again a second later if the other task cannot be stored', async () => {
    let fails = false;
    const bench: QueueBench = new QueueBench({
      answers: {
        store: {
          addTasks: async (...args) => (fails ? Err(STORE_FAILS) : bench.store.addTasks(...args)),
        },
      },
    });
    const task = await bench.claimed();
    fails = true;
    expect(await bench.completion.complete(task, { kind: 'superseded', by: '9', events: [] }, false)).to.equal(false);
    expect(await bench.nextDueAt()).to.equal(bench.now + SECOND);
  });
});

describe('a task whose claim is lost', () => {
  it('is due again after the delay of a retry, without an attempt, and its changes are not pending', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed({ fingerprint: 'one' });
    expect(await bench.completion.complete({ ...task, attempts: 3 }, { kind: 'lost' }, false)).to.equal(false);
    const { baseMs } = bench.parts.settings.retry;
    expect(await bench.nextDueAt()).to.equal(bench.now + baseMs / 2);
    expect(bench.queue.isBusyWith(ID)).to.equal(false);
    await bench.act.clock.advance(baseMs);
    expect(await bench.claim()).to.include({ attempts: 3 });
  });
});

describe('a failed task', () => {
  it('is tried again later, with its attempt counted and reported', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed();
    const attempt = anAttempt(RESCHEDULE, 'event-moved');
    expect(await bench.completion.complete(task, failed(TRANSIENT, { attempt }), false)).to.equal(false);
    const dueAt = bench.now + bench.parts.settings.retry.baseMs / 2;
    expect(await bench.nextDueAt()).to.equal(dueAt);
    expect(bench.act.events).to.have.length(2);
    expect(bench.act.events[0]).to.deep.equal({
      type: 'task',
      at: bench.now,
      appointmentId: ID,
      outcome: 'retry',
      attempt: 1,
      dueAt,
      error: TRANSIENT,
    });
    expect(bench.act.events[1]).to.include({ type: 'action', outcome: 'retry', at: bench.now, error: TRANSIENT });
    await bench.act.clock.advance(MINUTE);
    expect(await bench.claim()).to.include({ attempts: 1, claims: 2 });
    expect(bench.queue.states.takeDeferred()).to.deep.equal([]);
  });

  it('is deferred without an attempt if no call to its system can succeed', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed();
    const error = failure('google', 'forbidden');
    expect(await bench.completion.complete(task, failed(error), false)).to.equal(false);
    const { baseMs } = bench.parts.settings.retry;
    const dueAt = bench.now + baseMs + baseMs / 2;
    expect(await bench.nextDueAt()).to.equal(dueAt);
    expect(bench.act.events).to.deep.equal([
      { type: 'task', at: bench.now, appointmentId: ID, outcome: 'wait', attempt: 0, dueAt, error },
    ]);
    expect(bench.queue.states.takeDeferred()).to.deep.equal([ID]);
  });

  it('becomes a dead letter, which is noted, and its changes are not pending', async () => {
    const bench = new QueueBench();
    const task = await bench.claimed({ fingerprint: 'one', event: EVENT });
    bench.queue.states.defer(ID);
    bench.queue.states.noteSuccesses(ID, 'google', 1);
    expect(await bench.completion.complete(task, failed(REFUSED, { fingerprint: 'one' }), false)).to.equal(false);
    expect(await bench.letter()).to.deep.equal(
      aLetter({ attempts: 1, error: REFUSED, at: bench.now, fingerprint: 'one', retryAt: null }),
    );
    expect(bench.queue.states.get(ID)).to.deep.include({
      pending: null,
      isDeferred: false,
      successesBefore: {},
      deadLetter: { event: EVENT },
    });
    expect(await bench.nextDueAt()).to.equal(null);
    expect(bench.act.events).to.deep.include({
      type: 'task',
      at: bench.now,
      appointmentId: ID,
      outcome: 'dead-letter',
      attempt: 1,
      dueAt: null,
      error: REFUSED,
    });
  });
});

describe('row 21a · an edit whose task becomes a dead letter', () => {
  async function edited(
    edits: readonly EditRecord[],
    action: Action = RESCHEDULE,
    answers: Answers = {},
  ): Promise<QueueBench> {
    const bench = new QueueBench({ answers });
    const task = await bench.claimed();
    const attempt = anAttempt(action, 'event-moved', { edits });
    await bench.completion.complete(task, failed(REFUSED, { attempt }), false);
    return bench;
  }

  it('is stored as undelivered, and its event is read again and reverted', async () => {
    const other = anEdit({ id: '9', appointmentId: '9' });
    for (const action of [RESCHEDULE, CANCEL('event-deleted')]) {
      const bench = await edited([other, anEdit({ state: 'seen' })], action);
      expect(await bench.edits()).to.deep.equal([anEdit({ state: 'undelivered' })]);
      expect(await bench.claim()).to.include({ appointmentId: ID, trigger: 'follow-up' });
      expect(bench.queue.states.get(ID).observation).to.include({ mustReread: true });
    }
  });

  it('stays in its dead letter if it was replayed: its event shows the booking already', async () => {
    for (const state of ['replay', 'dead-letter'] as const) {
      const bench = await edited([anEdit({ state })]);
      expect(await bench.edits()).to.deep.equal([anEdit({ state: 'dead-letter' })]);
      expect(await bench.nextDueAt()).to.equal(null);
    }
  });

  it('is not reverted if the store fails', async () => {
    const bench = await edited([anEdit()], RESCHEDULE, { store: { putEventRecords: async () => Err(STORE_FAILS) } });
    expect(await bench.nextDueAt()).to.equal(null);
  });

  it('is none without a record, of another action, or if it was a request to undo a change', async () => {
    for (const [edits, action] of [
      [[], RESCHEDULE],
      [[anEdit({ state: 'undo' })], RESCHEDULE],
      [[anEdit()], CANCEL('replaced')],
      [[anEdit()], { do: 'cancel-event', event: anEvent() }],
    ] as const) {
      const bench = await edited(edits, action);
      expect(await bench.edits(), action.do).to.deep.equal([]);
      expect(await bench.nextDueAt(), action.do).to.equal(null);
    }
    const without = new QueueBench();
    await without.completion.complete(await without.claimed(), failed(REFUSED), false);
    expect(await without.nextDueAt()).to.equal(null);
    const unread = new QueueBench();
    const { edits: _unread, ...situation } = aSituation({});
    const attempt = { ...anAttempt(RESCHEDULE, 'event-moved'), situation };
    await unread.completion.complete(await unread.claimed(), failed(REFUSED, { attempt }), false);
    expect(await unread.nextDueAt()).to.equal(null);
  });
});
