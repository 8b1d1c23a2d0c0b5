import type { CancelTimer, Clock } from '../ports/clock.js';
import type { EngineParts } from './engine-parts.js';
import type { UnreadCalendars } from './ports/unread-calendars.js';
import type { TaskQueue } from './queue/task-queue.js';
import type { Worker } from './queue/worker.js';
import type { SourceRunner } from './sources/source-runner.js';

export interface CalendarReadingOptions {
  readonly parts: EngineParts;
  readonly unread: UnreadCalendars;
  readonly queue: TaskQueue;
  readonly worker: Worker;
}

/**
 * Reads the calendars before any write to them. With an empty store, existing events must be known before a booking is
 * mirrored, because otherwise it would be mirrored twice. An unreadable calendar delays only its own bay
 * (docs/decision-table.md#guards).
 */
export class CalendarReading {
  readonly #options: CalendarReadingOptions;
  #rebuilding: Promise<void> | null = null;
  #isStopping = false;

  constructor(options: CalendarReadingOptions) {
    this.#options = options;
  }

  /**
   * Starts the calendars' feeds, each after the check of its channel, so that no change is missed between list and channel.
   * Calendars that the store knows are writable at once.
   *
   * Resolves when each of the other calendars was read once, has failed once, or does not answer; and when the known ones
   * were read, too, or after a short time. If the store is from a backup, their lists show which events have another
   * appointment since. Before the bookings are polled, these events can be adopted instead of created again.
   */
  async start(feeds: readonly SourceRunner[], channelChecked: (calendarId: string) => Promise<void>): Promise<void> {
    const { parts, unread } = this.#options;
    unread.hold(parts.rules.routing.bays, parts.clock.now(), true);
    const wasListed = await Promise.all(feeds.map((feed) => this.#wasListed(feed)));
    const listed = feeds.filter((_, index) => wasListed[index]);
    const notListed = feeds.filter((_, index) => !wasListed[index]);
    if (listed.length > 0) unread.endFirstReading();
    for (const { source } of listed) void this.calendarRead(source.calendarId ?? '');
    const read = async (feed: SourceRunner): Promise<void> => {
      await channelChecked(feed.source.calendarId ?? '');
      await feed.start();
    };
    // Bays that wait for their list come first.
    const firstReads = notListed.map(read);
    const againRead = Promise.all(listed.map(read));
    await this.#stalled(firstReads);
    await this.#endFirstReading();
    await settledWithin(againRead, parts.clock, parts.rules.timing.firstListPatienceMs);
  }

  /** Resumes the tasks that waited for the calendar, after work that started before its events were known. */
  async calendarRead(calendarId: string): Promise<void> {
    const { unread, worker } = this.#options;
    if (!unread.isHeld(calendarId)) return;
    await worker.runningEnded();
    unread.release(calendarId);
    // A task whose write was held back before the release is deferred when it ends.
    await worker.runningEnded();
    await worker.resumeDeferred();
  }

  /** A calendar whose first read was aborted by the stop is not reported. */
  stop(): void {
    this.#isStopping = true;
  }

  /** The store was emptied while the engine runs: the calendars are read first, as at a start with an empty store. */
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
    parts.closedCalendars.storeEmptied();
    unread.hold(parts.rules.routing.bays, parts.clock.now(), true);
    await this.#stalled(feeds.map((feed) => feed.wake()));
    await this.#endFirstReading();
  }

  /** Was the calendar listed before, by any replica or an earlier process? */
  async #wasListed(feed: SourceRunner): Promise<boolean> {
    const state = await this.#options.parts.store.getFeedState(feed.source.feed);
    return state.ok && typeof state.val?.syncToken === 'string';
  }

  /** Waits for the work that started before the first reading: it does not know the events that were read since. */
  async #endFirstReading(): Promise<void> {
    const { unread, worker } = this.#options;
    await worker.runningEnded();
    unread.endFirstReading();
    this.#reportUnread();
    await worker.resumeDeferred();
  }

  #stalled(reads: readonly Promise<void>[]): Promise<void> {
    const { clock, rules } = this.#options.parts;
    return settledOrStalled(reads, clock, rules.timing.firstListPatienceMs);
  }

  #reportUnread(): void {
    if (this.#isStopping) return;
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

/** Resolves when all have settled, or when none has settled for `patienceMs`. */
function settledOrStalled(waitedFor: readonly Promise<unknown>[], clock: Clock, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    let left = waitedFor.length;
    let cancelTimer: CancelTimer = () => undefined;
    const progress = (): void => {
      cancelTimer();
      if (left === 0) resolve();
      else cancelTimer = clock.setTimer(patienceMs, resolve);
    };
    for (const one of waitedFor) {
      void one.finally(() => {
        left--;
        progress();
      });
    }
    progress();
  });
}

/** Resolves when the work has settled, or after `patienceMs`. */
function settledWithin(work: Promise<unknown>, clock: Clock, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancelTimer = clock.setTimer(patienceMs, resolve);
    void work.finally(() => {
      cancelTimer();
      resolve();
    });
  });
}
