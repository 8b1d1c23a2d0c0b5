import {
  createSyncEngine,
  DAY,
  DEFAULT_SETTINGS,
  Err,
  HOUR,
  MemoryStore,
  MINUTE,
  SECOND,
  type SyncErrorKind,
} from '@loft/sync-core';
import { Journal, type ActionEvent, type DecisionEvent, type TaskEvent } from '@loft/sync-core/reports';
import type { JournalEntry, StoreResult } from '@loft/sync-core/store';
import { MemoryBookings, MemoryCalendars, VirtualClock } from '@loft/sync-core/testing';
import { expect } from 'chai';

const bay1 = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1@calendar.example' };
const bay2 = { bay: '2', name: 'Bay 2', resourceUnitId: 5524, calendarId: 'bay-2@calendar.example' };

/** A store whose journal can be unreachable, and that counts its calls. */
class CountingStore extends MemoryStore {
  writes = 0;
  forgets: (readonly [number, number])[] = [];
  failing: SyncErrorKind | null = null;

  override async addJournal(entries: readonly JournalEntry[]): StoreResult<void> {
    this.writes++;
    if (this.failing === null) return super.addJournal(entries);
    return Err({ kind: this.failing, system: 'store', method: 'addJournal', message: 'Out of reach.' });
  }

  override async forgetJournal(before: number, keep: number): StoreResult<void> {
    this.forgets.push([before, keep]);
    return super.forgetJournal(before, keep);
  }
}

const error = { kind: 'refused', system: 'uschedule', method: 'reschedule', message: 'slot is taken' } as const;

describe('Journal', () => {
  let clock: VirtualClock;
  let store: CountingStore;
  let journal: Journal;
  beforeEach(() => {
    clock = new VirtualClock();
    store = new CountingStore();
    journal = new Journal({ store, clock });
  });

  function action(change: Partial<ActionEvent> = {}): ActionEvent {
    return {
      type: 'action',
      at: clock.now(),
      action: 'update',
      direction: 'GCAL_TO_USCHEDULE',
      outcome: 'ok',
      reason: 'event-moved',
      appointmentId: '7',
      calendarId: 'c',
      eventId: 'e',
      attempt: 1,
      durationMs: 5,
      trigger: 'sweep',
      propagationMs: 5,
      changedAt: null,
      before: null,
      after: null,
      successor: null,
      error: null,
      ...change,
    };
  }

  function setback(change: Partial<TaskEvent> = {}): TaskEvent {
    const dueAt = clock.now() + MINUTE;
    return { type: 'task', at: clock.now(), appointmentId: '7', outcome: 'retry', attempt: 1, dueAt, error, ...change };
  }

  function seen(change: Partial<DecisionEvent> = {}): DecisionEvent {
    const at = clock.now();
    return { type: 'decision', at, appointmentId: '7', reason: 'no-route', quiet: true, detail: null, ...change };
  }

  async function listed(appointmentId = '7'): Promise<readonly JournalEntry[]> {
    await clock.advance(2 * SECOND);
    return (await store.listJournal(appointmentId, 100)).unwrap();
  }

  describe('on the events of an engine', () => {
    it('writes many entries in one call, in the background', async () => {
      for (let hour = 0; hour < 50; hour++) journal.onEvent(action({ appointmentId: `${hour}` }));
      expect(store.writes).to.equal(0);
      await clock.advance(2 * SECOND);
      expect(store.writes).to.equal(1);
      expect(await listed('49')).to.have.length(1);
    });

    it('records a failed write once, with the time of its retry', async () => {
      journal.onEvent(setback());
      journal.onEvent(action({ outcome: 'retry', error }));
      const [entry, ...others] = await listed();
      expect(others).to.deep.equal([]);
      expect(entry).to.include({ kind: 'write', outcome: 'retry', reason: 'event-moved' });
      expect(entry?.dueAt).to.equal((entry?.at ?? 0) + MINUTE);
      expect(entry?.error).to.deep.equal({
        kind: 'refused',
        system: 'uschedule',
        message: 'slot is taken',
        reason: null,
      });
    });

    it('stores no text of the other side’s answers', async () => {
      journal.onEvent(action({ error: { ...error, payload: { name: 'Ana R.' } } }));
      expect(JSON.stringify(await listed())).not.to.contain('Ana');
    });

    it('records a change of the id under both ids', async () => {
      journal.onEvent(action({ successor: '8' }));
      expect((await listed('7')).map(({ kind, other }) => [kind, other])).to.deep.equal([['write', '8']]);
      expect((await listed('8')).map(({ kind, other }) => [kind, other])).to.deep.equal([['renamed', '7']]);
    });

    it('records no decision in sync, and none that an action reports', async () => {
      journal.onEvent(seen({ reason: 'in-sync' }));
      journal.onEvent(seen({ reason: 'event-moved', quiet: false }));
      expect(await listed()).to.deep.equal([]);
      expect(store.writes).to.equal(0);
    });

    it('records a decision that every poll repeats only once', async () => {
      for (let poll = 0; poll < 5; poll++) {
        journal.onEvent(seen());
        await clock.advance(MINUTE);
      }
      expect(await listed()).to.have.length(1);
      journal.onEvent(seen({ reason: 'orphan-unproven' }));
      journal.onEvent(seen());
      expect(await listed()).to.have.length(3);
    });

    it('records a lasting fault only a few times, and its end', async () => {
      for (let attempt = 1; attempt <= 20; attempt++) journal.onEvent(setback({ attempt }));
      journal.onEvent(setback({ attempt: 21, outcome: 'dead-letter', dueAt: null }));
      expect((await listed()).map(({ outcome }) => outcome)).to.deep.equal(['retry', 'retry', 'retry', 'dead-letter']);
    });
  });

  describe('when the store cannot be reached', () => {
    it('retries later, and keeps the order', async () => {
      store.failing = 'transient';
      journal.onEvent(action({ reason: 'event-moved' }));
      await clock.advance(2 * SECOND);
      journal.onEvent(action({ reason: 'event-deleted' }));
      store.failing = null;
      await clock.advance(MINUTE);
      expect((await listed()).map(({ reason }) => reason)).to.deep.equal(['event-moved', 'event-deleted']);
    });

    it('keeps a maximum number, and counts lost entries', async () => {
      store.failing = 'transient';
      for (let count = 0; count < 6000; count++) journal.onEvent(action({ appointmentId: `${count}` }));
      await clock.advance(MINUTE);
      expect(journal.dropped).to.equal(1000);
      store.failing = null;
      await clock.advance(MINUTE);
      expect(await listed('0')).to.have.length(0);
      expect(await listed('5999')).to.have.length(1);
    });

    it('drops entries that the store refuses permanently', async () => {
      store.failing = 'invalid';
      journal.onEvent(action());
      await clock.advance(MINUTE);
      expect(store.writes).to.equal(1);
      expect(journal.dropped).to.equal(1);
    });
  });

  describe('over time', () => {
    it('removes entries by age and number, at most once an hour', async () => {
      journal = new Journal({ store, clock, keepDays: 2, keepEntries: 3 });
      for (let day = 0; day < 4; day++) {
        for (let count = 0; count < 2; count++) journal.onEvent(action());
        await clock.advance(DAY);
      }
      expect(store.forgets.length).to.equal(4);
      expect((await listed()).length).to.be.at.most(4);
      const before = store.forgets.length;
      for (let minute = 0; minute < 30; minute++) {
        journal.onEvent(action());
        await clock.advance(MINUTE);
      }
      expect(store.forgets.length).to.equal(before + 1);
    });
  });

  describe('at the stop', () => {
    it('writes waiting entries, and accepts no new ones', async () => {
      journal.onEvent(action());
      await journal.stop();
      journal.onEvent(action({ reason: 'event-deleted' }));
      expect((await listed()).map(({ reason }) => reason)).to.deep.equal(['event-moved']);
    });

    it('does not wait for an unreachable store', async () => {
      store.failing = 'transient';
      journal.onEvent(action());
      await journal.stop();
      expect(store.writes).to.equal(1);
      await clock.advance(HOUR);
      expect(store.writes).to.equal(1);
    });
  });

  describe('on a running engine', () => {
    it('records the history of a booking, and polls without changes write nothing', async () => {
      const bookings = new MemoryBookings({ clock });
      const calendars = new MemoryCalendars({ clock, calendars: [bay1.calendarId, bay2.calendarId] });
      const settings = { ...DEFAULT_SETTINGS, timeZone: 'America/Phoenix', bays: [bay1, bay2] };
      const engine = createSyncEngine({ bookings, calendars, store, clock, settings, observers: [journal] }).unwrap();
      await engine.start();
      const start = clock.now() + 26 * HOUR;
      const taken = start + 3 * HOUR;
      const id = bookings.user.book({ unit: bay1.resourceUnitId, start, customerName: 'Ana R.' });
      bookings.user.book({ unit: bay1.resourceUnitId, start: taken, customerName: 'Ben K.' });
      await clock.advance(2 * MINUTE);
      calendars.person.dragEvent(bay1.calendarId, `loft${id}`, { start: taken });
      await clock.advance(6 * MINUTE);
      calendars.person.deleteEvent(bay1.calendarId, `loft${id}`);
      await clock.advance(12 * MINUTE);
      const entries = await listed(id);
      expect(entries.map(({ reason, outcome }) => [reason, outcome])).to.deep.equal([
        ['new-booking', 'ok'],
        // The task waits some seconds for the other booking to leave the slot.
        ['edit-refused', null],
        ['edit-refused', 'ok'],
        ['event-deleted', 'ok'],
      ]);
      const refused = entries[2];
      expect(refused?.before?.start).to.equal(taken);
      expect(refused?.after?.start).to.equal(start);
      expect(refused?.error?.system).to.equal('uschedule');
      expect(refused?.changedAt).to.be.a('number');
      expect(JSON.stringify(entries)).not.to.contain('Ana');

      const { writes } = store;
      await clock.advance(3 * HOUR);
      expect(store.writes).to.equal(writes);
      await engine.stop();
      await journal.stop();
    });

    it('names the other id of a rebooked booking, under both ids', async () => {
      const bookings = new MemoryBookings({ clock, reschedule: 'off' });
      const calendars = new MemoryCalendars({ clock, calendars: [bay1.calendarId, bay2.calendarId] });
      const uschedule = { ...DEFAULT_SETTINGS.uschedule, reschedule: 'rebook' } as const;
      const settings = { ...DEFAULT_SETTINGS, timeZone: 'America/Phoenix', bays: [bay1, bay2], uschedule };
      const engine = createSyncEngine({ bookings, calendars, store, clock, settings, observers: [journal] }).unwrap();
      await engine.start();
      const start = clock.now() + 50 * HOUR;
      const id = bookings.user.book({ unit: bay1.resourceUnitId, start, customerName: 'Ana R.' });
      await clock.advance(2 * MINUTE);
      calendars.person.dragEvent(bay1.calendarId, `loft${id}`, { start: start + 3 * HOUR });
      await clock.advance(6 * MINUTE);
      const [now] = bookings.user.liveBookings();
      expect((await listed(now?.id ?? '')).map(({ kind, other }) => [kind, other])).to.deep.equal([['renamed', id]]);
      expect((await listed(id)).at(-1)).to.include({ reason: 'event-moved', other: now?.id });
      await engine.stop();
      await journal.stop();
    });
  });
});
