import { expect } from 'chai';
import {
  Err,
  HOUR,
  intlTimeZones,
  MemoryStore,
  MINUTE,
  Ok,
  SECOND,
  type BookingEventMap,
  type BookingSystem,
  type CalendarSystem,
  type DeadLetter,
  type SyncError,
  type SyncErrorKind,
  type SyncEvent,
} from '@loft/sync-core';
import type { SyncStore, ClaimedTask, SyncIntent } from '@loft/sync-core/store';
import type { SyncSystem } from '@loft/sync-core/adapters';
import { CallQuota, quotaLimits } from '#src/engine/ports/call-quota.js';
import { Circuits } from '#src/engine/ports/circuit-breakers.js';
import { trustStatus, type StatusResolver } from '#src/engine/observe/observe-booking.js';
import type { Observation } from '#src/rules/situation.js';
import { MarkedEvents } from '#src/engine/observe/removals.js';
import { ClosedCalendars } from '#src/engine/closed-calendars.js';
import { EndedHolds } from '#src/engine/held-edits.js';
import { OurAccounts } from '#src/engine/our-accounts.js';
import { Reconciler } from '#src/engine/reconcile/reconciler.js';
import { createRules } from '#src/rules/rules.js';
import { pollWindow } from '#src/rules/window.js';
import { MemoryBookings, MemoryCalendars, VirtualClock, type MemoryBookingsOptions } from '#src/testing/index.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, BAYS, only, settingsWith, type Overrides } from './world.js';

/** Only the task was stored, so both sides are read. */
const TIME_ZONES = intlTimeZones();
const UNSEEN: Observation = { booking: null, changedAt: 0, events: [], mustReread: false, missingFromList: false };

function failure(system: SyncSystem, kind: SyncErrorKind): SyncError {
  return { kind, system, method: 'it', message: `${system} says ${kind}` };
}

interface Ports {
  readonly bookings?: Partial<BookingSystem>;
  readonly calendars?: Partial<CalendarSystem>;
  readonly store?: Partial<SyncStore>;
}

/** One reconciler between two systems in memory, for one appointment at a time. */
class Bench {
  readonly clock = new VirtualClock();
  store = new MemoryStore();
  readonly bookings: MemoryBookings;
  readonly calendars = new MemoryCalendars({ clock: this.clock, calendars: BAYS.map((bay) => bay.calendarId) });
  readonly events: SyncEvent[] = [];
  ports: Ports = {};
  statuses: StatusResolver = trustStatus;
  readonly #settings: Overrides;

  constructor(settings: Overrides = {}, studio: Partial<MemoryBookingsOptions> = {}) {
    this.#settings = settings;
    this.bookings = new MemoryBookings({ clock: this.clock, ...studio });
  }

  hour(hours: number): number {
    const now = this.clock.now();
    return now - (now % HOUR) + hours * HOUR;
  }

  book(hours = 100, notes = '', unit = BAY1.resourceUnitId): string {
    return this.bookings.user.book({ unit, start: this.hour(hours), customerName: 'Ana R.', notes });
  }

  async claim(appointmentId: string): Promise<ClaimedTask> {
    const now = this.clock.now();
    await this.store.addTasks([{ appointmentId, trigger: 'hint', event: null, dueAt: now }], now);
    const [task] = (await this.store.claimTasks({ owner: 'me', leaseMs: HOUR, limit: 1, now })).unwrap();
    return task!;
  }

  async work(appointmentId: string, task: Partial<ClaimedTask> = {}, seen: Observation | null = UNSEEN) {
    const { clock } = this;
    const settings = settingsWith(this.#settings);
    const store = overridden<SyncStore>(this.store, this.ports.store ?? {});
    const calendars = overridden<CalendarSystem>(this.calendars, this.ports.calendars ?? {});
    const parts = {
      systems: { bookings: 'uschedule', calendars: 'google' },
      accounts: new OurAccounts(null),
      closedCalendars: new ClosedCalendars({ store, clock, rules: createRules(settings, undefined, TIME_ZONES) }),
      endedHolds: new EndedHolds({ store, rules: createRules(settings, undefined, TIME_ZONES) }),
      markedEvents: new MarkedEvents(),
      mirrorAtOnce: new Set<string>(),
      warnings: new Map<string, string>(),
      bookings: overridden<BookingSystem>(this.bookings, this.ports.bookings ?? {}),
      statuses: this.statuses,
      calendars,
      calendarsFor: () => calendars,
      unthrottledCalendars: calendars,
      quota: new CallQuota(clock, quotaLimits(null, undefined)),
      circuits: new Circuits(clock, settings.retry),
      store,
      clock,
      settings,
      timeZones: TIME_ZONES,
      rules: createRules(settings, undefined, TIME_ZONES),
      windowAt: (now: number) => pollWindow(now, settings.timeZone, TIME_ZONES, settings.uschedule),
      random: () => 0.5,
      emit: (event: SyncEvent) => void this.events.push(event),
      owner: 'me',
      leaseMs: HOUR,
    };
    const claimed = await this.claim(appointmentId);
    const outcome = await new Reconciler(parts).work({ ...claimed, ...task }, seen);
    await this.store.completeTask(claimed, clock.now(), clock.now());
    return outcome;
  }

  /** A booking and its event, created some time ago. */
  async mirrored(notes = ''): Promise<string> {
    const id = this.book(100, notes);
    expect(await this.work(id)).to.have.property('kind', 'done');
    await this.clock.advance(MINUTE);
    return id;
  }

  async map(id: string): Promise<BookingEventMap> {
    return (await this.store.getMap(id)).unwrap()!;
  }

  /** Stores a started reschedule of the booking to hour 110 on that bay. */
  async begin(id: string, change: Partial<SyncIntent> = {}): Promise<SyncIntent> {
    const now = this.clock.now();
    const intent: SyncIntent = {
      kind: 'reschedule',
      start: this.hour(110),
      end: this.hour(111),
      bay: '1',
      since: now,
      triedAt: now,
      successor: null,
      ...change,
    };
    const map = await this.map(id);
    (await this.store.putMap({ ...map, intent, lastSyncedAt: now })).unwrap();
    return intent;
  }

  reasons(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'decision' ? [event.reason] : []));
  }
}

describe('the reconciler, after an interrupted reschedule', () => {
  it('first stores that it took effect, and writes nothing', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    const intent = await bench.begin(id, { bay: '2' });
    bench.bookings.user.move(id, { start: intent.start, unit: BAY2.resourceUnitId });
    bench.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: intent.start });
    bench.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    const writes = bench.calendars.writeCount;
    expect(await bench.work(id)).to.deep.equal({ kind: 'done', attempt: null, refusal: null });
    const { start, end } = intent;
    const map = await bench.map(id);
    expect(map).to.include({ intent: null, lastSource: 'GCAL', googleCalendarId: BAY2.calendarId });
    expect(map.base).to.include({ start, end, bay: '2' });
    expect(map.bookingWrittenAt).to.equal(bench.clock.now());
    expect(bench.calendars.writeCount).to.equal(writes);
    expect(bench.bookings.writeCount).to.equal(0);
  });

  for (const [what, move] of [
    ['at another time', { start: 105 }],
    ['on another unit', { start: 110, unit: BAY2.resourceUnitId }],
    ['for longer', { start: 110, minutes: 90 }],
    ['cancelled', null],
  ] as const) {
    it(`waits while the booking reads as ${what}, until that cannot be an outdated answer`, async () => {
      const bench = new Bench();
      const id = await bench.mirrored();
      const { triedAt } = await bench.begin(id);
      if (move === null) bench.bookings.user.cancel(id);
      else bench.bookings.user.move(id, { ...move, start: bench.hour(move.start) });
      const dueAt = triedAt + 25 * SECOND;
      expect(await bench.work(id)).to.deep.equal({ kind: 'wait', dueAt });
      await bench.clock.advance(25 * SECOND - 1);
      expect(await bench.work(id)).to.deep.equal({ kind: 'wait', dueAt });
      await bench.clock.advance(1);
      expect(await bench.work(id)).to.have.property('kind', 'done');
      expect(bench.reasons().at(-1)).to.equal(
        move === null ? 'booking-cancelled' : 'unit' in move ? 'booking-moved-bay' : 'booking-changed',
      );
    });
  }

  it('transfers the event to the new id of the booking, with its observation', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    const { start, end } = await bench.begin(id);
    bench.bookings.user.cancel(id);
    bench.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
    const by = bench.bookings.user.book({ unit: BAY1.resourceUnitId, start, customerName: 'Ana R.' });
    const seen = { at: bench.clock.now(), event: only(bench.calendars.events(BAY1.calendarId)), proven: false };
    const outcome = await bench.work(id, {}, { ...UNSEEN, events: [seen] });
    expect(outcome).to.deep.equal({ kind: 'superseded', by, events: [seen] });
    expect(await bench.map(id)).to.include({ status: 'CANCELED', supersededBy: by });
    expect((await bench.map(by)).base).to.include({ start, end });
    expect(only(bench.calendars.events(BAY1.calendarId)).marks.appointmentId).to.equal(by);
    // From now on the task belongs to the new booking.
    expect(await bench.work(id)).to.deep.equal({ kind: 'superseded', by, events: [] });
    expect(await bench.work(id, {}, null)).to.deep.equal({ kind: 'superseded', by, events: [] });
  });

  it('fails with the error of the reading, and does nothing', async () => {
    for (const method of ['getBooking', 'listBookings'] as const) {
      const bench = new Bench();
      const id = await bench.mirrored();
      await bench.begin(id);
      const error = failure('uschedule', 'transient');
      bench.ports = { bookings: { [method]: async () => Err(error) } };
      expect(await bench.work(id)).to.deep.include({ kind: 'failed', error, attempt: null });
    }
  });

  describe('by rebooking', () => {
    const REBOOK = { uschedule: { reschedule: 'rebook' } } as const;

    async function rebooked(): Promise<{ bench: Bench; id: string; by: string }> {
      const bench = new Bench(REBOOK, { cancellationHours: 24 });
      const id = await bench.mirrored();
      const { start } = await bench.begin(id);
      const by = bench.bookings.user.book({
        unit: BAY1.resourceUnitId,
        start,
        customerName: 'Ana R.',
        notes: `[loft:${id}]`,
      });
      return { bench, id, by };
    }

    it('cancels the old booking and transfers the event', async () => {
      const { bench, id, by } = await rebooked();
      expect(await bench.work(id)).to.deep.include({ kind: 'superseded', by });
      expect(bench.bookings.user.liveBookings().map((booking) => booking.id)).to.deep.equal([by]);
    });

    it('cancels nothing if the old booking is dead', async () => {
      const { bench, id, by } = await rebooked();
      bench.bookings.user.cancel(id);
      expect(await bench.work(id)).to.deep.include({ kind: 'superseded', by });
      expect(bench.bookings.writeCount).to.equal(0);
    });

    it('reverts the event and reports that, if the new booking was cancelled and would be visible', async () => {
      const { bench, id, by } = await rebooked();
      const { intent } = await bench.map(id);
      const begun = { ...intent!, successor: by };
      (await bench.store.putMap({ ...(await bench.map(id)), intent: begun })).unwrap();
      bench.bookings.user.cancel(by);
      expect(await bench.work(id)).to.include({ kind: 'wait' });
      const tried = { ...begun, triedAt: begun.triedAt - HOUR };
      (await bench.store.putMap({ ...(await bench.map(id)), intent: tried })).unwrap();
      bench.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: bench.hour(110) });
      const outcome = await bench.work(id, {}, null);
      expect(outcome).to.have.nested.property('refusal.kind', 'refused');
      expect(outcome).to.have.nested.property('attempt.reason', 'edit-refused');
      expect(only(bench.calendars.events(BAY1.calendarId)).start).to.equal(bench.hour(100));
      expect(bench.bookings.user.booking(id)).to.include({ state: 'live' });
    });

    it('fails if it is unknown whether the new booking exists', async () => {
      const { bench, id, by } = await rebooked();
      const error = failure('uschedule', 'transient');
      const { bookings } = bench;
      const getBooking: BookingSystem['getBooking'] = async (asked) =>
        asked === by ? Err(error) : bookings.getBooking(asked);
      bench.ports = { bookings: { getBooking } };
      expect(await bench.work(id)).to.deep.include({ kind: 'failed', error });
      expect(bench.bookings.user.liveBookings()).to.have.length(2);
    });
  });
});

describe('the reconciler, before it creates the first event of a booking', () => {
  it('finds the event that an earlier worker created on another bay, and moves it', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    bench.bookings.user.move(id, { unit: BAY2.resourceUnitId });
    bench.store = new MemoryStore();
    expect(await bench.work(id, { claims: 2 })).to.have.nested.property('attempt.reason', 'adopt');
    expect(bench.calendars.events(BAY1.calendarId)).to.deep.equal([]);
    expect(only(bench.calendars.events(BAY2.calendarId)).eventId).to.equal(`loft${id}`);
  });

  it('does not search without an earlier attempt, and does not use another user’s event', async () => {
    const bench = new Bench();
    const id = bench.book();
    const asked: string[] = [];
    const { calendars } = bench;
    const getEvent: CalendarSystem['getEvent'] = async (calendarId, eventId) => {
      asked.push(calendarId);
      return calendars.getEvent(calendarId, eventId);
    };
    bench.ports = { calendars: { getEvent } };
    expect(await bench.work(id, { claims: 1 })).to.have.nested.property('attempt.reason', 'new-booking');
    expect(asked).to.deep.equal([]);
    const other = bench.book(120);
    const draft = { start: bench.hour(1), end: bench.hour(2), title: '', description: '', free: false };
    await calendars.insertEvent(BAY2.calendarId, `loft${other}`, { ...draft, appointmentId: '7', bay: '2' });
    expect(await bench.work(other, { claims: 2 })).to.have.nested.property('attempt.reason', 'new-booking');
    expect(asked).to.deep.equal([BAY2.calendarId]);
  });

  it('waits at most a quarter of an hour while a running reschedule may have created the booking', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    await bench.begin(id);
    const next = bench.book(110);
    expect(await bench.work(next)).to.deep.equal({ kind: 'wait', dueAt: bench.clock.now() + SECOND });
    expect(await bench.work(bench.book(110, '', BAY2.resourceUnitId))).to.have.property('kind', 'done');
    expect(await bench.work(bench.book(112))).to.have.property('kind', 'done');
    await bench.clock.advance(15 * MINUTE - 1);
    expect(await bench.work(next)).to.have.property('kind', 'wait');
    await bench.clock.advance(1);
    expect(await bench.work(next)).to.have.nested.property('attempt.reason', 'new-booking');
  });

  it('does not wait for a move of an event, nor if bookings are not rescheduled', async () => {
    for (const [settings, kind] of [
      [{}, 'write-event'],
      [{ uschedule: { reschedule: 'off' } }, 'reschedule'],
    ] as const) {
      const bench = new Bench(settings);
      await bench.begin(await bench.mirrored(), { kind });
      expect(await bench.work(bench.book(110))).to.have.nested.property('attempt.reason', 'new-booking');
    }
  });

  it('creates no event if the booking has got its map meanwhile', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    const map = await bench.map(id);
    let looks = 0;
    bench.ports = { store: { getMap: async () => Ok(++looks === 1 ? null : map) } };
    expect(await bench.work(id)).to.deep.equal({ kind: 'done', attempt: null, refusal: null });
    expect(bench.calendars.writeCount).to.equal(1);
  });

  it('fails if the store does not answer', async () => {
    const error = failure('store', 'transient');
    const bench = new Bench();
    bench.ports = { store: { listMaps: async () => Err(error) } };
    expect(await bench.work(bench.book())).to.deep.include({ kind: 'failed', error });
    expect(bench.calendars.writeCount).to.equal(0);
  });
});

describe('the reconciler, for a booking that replaces one that still exists', () => {
  async function residue(): Promise<{ bench: Bench; id: string; by: string }> {
    const bench = new Bench();
    const id = await bench.mirrored();
    return { bench, id, by: bench.book(110, `[loft-sync replaces ${id}]`) };
  }

  const notices = (bench: Bench): readonly string[] =>
    bench.events.flatMap((event) => (event.type === 'notice' ? [`${event.level}: ${event.message}`] : []));

  /** The task is old enough that no installation is still between the two calls of a rebooking. */
  const old = (bench: Bench): Partial<ClaimedTask> => ({ createdAt: bench.clock.now() - 15 * MINUTE });

  it('waits until an exchange by another installation would have ended', async () => {
    const { bench, id, by } = await residue();
    const createdAt = bench.clock.now() - MINUTE;
    expect(await bench.work(by, { createdAt })).to.deep.equal({ kind: 'wait', dueAt: createdAt + 15 * MINUTE });
    expect(bench.bookings.user.liveBookings().map((booking) => booking.id)).to.deep.equal([id, by]);
    bench.bookings.user.cancel(id);
    await bench.work(id);
    expect(await bench.work(by, { createdAt })).to.have.nested.property('attempt.reason', 'new-booking');
  });

  it('does not wait if the original has a dead letter, because the rebooking was our own', async () => {
    const { bench, id, by } = await residue();
    const deadLetter: DeadLetter = {
      appointmentId: id,
      calendarId: null,
      eventId: null,
      reason: null,
      attempts: 8,
      error: failure('uschedule', 'invalid'),
      at: bench.clock.now(),
      fingerprint: null,
      retryAt: null,
      revivals: 0,
    };
    (await bench.store.deadLetterTask(await bench.claim(id), deadLetter)).unwrap();
    expect(await bench.work(by)).to.have.nested.property('attempt.reason', 'rebook-leftover');
  });

  it('cancels it after that, and reports it', async () => {
    const { bench, id, by } = await residue();
    expect(await bench.work(by, old(bench))).to.have.nested.property('attempt.reason', 'rebook-leftover');
    expect(bench.bookings.user.liveBookings().map((booking) => booking.id)).to.deep.equal([id]);
    expect(notices(bench)).to.deep.equal([
      `warn: booking ${by}, made in place of ${id}, was cancelled since that one exists`,
    ]);
  });

  it('waits while that one is being rescheduled, and then mirrors both and reports it', async () => {
    const { bench, id, by } = await residue();
    await bench.begin(id, { since: 0, start: bench.hour(130) });
    expect(await bench.work(by)).to.deep.equal({ kind: 'wait', dueAt: bench.clock.now() + SECOND });
    await bench.clock.advance(15 * MINUTE);
    expect(await bench.work(by)).to.have.nested.property('attempt.reason', 'new-booking');
    expect(notices(bench)).to.deep.equal([`error: two bookings may exist: ${id}, and ${by}, its replacement`]);
    expect(bench.bookings.writeCount).to.equal(0);
  });

  it('mirrors it, and reports it, if it cannot be cancelled', async () => {
    for (const kind of ['refused', 'not-found'] as const) {
      const { bench, id, by } = await residue();
      bench.ports = { bookings: { cancelBooking: async () => Err(failure('uschedule', kind)) } };
      expect(await bench.work(by, old(bench))).to.have.nested.property('attempt.reason', 'new-booking');
      expect(notices(bench)).to.deep.equal([
        `error: two bookings exist: ${id}, and ${by}, its replacement: uschedule says ${kind}`,
      ]);
    }
  });

  it('fails if the booking system does not answer', async () => {
    const { bench, by } = await residue();
    const error = failure('uschedule', 'transient');
    bench.ports = { bookings: { cancelBooking: async () => Err(error) } };
    expect(await bench.work(by, old(bench))).to.deep.include({ kind: 'failed', error });
    expect(bench.calendars.writeCount).to.equal(1);
  });

  it('is mirrored like any other if that one is dead, or never existed', async () => {
    const { bench, id, by } = await residue();
    bench.bookings.user.cancel(id);
    await bench.work(id);
    expect(await bench.work(by)).to.have.nested.property('attempt.reason', 'new-booking');
    const stranger = bench.book(120, '[loft-sync replaces 1]');
    expect(await bench.work(stranger)).to.have.nested.property('attempt.reason', 'new-booking');
  });
});

describe('the reconciler, when a write fails', () => {
  it('observes again if the event has changed meanwhile, and postpones the task after several attempts', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    bench.bookings.user.move(id, { start: bench.hour(110) });
    for (const kind of ['conflict', 'not-found', 'gone'] as const) {
      let tries = 0;
      const patchEvent = async () => {
        tries++;
        return Err(failure('google', kind));
      };
      bench.ports = { calendars: { patchEvent } };
      const outcome = await bench.work(id);
      expect(outcome).to.deep.include({ kind: 'failed', attempt: null });
      expect(outcome).to.have.deep.nested.property('error', {
        kind: 'transient',
        system: 'store',
        method: 'reconcile',
        message:
          `appointment ${id} changed again and again while it was worked on; ` +
          `the last answer to ${failure('google', kind).method} was: ${failure('google', kind).message}`,
      });
      expect(tries).to.be.within(6, 8);
    }
    bench.ports = {};
    expect(await bench.work(id)).to.have.nested.property('attempt.reason', 'booking-changed');
  });

  it('fails with any other error of the calendar, and names its action', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    bench.bookings.user.move(id, { start: bench.hour(110) });
    const error = failure('google', 'forbidden');
    const patchEvent = async () => {
      await bench.clock.advance(70);
      return Err(error);
    };
    bench.ports = { calendars: { patchEvent } };
    const outcome = await bench.work(id);
    expect(outcome).to.deep.include({ kind: 'failed', error });
    expect(outcome).to.deep.nested.include({ 'attempt.reason': 'booking-changed', 'attempt.durationMs': 70 });
    expect(outcome).to.have.nested.property('attempt.map.uscheduleAppointmentId', id);
    expect(outcome).to.have.nested.property('map.uscheduleAppointmentId', id);
    expect(outcome)
      .to.have.property('fingerprint')
      .that.matches(/^live:/);
  });

  it('is lost if the store reports a concurrent write', async () => {
    const bench = new Bench();
    const id = bench.book();
    bench.ports = { store: { putMap: async () => Err(failure('store', 'conflict')) } };
    expect(await bench.work(id)).to.deep.equal({ kind: 'lost' });
    bench.ports = { store: { getMap: async () => Err(failure('store', 'conflict')) } };
    expect(await bench.work(id)).to.deep.equal({ kind: 'lost' });
    bench.ports = { store: { getMap: async () => Err(failure('store', 'transient')) } };
    expect(await bench.work(id)).to.deep.include({ kind: 'failed', map: null, fingerprint: null });
  });

  it('reverts a refused edit, and fails if the revert is refused too', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    bench.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: bench.hour(110) });
    const refused = failure('uschedule', 'refused');
    bench.ports = { bookings: { rescheduleBooking: async () => Err(refused) } };
    const outcome = await bench.work(id, {}, null);
    expect(outcome).to.deep.include({ kind: 'done', refusal: refused });
    expect(outcome).to.have.nested.property('attempt.reason', 'edit-refused');
    expect(await bench.map(id)).to.include({ intent: null });
    expect(only(bench.calendars.events(BAY1.calendarId)).start).to.equal(bench.hour(100));
  });

  it('restores the event of a booking that may not be cancelled, but not of one that does not exist', async () => {
    for (const remaining of ['exists', 'unclear', 'gone'] as const) {
      const bench = new Bench();
      const id = await bench.mirrored();
      bench.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      bench.statuses = { ...trustStatus, existence: async () => Ok(remaining) };
      bench.ports = { bookings: { cancelBooking: async () => Err(failure('uschedule', 'refused')) } };
      const reason = remaining === 'gone' ? 'booking-cancelled' : 'edit-refused';
      expect(await bench.work(id, {}, null)).to.have.nested.property('attempt.reason', reason);
    }
  });
});

describe('the reconciler, after a crash', () => {
  it('does not carry a recent edit before its reading of the booking can be trusted', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    bench.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: bench.hour(110) });
    const dueAt = bench.clock.now() + 10 * SECOND;
    expect(await bench.work(id, { claims: 2 }, null)).to.deep.equal({ kind: 'wait', dueAt });
    await bench.clock.advance(10 * SECOND - 1);
    expect(await bench.work(id, { claims: 2 }, null)).to.deep.equal({ kind: 'wait', dueAt });
    expect(bench.bookings.writeCount).to.equal(0);
    await bench.clock.advance(1);
    expect(await bench.work(id, { claims: 2 }, null)).to.have.nested.property('attempt.reason', 'event-moved');
  });

  it('carries it at once if there was no earlier worker', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    bench.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: bench.hour(110) });
    expect(await bench.work(id, {}, null)).to.have.nested.property('attempt.reason', 'event-moved');
  });

  it('reads the event again if another process observed it, or an observation was lost', async () => {
    const cases: readonly [Partial<ClaimedTask>, Observation | null][] = [
      [{ claims: 2 }, UNSEEN],
      [{}, { ...UNSEEN, mustReread: true }],
      [{}, null],
      [{ event: { calendarId: BAY1.calendarId, eventId: 'loft700001' } }, UNSEEN],
    ];
    for (const [task, seen] of cases) {
      const bench = new Bench();
      const id = await bench.mirrored();
      bench.calendars.person.renameEvent(BAY1.calendarId, `loft${id}`, 'Party');
      await bench.work(id, task, seen);
      expect(bench.reasons().at(-1)).to.equal('text-edited');
    }
    const bench = new Bench();
    const id = await bench.mirrored();
    bench.calendars.person.renameEvent(BAY1.calendarId, `loft${id}`, 'Party');
    await bench.work(id);
    expect(bench.reasons().at(-1)).to.equal('in-sync');
  });
});

describe('the reconciler, about its decisions', () => {
  it('reports each decision, and whether it caused a write', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    await bench.work(id);
    const decisions = bench.events.flatMap((event) => (event.type === 'decision' ? [event] : []));
    expect(decisions.map(({ reason, quiet, appointmentId }) => ({ reason, quiet, appointmentId }))).to.deep.equal([
      { reason: 'new-booking', quiet: false, appointmentId: id },
      { reason: 'in-sync', quiet: true, appointmentId: id },
    ]);
  });

  it('observes an event again after five minutes if its booking is proved neither live nor dead, in blind mode', async () => {
    for (const status of ['blind', 'trusted'] as const) {
      const bench = new Bench({ uschedule: { status } });
      const id = await bench.mirrored();
      bench.store = new MemoryStore();
      bench.statuses = { ...trustStatus, read: async () => Ok({ status: 'unknown', sure: false }) };
      const event = { at: bench.clock.now(), event: only(bench.calendars.events(BAY1.calendarId)), proven: false };
      const outcome = await bench.work(id, {}, { ...UNSEEN, events: [event] });
      expect(bench.reasons().at(-1)).to.equal('orphan-unproven');
      expect(outcome).to.deep.equal(
        status === 'blind'
          ? { kind: 'wait', dueAt: bench.clock.now() + 5 * MINUTE }
          : { kind: 'done', attempt: null, refusal: null },
      );
    }
  });
});

describe('the reconciler, for a booking that is cancelled while its event is on another bay', () => {
  for (const cancel of ['delete', 'mark'] as const) {
    for (const what of ['nothing', 'the tombstone of the move'] as const) {
      it(`finds the event there without a notification of it, with ${what} observed (${cancel})`, async () => {
        const bench = new Bench({ google: { cancel } });
        const id = await bench.mirrored();
        bench.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
        bench.bookings.user.cancel(id);
        const left = (await bench.calendars.getEvent(BAY1.calendarId, `loft${id}`)).unwrap();
        const events = what === 'nothing' ? [] : [{ at: bench.clock.now(), event: left, proven: false }];
        const booking = (await bench.bookings.getBooking(id)).unwrap();
        const seen = { at: bench.clock.now(), booking, status: 'dead', sure: true } as const;
        const outcome = await bench.work(id, {}, { ...UNSEEN, booking: seen, events });
        expect(outcome).to.have.nested.property('attempt.reason', 'booking-cancelled');
        const remaining = bench.calendars.events(BAY2.calendarId).filter(({ free }) => !free);
        expect(remaining).to.deep.equal([]);
        expect(await bench.map(id)).to.include({ status: 'CANCELED' });
      });
    }
  }
});

describe('the reconciler, before an event is adopted', () => {
  async function copied(): Promise<{ bench: Bench; id: string; copy: string }> {
    const bench = new Bench();
    const id = await bench.mirrored();
    const copy = bench.calendars.person.copyEvent(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    bench.store = new MemoryStore();
    return { bench, id, copy };
  }

  it('uses its own event as the mirror, although only a copy was observed', async () => {
    const { bench, id, copy } = await copied();
    const event = { calendarId: BAY2.calendarId, eventId: copy };
    expect(await bench.work(id, { claims: 2, event }, null)).to.have.nested.property('attempt.reason', 'adopt');
    expect(await bench.map(id)).to.include({ googleEventId: `loft${id}`, googleCalendarId: BAY1.calendarId });
    expect(bench.calendars.writeCount).to.equal(1);
  });

  it('adopts an event with the id of another program if there is no other', async () => {
    const { bench, id, copy } = await copied();
    bench.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    const event = { calendarId: BAY2.calendarId, eventId: copy };
    expect(await bench.work(id, { claims: 2, event }, null)).to.have.nested.property('attempt.reason', 'adopt');
    expect(await bench.map(id)).to.include({ googleEventId: copy });
  });

  it('fails if the calendar cannot be read', async () => {
    const { bench, id, copy } = await copied();
    const error = failure('google', 'transient');
    const { calendars } = bench;
    const getEvent: CalendarSystem['getEvent'] = async (calendarId, eventId) =>
      eventId === copy ? calendars.getEvent(calendarId, eventId) : Err(error);
    bench.ports = { calendars: { getEvent } };
    const event = { calendarId: BAY2.calendarId, eventId: copy };
    expect(await bench.work(id, { claims: 2, event }, null)).to.deep.include({ kind: 'failed', error });
    expect((await bench.store.listMaps({})).unwrap()).to.deep.equal([]);
  });
});

describe('the reconciler, if the id of a new event is taken', () => {
  it('does not give up the id while the calendar hides the event with it', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    bench.store = new MemoryStore();
    const { calendars } = bench;
    let hidden = true;
    const getEvent: CalendarSystem['getEvent'] = async (calendarId, eventId) => {
      if (!hidden) return calendars.getEvent(calendarId, eventId);
      hidden = false;
      return Err(failure('google', 'not-found'));
    };
    bench.ports = { calendars: { getEvent } };
    expect(await bench.work(id)).to.have.nested.property('attempt.reason', 'adopt');
    expect(only(calendars.events(BAY1.calendarId)).eventId).to.equal(`loft${id}`);
  });
});

describe('the reconciler, after its own interrupted write', () => {
  it('does not treat it as an edit if the booking moves back and the next write is interrupted too', async () => {
    const bench = new Bench();
    const id = await bench.mirrored();
    const failed = failure('google', 'transient');
    // The write reaches the event, and its answer is lost.
    const { calendars } = bench;
    bench.ports = {
      calendars: {
        patchEvent: async (...args) => {
          await calendars.patchEvent(...args);
          return Err(failed);
        },
      },
    };
    bench.bookings.user.move(id, { start: bench.hour(110) });
    expect(await bench.work(id)).to.have.property('kind', 'failed');
    // The booking moves back; this write is not sent at all.
    bench.bookings.user.move(id, { start: bench.hour(100) });
    bench.ports = { calendars: { patchEvent: async () => Err(failed) } };
    await bench.clock.advance(MINUTE);
    expect(await bench.work(id, { claims: 2 }, null)).to.have.property('kind', 'failed');
    bench.ports = {};
    await bench.clock.advance(MINUTE);
    await bench.work(id, { claims: 3 }, null);
    expect(bench.bookings.writeCount).to.equal(0);
    expect(only(bench.calendars.events(BAY1.calendarId)).start).to.equal(bench.bookings.user.booking(id)!.start);
  });
});
