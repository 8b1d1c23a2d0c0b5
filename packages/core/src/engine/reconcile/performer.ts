import type { BookingEventMap, SyncIntent, SyncSource } from '../../domain/booking-event-map.js';
import { sameTexts } from '../../domain/content.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { StoreResult } from '../../ports/sync-store.js';
import { Err, Ok, type Result } from '../../result.js';
import type { Action, RoutedContent } from '../../rules/decision.js';
import type { Situation } from '../../rules/situation.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import { writeKind } from '../../rules/intent-kind.js';
import type { EngineParts } from '../engine-parts.js';
import { EventWriter, type WrittenEvent } from './event-writer.js';
import type { Judge } from '../judging/judge.js';
import { reschedule } from './rescheduler.js';
import { succeed } from './succession.js';

type Performed = Promise<Result<BookingEventMap | null, SyncError>>;

type ActionOf<K extends Action['do']> = Extract<Action, { do: K }>;

/**
 * Carries a decision out: at most one change on the other side, then the map. Whoever dies between the two leaves
 * something that the next attempt recognises (decision table, "Writes that survive a crash at any point").
 */
export class Performer {
  readonly #parts: EngineParts;
  readonly #judge: Judge;
  readonly #events: EventWriter;

  constructor(parts: EngineParts, judge: Judge) {
    this.#parts = parts;
    this.#judge = judge;
    this.#events = new EventWriter(parts);
  }

  async perform(action: Action, situation: Situation, task: ClaimedTask): Performed {
    switch (action.do) {
      case 'nothing':
        return Ok(situation.map);
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
      case 'reschedule-booking':
        return this.#reschedule(action, situation, task);
      case 'cancel-booking':
        return this.#cancelBooking(situation, task);
      case 'store-map':
        return this.#put(action.map, task);
    }
  }

  /** Stores the map after the event was made to show the booking. */
  async #show(written: Result<WrittenEvent, SyncError>, { map }: Situation, task: ClaimedTask): Performed {
    if (written.err) return written;
    return this.#put(mapOf(task.appointmentId, map, written.val, 'USCHEDULE'), task);
  }

  async #adopt(action: ActionOf<'adopt-event'>, situation: Situation, task: ClaimedTask): Performed {
    const { event, base, write } = action;
    const written = write ? await this.#events.write(task.appointmentId, write) : Ok({ event, base });
    return this.#show(written, situation, task);
  }

  /**
   * A change of place or of text leaves nothing behind that tells it from a person's, so it is announced in the map.
   * Putting the event back to where the map has it needs no announcement.
   */
  async #write({ write }: ActionOf<'write-event'>, situation: Situation, task: ClaimedTask): Performed {
    let { map } = situation;
    const { start, title, description } = write.fields;
    const moves = map && (write.moveTo !== null || start !== undefined) && this.#isNewPlace(write.base, map);
    const texts = { title: title !== undefined, description: description !== undefined };
    if (map && (moves || texts.title || texts.description)) {
      const begun = await this.#begin(writeKind(texts, map.intent), map, write.base, task);
      if (begun.err) return begun;
      map = begun.val;
    }
    return this.#show(await this.#events.write(task.appointmentId, write), { ...situation, map }, task);
  }

  async #restore({ bay, base }: ActionOf<'restore-event'>, situation: Situation, task: ClaimedTask): Performed {
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

  async #cancelEvent({ event }: ActionOf<'cancel-event'>, { map, booking }: Situation, task: ClaimedTask): Performed {
    const at = event ?? (map && { calendarId: map.googleCalendarId, eventId: map.googleEventId });
    const ours = await this.#isOurs(event, task);
    if (ours.err) return ours;
    const left = at && ours.val ? await this.#events.cancel(task.appointmentId, at, event) : Ok(null);
    if (left.err) return left;
    if (!map) return Ok(null);
    return this.#put(canceled(this.#hasRoute(booking) ? map : withoutBay(map), 'USCHEDULE', left.val), task);
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

  async #cancelBooking({ map }: Situation, task: ClaimedTask): Performed {
    if (!map) return Ok(null);
    const done = await this.#parts.bookings.cancelBooking(map.uscheduleAppointmentId);
    if (done.err) return done;
    return this.#put({ ...canceled(map, 'GCAL', null), bookingWrittenAt: this.#parts.clock.now() }, task);
  }

  async #reschedule(action: ActionOf<'reschedule-booking'>, situation: Situation, task: ClaimedTask): Performed {
    const { bay, base, event } = action;
    const booking = situation.booking?.booking;
    if (!situation.map || !booking) return Ok(situation.map);
    if (this.#parts.settings.uschedule.reschedule === 'off') return Err(rescheduleIsOff(this.#parts.systems.bookings));
    const intended = await this.#begin('reschedule', situation.map, base, task);
    if (intended.err) return intended;
    let map = intended.val;
    const noteSuccessor = async (successor: string): Promise<Result<void, SyncError>> => {
      const noted = await this.#put({ ...map, intent: map.intent && { ...map.intent, successor } }, task);
      if (noted.err) return noted;
      map = noted.val;
      return Ok.EMPTY;
    };
    const parts = { ...this.#parts, judge: this.#judge };
    const done = await reschedule({ map, bay, base, booking, noteSuccessor }, parts);
    if (done.err) {
      const { error, untouched } = done.val;
      // Nothing was done for certain: there is nothing to finish.
      if (untouched) await this.#put({ ...map, intent: null }, task);
      return Err(error);
    }
    const moved = this.#moved(map, base, event);
    if (done.val === map.uscheduleAppointmentId) return this.#put(moved, task);
    return this.#succeed(map, done.val, moved, task);
  }

  /** Finishes a reschedule that was begun before a crash: the booking is where it was to go, perhaps under a new id. */
  async finishReschedule(map: BookingEventMap, id: string, base: RoutedContent, task: ClaimedTask): Performed {
    // It was begun since the event is in that bay's calendar; the map is not told before the end.
    const googleCalendarId = this.#parts.rules.routing.ofBay(base.bay)?.calendarId ?? map.googleCalendarId;
    const moved = this.#moved({ ...map, googleCalendarId }, base, null);
    return id === map.uscheduleAppointmentId ? this.#put(moved, task) : this.#succeed(map, id, moved, task);
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

  async #succeed(from: BookingEventMap, to: string, moved: BookingEventMap, task: ClaimedTask): Performed {
    const find = (appointmentId: string): StoreResult<BookingEventMap | null> =>
      this.#parts.store.getMap(appointmentId);
    const maps = { find, put: (map: BookingEventMap) => this.#put(map, task) };
    return succeed({ from, to, moved }, this.#events, maps);
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
    return this.#put({ ...map, intent: { kind, start, end, bay, since, triedAt, successor: null } }, task);
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
  };
}

function withoutBay(map: BookingEventMap): BookingEventMap {
  return { ...map, base: { ...map.base, bay: null } };
}

function canceled(map: BookingEventMap, lastSource: SyncSource, left: CalendarEvent | null): BookingEventMap {
  return {
    ...map,
    status: 'CANCELED',
    intent: null,
    lastSource,
    etag: left?.etag ?? map.etag,
    eventUpdatedAt: left?.updatedAt ?? map.eventUpdatedAt,
  };
}

/** What a moved event is answered with where bookings are not moved for it. */
export function rescheduleIsOff(system: SyncSystem): SyncError {
  const message = 'bookings are not rescheduled from the calendar here (uschedule.reschedule is "off")';
  return { kind: 'refused', system, method: 'reschedule', message };
}
