import type { Bay } from '../../domain/bay.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { EventPatch } from '../../domain/calendar-event.js';
import { HOUR, MINUTE, SECOND } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { SyncEvent } from '../../domain/sync-event.js';
import type { BookingSlot, BookRequest } from '../../ports/booking-system.js';
import { replacedAppointment } from '../../rules/rebook-marker.js';
import { DEFAULT_SETTINGS, type SyncSettings } from '../../rules/settings.js';
import { MemoryData } from '../../store/memory-data.js';
import { MemoryStore } from '../../store/memory-store.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { MemoryBookings } from '../memory-bookings.js';
import { MemoryCalendars } from '../memory-calendars.js';
import { settleMicrotasks, VirtualClock } from '../virtual-clock.js';
import { BookingHistory } from './booking-history.js';
import { Faults } from './faults.js';
import type { DoneCall } from './faulty-port.js';
import { People, type Act } from './people.js';
import { RecordedBookings, STALEST_MS } from './recorded-bookings.js';
import { Replica } from './replica.js';
import { discrepancies, mapOfEvent, slotWords, type Discrepancy } from './rest-check.js';
import { SameBooking } from './same-booking.js';
import { SeededRandom } from './seeded-random.js';
import { FAULT_KINDS, type FaultKind, type SimulationOptions, type SimulationReport } from './simulation-options.js';
import { WriteLedger } from './write-ledger.js';

const LEASE_MS = 30_000;
/** Between two rests so many acts of people. */
const ACTS_BETWEEN_RESTS = 25;
/** How long the world is left alone until it has to be at rest: past every echo window, backoff and sweep. */
const REST_MS: number = 12 * MINUTE;
const TRACE_LINES = 4000;

const BAYS: readonly Bay[] = [1, 2, 3].map((number) => ({
  bay: `${number}`,
  name: `Bay ${number}`,
  resourceUnitId: 5520 + number,
  calendarId: `bay-${number}`,
}));
/** Bookable, and not one of ours. */
const UNROUTED_UNIT = 5999;

/** Looks into the store: a step only where something is found, or else waiting would be most of what happens. */
const LOOKS: ReadonlySet<string> = new Set(['claimTasks', 'nextTaskDueAt', 'acquireLease']);
const EVENT_WRITES: ReadonlySet<string> = new Set(['insertEvent', 'patchEvent', 'deleteEvent', 'moveEvent']);
const BOOKING_WRITES: ReadonlySet<string> = new Set(['cancelBooking', 'rescheduleBooking', 'book']);

/** Probability of each lasting fault, and of a crash, at each act. */
const DISTURBANCE: Partial<Record<FaultKind, number>> = {
  'empty-list': 0.01,
  'half-list': 0.01,
  outage: 0.015,
  'store-outage': 0.01,
  'missed-notification': 0.05,
  'token-expired': 0.02,
  'dead-channel': 0.01,
  'unshared-calendar': 0.01,
  crash: 0.08,
  pause: 0.04,
};
/** Streams of randomness from here on are those of disturbances; below them are those of acts. */
const DISTURBANCES = 10_000_000;

/** How a defect is put in on purpose, to see that it is found. */
export interface Sabotage {
  readonly store?: (store: MemoryStore, data: MemoryData) => SyncStore;
  readonly settings?: (settings: SyncSettings) => SyncSettings;
}

/**
 * The whole engine against model systems, on virtual time, everything decided by one seed: people on both sides,
 * faults at every port, processes that die and stall. Now and then the world is healed and left alone, and must then
 * be at rest: both sides agree, and nothing was done that nobody asked for.
 */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #sabotage: Sabotage;
  readonly #clock = new VirtualClock();
  readonly #callRandom: SeededRandom;
  readonly #bookings: MemoryBookings;
  readonly #recorded: RecordedBookings;
  readonly #calendars: MemoryCalendars;
  readonly #people: People;
  readonly #faults: Faults;
  readonly #data = new MemoryData();
  readonly #settings: SyncSettings;
  readonly #shared: boolean;
  #replicas: Replica[] = [];
  #replicaCount = 0;
  #steps = 0;
  #acts = 0;
  #crashes = 0;
  #deadLetters = 0;
  readonly #changes = { booking: 0, event: 0 };
  readonly #violations: string[] = [];
  readonly #trace: string[] = [];
  readonly #same = new SameBooking();
  readonly #history = new BookingHistory(this.#same);
  /** Replicas that die with one of their next calls, and with which. */
  readonly #doomed = new Map<string, number>();
  readonly #ledger: WriteLedger;
  /** Bookings whose edit we have put back since the last rest. */
  readonly #refused = new Set<string>();

  constructor(options: SimulationOptions, sabotage: Sabotage = {}) {
    this.#options = options;
    this.#sabotage = sabotage;
    this.#callRandom = new SeededRandom(options.seed, 2);
    const draw = new SeededRandom(options.seed, 3);
    const mode = draw.weighted({ 'same-id': 4, 'new-id': 3, rebook: 2, off: 1 });
    const { uschedule, google, rules, retry } = DEFAULT_SETTINGS;
    const settings: SyncSettings = {
      timeZone: draw.pick(['America/Phoenix', 'Europe/Berlin', 'Australia/Lord_Howe']) ?? 'UTC',
      bays: BAYS,
      uschedule: {
        ...uschedule,
        reschedule: mode === 'rebook' || mode === 'off' ? mode : 'method',
        cancellationHours: 24,
      },
      google: { ...google, sweepSeconds: 120, cancel: draw.chance(0.25) ? 'mark' : 'delete' },
      rules: { ...rules, conflict: draw.chance(0.3) ? 'booking-wins' : 'last-write-wins' },
      retry,
    };
    this.#settings = sabotage.settings?.(settings) ?? settings;
    this.#shared = draw.chance(0.5);
    this.#faults = new Faults(this.#clock, this.#callRandom, options.faults);
    this.#bookings = new MemoryBookings({
      clock: this.#clock,
      timeZone: settings.timeZone,
      units: [...BAYS.map((bay) => bay.resourceUnitId), UNROUTED_UNIT],
      cancellationHours: mode === 'rebook' || draw.chance(0.3) ? 24 : null,
      reschedule: mode === 'new-id' ? 'new-id' : mode === 'same-id' ? 'same-id' : 'off',
    });
    this.#recorded = new RecordedBookings(this.#bookings, this.#faults, this.#callRandom, () => this.#clock.now());
    this.#calendars = new MemoryCalendars({
      clock: this.#clock,
      calendars: BAYS.map((bay) => bay.calendarId),
      pageSize: draw.pick([3, 50, 2500]) ?? 50,
      notificationDelayMs: 200,
      onNotification: (notification) => {
        if (this.#faults.lasts('missed-notification')) return;
        const replica = this.#callRandom.pick(this.#replicas);
        void replica?.engine.notify(notification);
      },
    });
    this.#people = new People({
      bookings: this.#bookings,
      calendars: this.#calendars,
      bays: BAYS,
      otherUnit: UNROUTED_UNIT,
      ownerOf: (eventId) => mapOfEvent(this.#data, eventId)?.uscheduleAppointmentId ?? null,
      now: () => this.#clock.now(),
    });
    this.#ledger = new WriteLedger({
      same: this.#same,
      isRouted: (unit) => unit !== UNROUTED_UNIT,
      rebook: mode === 'rebook',
    });
    this.#say(
      () =>
        `reschedule ${mode}, cancel ${settings.google.cancel}, ${settings.rules.conflict}, shared store ${this.#shared}`,
    );
  }

  async run(): Promise<SimulationReport> {
    await this.#launchAll();
    while (this.#steps < this.#options.steps && this.#violations.length === 0) {
      if (this.#leavesOutRound()) continue;
      for (let act = 0; act < ACTS_BETWEEN_RESTS && this.#violations.length === 0; act++) {
        await this.#turn();
      }
      await this.#rest();
    }
    for (const replica of this.#replicas) replica.kill();
    return this.#report();
  }

  // -- what happens -----------------------------------------------------------------------------------------------
  /** A round of which every act is left out does not take place, nor the time it took. */
  #leavesOutRound(): boolean {
    const { skip } = this.#options;
    if (!skip) return false;
    for (let number = this.#acts; number < this.#acts + ACTS_BETWEEN_RESTS; number++) {
      if (!skip.has(number)) return false;
    }
    this.#acts += ACTS_BETWEEN_RESTS;
    return true;
  }

  async #turn(): Promise<void> {
    const number = this.#acts++;
    // Each act has its own randomness, so that leaving one out does not change the others.
    const random = new SeededRandom(this.#options.seed, 1000 + number);
    if (!this.#options.skip?.has(number)) {
      this.#disturb(number);
      if (random.chance(0.2)) await this.#readAhead(random);
      const act = this.#people.act(random);
      if (act) await this.#note(act, random);
    }
    await this.#pass(random.chance(0.5) ? random.int(1, 20) * SECOND : random.int(1, 8) * MINUTE);
  }

  /** Somebody asks for both sides to be read, just before something happens there. */
  async #readAhead(random: SeededRandom): Promise<void> {
    void random.pick(this.#replicas)?.engine.syncNow();
    await this.#pass(random.int(1, 2000));
  }

  async #note(act: Act, random: SeededRandom): Promise<void> {
    this.#steps++;
    this.#say(() => act.words);
    if (act.side === 'booking') this.#changes.booking++;
    if (act.side === 'event') this.#changes.event++;
    const { appointmentId, renamedTo } = act;
    if (appointmentId !== null && renamedTo !== undefined) this.#same.join(appointmentId, renamedTo);
    await this.#remember('people');
    if (appointmentId === null) return;
    this.#ledger.act(act);
    if (act.side !== 'booking' || !random.chance(0.5)) return;
    const times = this.#faults.enabled('duplicate-trigger') && random.chance(0.3) ? 3 : 1;
    for (let time = 0; time < times; time++) {
      if (time > 0) this.#faults.count('duplicate-trigger');
      void random.pick(this.#replicas)?.engine.hint(appointmentId);
    }
  }

  /**
   * One of the faults that last, or a crash. Each kind has its own randomness, so that leaving one out does not change
   * the others.
   */
  #disturb(act: number): void {
    for (const [index, kind] of FAULT_KINDS.entries()) {
      const random = new SeededRandom(this.#options.seed, DISTURBANCES + act * FAULT_KINDS.length + index);
      if (this.#faults.enabled(kind) && random.chance(DISTURBANCE[kind] ?? 0)) this.#strike(kind, random);
    }
  }

  #strike(kind: FaultKind, random: SeededRandom): void {
    const duration = random.chance(0.2) ? random.int(5, 20) * MINUTE : random.int(1, 90) * SECOND;
    switch (kind) {
      case 'outage':
        return this.#begin(kind, duration, random.chance(0.5) ? 'google' : 'uschedule');
      case 'store-outage':
        return this.#begin(kind, Math.min(duration, MINUTE), 'store');
      case 'token-expired':
        this.#faults.count(kind);
        this.#say(() => 'all sync tokens expire');
        return this.#calendars.expireSyncTokens({ forgetDeleted: random.chance(0.5) });
      case 'dead-channel':
        this.#faults.count(kind);
        this.#say(() => 'all watch channels die');
        return this.#calendars.expireChannels();
      case 'unshared-calendar':
        return this.#unshare(random);
      case 'crash':
        return this.#crash(random);
      case 'pause':
        return this.#pause(random);
      default:
        return this.#begin(kind, duration);
    }
  }

  #begin(kind: FaultKind, ms: number, system?: SyncSystem): void {
    this.#say(() => `${kind} ${system ?? ''} for ${Math.round(ms / SECOND)} s`);
    this.#faults.begin(kind, ms, system);
  }

  #unshare(random: SeededRandom): void {
    const bay = random.pick(BAYS);
    if (!bay) return;
    this.#faults.count('unshared-calendar');
    this.#say(() => `calendar ${bay.calendarId} is not shared for a while`);
    this.#calendars.shareCalendar(bay.calendarId, random.chance(0.5) ? 'none' : 'reader');
    this.#clock.setTimer(random.int(1, 10) * MINUTE, () => this.#calendars.shareCalendar(bay.calendarId, 'writer'));
  }

  /** Dies within the next seconds, or when one of its next calls has taken effect; another takes its place. */
  #crash(random: SeededRandom): void {
    const replica = random.pick(this.#replicas);
    if (!replica) return;
    if (random.chance(0.5)) this.#doomed.set(replica.name, random.int(1, 25));
    else this.#clock.setTimer(random.int(0, 3000), () => this.#die(replica));
  }

  #die(replica: Replica): void {
    const index = this.#replicas.indexOf(replica);
    if (index < 0 || !replica.alive) return;
    this.#faults.count('crash');
    this.#crashes++;
    this.#say(() => `${replica.name} crashes`);
    replica.kill();
    const down = this.#shared ? this.#callRandom.int(0, 60) * SECOND : 0;
    this.#clock.setTimer(down, () => void this.#launch(index));
  }

  /** Counts the calls of a replica that is to die. */
  #countDown(name: string): void {
    const left = this.#doomed.get(name);
    if (left === undefined) return;
    this.#doomed.set(name, left - 1);
    if (left > 1) return;
    this.#doomed.delete(name);
    const replica = this.#replicas.find((it) => it.name === name);
    if (replica) this.#die(replica);
  }

  #pause(random: SeededRandom): void {
    const replica = random.pick(this.#replicas);
    if (!replica) return;
    this.#clock.setTimer(random.int(0, 3000), () => {
      this.#faults.count('pause');
      this.#say(() => `${replica.name} stalls`);
      replica.pause();
      this.#clock.setTimer(random.int(1, 3 * LEASE_MS), () => replica.resume());
    });
  }

  async #launchAll(): Promise<void> {
    for (let index = 0; index < (this.#shared ? 2 : 1); index++) await this.#launch(index);
  }

  async #launch(index: number): Promise<void> {
    const name = `replica-${++this.#replicaCount}`;
    const store = new MemoryStore({ shared: this.#shared, data: this.#data });
    // A store that one process owns forgets the leases of the one before when it is opened.
    if (!this.#shared) for (const old of this.#replicas) await store.releaseTasks(old.name);
    const replica = new Replica({
      name,
      clock: this.#clock,
      random: this.#callRandom,
      faults: this.#faults,
      bookings: this.#recorded,
      calendars: this.#calendars,
      store: this.#sabotage.store?.(store, this.#data) ?? store,
      settings: this.#settings,
      leaseMs: LEASE_MS,
      onCall: (who, system, method, args) => this.#onCall(who, system, method, args),
      onDone: (who, system, call) => this.#onDone(who, system, call),
      onEvent: (who, event) => this.#onEvent(who, event),
    });
    this.#replicas[index] = replica;
    this.#say(() => `${name} starts`);
    await replica.engine.start();
  }

  async #pass(ms: number): Promise<void> {
    await this.#clock.advance(ms, this.#options.settle ?? settleMicrotasks);
  }

  // -- what is watched all along ------------------------------------------------------------------------------------
  #onCall(who: string, system: SyncSystem, method: string, args: readonly unknown[]): void {
    if (system === 'store' && LOOKS.has(method)) return;
    this.#steps++;
    if (system !== 'store') this.#say(() => `${who} → ${system} ${method} ${brief(args)}`);
  }

  #onDone(who: string, system: SyncSystem, call: DoneCall): void {
    const { method, args, result } = call;
    if (result.ok && system === 'google') this.#onCalendarDone(call);
    if (result.ok && system === 'uschedule') this.#onBookingDone(method, args, result.val);
    if (result.ok && system === 'store') this.#onStored(method, args, result.val);
    if (!LOOKS.has(method)) this.#countDown(who);
  }

  #onStored(method: string, args: readonly unknown[], answer: unknown): void {
    if (LOOKS.has(method) && foundSomething(answer)) this.#steps++;
    if (method !== 'putMap') return;
    const { uscheduleAppointmentId, intent, lastSyncedAt } = args[0] as BookingEventMap;
    if (intent === null) this.#history.synced(uscheduleAppointmentId, lastSyncedAt);
  }

  #onCalendarDone({ method, args, sentAt }: DoneCall): void {
    if (!EVENT_WRITES.has(method)) return;
    const eventId = String(args[1]);
    if (!eventId.startsWith('loft')) this.#violate(`${method} touched ${eventId}, which is not ours`);
    const patch = method === 'insertEvent' || method === 'patchEvent' ? (args[2] as EventPatch) : null;
    const owner = patch?.appointmentId ?? mapOfEvent(this.#data, eventId)?.uscheduleAppointmentId ?? eventId;
    this.#ledger.wrote('calendar', owner);
    // What was on its way for longer than a lease, nobody can call back.
    if (patch?.start === undefined || patch.end === undefined || this.#clock.now() >= sentAt + LEASE_MS) return;
    const shown = { appointmentId: owner, start: patch.start, end: patch.end };
    const fault = this.#history.faultOf(shown, this.#faults.everStale ? STALEST_MS : 0);
    if (fault !== null) this.#violate(fault);
  }

  async #remember(by: 'people' | 'us'): Promise<void> {
    this.#history.record(this.#bookings.desk.bookings(), by, this.#clock.now());
    await this.#recorded.remember();
  }

  #onBookingDone(method: string, args: readonly unknown[], answer: unknown): void {
    if (!BOOKING_WRITES.has(method)) return;
    void this.#remember('us');
    if (method === 'book') {
      const old = replacedAppointment((args[0] as BookRequest).notes);
      if (old === null) return this.#violate(`booking ${String(answer)} was made in nobody's place`);
      this.#ledger.wrote('booking', old);
      return this.#renamed(old, String(answer));
    }
    const id = String(args[0]);
    this.#ledger.wrote('booking', id);
    if (method === 'cancelBooking') this.#checkCancel(id);
    if (method === 'rescheduleBooking') this.#checkReschedule(id, args[1] as BookingSlot);
    if (method === 'rescheduleBooking' && answer !== id) this.#renamed(id, String(answer));
  }

  #renamed(from: string, to: string): void {
    this.#same.join(from, to);
    this.#ledger.renamed(from);
    this.#say(() => `${from} is ${to} now`);
  }

  #checkCancel(appointmentId: string): void {
    const map = this.#data.maps.get(appointmentId);
    if (this.#replacedByRebooking(appointmentId)) return;
    if (!map || !this.#people.deleted.has(map.googleEventId)) {
      this.#violate(`booking ${appointmentId} was cancelled, and nobody had deleted its event`);
    } else if (this.#people.mirrors().some(({ eventId }) => eventId === map.googleEventId)) {
      // A person may have taken it out of the bin within the last moments: that is a race nobody can win.
      this.#say(() => `booking ${appointmentId} was cancelled while its event came back`);
    }
  }

  /** Cancelled in favour of a booking that bears its marker, or a marked one cancelled again in favour of the old. */
  #replacedByRebooking(appointmentId: string): boolean {
    return this.#bookings.desk
      .bookings()
      .some(
        (booking) =>
          booking.notes.includes(`replaces ${appointmentId}]`) ||
          (booking.id === appointmentId && booking.notes.includes('[loft-sync replaces')),
      );
  }

  #checkReschedule(appointmentId: string, to: BookingSlot): void {
    const map = this.#data.maps.get(appointmentId);
    if (!map) return this.#violate(`booking ${appointmentId} was moved, and has no map`);
    const { googleEventId, base } = map;
    const timeWanted =
      (to.start === base.start && to.end === base.end) || this.#people.putToTime(googleEventId, to.start, to.end);
    const unit = BAYS.find(({ bay }) => bay === base.bay)?.resourceUnitId;
    const unitWanted = to.resourceUnitId === unit || this.#people.putToUnit(googleEventId, to.resourceUnitId);
    if (!timeWanted || !unitWanted)
      this.#violate(`booking ${appointmentId} was moved to where no person had put its event`);
  }

  #onEvent(who: string, event: SyncEvent): void {
    if (event.type === 'decision') {
      this.#say(() => `${who}: ${event.appointmentId} ${event.reason}`);
      if (event.reason === 'edit-refused') this.#ledger.refused(event.appointmentId);
    }
    if (event.type === 'task')
      this.#say(() => `${who}: ${event.appointmentId} ${event.outcome} ${event.attempt} ${event.error?.message}`);
    if (event.type === 'task' && event.outcome === 'dead-letter') this.#deadLetters++;
    if (event.type === 'feed' && event.outcome !== 'ok')
      this.#say(() => `${who}: ${event.feed} ${event.outcome} ${event.detail}`);
    if (event.type !== 'action') return;
    if (event.reason === 'edit-refused' || event.reason === 'conflict' || event.reason === 'unsupported-edit') {
      this.#refused.add(event.appointmentId);
    }
  }

  // -- at rest ----------------------------------------------------------------------------------------------------
  async #rest(): Promise<void> {
    this.#say(() => 'the world heals');
    this.#faults.heal();
    this.#doomed.clear();
    for (const bay of BAYS) this.#calendars.shareCalendar(bay.calendarId, 'writer');
    await this.#pass(REST_MS);
    for (const replica of this.#replicas) replica.resume();
    this.#checkAccounted();
    if (await this.#letGoOn()) await this.#pass(REST_MS);
    if (this.#violations.length > 0) return;
    this.#checkRest();
    if (this.#violations.length > 0) return;
    this.#people.settled();
    this.#refused.clear();
    this.#faults.unleash();
  }

  /** A person resumes what a guard has stopped, and replays what was given up. false: there was nothing of it. */
  async #letGoOn(): Promise<boolean> {
    const [engine] = this.#replicas.map((replica) => replica.engine);
    const stopped = [...this.#data.feedStates.values()].filter((state) => state.stopped !== null);
    for (const { feed } of stopped) await this.#ask(engine?.resumeFeed(feed));
    const letters = [...this.#data.deadLetters.values()];
    for (const { appointmentId } of letters) await this.#ask(engine?.replay(appointmentId));
    return stopped.length > 0 || letters.length > 0;
  }

  /** A question to an engine: its answer takes time like any other. */
  async #ask<T>(question: Promise<T> | undefined): Promise<T | undefined> {
    if (!question) return undefined;
    let answer: T | undefined;
    void question.then((value) => {
      answer = value;
    });
    await this.#pass(10 * SECOND);
    return answer;
  }

  get #discrepancies(): readonly Discrepancy[] {
    return discrepancies({
      people: this.#people,
      bookings: this.#bookings.desk.bookings(),
      data: this.#data,
      bays: BAYS,
      now: this.#clock.now(),
      google: this.#settings.google,
    });
  }

  /** What is not as it should be is either still being tried, or was given up and says so. */
  #checkAccounted(): void {
    const { tasks, deadLetters, feedStates } = this.#data;
    if ([...feedStates.values()].some((state) => state.stopped !== null)) return;
    const accounted = new Set([...tasks.keys(), ...deadLetters.keys()].map((id) => this.#same.of(id)));
    for (const { appointmentId, words } of this.#discrepancies) {
      if (!accounted.has(this.#same.of(appointmentId))) this.#violate(`${words}, and nothing accounts for it`);
    }
  }

  #checkRest(): void {
    if (this.#data.tasks.size > 0) this.#violate(`${this.#data.tasks.size} tasks are pending at rest`);
    if (this.#data.deadLetters.size > 0)
      this.#violate(`${this.#data.deadLetters.size} dead letters remain after a replay`);
    for (const { words } of this.#discrepancies) this.#violate(words);
    for (const act of this.#ledger.singleActs()) this.#checkWanted(act);
    const miscounted = this.#ledger.close();
    if (this.#options.faults.length > 0) return this.#checkWrites();
    for (const words of miscounted) this.#violate(words);
    if (this.#deadLetters > 0) this.#violate(`${this.#deadLetters} dead letters where nothing fails`);
  }

  /** The only thing that happened to a booking since the last rest must have come true, unless it was refused. */
  #checkWanted({ appointmentId, expect, words }: Act): void {
    if (appointmentId === null || expect === null) return;
    const id = this.#same.of(appointmentId);
    const isIt = (other: string): boolean => this.#same.of(other) === id;
    if ([...this.#refused].some(isIt)) return;
    const live = this.#bookings.desk.liveBookings().filter((booking) => isIt(booking.id));
    const there =
      expect.state === 'gone'
        ? live.length === 0
        : live.length === 1 &&
          live.every(({ start, end, unit }) => start === expect.start && end === expect.end && unit === expect.unit);
    if (there) return;
    const now = live.length === 0 ? 'it is not live' : `it is in ${live.map(slotWords).join(' and in ')}`;
    this.#violate(`${words}, to ${expect.state === 'gone' ? 'be gone' : slotWords(expect)}, but ${now}`);
  }

  /** At most one write for a change, plus what faults force and what the table asks for. */
  #checkWrites(): void {
    const forced = Object.values(this.#faults.counts).reduce((sum, count) => sum + count, 0);
    const { booking, event } = this.#changes;
    // A change of bay takes a move and a patch, an edit that is refused or loses is written back.
    if (this.#calendars.writeCount > 2 * booking + 2 * event + 3 * forced) {
      this.#violate(
        `${this.#calendars.writeCount} calendar writes for ${booking} booking changes and ${event} event changes`,
      );
    }
    // Rebooking takes two.
    if (this.#bookings.writeCount > 2 * event + 2 * forced) {
      this.#violate(`${this.#bookings.writeCount} booking writes for ${event} event changes`);
    }
  }

  // -- telling ------------------------------------------------------------------------------------------------------
  #violate(what: string): void {
    this.#violations.push(what);
    this.#say(() => `VIOLATION: ${what}`);
  }

  #say(words: () => string): void {
    if (!this.#options.trace) return;
    const hours = ((this.#clock.now() - START) / HOUR).toFixed(4);
    this.#trace.push(`${hours} h  ${words()}`);
    if (this.#trace.length > TRACE_LINES) this.#trace.shift();
  }

  #report(): SimulationReport {
    return {
      seed: this.#options.seed,
      steps: this.#steps,
      acts: this.#acts,
      crashes: this.#crashes,
      faults: this.#faults.counts,
      bookingChanges: this.#changes.booking,
      calendarWrites: this.#calendars.writeCount,
      eventChanges: this.#changes.event,
      bookingWrites: this.#bookings.writeCount,
      deadLetters: this.#deadLetters,
      virtualHours: (this.#clock.now() - START) / HOUR,
      violations: this.#violations,
      trace: this.#trace,
    };
  }
}

const START = new VirtualClock().now();

/** Tasks to work on, or a lease that was given. */
function foundSomething(answer: unknown): boolean {
  return answer === true || (Array.isArray(answer) && answer.length > 0);
}

function brief(args: readonly unknown[]): string {
  return args
    .map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)))
    .join(' ')
    .slice(0, 160);
}
