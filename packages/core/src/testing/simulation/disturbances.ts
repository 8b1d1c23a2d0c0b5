import { MINUTE, SECOND } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { Processes } from './processes.js';
import { SeededRandom } from './seeded-random.js';
import { FAULT_KINDS, type FaultKind } from './simulation-options.js';
import { BAYS, LEASE_MS, type SimulationWorld } from './simulation-world.js';
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
};
/** Streams of randomness from here on are those of disturbances; below them are those of acts. */
const STREAMS = 10_000_000;

/** Faults that last, crashes and stalls. */
export class Disturbances {
  readonly #seed: number;
  readonly #world: SimulationWorld;
  readonly #processes: Processes;
  readonly #trace: Trace;

  constructor(seed: number, world: SimulationWorld, processes: Processes, trace: Trace) {
    this.#seed = seed;
    this.#world = world;
    this.#processes = processes;
    this.#trace = trace;
  }

  /** What strikes with this act. Each kind has its own randomness: leaving one out does not change the others. */
  disturb(act: number): void {
    for (const [index, kind] of FAULT_KINDS.entries()) {
      const random = new SeededRandom(this.#seed, STREAMS + act * FAULT_KINDS.length + index);
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
      default:
        return this.#begin(kind, duration);
    }
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
