import { MINUTE, SECOND } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { MemoryData } from '../../store/memory-data.js';
import type { Act } from './act.js';
import { Bursts } from './bursts.js';
import type { Processes } from './processes.js';
import { SeededRandom } from './seeded-random.js';
import { FAULT_KINDS, type FaultKind } from './simulation-options.js';
import { BAYS, LEASE_MS, MOST_SKEW, MOST_SKEW_OF_REPLICAS, type SimulationWorld } from './simulation-world.js';
import { backupOf, restore } from './store-backup.js';
import type { Trace } from './trace.js';

/** Probability of each fault that lasts, and of a crash, at each act. Those of single calls are not here. */
const CHANCES: Partial<Record<FaultKind, number>> = {
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
  'garbled-record': 0.02,
  'refused-event': 0.02,
  'store-from-backup': 0.004,
  'store-emptied': 0.002,
  'many-edits': 0.01,
  'dependent-edits': 0.015,
  undo: 0.015,
  'fighting-tool': 0.004,
  'past-edit': 0.02,
  'wiped-properties': 0.002,
  'second-installation': 0.003,
  'copied-elsewhere': 0.004,
  'clock-jump': 0.006,
  'forbidden-event': 0.01,
};
/** Each kind has its own stream of randomness at each act: a new kind leaves those of the others as they are. */
const MOST_KINDS = 100;
/** How often a backup of the store is made. */
const BACKUPS = 0.05;
/** Streams of randomness from here on are those of disturbances; below them are those of acts. */
const STREAMS = 10_000_000;
const BACKUP_STREAMS = 5_000_000;
const POWER_STREAMS = 7_000_000;
/** How often the power is cut, where one process owns the store: what it has not flushed is gone. */
const POWER_CUTS = 0.02;

export interface DisturbancesOptions {
  readonly seed: number;
  readonly world: SimulationWorld;
  readonly processes: Processes;
  readonly trace: Trace;
  /** To be told of what people do in a burst. */
  readonly onAct: (act: Act) => void;
  /** To be told when the store forgets what it held. */
  readonly onStoreLost: () => void;
}

/** Faults that last, crashes and stalls. */
export class Disturbances {
  readonly #seed: number;
  readonly #world: SimulationWorld;
  readonly #processes: Processes;
  readonly #trace: Trace;

  readonly #bursts: Bursts;
  readonly #onStoreLost: () => void;
  #backup: MemoryData | null = null;

  constructor({ seed, world, processes, trace, onAct, onStoreLost }: DisturbancesOptions) {
    this.#seed = seed;
    this.#world = world;
    this.#processes = processes;
    this.#trace = trace;
    this.#onStoreLost = onStoreLost;
    this.#bursts = new Bursts({ people: world.people, clock: world.clock, faults: world.faults, onAct });
  }

  /** What strikes with this act. Each kind has its own randomness: leaving one out does not change the others. */
  disturb(act: number): void {
    if (new SeededRandom(this.#seed, BACKUP_STREAMS + act).chance(BACKUPS)) this.#backup = backupOf(this.#world.data);
    this.#cutPower(new SeededRandom(this.#seed, POWER_STREAMS + act));
    for (const [index, kind] of FAULT_KINDS.entries()) {
      const random = new SeededRandom(this.#seed, STREAMS + act * MOST_KINDS + index);
      if (this.#world.faults.enabled(kind) && random.chance(CHANCES[kind] ?? 0)) this.#strike(kind, random);
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
        this.#tell(kind, 'all sync tokens expire');
        return this.#world.calendars.expireSyncTokens({ forgetDeleted: random.chance(0.5) });
      case 'dead-channel':
        this.#tell(kind, 'all watch channels die');
        return this.#world.calendars.expireChannels();
      case 'unshared-calendar':
        return this.#unshare(random);
      case 'crash':
        return this.#crash(random);
      case 'pause':
        return this.#pause(random);
      case 'store-from-backup':
        return this.#loseStore(kind, this.#backup);
      case 'second-installation':
        return this.#install(random);
      case 'clock-jump':
        return this.#jump(random);
      case 'store-emptied':
        return this.#loseStore(kind, null);
      case 'many-edits':
      case 'dependent-edits':
      case 'undo':
      case 'fighting-tool':
      case 'past-edit':
      case 'wiped-properties':
      case 'copied-elsewhere':
        this.#tell(kind, kind);
        return this.#bursts.strike(kind, random);
      default:
        return this.#begin(kind, duration);
    }
  }

  /** Processes are stopped, the store is replaced, and they start again. */
  #loseStore(kind: FaultKind, backup: MemoryData | null): void {
    this.#tell(kind, kind);
    this.#onStoreLost();
    const { data } = this.#world;
    this.#processes.restartAll(() => {
      restore(data, backup);
      this.#world.powerCut.settle();
    });
  }

  /** Within the next seconds, so that it strikes in the middle of the work that an act has caused. */
  #cutPower(random: SeededRandom): void {
    const { faults, clock, shared, powerCut } = this.#world;
    if (shared || !faults.enabled('crash') || !random.chance(POWER_CUTS)) return;
    clock.setTimer(random.int(0, 5000), () => {
      this.#tell('crash', 'the power is cut');
      // What was under way reaches the other side; what was not flushed is gone at once.
      this.#processes.restartAll(
        () => {},
        () => powerCut.strike(),
      );
    });
  }

  /** Somebody starts the service once more, with a store of its own: an empty one, a copy, or that of a backup. */
  #install(random: SeededRandom): void {
    const { data } = this.#world;
    const store = random.pick([null, data, this.#backup]) ?? null;
    this.#tell('second-installation', `a second installation starts with ${store ? 'maps' : 'an empty store'}`);
    this.#onStoreLost();
    this.#processes.startSecond(store, random.int(2, 25) * MINUTE);
  }

  /** The clock of a process is put right, or goes wrong: it is slow by hours where nobody shares its store. */
  #jump(random: SeededRandom): void {
    const replica = this.#processes.pick(random);
    if (!replica) return;
    const most = this.#world.shared ? MOST_SKEW_OF_REPLICAS : MOST_SKEW;
    // A clock that is far ahead leaves tasks that are due at its time: docs/correctness.md says so.
    const ms = random.chance(0.3) ? 0 : random.int(0, most + MOST_SKEW_OF_REPLICAS) - most;
    this.#tell('clock-jump', `the clock of ${replica.name} is off by ${ms / SECOND} s from now on`);
    replica.setSkew(ms);
  }

  #tell(kind: FaultKind, words: string): void {
    this.#world.faults.count(kind);
    this.#trace.say(() => words);
  }

  #begin(kind: FaultKind, ms: number, system?: SyncSystem): void {
    this.#trace.say(() => `${kind} ${system ?? ''} for ${Math.round(ms / SECOND)} s`);
    this.#world.faults.begin(kind, ms, system);
  }

  #unshare(random: SeededRandom): void {
    const { calendars, clock } = this.#world;
    const bay = random.pick(BAYS);
    if (!bay) return;
    this.#tell('unshared-calendar', `calendar ${bay.calendarId} is not shared for a while`);
    calendars.shareCalendar(bay.calendarId, random.chance(0.5) ? 'none' : 'reader');
    clock.setTimer(random.int(1, 10) * MINUTE, () => calendars.shareCalendar(bay.calendarId, 'writer'));
  }

  /** One dies within the next seconds, or when one of its next calls has taken effect. */
  #crash(random: SeededRandom): void {
    const replica = this.#processes.pick(random);
    if (!replica) return;
    if (random.chance(0.5)) this.#processes.doom(replica, random.int(1, 25));
    else this.#world.clock.setTimer(random.int(0, 3000), () => this.#processes.kill(replica));
  }

  #pause(random: SeededRandom): void {
    const replica = this.#processes.pick(random);
    if (!replica) return;
    const { clock } = this.#world;
    clock.setTimer(random.int(0, 3000), () => {
      this.#tell('pause', `${replica.name} stalls`);
      replica.pause();
      clock.setTimer(random.int(1, 3 * LEASE_MS), () => replica.resume());
    });
  }
}
