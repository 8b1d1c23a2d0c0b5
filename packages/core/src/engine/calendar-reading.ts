import type { EngineParts } from './engine-parts.js';
import type { SourceRunner } from './sources/source-runner.js';
import type { UnreadCalendars } from './ports/unread-calendars.js';
import type { TaskQueue } from './queue/task-queue.js';
import type { Worker } from './queue/worker.js';
import { settledOrStalled } from './settled-or-stalled.js';

export interface CalendarReadingOptions {
  readonly parts: EngineParts;
  readonly unread: UnreadCalendars;
  readonly queue: TaskQueue;
  readonly worker: Worker;
}

/**
 * Has the calendars read before anything is written to them: with an empty store, an event that exists must be known
 * before its booking is mirrored, or it would be mirrored twice. A calendar that cannot be read holds up its own bay
 * alone (docs/decision-table.md#guards).
 */
export class CalendarReading {
  readonly #options: CalendarReadingOptions;
  #rebuilding: Promise<void> | null = null;

  constructor(options: CalendarReadingOptions) {
    this.#options = options;
  }

  /** Starts the calendars' feeds. Resolves when each was read once, has failed once, or does not answer. */
  async start(feeds: readonly SourceRunner[]): Promise<void> {
    const { parts, unread } = this.#options;
    unread.hold(parts.rules.routing.bays);
    await this.#stalled(feeds.map((feed) => this.#firstListing(feed)));
    this.#reportUnread();
  }

  /** What waited for the calendar goes on, but for work that began before its events were known: that ends first. */
  async calendarRead(calendarId: string): Promise<void> {
    const { unread, worker } = this.#options;
    if (!unread.isHeld(calendarId)) return;
    if (worker.isWorking) await worker.runningEnded();
    unread.release(calendarId);
    // A task whose write was held a moment ago is deferred only when it has ended.
    if (worker.isWorking) await worker.runningEnded();
    await worker.resumeDeferred();
  }

  /** The store was emptied while the engine runs: as at a start with an empty one, the calendars are read first. */
  rebuild(feeds: readonly SourceRunner[]): Promise<void> {
    this.#rebuilding ??= this.#readAllAgain(feeds).finally(() => {
      this.#rebuilding = null;
    });
    return this.#rebuilding;
  }

  async #readAllAgain(feeds: readonly SourceRunner[]): Promise<void> {
    const { parts, unread, queue } = this.#options;
    const message = 'the store was emptied while the service runs: it is rebuilt from both systems';
    this.#notice('error', message);
    queue.states.clear();
    unread.hold(parts.rules.routing.bays);
    await this.#stalled(feeds.map((feed) => feed.wake()));
    this.#reportUnread();
  }

  /** Resolves when the calendar is known to have been listed once, by any replica, or its first list has failed. */
  async #firstListing(feed: SourceRunner): Promise<void> {
    const { parts } = this.#options;
    const listed = feed.start();
    const state = await parts.store.getFeedState(feed.source.feed);
    const wasListed = state.ok && typeof state.val?.syncToken === 'string';
    if (wasListed) void this.calendarRead(feed.source.calendarId ?? '');
    if (parts.store.shared && wasListed) return;
    await listed;
  }

  #stalled(reads: readonly Promise<void>[]): Promise<void> {
    const { clock, rules } = this.#options.parts;
    return settledOrStalled(reads, clock, rules.timing.firstListPatienceMs);
  }

  #reportUnread(): void {
    for (const bay of this.#options.unread.list()) {
      const what = `the calendar of bay ${bay} cannot be read yet`;
      this.#notice('warn', `${what}: its events wait until it can, all other bays are served`);
    }
  }

  #notice(level: 'warn' | 'error', message: string): void {
    const { clock, emit } = this.#options.parts;
    emit({ type: 'notice', at: clock.now(), level, message, appointmentId: null, calendarId: null });
  }
}
