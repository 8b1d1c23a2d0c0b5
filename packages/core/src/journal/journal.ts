import { DAY, HOUR, SECOND, type Instant } from '../domain/instant.js';
import type { JournalEntry } from '../domain/journal-entry.js';
import type { SyncEvent } from '../domain/sync-event.js';
import type { CancelTimer, Clock } from '../ports/clock.js';
import type { SyncObserver } from '../ports/sync-observer.js';
import { hasJournal, type SyncStore } from '../ports/sync-store.js';
import { Ok } from '../result.js';
import { actEntry, entriesOf, sameReport, type DraftEntry } from './entries.js';

/** The store of the journal, and the limits of its size. */
export interface JournalOptions {
  /** If the store keeps no journal, the journal makes no calls. */
  readonly store: Pick<SyncStore, 'supports' | 'addJournal' | 'forgetJournal'>;
  readonly clock: Clock;
  /** Returns a number in [0, 1). Its first value separates the entry ids of this process from others. */
  readonly random?: () => number;
  /** Days after which entries are removed. Default 30. */
  readonly keepDays?: number;
  /** Maximum number of entries of all appointments. Default 50,000. */
  readonly keepEntries?: number;
}

/** Interval in which entries are collected before they are written. */
const GATHER_MS: number = SECOND;
/** Maximum number of entries per call of the store. */
const BATCH = 200;
/** Maximum number of entries in memory while the store is not reachable. Then the oldest are dropped. */
const WAITING_LIMIT = 5000;
/** Wait before the next attempt after a failed write. */
const RETRY_MS: number = 10 * SECOND;
/** Minimum interval between two enforcements of the limits. They are enforced only after a write. */
const TIDY_MS: number = HOUR;
/** Maximum number of appointments whose last entry is cached to suppress duplicates. */
const REMEMBERED = 5000;
/** Maximum number of written attempts of one repeated fault. */
const SAME_SETBACKS = 3;

/**
 * Writes the actions of the engine on each appointment, and their reasons, for people to read (`SyncStore.listJournal`).
 *
 * The journal observes the events of the engine, which never waits for it. Entries are collected in memory and written in
 * batches in the background. If the store fails, entries are lost, but no sync action is. Repeated reports are suppressed: a
 * poll without changes writes nothing.
 * ```
 * idle ──event──▶ gathering ──after a second──▶ writing ──▶ idle
 *                     ▲                            │ failed
 *                     └────────── waiting ◀────────┘
 * ```
 */
export class Journal implements SyncObserver {
  readonly #options: Required<JournalOptions>;
  readonly #instance: string;
  /** The last entry of an appointment, and its number of repetitions. */
  readonly #last = new Map<string, { readonly draft: DraftEntry; readonly times: number }>();
  #waiting: JournalEntry[] = [];
  #sequence = 0;
  #dropped = 0;
  #tidiedAt: Instant | null = null;
  #cancelTimer: CancelTimer | null = null;
  #writing: Promise<boolean> | null = null;
  #stopped = false;

  constructor(options: JournalOptions) {
    this.#options = { random: Math.random, keepDays: 30, keepEntries: 50_000, ...options };
    this.#instance = Math.floor(this.#options.random() * 36 ** 8)
      .toString(36)
      .padStart(8, '0');
  }

  /** Returns the number of entries that were lost because the store failed. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Records an event. The write follows later. */
  onEvent(event: SyncEvent): void {
    if (this.#stopped || !hasJournal(this.#options.store)) return;
    for (const draft of entriesOf(event)) this.#note(draft);
  }

  /** Records an administrator's manual action. The write follows later. */
  noteAct(act: Pick<JournalEntry, 'at' | 'appointmentId' | 'detail'>): void {
    if (!this.#stopped && hasJournal(this.#options.store)) this.#note(actEntry(act));
  }

  /** Writes the waiting entries. Returns false if the store did not accept all of them. */
  async flush(): Promise<boolean> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
      if (this.#waiting.length > 0) this.#writeLater(RETRY_MS);
    });
    return this.#writing;
  }

  /** Writes the waiting entries once and accepts no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#writing;
    await this.flush();
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #note(draft: DraftEntry): void {
    const merged = this.#mergedWithSetback(draft);
    if (merged) return;
    if (!this.#isChange(draft)) return;
    const sequence = (this.#sequence++).toString(36).padStart(7, '0');
    this.#waiting.push({ id: `${this.#instance}-${sequence}`, ...draft });
    if (this.#waiting.length > WAITING_LIMIT) {
      this.#waiting.shift();
      this.#dropped++;
    }
    this.#writeLater(GATHER_MS);
  }

  /** Combines the two reports of a failed write (of the task and of the action) into one entry. */
  #mergedWithSetback(draft: DraftEntry): boolean {
    const { appointmentId, at, outcome } = draft;
    const last = this.#waiting.at(-1);
    if (draft.kind !== 'write' || outcome === 'ok' || last?.kind !== 'setback') return false;
    if (last.appointmentId !== appointmentId || last.at !== at || last.outcome !== outcome) return false;
    this.#waiting[this.#waiting.length - 1] = { ...draft, id: last.id, dueAt: last.dueAt };
    return true;
  }

  #isChange(draft: DraftEntry): boolean {
    const { appointmentId, kind } = draft;
    const last = this.#last.get(appointmentId);
    const same = last !== undefined && sameReport(last.draft, draft);
    const times = same ? last.times + 1 : 1;
    // The entry moves to the end, so that the first one is the least recently updated.
    this.#last.delete(appointmentId);
    this.#last.set(appointmentId, { draft, times });
    if (this.#last.size > REMEMBERED) {
      const [oldest] = this.#last.keys();
      if (oldest !== undefined) this.#last.delete(oldest);
    }
    if (kind === 'write' || kind === 'renamed' || kind === 'act' || draft.outcome === 'dead-letter') return true;
    return times <= (draft.outcome === 'retry' ? SAME_SETBACKS : 1);
  }

  #writeLater(delayMs: number): void {
    if (this.#cancelTimer || this.#writing || this.#stopped) return;
    this.#cancelTimer = this.#options.clock.setTimer(delayMs, () => {
      this.#cancelTimer = null;
      void this.flush();
    });
  }

  async #write(): Promise<boolean> {
    const { store } = this.#options;
    let failed = false;
    while (this.#waiting.length > 0 && !failed) {
      const batch = this.#waiting.splice(0, BATCH);
      const added = (await store.addJournal?.(batch)) ?? Ok.EMPTY;
      if (added.ok) {
        await this.#tidy();
        continue;
      }
      // A store that refuses entries (`invalid`) will also refuse them later.
      if (added.val.kind === 'transient') {
        failed = true;
        this.#waiting.unshift(...batch);
      } else this.#dropped += batch.length;
    }
    return !failed;
  }

  async #tidy(): Promise<void> {
    const { clock, keepDays, keepEntries, store } = this.#options;
    const now = clock.now();
    if (this.#tidiedAt !== null && now - this.#tidiedAt < TIDY_MS) return;
    this.#tidiedAt = now;
    await store.forgetJournal?.(now - keepDays * DAY, keepEntries);
  }
}
