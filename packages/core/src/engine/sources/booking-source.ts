import { byAppointment, type BookingEventMap, type MapsByAppointment } from '../../domain/booking-event-map.js';
import type { Booking } from '../../domain/booking.js';
import { BOOKING_FEED, type FeedState, stopVersion } from '../../domain/feed-state.js';
import { MINUTE, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { DeadLetter } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import { creationTimeNotes } from '../../rules/creation-times.js';
import { bookingFingerprint } from '../../rules/needs-attention.js';
import type { EngineParts } from '../engine-parts.js';
import type { ListedStatuses } from '../observe/observe-booking.js';
import type { WorkItem } from '../queue/appointment-state.js';
import { replayOf } from '../queue/dead-letters.js';
import type { TaskQueue } from '../queue/task-queue.js';
import { Retention } from '../retention.js';
import {
  BookingComparison,
  dueRetries,
  isChange,
  unreadableOf,
  type Unrouted,
  heldCheckoutOf,
  type HeldCheckout,
  RecheckRotation,
} from './booking-findings.js';
import { BookingGuard } from './booking-guard.js';
import type { Source, SourceRun } from './source.js';

/** Interval of the checks of the store: each one writes a counter. */
const STORE_CHECK_MS: number = 10 * MINUTE;

const NO_APPOINTMENTS: ReadonlySet<string> = new Set();

/**
 * Lists the window and compares it with the maps. An appointment in sync causes no store write and no Google call. A missing
 * record alone proves nothing; its task reads it by id.
 */
export class BookingSource implements Source {
  readonly feed: string = BOOKING_FEED;
  readonly bay = null;
  readonly calendarId = null;
  /** This source is sticky: missing records and blind evidence are known best to the replica of the last poll. */
  readonly sticky = true;
  readonly everySeconds: number;
  /** The held checkouts in the latest poll of this process. */
  heldCheckouts: readonly HeldCheckout[] = [];
  readonly #parts: EngineParts;
  readonly #queue: TaskQueue;
  /** Rotation of the missing records, and of the dead letters whose cause has ended. */
  readonly #missing = new RecheckRotation();
  readonly #outdated = new RecheckRotation();
  readonly #guard: BookingGuard;
  readonly #comparison: BookingComparison;
  readonly #retention: Retention;
  #withoutRoute = new Set<string>();
  /** The index of the latest list of maps. */
  #indexed: { readonly maps: readonly BookingEventMap[]; readonly mapOf: MapsByAppointment } | null = null;
  #held: ReadonlySet<string> = new Set();
  #orphaned: ReadonlySet<string> = new Set();
  #storeCheckedAt: Instant;
  #storeFault: string | null = null;

  constructor(parts: EngineParts, queue: TaskQueue) {
    this.#parts = parts;
    this.#queue = queue;
    this.#comparison = new BookingComparison(parts.rules);
    this.#guard = new BookingGuard(parts);
    this.#retention = new Retention(parts);
    this.everySeconds = parts.settings.uschedule.pollSeconds;
    this.#storeCheckedAt = parts.clock.now();
  }

  async run(state: FeedState | null): Promise<Result<SourceRun, SyncError>> {
    const { bookings, store, clock, windowAt } = this.#parts;
    const now = clock.now();
    const window = windowAt(now);
    const list = await bookings.listBookings(window);
    if (list.err) return list;
    const maps = await store.listMaps({ period: window });
    if (maps.err) return maps;
    const deadLetters = await store.listDeadLetters({});
    if (deadLetters.err) return deadLetters;
    this.#queue.noteDeadLetters(deadLetters.val);

    const resolved = await this.#parts.statuses.list(list.val.bookings, maps.val, now);
    if (resolved.err) return resolved;
    const mapOf = this.#indexOf(maps.val);
    const found = this.#comparison.next({ list: list.val, maps: maps.val, statuses: resolved.val }, mapOf, {
      now,
      historyBefore: window.from,
    });
    const deadLettered = new Map(deadLetters.val.map((deadLetter) => [deadLetter.appointmentId, deadLetter]));
    const stopped = this.#guard.stop(found, mapOf, resolved.val.slots, state, now);
    // An administrator resumed the feed: one whole run passes.
    const turns = state?.resumed ? found.missing.length : undefined;
    const cancelling = stopped ? [] : [...found.dead, ...found.movedAway, ...this.#missingWork(found.missing, turns)];
    const newlyHeld = this.#newlyHeld(found.held);
    const outdated = this.#newTo(deadLettered, list.val.bookings, resolved.val);
    const orphaned = stopped ? [] : this.#newlyOrphaned(found.deadUnmapped);
    const revived = [...dueRetries(deadLetters.val, now), ...outdated];
    const held = new Set(stopped?.items?.map(({ appointmentId }) => appointmentId));
    const changed = stopped ? found.changed.filter(({ appointmentId }) => !held.has(appointmentId)) : found.changed;
    const works = [...changed, ...cancelling, ...revived, ...orphaned, ...newlyHeld].filter((work) =>
      isChange(work, deadLettered),
    );
    const unstored = stopped ? new Set(found.dead.map(({ appointmentId }) => appointmentId)) : NO_APPOINTMENTS;
    const remembered = await resolved.val.remember(unstored, window.from);
    if (remembered.err) return remembered;
    this.#queue.retainReported(works);
    const added = await this.#queue.add(works);
    if (added.err) return added;
    const saved = await this.#remember(state, stopped, now);
    if (saved.err) return saved;
    const ended = await this.#parts.endedHolds.forget(mapOf, this.#queue);
    if (ended.err) return ended;
    const closed = await this.#noteCalendars();
    if (closed.err) return closed;
    await this.#checkStore(now);
    this.#reportWithoutRoute(found.withoutRoute, now);
    const forgotten = stopped ? Ok.EMPTY : await this.#retention.run(now);
    if (forgotten.err) return forgotten;
    const unreadable = unreadableOf(list.val, maps.val);
    const warnings = [...unreadable.warnings, ...resolved.val.warnings, ...this.#missingWarning(found.missing)];
    const ofBays = [...this.#parts.closedCalendars.notes(found.mirrors), ...this.#guard.notes(found, mapOf, now)];
    const ofTimes = creationTimeNotes(list.val.bookings, now, this.#parts.rules.timing);
    const notes = [...unreadable.notes, ...resolved.val.notes, ...ofBays, ...ofTimes];
    return Ok({ read: list.val.bookings.length, tasks: works.length, stopped, warnings, notes });
  }

  /** A store may return the same list while no map has changed. */
  #indexOf(maps: readonly BookingEventMap[]): MapsByAppointment {
    if (this.#indexed?.maps !== maps) this.#indexed = { maps, mapOf: byAppointment(maps) };
    return this.#indexed.mapOf;
  }

  /** Returns held checkouts that are new or different since the previous poll. Their tasks wait for the end of the hold. */
  #newlyHeld(held: readonly WorkItem[]): readonly WorkItem[] {
    this.heldCheckouts = held.flatMap(({ observed }) => heldCheckoutOf(observed.booking, this.#parts.rules) ?? []);
    const before = this.#held;
    const nameOf = ({ appointmentId, fingerprint, observed }: WorkItem): string =>
      `${appointmentId}:${fingerprint}:${observed.booking?.heldUntil}`;
    this.#held = new Set(held.map(nameOf));
    return held.filter((item) => !before.has(nameOf(item)));
  }

  /** Returns the dead bookings whose event waits for this proof (docs/decision-table.md#row-6): once for each. */
  #newlyOrphaned(dead: readonly WorkItem[]): readonly WorkItem[] {
    const orphaned = dead.filter(({ appointmentId }) => this.#parts.warnings.has(appointmentId));
    const before = this.#orphaned;
    this.#orphaned = new Set(orphaned.map(({ appointmentId }) => appointmentId));
    return orphaned.filter(({ appointmentId }) => !before.has(appointmentId));
  }

  /** Creates tasks for missing records, which read them by id. */
  #missingWork(missing: readonly string[], turns: number | undefined): readonly WorkItem[] {
    return [...this.#missing.next(missing, turns)].map((appointmentId) => {
      return {
        appointmentId,
        trigger: 'poll',
        event: null,
        observed: { missingFromList: true },
        fingerprint: 'missing',
      };
    });
  }

  /**
   * Returns dead letters whose cause the list no longer shows: the record could not be read by its id and is listed again,
   * or it has changed, perhaps to the state of its event.
   */
  #newTo(
    deadLettered: ReadonlyMap<string, DeadLetter>,
    bookings: readonly Booking[],
    statuses: ListedStatuses,
  ): readonly WorkItem[] {
    if (deadLettered.size === 0) return [];
    const outdated = bookings.flatMap((booking) => {
      const deadLetter = deadLettered.get(booking.appointmentId);
      if (!deadLetter) return [];
      const unread = deadLetter.fingerprint === null && deadLetter.error.system === this.#parts.systems.bookings;
      const other =
        deadLetter.fingerprint !== null &&
        deadLetter.fingerprint !== bookingFingerprint(booking, statuses.of(booking).status);
      return unread || other ? [deadLetter] : [];
    });
    const turn = this.#outdated.next(outdated.map(({ appointmentId }) => appointmentId));
    return outdated.filter(({ appointmentId }) => turn.has(appointmentId)).map(replayOf);
  }

  /** Stores the stop, and the end of the first run and of a resumed run. Without it the store counts as emptied. */
  async #remember(
    state: FeedState | null,
    stopped: FeedState['stopped'],
    now: Instant,
  ): Promise<Result<void, SyncError>> {
    const versionOf = (stop: FeedState['stopped']): string | null => stop && stopVersion(stop);
    const unchanged = state !== null && versionOf(state.stopped) === versionOf(stopped) && !state.resumed;
    if (unchanged) return Ok.EMPTY;
    return this.#parts.store.putFeedState({
      feed: this.feed,
      syncToken: null,
      tokenParameters: null,
      stopped,
      resumed: false,
      savedAt: now,
    });
  }

  async #noteCalendars(): Promise<Result<void, SyncError>> {
    const { closedCalendars } = this.#parts;
    const remembered = await closedCalendars.remember();
    return remembered.err ? remembered : closedCalendars.forgetTokens();
  }

  /** Reports a fault that no other call shows, such as a deleted file, once: its writes succeed and are lost. */
  async #checkStore(at: Instant): Promise<void> {
    if (Math.abs(at - this.#storeCheckedAt) < STORE_CHECK_MS) return;
    this.#storeCheckedAt = at;
    const checked = await this.#parts.store.ping();
    const fault = checked.err ? checked.val.message : null;
    const isNew = fault !== null && fault !== this.#storeFault;
    this.#storeFault = fault;
    if (!isNew) return;
    this.#parts.emit({ type: 'notice', at, level: 'error', message: fault, appointmentId: null, calendarId: null });
  }

  #reportWithoutRoute(unrouted: readonly Unrouted[], at: Instant): void {
    const before = this.#withoutRoute;
    this.#withoutRoute = new Set(unrouted.map(({ appointmentId }) => appointmentId));
    for (const { appointmentId, detail } of unrouted) {
      if (before.has(appointmentId)) continue;
      this.#parts.emit({ type: 'decision', at, appointmentId, reason: 'no-route', quiet: true, detail });
    }
  }

  #missingWarning(missing: readonly string[]): readonly string[] {
    const again = missing.filter((id) => this.#missing.hadTurn(id));
    if (again.length === 0) return [];
    const [what, them] =
      again.length === 1 ? ['1 mirrored booking is', 'it'] : [`${again.length} mirrored bookings are`, 'them'];
    return [`${what} missing from the list, though reading ${them} does not show ${them} cancelled`];
  }
}
