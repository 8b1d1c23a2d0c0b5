import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { StoreResult } from '../../ports/sync-store.js';
import { Err, Ok, type Result } from '../../result.js';
import type { RoutedContent } from '../../rules/decision.js';
import { isKnownVersion } from '../../rules/rules.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import type { EventWriter } from './event-writer.js';
import type { ActionOf, Executed } from './executor.js';
import { transferToNewId } from './id-change.js';
import { eventFields, markCanceled, placeOf, type MapWriter } from './map-writer.js';
import { isWithoutEffect, reschedule, rescheduleIsOff } from './rescheduler.js';

/** Carries out the actions that change a booking. */
export class BookingExecutor {
  readonly #parts: EngineParts;
  readonly #events: EventWriter;
  readonly #maps: MapWriter;

  constructor(parts: EngineParts, events: EventWriter, maps: MapWriter) {
    this.#parts = parts;
    this.#events = events;
    this.#maps = maps;
  }

  /** The one place that cancels a booking. */
  async cancel(
    { appointmentId, because, intent }: ActionOf<'cancel-booking'>,
    situation: Situation,
    task: ClaimedTask,
  ): Promise<Result<Executed, SyncError>> {
    const noted =
      intent && situation.map ? await this.#maps.put({ ...situation.map, intent }, task) : Ok(situation.map);
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
      const written = await this.#maps.put({ ...map, bookingWrittenAt: this.#parts.clock.now() }, task);
      if (written.err) return written;
      return Ok({ map: written.val, next: { ...situation, map: written.val, booking: null }, wrote: true });
    }
    const stored = await this.#maps.put(
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

  async reschedule(
    action: ActionOf<'reschedule-booking'>,
    situation: Situation,
    task: ClaimedTask,
  ): Promise<Result<Executed, SyncError>> {
    const { bay, base, event } = action;
    const booking = situation.booking?.booking;
    const mode = this.#parts.settings.uschedule.reschedule;
    if (!situation.map || !booking) return Ok({ map: situation.map, next: null, wrote: false });
    if (mode === 'off') return Err(rescheduleIsOff(this.#parts.systems.bookings));
    const begun = await this.#maps.begin(
      'reschedule',
      this.#maps.current(situation, base) ?? situation.map,
      base,
      task,
    );
    if (begun.err) return begun;
    const map = begun.val;
    const done = await reschedule({ map, bay, base, booking }, this.#parts);
    if (done.err) {
      // Nothing was done for certain: there is nothing to finish.
      if (isWithoutEffect(done.val)) await this.#maps.put({ ...map, intent: null }, task);
      return done;
    }
    if (mode === 'rebook') {
      const noted = await this.#maps.put(
        { ...map, intent: map.intent && { ...map.intent, successor: done.val } },
        task,
      );
      if (noted.err) return noted;
      const next: Situation = { ...situation, map: noted.val, rebooking: { phase: 'first' } };
      return Ok({ map: noted.val, next, wrote: false });
    }
    // A replay or an undo: the event follows the booking by the next row.
    const shown = isShown(event, base, bay.calendarId);
    const moved = this.#moved(map, shown ? base : { ...base, ...placeOf(map) }, event);
    const same = done.val === map.uscheduleAppointmentId;
    const stored = await (same ? this.#maps.put(moved, task) : this.#transfer(map, done.val, moved, event, task));
    if (stored.err) return stored;
    const next = shown || !same ? null : { ...situation, map: stored.val, booking: null };
    return Ok({ map: stored.val, next, wrote: true });
  }

  /** The booking is where it was to go, perhaps under a new id. */
  async finishReschedule(
    { appointmentId, base }: ActionOf<'finish-reschedule'>,
    situation: Situation,
    task: ClaimedTask,
  ): Promise<Result<Executed, SyncError>> {
    const { map, rebooking, event } = situation;
    if (!map) return Ok({ map, next: null, wrote: false });
    const isFirst = rebooking?.phase === 'first';
    const calendarId = this.#parts.rules.routing.ofBay(base.bay)?.calendarId ?? map.googleCalendarId;
    // It was begun since the event is in that bay's calendar; the map says so only at the end. Except for a replay or an
    // undo: there the event is as we left it, and follows the booking by the next row.
    const isLeft = event !== null && isKnownVersion(event.event, map) && !isShown(event.event, base, calendarId);
    const moved = isLeft
      ? this.#moved(map, { ...base, ...placeOf(map) }, event.event)
      : this.#moved({ ...map, googleCalendarId: calendarId }, base, isFirst ? (event?.event ?? null) : null);
    const same = appointmentId === map.uscheduleAppointmentId;
    const stored = await (same
      ? this.#maps.put(moved, task)
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
    const maps = { find, put: (map: BookingEventMap) => this.#maps.put(map, task) };
    return transferToNewId({ from, to, moved, seen }, this.#events, maps);
  }
}

/** Is the event where the booking is to be? */
function isShown({ start, end, calendarId }: CalendarEvent, base: RoutedContent, wantedCalendarId: string): boolean {
  return start === base.start && end === base.end && calendarId === wantedCalendarId;
}
