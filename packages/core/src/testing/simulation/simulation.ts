import { HOUR, MINUTE, SECOND, type Instant } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { SyncEvent } from '../../domain/sync-event.js';
import { settleMicrotasks } from '../virtual-clock.js';
import { Disturbances } from './disturbances.js';
import { heldEdits } from './held-edits.js';
import type { DoneCall } from './faulty-port.js';
import { Invariants } from './invariants.js';
import type { Act } from './act.js';
import { Processes } from './processes.js';
import { SeededRandom } from './seeded-random.js';
import type { SimulationOptions, SimulationReport } from './simulation-options.js';
import { createSimulationWorld, worldWords, type Sabotage, type SimulationWorld } from './simulation-world.js';
import { Trace } from './trace.js';

/** Number of acts between two quiescent states. */
const ACTS_BETWEEN_RESTS = 25;
/** Time without acts before the world must be quiescent: longer than every echo window, backoff and sweep interval. */
const REST_MS: number = 12 * MINUTE;
/** The end of that time, in which no appointment is decided about at every poll. */
const QUIET_MS: number = 5 * MINUTE;
/** Probability that both sides are read just before an act, and that acts in the booking system are hinted. */
const READ_AHEAD_SHARE = 0.2;
const HINTED_SHARE = 0.5;
/** Probability that an administrator decides about held edits. */
const ROUNDS_OF_DECISIONS = 4;
/** Store queries. They count as a step only if they find something, because otherwise most steps would be waiting. */
const STORE_QUERIES: ReadonlySet<string> = new Set(['claimTasks', 'nextTaskDueAt', 'acquireLease']);

/**
 * Runs the whole engine against model systems on virtual time, determined by one seed: users on both sides, faults at every
 * port, processes that die and stall. At intervals all faults end and no act happens. Then the world must become quiescent:
 * both sides agree, and no write was made without a user's request.
 */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #world: SimulationWorld;
  readonly #trace: Trace;
  readonly #invariants: Invariants;
  readonly #processes: Processes;
  readonly #disturbances: Disturbances;
  readonly #start: Instant;
  readonly #changes = { booking: 0, event: 0 };
  #steps = 0;
  #acts = 0;
  #deadLetters = 0;

  constructor(options: SimulationOptions, sabotage: Sabotage = {}) {
    this.#options = options;
    this.#world = createSimulationWorld(options, sabotage, (notification) => {
      void this.#processes.pick(this.#world.random)?.engine.notify(notification);
    });
    const { clock } = this.#world;
    this.#start = clock.now();
    this.#trace = new Trace(options.trace ?? false, () => clock.now());
    this.#invariants = new Invariants(this.#world, this.#trace);
    const watch = {
      onCall: (who: string, system: SyncSystem, method: string, args: readonly unknown[]): void =>
        this.#onCall(who, system, method, args),
      onDone: (who: string, system: SyncSystem, call: DoneCall): void => this.#onDone(who, system, call),
      onEvent: (who: string, event: SyncEvent): void => this.#onEvent(who, event),
    };
    this.#processes = new Processes(this.#world, sabotage, watch, this.#trace);
    this.#disturbances = new Disturbances({
      seed: options.seed,
      world: this.#world,
      processes: this.#processes,
      trace: this.#trace,
      onAct: (act) => this.#note(act, this.#world.random),
      onDisrupted: (edits) => this.#invariants.onDisrupted(edits),
    });
    this.#trace.say(() => worldWords(this.#world));
  }

  async run(): Promise<SimulationReport> {
    const { violations } = this.#invariants;
    await this.#processes.startAll();
    while (this.#steps < this.#options.steps && violations.length === 0) {
      if (this.#leavesOutRound()) continue;
      for (let act = 0; act < ACTS_BETWEEN_RESTS && violations.length === 0; act++) await this.#turn();
      if (violations.length === 0) await this.#rest();
    }
    this.#processes.killAll();
    return this.#report();
  }

  /** A round without any of its acts does not take place, and takes no time. */
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
    // Each act has its own random stream, so leaving one out does not change the others.
    const random = new SeededRandom(this.#options.seed, 1000 + number);
    if (!this.#options.skip?.has(number)) {
      this.#disturbances.disturb(number);
      if (random.chance(READ_AHEAD_SHARE)) await this.#readAhead(random);
      const act = this.#world.people.act(random);
      if (act) this.#note(act, random);
      const snatched =
        act && this.#world.people.customers.snatch(act, new SeededRandom(this.#options.seed, -1 - number));
      if (snatched) this.#note(snatched, random);
    }
    await this.#pass(random.chance(0.5) ? random.int(1, 20) * SECOND : random.int(1, 8) * MINUTE);
  }

  /** Reads both sides just before an act. */
  async #readAhead(random: SeededRandom): Promise<void> {
    void this.#processes.pick(random)?.engine.syncNow();
    await this.#pass(random.int(1, 2000));
  }

  #note(act: Act, random: SeededRandom): void {
    const { appointmentId, side, words } = act;
    this.#steps++;
    this.#trace.say(() => words);
    if (side !== 'other') this.#changes[side]++;
    this.#invariants.onAct(act);
    if (appointmentId === null || side !== 'booking' || !random.chance(HINTED_SHARE)) return;
    const { faults } = this.#world;
    const times = random.chance(0.3) && faults.enabled('duplicate-trigger') ? 3 : 1;
    for (let time = 0; time < times; time++) {
      if (time > 0) faults.count('duplicate-trigger');
      void this.#processes.pick(random)?.engine.hint(appointmentId);
    }
  }

  async #rest(): Promise<void> {
    const { faults, calendars, people, plan } = this.#world;
    this.#trace.say(() => 'the world heals');
    faults.heal();
    this.#processes.heal();
    this.#disturbances.heal();
    // The next full list contains the events that an incomplete page omitted.
    if (faults.counts['partial-pages']) calendars.expireSyncTokens({ forgetDeleted: false });
    for (const calendarId of plan.calendarIds) calendars.shareCalendar(calendarId, 'writer');
    await this.#quiesce();
    this.#invariants.checkAccounted();
    if (await this.#letGoOn()) await this.#quiesce();
    this.#invariants.checkRest();
    this.#processes.removeSecond();
    people.settled();
    faults.unleash();
  }

  async #quiesce(): Promise<void> {
    await this.#pass(REST_MS - QUIET_MS);
    this.#invariants.beginQuiet();
    await this.#pass(QUIET_MS);
  }

  /**
   * An administrator resumes stopped feeds, replays dead letters, and hints at tasks that are due too late. Returns false if
   * there were none, and no task waits.
   */
  async #letGoOn(): Promise<boolean> {
    const { data, random, clock } = this.#world;
    const engine = this.#processes.pick(random)?.engine;
    // A clock that was ahead has left tasks that are due at its time: a hint makes them due now. The engine itself claims
    // only those that are due later than any task waits.
    const late = [...data.tasks.values()].filter(({ dueAt }) => dueAt > clock.now() + REST_MS);
    for (const { appointmentId } of late) await this.#ask(engine?.hint(appointmentId));
    const stopped = [...data.feedStates.values()].filter((state) => state.stopped !== null);
    for (const { feed } of stopped) await this.#ask(engine?.resumeFeed(feed));
    const letters = [...data.deadLetters.values()];
    for (const { appointmentId } of letters) await this.#ask(engine?.replay(appointmentId));
    const held = heldEdits(data);
    // An edit that waits for the slot of a held edit is held until that edit is decided.
    for (let round = 0; round < ROUNDS_OF_DECISIONS; round++) {
      for (const { bay, appointmentId } of heldEdits(data)) {
        const decision = random.chance(0.5) ? 'release' : 'revert';
        await this.#ask(engine?.decideHeldEdits(decision, bay, [appointmentId]));
      }
    }
    const waits = data.tasks.size > 0;
    return waits || late.length > 0 || stopped.length > 0 || letters.length > 0 || held.length > 0;
  }

  /** A request to an engine. Its answer takes time. */
  async #ask(question: Promise<unknown> | undefined): Promise<void> {
    void question;
    await this.#pass(10 * SECOND);
  }

  async #pass(ms: number): Promise<void> {
    await this.#world.clock.advance(ms, this.#options.settle ?? settleMicrotasks);
  }

  // -- observation -------------------------------------------------------------------------------------------------
  #onCall(who: string, system: SyncSystem, method: string, args: readonly unknown[]): void {
    if (system === 'store' && STORE_QUERIES.has(method)) return;
    this.#steps++;
    if (system !== 'store') this.#trace.say(() => `${who} → ${system} ${method} ${brief(args)}`);
  }

  #onDone(who: string, system: SyncSystem, call: DoneCall): void {
    this.#invariants.onDone(system, call);
    if (!STORE_QUERIES.has(call.method)) this.#processes.countCall(who);
    else if (call.result.ok && foundSomething(call.result.val)) this.#steps++;
  }

  #onEvent(who: string, event: SyncEvent): void {
    this.#invariants.onEvent(event);
    if (event.type === 'decision') this.#trace.say(() => `${who}: ${event.appointmentId} ${event.reason}`);
    if (event.type === 'feed' && event.outcome !== 'ok') {
      this.#trace.say(() => `${who}: ${event.feed} ${event.outcome} ${event.detail}`);
    }
    if (event.type !== 'task') return;
    if (event.outcome === 'dead-letter') this.#deadLetters++;
    this.#trace.say(() => `${who}: ${event.appointmentId} ${event.outcome} ${event.attempt} ${event.error?.message}`);
  }

  #report(): SimulationReport {
    const { faults, calendars, bookings, clock } = this.#world;
    return {
      seed: this.#options.seed,
      steps: this.#steps,
      acts: this.#acts,
      crashes: this.#processes.crashes,
      faults: faults.counts,
      bookingChanges: this.#changes.booking,
      calendarWrites: calendars.writeCount,
      eventChanges: this.#changes.event,
      bookingWrites: bookings.writeCount,
      deadLetters: this.#deadLetters,
      virtualHours: (clock.now() - this.#start) / HOUR,
      violations: this.#invariants.violations,
      trace: this.#trace.lines,
    };
  }
}

/** Tasks to process, or a lease that was granted. */
function foundSomething(answer: unknown): boolean {
  return answer === true || (Array.isArray(answer) && answer.length > 0);
}

function brief(args: readonly unknown[]): string {
  return args
    .map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)))
    .join(' ')
    .slice(0, 160);
}
