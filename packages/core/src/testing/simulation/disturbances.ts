import { MINUTE, SECOND } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { MemoryData } from '../../store/memory-data.js';
import type { Act } from './act.js';
import { Bursts } from './bursts.js';
import { ClockFaults } from './clock-faults.js';
import { FAULT_CHANCES } from './fault-chances.js';
import type { Invariants } from './invariants.js';
import type { Processes } from './processes.js';
import { SeededRandom } from './seeded-random.js';
import { SettingsChanges } from './settings-changes.js';
import { FAULT_KINDS, type FaultKind } from './simulation-options.js';
import { LEASE_MS, type SimulationWorld } from './simulation-world.js';
import { backupOf, restore } from './store-backup.js';
import type { Trace } from './trace.js';

/** Each kind has its own random stream per act: a new kind does not change the others. */
const MOST_KINDS = 100;
/** Age of a deletion at which the event may be removed permanently: every sync has listed it. */
const PURGED_AFTER_MS: number = 30 * MINUTE;
/** Probability of a backup of the store. */
const BACKUPS = 0.05;
/** Random streams from here on belong to disturbances, lower ones to acts. */
const STREAMS = 10_000_000;
const BACKUP_STREAMS = 5_000_000;
const POWER_STREAMS = 7_000_000;
/** Probability of a power failure if one process owns the store: unflushed data is lost. */
const POWER_CUTS = 0.02;

export interface DisturbancesOptions {
  readonly seed: number;
  readonly world: SimulationWorld;
  readonly processes: Processes;
  readonly trace: Trace;
  /** Receives the acts of a burst. */
  readonly onAct: (act: Act) => void;
  /** Called when the store loses its data, or the settings change. */
  readonly onDisrupted: Invariants['onDisrupted'];
}

/** Lasting faults, crashes and stalls. */
export class Disturbances {
  readonly #seed: number;
  readonly #world: SimulationWorld;
  readonly #processes: Processes;
  readonly #trace: Trace;

  readonly #bursts: Bursts;
  readonly #settings: SettingsChanges;
  readonly #clocks: ClockFaults;
  readonly #onAct: (act: Act) => void;
  readonly #onDisrupted: Invariants['onDisrupted'];
  #backup: MemoryData | null = null;

  constructor({ seed, world, processes, trace, onAct, onDisrupted }: DisturbancesOptions) {
    this.#seed = seed;
    this.#world = world;
    this.#processes = processes;
    this.#trace = trace;
    this.#onDisrupted = onDisrupted;
    this.#onAct = onAct;
    this.#settings = new SettingsChanges({ world, processes, trace, onDisrupted });
    this.#clocks = new ClockFaults({ world, processes, trace, onDisrupted });
    this.#bursts = new Bursts({ people: world.people, clock: world.clock, faults: world.faults, onAct });
  }

  /** Starts the disturbances of this act. Each kind has its own random stream, so leaving one out does not change the others. */
  disturb(act: number): void {
    if (new SeededRandom(this.#seed, BACKUP_STREAMS + act).chance(BACKUPS)) this.#backup = backupOf(this.#world.data);
    this.#cutPower(new SeededRandom(this.#seed, POWER_STREAMS + act));
    for (const [index, kind] of FAULT_KINDS.entries()) {
      const random = new SeededRandom(this.#seed, STREAMS + act * MOST_KINDS + index);
      if (this.#world.faults.enabled(kind) && random.chance(FAULT_CHANCES[kind] ?? 0)) this.#strike(kind, random);
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
        this.#report(kind, 'all sync tokens expire');
        return this.#world.calendars.expireSyncTokens({ forgetDeleted: random.chance(0.5) });
      case 'dead-channel':
        this.#report(kind, 'all watch channels die');
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
        return this.#clocks.jump(random);
      case 'clock-ahead':
        return this.#clocks.advance(random);
      case 'store-emptied':
        return this.#loseStore(kind, null);
      case 'calendar-replaced':
      case 'bay-renamed':
      case 'bay-closed':
      case 'bays-swapped':
        return this.#settings.strike(kind, random);
      case 'store-emptied-running':
        return this.#emptyStore(kind);
      case 'ids-recycled':
        return this.#recycle(kind, random);
      case 'purged-bin':
        this.#report(kind, 'the trash of every calendar is emptied');
        return this.#world.calendars.purgeDeleted(this.#world.clock.now() - PURGED_AFTER_MS);
      case 'partial-pages':
        // A full list is needed for one of its pages to be incomplete.
        this.#world.calendars.expireSyncTokens({ forgetDeleted: false });
        this.#onDisrupted('edits-lost');
        return this.#begin(kind, duration);
      case 'missing-fields':
      case 'list-disagrees':
        this.#onDisrupted(kind === 'missing-fields' ? 'edits-kept' : 'edits-lost');
        this.#world.served.begin(kind, random);
        return this.#begin(kind, duration);
      case 'many-edits':
      case 'dependent-edits':
      case 'undo':
      case 'fighting-tool':
      case 'past-edit':
      case 'wiped-properties':
      case 'copied-elsewhere':
      case 'off-grid':
        this.#report(kind, kind);
        return this.#bursts.strike(kind, random);
      default:
        return this.#begin(kind, duration);
    }
  }

  /** Stops the processes, replaces the store, and starts the processes again. */
  #loseStore(kind: FaultKind, backup: MemoryData | null): void {
    this.#report(kind, kind);
    this.#onDisrupted('edits-lost');
    const { data, lostMaps, clock } = this.#world;
    this.#processes.restartAll(() => {
      restore(data, backup);
      if (backup) lostMaps.restored(clock.now());
      this.#world.powerCut.settle();
    });
  }

  heal(): void {
    this.#settings.heal();
  }

  /** The database of two running replicas is emptied. */
  #emptyStore(kind: FaultKind): void {
    const { data, shared, powerCut, lostMaps, clock } = this.#world;
    if (!shared) return;
    this.#report(kind, kind);
    this.#onDisrupted('edits-lost');
    lostMaps.note(data.maps, clock.now());
    restore(data, null);
    powerCut.settle();
  }

  /** The booking system gives a new booking the id of a cancelled one. */
  #recycle(kind: FaultKind, random: SeededRandom): void {
    const act = this.#world.people.customers.bookRecycledId(random);
    if (!act) return;
    this.#report(kind, kind);
    this.#onDisrupted('edits-kept');
    this.#onAct(act);
  }

  /** Occurs within the next seconds, during the work of an act. */
  #cutPower(random: SeededRandom): void {
    const { faults, clock, shared, powerCut } = this.#world;
    if (shared || !faults.enabled('crash') || !random.chance(POWER_CUTS)) return;
    clock.setTimer(random.int(0, 5000), () => {
      this.#report('crash', 'the power is cut');
      // Requests in transit still arrive. Unflushed data is lost at once.
      this.#processes.restartAll(
        () => {},
        () => powerCut.strike(),
      );
    });
  }

  /** An operator starts a second installation with its own store: empty, a copy, or a restored backup. */
  #install(random: SeededRandom): void {
    const { data } = this.#world;
    const store = random.pick([null, data, this.#backup]) ?? null;
    this.#report('second-installation', `a second installation starts with ${store ? 'maps' : 'an empty store'}`);
    this.#onDisrupted('edits-lost');
    this.#processes.startSecond(store, random.int(2, 25) * MINUTE);
  }

  #report(kind: FaultKind, words: string): void {
    this.#world.faults.count(kind);
    this.#trace.say(() => words);
  }

  #begin(kind: FaultKind, ms: number, system?: SyncSystem): void {
    this.#trace.say(() => `${kind} ${system ?? ''} for ${Math.round(ms / SECOND)} s`);
    this.#world.faults.begin(kind, ms, system);
  }

  #unshare(random: SeededRandom): void {
    const { calendars, clock, plan } = this.#world;
    const bay = random.pick(plan.open);
    if (!bay) return;
    this.#report('unshared-calendar', `calendar ${bay.calendarId} is not shared for a while`);
    calendars.shareCalendar(bay.calendarId, random.chance(0.5) ? 'none' : 'reader');
    clock.setTimer(random.int(1, 10) * MINUTE, () => calendars.shareCalendar(bay.calendarId, 'writer'));
  }

  /** A process dies within the next seconds, or after one of its next calls has taken effect. */
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
      this.#report('pause', `${replica.name} stalls`);
      replica.pause();
      clock.setTimer(random.int(1, 3 * LEASE_MS), () => replica.resume());
    });
  }
}
