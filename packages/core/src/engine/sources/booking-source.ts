import { BOOKING_FEED, type FeedState, type FeedStop } from '../../domain/feed-state.js';
import { hasLeft, type BookingEventMap } from '../../domain/booking-event-map.js';
import type { Booking, BookingList, UnreadableBooking } from '../../domain/booking.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { DeadLetter } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import { bookingFingerprint } from '../../rules/fingerprint.js';
import { isShownBy } from '../../rules/rules.js';
import type { EngineParts } from '../engine-parts.js';
import type { Source, SourceRun } from './source.js';
import { freeSlotsStop, guardStop, type GuardedChange } from './feed-guard.js';
import { leavingStop } from './leaving-guard.js';
import type { Judge, Judgement, ListJudgement } from '../judging/judge.js';
import { RecheckRotation } from './recheck-rotation.js';
import { named, unreadableOf } from './unreadable-records.js';
import { dueRetries, isChange } from './dead-letter-retries.js';
import { replayOf, type WorkItem } from '../queue/work-item.js';
import type { TaskQueue } from '../queue/task-queue.js';

/** Records whose state the comparison found to need attention. */
interface Findings {
  /** New, changed or revived. */
  readonly changed: readonly WorkItem[];
  /** docs/decision-table.md#row-1a: a checkout may be in progress. */
  readonly held: readonly WorkItem[];
  /** Dead by what they say of themselves. */
  readonly dead: readonly WorkItem[];
  /** Mirrored, and on a unit now that is no bay's. */
  readonly leaving: readonly WorkItem[];
  /** Mirrored, and not listed any more. */
  readonly missing: readonly string[];
  readonly mirrors: readonly BookingEventMap[];
  readonly withoutRoute: readonly Unrouted[];
  /** Those of which something should be known. */
  readonly unreadable: readonly UnreadableBooking[];
}

/** An appointment that is at none of our bays, and why that is known. */
interface Unrouted {
  readonly appointmentId: string;
  readonly detail: string;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Lists the window and compares it with the maps. What is in step costs nothing: no store write, no Google call. A
 * record that is missing says nothing by that alone; its task reads it back by id.
 */
export class BookingSource implements Source {
  readonly feed: string = BOOKING_FEED;
  readonly bay = null;
  readonly calendarId = null;
  /** What is missing, and what blind mode has asked about, is known best by whoever polled last. */
  readonly sticky = true;
  readonly everySeconds: number;
  readonly #parts: EngineParts;
  readonly #queue: TaskQueue;
  readonly #judge: Judge;
  /** Whose turn it is of the missing records, and of those that were parked for what is over. */
  readonly #missing = new RecheckRotation();
  readonly #outdated = new RecheckRotation();
  #withoutRoute = new Set<string>();
  #held: ReadonlySet<string> = new Set();

  constructor(parts: EngineParts, queue: TaskQueue, judge: Judge) {
    this.#parts = parts;
    this.#queue = queue;
    this.#judge = judge;
    this.everySeconds = parts.settings.uschedule.pollSeconds;
  }

  async run(state: FeedState | null): Promise<Result<SourceRun, SyncError>> {
    const { bookings, store, clock, settings, windowAt } = this.#parts;
    const now = clock.now();
    const window = windowAt(now);
    const list = await bookings.listBookings(window);
    if (list.err) return list;
    const maps = await store.listMaps({ period: window });
    if (maps.err) return maps;
    const letters = await store.listDeadLetters({});
    if (letters.err) return letters;
    this.#queue.noteDeadLetters(letters.val);

    const judged = await this.#judge.list(list.val.bookings, maps.val, now);
    if (judged.err) return judged;
    const found = this.#compare(list.val, maps.val, judged.val, now, window.from);
    const parked = new Map(letters.val.map((letter) => [letter.appointmentId, letter]));
    const wouldCancel = found.dead.length + found.missing.length + found.leaving.length;
    const guard = (change: GuardedChange): FeedStop | null => guardStop(change, state, settings.rules, now);
    const stopped =
      leavingStop(
        new Set(found.leaving.map(({ appointmentId }) => appointmentId)),
        found.mirrors,
        settings.bays,
        guard,
      ) ??
      guard({ what: 'bookings are gone', wouldCancel, mirrors: found.mirrors.length }) ??
      (found.dead.length > 0 || state?.stopped ? freeSlotsStop(judged.val.slots, guard) : null);
    // A person lets one run pass: all of it.
    const turns = state?.resumed ? found.missing.length : undefined;
    const cancelling = stopped ? [] : [...found.dead, ...found.leaving, ...this.#missingWork(found.missing, turns)];
    const revived = [...dueRetries(letters.val, now), ...this.#newTo(parked, list.val.bookings, judged.val)];
    const works = [...found.changed, ...cancelling, ...revived, ...this.#newlyHeld(found.held)].filter((work) =>
      isChange(work, parked),
    );
    const spared = stopped ? new Set(found.dead.map(({ appointmentId }) => appointmentId)) : NOBODY;
    const remembered = await judged.val.remember(spared, window.from);
    if (remembered.err) return remembered;
    this.#queue.retainReported(works);
    const added = await this.#queue.add(works);
    if (added.err) return added;
    const saved = await this.#remember(state, stopped, now);
    if (saved.err) return saved;
    this.#tellWithoutRoute(found.withoutRoute, now);
    const { ours, others } = unreadableOf(list.val, maps.val);
    const warnings = [...named(ours), ...judged.val.warnings, ...this.#missingWarning(found.missing)];
    const notes = [...named(others), ...judged.val.notes];
    return Ok({ read: list.val.bookings.length, tasks: works.length, stopped, warnings, notes });
  }

  #compare(
    list: BookingList,
    maps: readonly BookingEventMap[],
    judged: ListJudgement,
    at: Instant,
    historyBefore: Instant,
  ): Findings {
    const mapOf = new Map(maps.map((map) => [map.uscheduleAppointmentId, map]));
    const listed = new Set(list.unreadable.map(({ appointmentId }) => appointmentId));
    const isElsewhere = ({ appointmentId, withoutUnit }: UnreadableBooking): boolean =>
      withoutUnit === true && mapOf.get(appointmentId ?? '')?.status !== 'ACTIVE';
    const changed: WorkItem[] = [];
    const held: WorkItem[] = [];
    const dead: WorkItem[] = [];
    const leaving: WorkItem[] = [];
    const withoutRoute = list.unreadable.filter(isElsewhere).map(({ appointmentId }): Unrouted => ({
      appointmentId: appointmentId ?? '',
      detail: 'its record names no unit',
    }));
    for (const booking of list.bookings) {
      listed.add(booking.appointmentId);
      const judgement = judged.of(booking);
      const { life } = judgement;
      const map = mapOf.get(booking.appointmentId) ?? null;
      const attention = this.#attention(booking, judgement, map, historyBefore);
      if (attention === 'none') continue;
      if (attention === 'no-route') {
        const { appointmentId, resourceUnitId } = booking;
        withoutRoute.push({ appointmentId, detail: `no bay is configured for unit ${resourceUnitId}` });
        continue;
      }
      const observed = { booking: { at, booking, ...judgement } };
      const fingerprint = bookingFingerprint(booking, life);
      const work: WorkItem = {
        appointmentId: booking.appointmentId,
        trigger: 'poll',
        event: null,
        observed,
        fingerprint,
      };
      ({ dead, leaving, changed, held })[attention].push(work);
    }
    const mirrors = maps.filter((map) => map.status === 'ACTIVE' && map.base.end > historyBefore);
    const missing = mirrors.map((map) => map.uscheduleAppointmentId).filter((id) => !listed.has(id));
    const unreadable = list.unreadable.filter((it) => !isElsewhere(it));
    return { changed, held, dead, leaving, missing, mirrors, withoutRoute, unreadable };
  }

  #attention(
    booking: Booking,
    { life, heldUntil }: Judgement,
    map: BookingEventMap | null,
    historyBefore: Instant,
  ): 'none' | 'changed' | 'held' | 'dead' | 'leaving' | 'no-route' {
    const { rules } = this.#parts;
    if (map === null && heldUntil !== undefined) {
      return rules.routing.ofUnit(booking.resourceUnitId) ? 'held' : 'none';
    }
    if (map === null || map.status === 'CANCELED') {
      if (life !== 'live' || booking.end <= historyBefore) return 'none';
      if (map && (map.supersededBy !== null || (rules.trust === 'blind' && !hasLeft(map)))) return 'none';
      return rules.routing.ofUnit(booking.resourceUnitId) ? 'changed' : 'no-route';
    }
    if (map.base.end <= historyBefore && booking.end <= historyBefore) return 'none';
    if (life === 'dead') return 'dead';
    if (isShownBy(map, booking, rules)) return 'none';
    if (rules.routing.ofUnit(booking.resourceUnitId)) return 'changed';
    return rules.routing.ofCalendar(map.googleCalendarId) ? 'leaving' : 'no-route';
  }

  /** Held checkouts that the poll before did not report, or not like that: their tasks wait for the end of the hold. */
  #newlyHeld(held: readonly WorkItem[]): readonly WorkItem[] {
    const before = this.#held;
    const nameOf = ({ appointmentId, fingerprint, observed }: WorkItem): string =>
      `${appointmentId}:${fingerprint}:${observed.booking?.heldUntil}`;
    this.#held = new Set(held.map(nameOf));
    return held.filter((item) => !before.has(nameOf(item)));
  }

  /** Tasks for what is missing, which read it by its id. */
  #missingWork(missing: readonly string[], turns: number | undefined): readonly WorkItem[] {
    return [...this.#missing.next(missing, turns)].map((appointmentId) => {
      return { appointmentId, trigger: 'poll', event: null, observed: { unlisted: true }, fingerprint: 'missing' };
    });
  }

  /**
   * Parked for what the list does not say any more: the record could not be read by its id and is listed again, or it
   * says something else by now, be it what its event says already.
   */
  #newTo(
    parked: ReadonlyMap<string, DeadLetter>,
    bookings: readonly Booking[],
    judged: ListJudgement,
  ): readonly WorkItem[] {
    if (parked.size === 0) return [];
    const outdated = bookings.flatMap((booking) => {
      const letter = parked.get(booking.appointmentId);
      if (!letter) return [];
      const unread = letter.fingerprint === null && letter.error.system === this.#parts.systems.bookings;
      const other =
        letter.fingerprint !== null && letter.fingerprint !== bookingFingerprint(booking, judged.of(booking).life);
      return unread || other ? [letter] : [];
    });
    const turn = this.#outdated.next(outdated.map(({ appointmentId }) => appointmentId));
    return outdated.filter(({ appointmentId }) => turn.has(appointmentId)).map(replayOf);
  }

  /** Stored are the stop, and that the first run and a resumed run have ended: without it the store was emptied. */
  async #remember(
    state: FeedState | null,
    stopped: FeedState['stopped'],
    now: Instant,
  ): Promise<Result<void, SyncError>> {
    const unchanged =
      state !== null && (state.stopped?.wouldCancel ?? null) === (stopped?.wouldCancel ?? null) && !state.resumed;
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

  #tellWithoutRoute(unrouted: readonly Unrouted[], at: Instant): void {
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
