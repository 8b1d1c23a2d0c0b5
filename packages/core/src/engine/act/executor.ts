import type { BookingEventMap, SyncIntent, SyncSource } from '../../domain/booking-event-map.js';
import type { EditRecord } from '../../domain/event-record.js';
import type { Instant } from '../../domain/instant.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import { sameTexts } from '../../domain/content.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { StoreResult } from '../../ports/sync-store.js';
import { Err, Ok, type Result } from '../../result.js';
import type { Action, RoutedContent } from '../../rules/decision.js';
import { flagsOf } from '../../rules/whose-text.js';
import { freshWriteId } from '../../rules/write-id.js';
import { writeKind } from '../../rules/intent-kind.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent } from '../observe/event-reader.js';
import { copyOf } from './copy-record.js';
import { EventWriter, type WrittenEvent } from './event-writer.js';
import { transferToNewId } from './id-change.js';
import { nextCopy } from './next-copy.js';
import { isWithoutEffect, reschedule, rescheduleIsOff } from './rescheduler.js';

/** What an action has left. */
export interface Executed {
  /** The map as it is stored now; null: there is none. */
  readonly map: BookingEventMap | null;
  /** What to decide about next; null: the row is complete. */
  readonly next: Situation | null;
  /** The other side was changed. */
  readonly wrote: boolean;
}

type Stored = Promise<Result<BookingEventMap | null, SyncError>>;

type ActionOf<K extends Action['do']> = Extract<Action, { do: K }>;

/**
 * Carries a decision out: at most one change on the other side, then the map. A process that ends between the two leaves
 * something that the next attempt recognises (docs/decision-table.md#crash-safe-writes).
 */
export class Executor {
  readonly #parts: EngineParts;
  readonly #events: EventWriter;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#events = new EventWriter(parts);
  }

  async execute(action: Action, situation: Situation, task: ClaimedTask): Promise<Result<Executed, SyncError>> {
    switch (action.do) {
      case 'nothing':
        return Ok({ map: situation.map, next: null, wrote: false });
      case 'note':
        return this.#note(action.map, { ...situation, event: action.event ?? situation.event }, task);
      case 'record-edits':
        return this.#recordEdits(action.edits, situation);
      case 'forget-edit':
        return this.#recorded(
          await this.#parts.store.deleteEventRecords([{ kind: 'edit', id: action.appointmentId }]),
          situation,
        );
      case 'record-copy': {
        const copy = copyOf(task.appointmentId, action.copy, this.#parts.clock.now());
        return this.#recorded(await this.#parts.store.putEventRecords([copy]), situation);
      }
      case 'remove-copy':
        return this.#removeCopy(action, situation, task);
      case 'reschedule-booking':
        return this.#reschedule(action, situation, task);
      case 'finish-reschedule':
        return this.#finishReschedule(action, situation, task);
      case 'cancel-booking':
        return this.#cancelBooking(action, situation, task);
      default: {
        const stored = await this.#mirror(action, situation, task);
        if (stored.err) return stored;
        // An insert of ours that was edited before its map was stored: the edit is decided about now.
        const goesOn = action.do === 'adopt-event' && action.event.etag === '';
        const left = action.do === 'cancel-event' ? await nextCopy(stored.val, situation, this.#parts) : null;
        const next = goesOn ? { ...situation, map: stored.val } : left;
        return Ok({ map: stored.val, next, wrote: action.do !== 'store-map' });
      }
    }
  }

  /** The actions that change the event, or only the map. */
  async #mirror(
    action: Exclude<
      Action,
      {
        readonly do:
          | 'nothing'
          | 'note'
          | `record-${string}`
          | 'forget-edit'
          | 'remove-copy'
          | `${string}-reschedule`
          | `${string}-booking`;
      }
    >,
    situation: Situation,
    task: ClaimedTask,
  ): Stored {
    switch (action.do) {
      case 'create-event':
        return this.#show(await this.#events.create(task.appointmentId, action.bay, action.base), situation, task);
      case 'adopt-event':
        return this.#adopt(action, situation, task);
      case 'write-event':
        return this.#write(action, situation, task);
      case 'restore-event':
        return this.#restore(action, situation, task);
      case 'cancel-event':
        return this.#cancelEvent(action, situation, task);
      case 'store-map':
        return this.#put(action.map, task);
    }
  }

  async #recordEdits(edits: readonly EditRecord[], situation: Situation): Promise<Result<Executed, SyncError>> {
    const stored = await this.#parts.store.putEventRecords(edits);
    if (stored.err) return stored;
    const changed = new Set(edits.map(({ id }) => id));
    const others = (situation.edits ?? []).filter(({ id }) => !changed.has(id));
    return Ok({ map: situation.map, next: { ...situation, edits: [...others, ...edits] }, wrote: false });
  }

  #recorded(stored: Result<void, SyncError>, { map }: Situation): Result<Executed, SyncError> {
    return stored.err ? stored : Ok({ map, next: null, wrote: false });
  }

  /** The map is right before a double of its event is deleted. */
  async #removeCopy(
    { event, mirrorMap }: ActionOf<'remove-copy'>,
    situation: Situation,
    task: ClaimedTask,
  ): Promise<Result<Executed, SyncError>> {
    const { map } = situation;
    const { calendarId, eventId, etag } = event;
    const stored = mirrorMap ? await this.#put(mirrorMap, task) : Ok(map);
    if (stored.err) return stored;
    const removed = await this.#parts.calendars.deleteEvent(calendarId, eventId, etag || null);
    if (removed.err && !isAbsent(removed.val)) return removed;
    await this.#parts.store.deleteEventRecords([{ kind: 'copy', id: `${calendarId} ${eventId}` }]);
    const next = mirrorMap ? null : await nextCopy(stored.val, situation, this.#parts);
    return Ok({ map: stored.val, next, wrote: true });
  }

  async #note(map: BookingEventMap, situation: Situation, task: ClaimedTask): Promise<Result<Executed, SyncError>> {
    const noted = await this.#put(map, task);
    if (noted.err) return noted;
    return Ok({ map: noted.val, next: { ...situation, map: noted.val }, wrote: false });
  }

  /** Stores the map after the event was made to show the booking. */
  async #show(written: Result<WrittenEvent, SyncError>, { map }: Situation, task: ClaimedTask): Stored {
    if (written.err) return written;
    return this.#put(mapOf(task.appointmentId, map, written.val, 'USCHEDULE'), task);
  }

  async #adopt(action: ActionOf<'adopt-event'>, situation: Situation, task: ClaimedTask): Stored {
    const { event, base, write } = action;
    const written = write ? await this.#events.write(task.appointmentId, write) : Ok({ event, base });
    return this.#show(written, situation, task);
  }

  /**
   * A change of place or of text leaves nothing behind that tells it from a person's, so it is announced in the map.
   * Putting the event back to where the map has it needs no announcement.
   */
  async #write({ write }: ActionOf<'write-event'>, situation: Situation, task: ClaimedTask): Stored {
    let { map } = situation;
    const { start, title, description } = write.fields;
    const moves = map && (write.moveTo !== null || start !== undefined) && this.#isNewPlace(write.base, map);
    const texts = { title: title !== undefined, description: description !== undefined };
    if (map && (moves || texts.title || texts.description)) {
      const begun = await this.#begin(writeKind(texts, map.intent), map, write.base, task);
      if (begun.err) return begun;
      map = begun.val;
    }
    const written = await this.#events.write(task.appointmentId, write, map?.intent?.write ?? null);
    return this.#show(written, { ...situation, map }, task);
  }

  async #restore({ bay, base }: ActionOf<'restore-event'>, situation: Situation, task: ClaimedTask): Stored {
    const { map } = situation;
    if (!map) return this.#show(await this.#events.create(task.appointmentId, bay, base), situation, task);
    const words = !sameTexts(base, map.base);
    const kind = words ? 'write-text' : 'write-event';
    const begun = words || this.#isNewPlace(base, map) ? await this.#begin(kind, map, base, task) : Ok(map);
    if (begun.err) return begun;
    return this.#show(await this.#events.restore(begun.val, bay, base), { ...situation, map: begun.val }, task);
  }

  #isNewPlace({ start, end, bay }: RoutedContent, { base, googleCalendarId }: BookingEventMap): boolean {
    const stays = this.#parts.rules.routing.ofBay(bay)?.calendarId === googleCalendarId;
    return !stays || start !== base.start || end !== base.end;
  }

  async #cancelEvent({ event }: ActionOf<'cancel-event'>, { map, booking }: Situation, task: ClaimedTask): Stored {
    const at = event ?? (map && { calendarId: map.googleCalendarId, eventId: map.googleEventId });
    const ours = await this.#isOurs(event, task);
    if (ours.err) return ours;
    const left =
      at && ours.val
        ? await this.#events.cancel(task.appointmentId, at, event, (event?.etag ?? map?.etag) || null)
        : Ok(null);
    if (left.err) return left;
    if (!map) return Ok(null);
    return this.#put(markCanceled(this.#hasRoute(booking) ? map : withoutBay(map), 'USCHEDULE', left.val), task);
  }

  /** A booking that lives where no bay of ours is was not cancelled. */
  #hasRoute(reading: Situation['booking']): boolean {
    if (!reading?.booking || reading.life === 'dead') return true;
    return this.#parts.rules.routing.ofUnit(reading.booking.resourceUnitId) !== null;
  }

  /** An event that has been handed over to another appointment is that one's. */
  async #isOurs(event: CalendarEvent | null, { appointmentId }: ClaimedTask): Promise<Result<boolean, SyncError>> {
    const stampedFor = event?.marks.appointmentId ?? appointmentId;
    if (event === null || stampedFor === appointmentId) return Ok(true);
    const other = await this.#parts.store.getMap(stampedFor);
    if (other.err) return other;
    return Ok(other.val?.status !== 'ACTIVE' || other.val.googleEventId !== event.eventId);
  }

  /** The one place that cancels a booking. */
  async #cancelBooking(
    { appointmentId, because, intent }: ActionOf<'cancel-booking'>,
    situation: Situation,
    task: ClaimedTask,
  ): Promise<Result<Executed, SyncError>> {
    const noted = intent && situation.map ? await this.#put({ ...situation.map, intent }, task) : Ok(situation.map);
    if (noted.err) return noted;
    const map = noted.val;
    const canceled = await this.#parts.bookings.cancelBooking(appointmentId);
    if (because !== 'event-deleted') {
      const { rebooking = { phase: 'resumed' as const } } = situation;
      const state = intent ? { ...rebooking, settled: true as const } : rebooking;
      return this.#exchanged(because, canceled, { ...situation, map, rebooking: state });
    }
    if (canceled.err) return canceled;
    if (!map) return Ok({ map, next: null, wrote: true });
    if (situation.event?.event.state === 'live') {
      // The replay of a deletion that was put back: the event goes once the booking reads dead.
      const written = await this.#put({ ...map, bookingWrittenAt: this.#parts.clock.now() }, task);
      if (written.err) return written;
      return Ok({ map: written.val, next: { ...situation, map: written.val, booking: null }, wrote: true });
    }
    const stored = await this.#put(
      { ...markCanceled(map, 'GCAL', null), bookingWrittenAt: this.#parts.clock.now() },
      task,
    );
    return stored.err ? stored : Ok({ map: stored.val, next: null, wrote: true });
  }

  /** A refusal is no failure here: the other booking of the exchange may be gone already, or has to stay. */
  #exchanged(
    because: 'replaced' | 'undo' | 'leftover',
    canceled: Result<void, SyncError>,
    situation: Situation,
  ): Result<Executed, SyncError> {
    const { map, original } = situation;
    const rebooking = situation.rebooking ?? { phase: 'resumed' as const };
    if (canceled.err && canceled.val.kind !== 'refused' && canceled.val.kind !== 'not-found') return canceled;
    const after = (next: Situation | null): Result<Executed, SyncError> => Ok({ map, next, wrote: canceled.ok });
    switch (because) {
      case 'leftover':
        if (canceled.ok) return after(null);
        return after({ ...situation, original: original ? { ...original, refusal: canceled.val } : null });
      case 'replaced':
        if (canceled.ok) return after({ ...situation, rebooking: { ...rebooking, replaced: true } });
        return after({ ...situation, rebooking: { ...rebooking, cancelRefusal: canceled.val } });
      case 'undo': {
        if (canceled.ok) return after({ ...situation, rebooking: { ...rebooking, undone: true } });
        const { successor: _outdated, ...left } = rebooking;
        return after({ ...situation, rebooking: { ...left, undoRefusal: canceled.val } });
      }
    }
  }

  async #reschedule(
    action: ActionOf<'reschedule-booking'>,
    situation: Situation,
    task: ClaimedTask,
  ): Promise<Result<Executed, SyncError>> {
    const { bay, base, event } = action;
    const booking = situation.booking?.booking;
    const mode = this.#parts.settings.uschedule.reschedule;
    if (!situation.map || !booking) return Ok({ map: situation.map, next: null, wrote: false });
    if (mode === 'off') return Err(rescheduleIsOff(this.#parts.systems.bookings));
    const begun = await this.#begin('reschedule', situation.map, base, task);
    if (begun.err) return begun;
    const map = begun.val;
    const done = await reschedule({ map, bay, base, booking }, this.#parts);
    if (done.err) {
      // Nothing was done for certain: there is nothing to finish.
      if (isWithoutEffect(done.val)) await this.#put({ ...map, intent: null }, task);
      return done;
    }
    if (mode === 'rebook') {
      const noted = await this.#put({ ...map, intent: map.intent && { ...map.intent, successor: done.val } }, task);
      if (noted.err) return noted;
      const next: Situation = { ...situation, map: noted.val, rebooking: { phase: 'first' } };
      return Ok({ map: noted.val, next, wrote: false });
    }
    // The replay of an edit that was put back: the event follows the booking by the next row.
    const isShown = event.start === base.start && event.end === base.end && event.calendarId === bay.calendarId;
    const moved = this.#moved(map, isShown ? base : { ...base, ...placeOf(map) }, event);
    const same = done.val === map.uscheduleAppointmentId;
    const stored = await (same ? this.#put(moved, task) : this.#transfer(map, done.val, moved, event, task));
    if (stored.err) return stored;
    const next = isShown || !same ? null : { ...situation, map: stored.val, booking: null };
    return Ok({ map: stored.val, next, wrote: true });
  }

  /** The booking is where it was to go, perhaps under a new id. */
  async #finishReschedule(
    { appointmentId, base }: ActionOf<'finish-reschedule'>,
    situation: Situation,
    task: ClaimedTask,
  ): Promise<Result<Executed, SyncError>> {
    const { map, rebooking, event } = situation;
    if (!map) return Ok({ map, next: null, wrote: false });
    const isFirst = rebooking?.phase === 'first';
    // It was begun since the event is in that bay's calendar; the map says so only at the end.
    const googleCalendarId = this.#parts.rules.routing.ofBay(base.bay)?.calendarId ?? map.googleCalendarId;
    const moved = this.#moved({ ...map, googleCalendarId }, base, isFirst ? (event?.event ?? null) : null);
    const same = appointmentId === map.uscheduleAppointmentId;
    const stored = await (same
      ? this.#put(moved, task)
      : this.#transfer(map, appointmentId, moved, event?.event ?? null, task));
    if (stored.err) return stored;
    return Ok({ map: stored.val, next: same ? { ...situation, map: stored.val } : null, wrote: true });
  }

  #moved(map: BookingEventMap, base: RoutedContent, event: CalendarEvent | null): BookingEventMap {
    return {
      ...map,
      ...(event ? eventFields(event) : {}),
      base,
      intent: null,
      lastSource: 'GCAL',
      bookingWrittenAt: this.#parts.clock.now(),
    };
  }

  async #transfer(
    from: BookingEventMap,
    to: string,
    moved: BookingEventMap,
    seen: CalendarEvent | null,
    task: ClaimedTask,
  ): Promise<Result<BookingEventMap, SyncError>> {
    const find = (appointmentId: string): StoreResult<BookingEventMap | null> =>
      this.#parts.store.getMap(appointmentId);
    const maps = { find, put: (map: BookingEventMap) => this.#put(map, task) };
    return transferToNewId({ from, to, moved, seen }, this.#events, maps);
  }

  /** Stores what is about to be done. */
  async #begin(
    kind: SyncIntent['kind'],
    map: BookingEventMap,
    { start, end, bay }: RoutedContent,
    task: ClaimedTask,
  ): Promise<Result<BookingEventMap, SyncError>> {
    const triedAt = this.#parts.clock.now();
    const since = map.intent?.kind === kind ? map.intent.since : triedAt;
    const write = kind === 'reschedule' ? {} : { write: freshWriteId(this.#parts.random) };
    return this.#put({ ...map, intent: { kind, start, end, bay, since, triedAt, successor: null, ...write } }, task);
  }

  async #put(map: BookingEventMap, task: ClaimedTask): Promise<Result<BookingEventMap, SyncError>> {
    return this.#parts.store.putMap({ ...map, lastSyncedAt: this.#parts.clock.now(), fence: task.fence });
  }
}

function eventFields(
  event: CalendarEvent,
): Pick<BookingEventMap, 'googleCalendarId' | 'googleEventId' | 'etag' | 'eventUpdatedAt'> {
  return {
    googleCalendarId: event.calendarId,
    googleEventId: event.eventId,
    etag: event.etag,
    eventUpdatedAt: event.updatedAt,
  };
}

function mapOf(
  appointmentId: string,
  map: BookingEventMap | null,
  { event, base }: WrittenEvent,
  lastSource: SyncSource,
): BookingEventMap {
  const flags = flagsOf(event, base, base);
  return {
    uscheduleAppointmentId: appointmentId,
    ...eventFields(event),
    lastSyncedAt: 0,
    lastSource,
    version: map?.version ?? 0,
    status: 'ACTIVE',
    base,
    fence: 0,
    bookingWrittenAt: map?.bookingWrittenAt ?? null,
    intent: null,
    supersededBy: null,
    ...(flags ? { flags } : {}),
  };
}

function withoutBay(map: BookingEventMap): BookingEventMap {
  return { ...map, base: { ...map.base, bay: null } };
}

function markCanceled(map: BookingEventMap, lastSource: SyncSource, left: CalendarEvent | null): BookingEventMap {
  return {
    ...map,
    status: 'CANCELED',
    intent: null,
    lastSource,
    etag: left?.etag ?? map.etag,
    eventUpdatedAt: left?.updatedAt ?? map.eventUpdatedAt,
  };
}

/** Where both sides last agreed that the booking is. */
function placeOf({ base }: BookingEventMap): { readonly start: Instant; readonly end: Instant; readonly bay: string } {
  return { start: base.start, end: base.end, bay: base.bay ?? '' };
}
