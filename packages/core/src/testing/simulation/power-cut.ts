import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Clock } from '../../ports/clock.js';
import type { SyncStore } from '../../ports/sync-store.js';
import type { MemoryData } from '../../store/memory-data.js';
import { backupOf, restore } from './store-backup.js';

/** Methods that flush before they return: `SyncStore.flush`, and those whose acknowledged effect must never be lost. */
const FLUSHED: ReadonlySet<keyof SyncStore> = new Set([
  'flush',
  'deadLetterTask',
  'deleteDeadLetter',
  'putChannel',
  'deleteChannel',
  'putLiveness',
  'addSignals',
] as const);

/** Methods whose effect is flushed shortly afterwards. */
const SOON: ReadonlySet<unknown> = new Set(['putMap', 'addTasks', 'putEventRecords']);
const SOON_MS = 500;

const NEVER: Promise<never> = new Promise(() => {});

/** The flushed data of a store in memory: a power failure loses everything after it. */
export class PowerCut {
  readonly #data: MemoryData;
  readonly #clock: Clock;
  #isFlushPlanned = false;
  #flushed: MemoryData;
  #cuts = 0;

  constructor(data: MemoryData, clock: Clock) {
    this.#data = data;
    this.#clock = clock;
    this.#flushed = backupOf(data);
  }

  /** Returns the store with recorded flushes. After the power failure its calls do nothing and are not answered. */
  watch(store: SyncStore): SyncStore {
    const poweredBy = this.#cuts;
    return new Proxy(store, {
      get: (target, name): unknown => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]): unknown => {
          if (poweredBy !== this.#cuts) return NEVER;
          const answer: unknown = Reflect.apply(member, target, args);
          // A store in memory completes its work before it returns.
          if (isFlushed(name, args)) this.settle();
          else if (SOON.has(name)) this.#flushSoon();
          return answer;
        };
      },
    });
  }

  /** Cuts the power: unflushed data is lost. */
  strike(): void {
    this.#cuts++;
    restore(this.#data, this.#flushed);
  }

  #flushSoon(): void {
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    const poweredBy = this.#cuts;
    this.#clock.setTimer(SOON_MS, () => {
      this.#isFlushPlanned = false;
      if (poweredBy === this.#cuts) this.settle();
    });
  }

  /** Marks the current content as flushed. */
  settle(): void {
    this.#flushed = backupOf(this.#data);
  }
}

function isFlushed(name: string | symbol, [first]: readonly unknown[]): boolean {
  if (name !== 'putMap') return (FLUSHED as ReadonlySet<unknown>).has(name);
  return !mayBeLost(first as BookingEventMap);
}

/** A new map can be rebuilt from its event. Writes after an intent wait for `flush` (docs/adr/0024). */
function mayBeLost({ version, intent }: BookingEventMap): boolean {
  return version === 0 || intent !== null;
}
