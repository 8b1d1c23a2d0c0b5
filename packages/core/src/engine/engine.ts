import type { Observable } from 'rxjs';
import type { Booking } from '../domain/booking.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import { misuse, type SyncError } from '../domain/sync-error.js';
import type { SyncEvent } from '../domain/sync-event.js';
import type { DeadLetter } from '../domain/task.js';
import type { ChannelNotification } from '../domain/watch-channel.js';
import type { MapQuery, StoreResult } from '../ports/sync-store.js';
import { Err, Ok, type Result } from '../result.js';
import { BookingSource } from './sources/booking-source.js';
import { CalendarSource } from './sources/calendar-source.js';
import { CalendarReading } from './calendar-reading.js';
import { ChannelManager } from './sources/channel-manager.js';
import { canWatch } from './sources/channels.js';
import type { SyncEngineOptions } from './engine-options.js';
import { createParts } from './create-parts.js';
import { EventStream } from './event-stream.js';
import type { FeedStop } from '../domain/feed-state.js';
import type { ResumeOutcome } from './sources/resume.js';
import { SourceRunner } from './sources/source-runner.js';
import { listClosedBayEvents, removeClosedBayEvents } from './closed-bays.js';
import { listCopies, removeCopies, type EventCopy, type RemovedCopies } from './copies.js';
import type { HeldCheckout } from './sources/booking-findings.js';
import { decideHeldEdits, listHeldEdits, type EditDecision, type HeldEdit } from './held-edits.js';
import { Notifications, ChannelAuthenticator } from './sources/notifications.js';
import { readinessOf, engineStatus } from './readiness.js';
import { Reconciler } from './reconcile/reconciler.js';
import type { EngineStatus, NotificationOutcome, Readiness, SyncEngine, TickReport } from './sync-engine.js';
import { undoChange, type UndoOutcome, type UndoRequest } from './undo-change.js';
import { UnreadCalendars } from './ports/unread-calendars.js';
import { TaskQueue } from './queue/task-queue.js';
import { replayDeadLetter } from './queue/dead-letters.js';
import { Worker } from './queue/worker.js';

const DEFAULT_CONCURRENCY = 16;

/** Connects feeds, worker, reconciler and channels. See `SyncEngine` for its contract. */
export class Engine implements SyncEngine {
  readonly events: Observable<SyncEvent>;
  readonly #parts: ReturnType<typeof createParts>;
  readonly #stream: EventStream;
  readonly #queue: TaskQueue;
  readonly #worker: Worker;
  readonly #bookingSource: BookingSource;
  readonly #bookingFeed: SourceRunner;
  readonly #calendarFeeds: readonly SourceRunner[];
  readonly #channels: ChannelManager | null;
  readonly #authenticator: ChannelAuthenticator | null;
  readonly #notifications: Notifications;
  readonly #calendarReading: CalendarReading;
  #running = false;
  #stopped = false;
  #starting: Promise<void> = Promise.resolve();

  constructor(given: SyncEngineOptions) {
    this.#stream = new EventStream(given.clock, given.observers ?? []);
    const options = { ...given, clock: this.#stream.clock };
    this.events = this.#stream.events;
    const unread = new UnreadCalendars();
    const parts = createParts(options, this.#stream.emit, unread);
    this.#parts = parts;
    this.#queue = new TaskQueue(parts);
    this.#worker = new Worker({
      parts,
      queue: this.#queue,
      reconciler: new Reconciler(parts),
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
    });
    this.#calendarReading = new CalendarReading({ parts, unread, queue: this.#queue, worker: this.#worker });
    this.#bookingSource = new BookingSource(parts, this.#queue);
    const onStoreEmptied = (): Promise<void> => this.#calendarReading.rebuild(this.#calendarFeeds);
    this.#bookingFeed = new SourceRunner(this.#bookingSource, parts, { onStoreEmptied });
    const sources = parts.settings.bays.map((bay) => new CalendarSource(bay, parts, this.#queue));
    this.#calendarFeeds = sources.map((source) => {
      const onRead = (): void => void this.#calendarReading.calendarRead(source.calendarId);
      return new SourceRunner(source, parts, { onRead, onStoreEmptied: async () => void onStoreEmptied() });
    });
    const { push } = options;
    this.#notifications = new Notifications(sources, this.#calendarFeeds, parts);
    const readAfterGap = (calendarId: string): void => this.#notifications.read(calendarId);
    this.#channels = push && canWatch(parts) ? new ChannelManager(parts, push, readAfterGap) : null;
    this.#authenticator = push && this.#channels ? new ChannelAuthenticator(parts, push, this.#channels) : null;
  }

  async start(): Promise<Result<void, SyncError>> {
    if (this.#stopped)
      return Err(misuse('start', 'the engine was stopped and cannot be started again: make a new one'));
    if (this.#running) return Ok.EMPTY;
    this.#running = true;
    this.#starting = this.#startUp();
    return Ok.EMPTY;
  }

  async #startUp(): Promise<void> {
    this.#parts.quotaShare?.start();
    void this.#channels?.start();
    this.#worker.start();
    await this.#calendarReading.start(this.#calendarFeeds, async (calendarId) => this.#channels?.checked(calendarId));
    if (!this.#running) return;
    const polled = this.#bookingFeed.start();
    this.#worker.open();
    await polled;
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#stopped = true;
    this.#notifications.stop();
    this.#parts.quota.closeBackground();
    this.#calendarReading.stop();
    await Promise.all([...this.#feeds.map((feed) => feed.stop()), this.#channels?.stop()]);
    await this.#starting;
    await this.#worker.stop();
    await this.#parts.quotaShare?.stop();
    this.#stream.complete();
  }

  get #feeds(): readonly SourceRunner[] {
    return [this.#bookingFeed, ...this.#calendarFeeds];
  }

  async hint(appointmentId: string): Promise<Result<void, SyncError>> {
    // A host in plain JavaScript may pass any value.
    if (typeof appointmentId !== 'string' || appointmentId === '') {
      return Err(misuse('hint', 'the id of the appointment must be a text that is not empty'));
    }
    this.#worker.admit(appointmentId);
    const observed = { changedAt: this.#parts.clock.now() };
    const added = await this.#queue.add([{ appointmentId, trigger: 'hint', event: null, observed, fingerprint: null }]);
    // The work has started. The sender of the hint gets the answer once the hint survives a power failure.
    return added.err ? added : this.#parts.store.flush();
  }

  notify(notification: ChannelNotification): Promise<Result<NotificationOutcome, SyncError>> {
    return this.#notifications.notify(notification, this.#authenticator);
  }

  async syncNow(): Promise<void> {
    await Promise.all(this.#feeds.map((feed) => feed.wake()));
  }

  async tick(): Promise<TickReport> {
    await this.#starting;
    await this.#parts.quotaShare?.recount();
    const before = this.#worker.finished;
    const channelsRenewed = (await this.#channels?.renew()) ?? 0;
    await Promise.all(this.#calendarFeeds.map((feed) => feed.wake()));
    await this.#bookingFeed.wake();
    await this.#worker.drain();
    return {
      polled: this.#bookingFeed.status().lastError === null,
      swept: this.#calendarFeeds.filter((feed) => feed.status().lastError === null).map((feed) => feed.source.feed),
      channelsRenewed,
      tasksDone: this.#worker.finished - before,
    };
  }

  async feedStop(name: string): Promise<Result<FeedStop | null, SyncError>> {
    const state = await this.#parts.store.getFeedState(name);
    return state.err ? state : Ok(state.val?.stopped ?? null);
  }

  async resumeFeed(name: string, version?: string): Promise<Result<ResumeOutcome | 'unknown', SyncError>> {
    const feed = this.#feeds.find(({ source }) => source.feed === name);
    return feed ? feed.resume(version) : Ok('unknown');
  }

  heldEdits(): Promise<Result<readonly HeldEdit[], SyncError>> {
    return listHeldEdits(this.#parts);
  }

  decideHeldEdits(
    decision: EditDecision,
    bay: string,
    appointmentIds?: readonly string[],
  ): Promise<Result<number, SyncError>> {
    return decideHeldEdits(decision, bay, appointmentIds, this.#parts, this.#queue);
  }

  undoChange(request: UndoRequest): Promise<Result<UndoOutcome, SyncError>> {
    return undoChange(request, this.#parts, this.#queue);
  }

  copies(): Promise<Result<readonly EventCopy[], SyncError>> {
    return listCopies(this.#parts);
  }

  removeCopies(): Promise<Result<RemovedCopies, SyncError>> {
    return removeCopies({ ...this.#parts, calendars: this.#parts.calendarsFor(() => 'command') });
  }

  closedBayEvents(): Promise<Result<readonly EventCopy[], SyncError>> {
    return listClosedBayEvents(this.#parts);
  }

  removeClosedBayEvents(): Promise<Result<RemovedCopies, SyncError>> {
    return removeClosedBayEvents({ ...this.#parts, calendars: this.#parts.calendarsFor(() => 'command') });
  }

  heldCheckouts(): readonly HeldCheckout[] {
    const { clock, mirrorAtOnce } = this.#parts;
    return this.#bookingSource.heldCheckouts.filter(
      ({ appointmentId, until }) => until > clock.now() && !mirrorAtOnce.has(appointmentId),
    );
  }

  mirrorNow(appointmentId: string): Promise<Result<void, SyncError>> {
    this.#parts.mirrorAtOnce.add(appointmentId);
    return this.hint(appointmentId);
  }

  status(): StoreResult<EngineStatus> {
    return engineStatus(this.#parts, {
      running: this.#running,
      feeds: this.#feeds.map((feed) => feed.status()),
      channels: this.#channels?.status() ?? [],
    });
  }

  async readiness(): Promise<Readiness> {
    return readinessOf(this.#parts, {
      claimError: this.#worker.claimError,
      feedProblems: this.#feeds.map((feed) => feed.problem()),
      feeds: this.#feeds.map((feed) => feed.status()),
      channels: this.#channels?.status() ?? [],
    });
  }

  maps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
    return this.#parts.store.listMaps(query);
  }

  latestBooking(appointmentId: string): Booking | null {
    return this.#parts.bookings.latest(appointmentId);
  }

  latestBookings(): readonly Booking[] {
    return this.#parts.bookings.allLatest();
  }

  deadLetters(page: { readonly after?: string; readonly limit?: number }): StoreResult<readonly DeadLetter[]> {
    return this.#parts.store.listDeadLetters(page);
  }

  replay(appointmentId: string): Promise<Result<boolean, SyncError>> {
    return replayDeadLetter(appointmentId, this.#queue, this.#parts);
  }
}
