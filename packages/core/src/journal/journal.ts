import { DAY, HOUR, SECOND, type Instant } from '../domain/instant.js';
import type { JournalEntry } from '../domain/journal-entry.js';
import type { SyncEvent } from '../domain/sync-event.js';
import type { CancelTimer, Clock } from '../ports/clock.js';
import type { SyncObserver } from '../ports/sync-observer.js';
import { hasJournal, type SyncStore } from '../ports/sync-store.js';
import { Ok } from '../result.js';
import { actEntry, entriesOf, sameNews, type DraftEntry } from './entries.js';

/** Where the journal writes, and how much of it is kept. */
export interface JournalOptions {
  /** Of one that keeps no journal nothing is asked. */
  readonly store: Pick<SyncStore, 'supports' | 'addJournal' | 'forgetJournal'>;
  readonly clock: Clock;
  /** A number in [0, 1): tells the entries of this process from those of others. */
  readonly random?: () => number;
  /** Entries older than this are forgotten; default 30. */
  readonly keepDays?: number;
  /** At most so many entries are kept, of all appointments together; default 50,000. */
  readonly keepEntries?: number;
}

/** Entries wait so long for others before they are written. */
const GATHER_MS: number = SECOND;
/** So many go to the store in one call. */
const BATCH = 200;
/** So many wait in memory while the store cannot be reached; then the oldest are dropped. */
const WAITING_LIMIT = 5000;
/** A store that failed is tried again after so long. */
const RETRY_MS: number = 10 * SECOND;
/** The bounds are enforced at most so often, and only after something was written. */
const TIDY_MS: number = HOUR;
/** So many appointments are remembered with their last news, to tell what is new. */
const REMEMBERED = 5000;
/** Of one fault that comes again and again, so many attempts are written down. */
const SAME_SETBACKS = 3;

/**
 * Writes down what the engine does to each appointment and why, for people to read later (`SyncStore.listJournal`).
 *
 * It watches the engine's events and is never waited for: entries are gathered in memory and written in the background,
 * in batches. A store that cannot take them costs entries, never a sync action. What is no news is not written: a poll
 * that finds everything as it was writes nothing.
 *
 * ```
 * idle ──event──▶ gathering ──after a second──▶ writing ──▶ idle
 *                     ▲                            │ failed
 *                     └────────── waiting ◀────────┘
 * ```
 */
export class Journal implements SyncObserver {
  readonly #options: Required<JournalOptions>;
  readonly #instance: string;
  /** The last news of an appointment, and how often it has come. */
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

  /** Entries that were lost since the store could not take them. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes note of an event; writes nothing yet. */
  onEvent(event: SyncEvent): void {
    if (this.#stopped || !hasJournal(this.#options.store)) return;
    for (const draft of entriesOf(event)) this.#note(draft);
  }

  /** Takes note of what a person did by hand, in words; writes nothing yet. */
  noteAct(act: Pick<JournalEntry, 'at' | 'appointmentId' | 'detail'>): void {
    if (!this.#stopped && hasJournal(this.#options.store)) this.#note(actEntry(act));
  }

  /** Writes what is waiting. false: the store did not take it all. */
  async flush(): Promise<boolean> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
      if (this.#waiting.length > 0) this.#writeLater(RETRY_MS);
    });
    return this.#writing;
  }

  /** Writes what is waiting, once, and takes no more. */
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
    if (!this.#isNews(draft)) return;
    const sequence = (this.#sequence++).toString(36).padStart(7, '0');
    this.#waiting.push({ ...draft, id: `${this.#instance}-${sequence}` });
    if (this.#waiting.length > WAITING_LIMIT) {
      this.#waiting.shift();
      this.#dropped++;
    }
    this.#writeLater(GATHER_MS);
  }

  /** The engine tells a failed write twice, of the task and of the action: they are one entry. */
  #mergedWithSetback(draft: DraftEntry): boolean {
    const { appointmentId, at, outcome } = draft;
    const last = this.#waiting.at(-1);
    if (draft.kind !== 'write' || outcome === 'ok' || last?.kind !== 'setback') return false;
    if (last.appointmentId !== appointmentId || last.at !== at || last.outcome !== outcome) return false;
    this.#waiting[this.#waiting.length - 1] = { ...draft, id: last.id, dueAt: last.dueAt };
    return true;
  }

  #isNews(draft: DraftEntry): boolean {
    const { appointmentId, kind } = draft;
    const last = this.#last.get(appointmentId);
    const same = last !== undefined && sameNews(last.draft, draft);
    const times = same ? last.times + 1 : 1;
    // Moved to the end, so that the first is the one that was not heard of for longest.
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
      // A store that will not have them (`invalid`) will not have them later either.
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
