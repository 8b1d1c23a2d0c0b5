import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { DAY, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { EventRef } from '../../domain/task.js';
import { Err, Ok, type Result } from '../../result.js';
import type { ObservationTarget, Verdict } from '../../rules/decision.js';
import { derivedEventId } from '../../rules/event-marks.js';
import { replacedBy } from '../../rules/rebook-marker.js';
import { isMarkedFor, isActiveEvent } from '../../rules/rules.js';
import type { BookingReading, EventReading, Existence, Original, Rebooking, Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import type { StatusResolver } from './booking-status.js';
import { readBooking } from './booking-reader.js';
import { findElsewhere, readEvent } from './event-reader.js';

type Observed = Promise<Result<Situation, SyncError>>;

/** Reads what `decide` asks for, and judges nothing: each method answers the situation with one more thing in it. */
export class Observer {
  readonly #parts: EngineParts;
  readonly #statuses: StatusResolver;
  readonly #targets: Readonly<Record<ObservationTarget, (situation: Situation, successor: string) => Observed>>;

  constructor(parts: EngineParts, statuses: StatusResolver) {
    this.#parts = parts;
    this.#statuses = statuses;
    this.#targets = {
      booking: (situation) => this.#booking(situation),
      event: (situation) => this.#event(situation),
      reschedule: (situation) => this.#reschedule(situation),
      successor: (situation, successor) => this.#successor(situation, successor),
      'old-booking': (situation) => this.#oldBooking(situation),
      existence: (situation) => this.#existence(situation),
      derived: (situation) => this.#derived(situation),
      original: (situation) => this.#original(situation),
      contest: (situation) => this.#contest(situation),
      edits: (situation) => this.#edits(situation),
      mirrors: (situation) => this.#mirrors(situation),
      copies: (situation) => this.#copies(situation),
      mirror: (situation) => this.#mirror(situation),
      'marked-for': (situation) => this.#markedFor(situation),
      'slot-holder': (situation) => this.#slotHolder(situation),
      removals: (situation) => this.#removals(situation),
    };
  }

  observe(verdict: Extract<Verdict, { kind: 'observe' }>, situation: Situation): Observed {
    return this.#targets[verdict.target](situation, verdict.target === 'successor' ? verdict.successor : '');
  }

  async #booking(situation: Situation): Observed {
    const { reread, ...rest } = situation;
    const reading = await readBooking(situation.appointmentId, listedAt(situation), {
      ...this.#parts,
      statuses: this.#statuses,
    });
    if (reading.err) return reading;
    const left = reread && { ...reread, booking: false };
    return Ok({ ...rest, ...(left ? { reread: left } : {}), booking: this.#atOnce(reading.val) });
  }

  /** A person has seen the customer: a held checkout is a booking. */
  #atOnce(reading: BookingReading): BookingReading {
    const { booking, life, heldUntil: _held, ...rest } = reading;
    if (booking === null || life !== 'unknown' || !this.#parts.mirrorAtOnce.has(booking.appointmentId)) return reading;
    return { ...rest, booking, life: 'live' };
  }

  async #event(situation: Situation): Observed {
    const { reread, map, event } = situation;
    const ref = reread?.event ?? (map ? refOf(map) : event?.event);
    if (!ref) return Ok(situation);
    const reading = await readEvent(ref, this.#parts);
    if (reading.err) return reading;
    return Ok({ ...situation, ...(reread ? { reread: { ...reread, event: null } } : {}), event: reading.val });
  }

  async #reschedule(situation: Situation): Observed {
    const read = await this.#booking(situation);
    if (read.err) return read;
    const intent = situation.map?.intent ?? null;
    if (intent === null || intent.successor !== null) return Ok({ ...read.val, inSlot: [] });
    const list = await this.#parts.bookings.listBookings({ from: intent.start, to: intent.start + 1 });
    return list.err ? list : Ok({ ...read.val, inSlot: list.val.bookings });
  }

  async #successor(situation: Situation, appointmentId: string): Observed {
    const successor = await this.#existenceOf(appointmentId);
    return successor.err ? successor : Ok(withRebooking(situation, { successor: successor.val }));
  }

  async #oldBooking(situation: Situation): Observed {
    const old = await this.#existenceOf(situation.appointmentId);
    return old.err ? old : Ok(withRebooking(situation, { old: old.val }));
  }

  async #existence(situation: Situation): Observed {
    const { booking, refused } = situation;
    if (!booking?.booking || !refused) return Ok(situation);
    const existence = await this.#statuses.existence(booking.booking);
    return existence.err ? existence : Ok({ ...situation, refused: { ...refused, existence: existence.val } });
  }

  /** Reads a booking by its id, and whether it exists. */
  async #existenceOf(appointmentId: string): Promise<Result<Existence, SyncError>> {
    const read = await this.#parts.bookings.getBooking(appointmentId);
    if (read.ok) return this.#statuses.existence(read.val);
    if (read.val.kind === 'not-found') return Ok('gone');
    // A record that cannot be read now may be readable later, and then two bookings must not be left.
    return read.val.kind === 'invalid' ? Err({ ...read.val, kind: 'transient' }) : read;
  }

  async #derived(situation: Situation): Observed {
    const { appointmentId, event, booking } = situation;
    const eventId = derivedEventId(appointmentId);
    const home = event?.event.calendarId ?? this.#calendarOf(booking);
    if (home === null) return Ok({ ...situation, derived: null });
    if (event !== null) {
      const reading = await readEvent({ calendarId: home, eventId }, this.#parts);
      return reading.err ? reading : Ok({ ...situation, derived: reading.val });
    }
    // Of the booking's own calendar the insert tells: the id is taken there.
    const open = this.#parts.circuits.announce({
      system: this.#parts.systems.calendars,
      calendarId: home,
      writes: true,
      target: eventId,
    });
    if (open) return Err(open);
    const at = this.#parts.clock.now();
    const found = await findElsewhere({ calendarId: home, eventId }, this.#parts);
    if (found.err) return found;
    return Ok({ ...situation, derived: found.val && { at, event: found.val, proven: true } });
  }

  #calendarOf(booking: Situation['booking']): string | null {
    return (booking?.booking && this.#parts.rules.routed(booking.booking)?.bay.calendarId) ?? null;
  }

  /** The original's map tells where its event is, which may be marked for this appointment by now: then it is the mirror. */
  async #original(situation: Situation): Observed {
    const { appointmentId } = situation;
    const booking = situation.booking?.booking ?? null;
    const id = booking && replacedBy(booking);
    if (id === null) return Ok({ ...situation, original: null });
    const map = await this.#parts.store.getMap(id);
    if (map.err) return map;
    const original: Original = { appointmentId: id, map: map.val };
    if (map.val?.status === 'ACTIVE' && map.val.intent?.kind === 'reschedule') return Ok({ ...situation, original });
    const event = await this.#handedOver(appointmentId, id, map.val, situation);
    if (event.err) return event;
    // The reschedule of the original may have stored this appointment's map meanwhile.
    const own = await this.#parts.store.getMap(appointmentId);
    if (own.err) return own;
    const known = { ...situation, map: own.val, event: event.val ?? situation.event };
    if (map.val?.status !== 'ACTIVE') return Ok({ ...known, original });
    const existence = await this.#existenceOf(id);
    return existence.err ? existence : Ok({ ...known, original: { ...original, existence: existence.val } });
  }

  /** @returns the original's event, if it bears this appointment's marks */
  async #handedOver(
    appointmentId: string,
    originalId: string,
    map: BookingEventMap | null,
    { booking, event }: Situation,
  ): Promise<Result<EventReading | null, SyncError>> {
    const home = map?.googleCalendarId ?? this.#calendarOf(booking);
    if (event !== null || home === null) return Ok(null);
    const eventId = map?.googleEventId ?? derivedEventId(originalId);
    const reading = await readEvent({ calendarId: home, eventId }, this.#parts);
    if (reading.err) return reading;
    const isOurs = isActiveEvent(reading.val.event) && isMarkedFor(reading.val.event, appointmentId);
    return Ok(isOurs ? reading.val : null);
  }

  async #edits(situation: Situation): Observed {
    const edits = await this.#parts.store.listEventRecords({ kind: 'edit' });
    if (edits.err) return edits;
    return Ok({ ...situation, edits: edits.val.filter((record) => record.kind === 'edit') });
  }

  async #mirrors(situation: Situation): Observed {
    const maps = await this.#parts.store.listMaps({ status: 'ACTIVE' });
    if (maps.err) return maps;
    const mirrors = new Map<string, number>();
    for (const { base } of maps.val) {
      if (base.bay !== null && base.end > situation.now) mirrors.set(base.bay, (mirrors.get(base.bay) ?? 0) + 1);
    }
    return Ok({ ...situation, mirrors });
  }

  async #copies(situation: Situation): Observed {
    const { appointmentId, map } = situation;
    const records = await this.#parts.store.listEventRecords({ kind: 'copy', appointmentId });
    if (records.err) return records;
    const copies: EventReading[] = [];
    for (const record of records.val) {
      if (record.kind !== 'copy' || record.eventId === map?.googleEventId) continue;
      const reading = await readEvent(record, this.#parts);
      if (reading.err) return reading;
      if (isActiveEvent(reading.val.event) && isMarkedFor(reading.val.event, appointmentId)) copies.push(reading.val);
    }
    return Ok({ ...situation, copies });
  }

  async #mirror(situation: Situation): Observed {
    if (!situation.map) return Ok(situation);
    const mirror = await readEvent(refOf(situation.map), this.#parts);
    return mirror.err ? mirror : Ok({ ...situation, mirror: mirror.val });
  }

  async #markedFor(situation: Situation): Observed {
    const appointmentId = situation.event?.event.marks.appointmentId ?? situation.appointmentId;
    const existence = await this.#existenceOf(appointmentId);
    if (existence.err) return existence;
    const map = await this.#parts.store.getMap(appointmentId);
    if (map.err) return map;
    return Ok({ ...situation, markedFor: { appointmentId, map: map.val, existence: existence.val } });
  }

  /** Only where the slot was refused in this round is the event of its holder read. */
  async #slotHolder(situation: Situation): Observed {
    const { appointmentId, event, refused } = situation;
    const bay = event && this.#parts.rules.routing.ofCalendar(event.event.calendarId)?.bay;
    const { start, end } = event?.event ?? { start: null, end: null };
    if (!bay || start === null || end === null) return Ok({ ...situation, slotHolder: null });
    const maps = await this.#parts.store.listMaps({ status: 'ACTIVE', bay, period: { from: start - DAY, to: end } });
    if (maps.err) return maps;
    // Other edits have gone on since this task began.
    const current = await this.#edits(situation);
    if (current.err) return current;
    const { edits = [] } = current.val;
    const holder = maps.val.find(
      ({ uscheduleAppointmentId, base }) =>
        uscheduleAppointmentId !== appointmentId && base.start < end && base.end > start,
    );
    if (!holder) return Ok({ ...current.val, slotHolder: null });
    const id = holder.uscheduleAppointmentId;
    const record = edits.find((edit) => edit.appointmentId === id);
    if (record && record.state !== 'carried') {
      const isLeaving = record.state === 'seen' || record.state === 'held' || record.state === 'released';
      return Ok({ ...current.val, slotHolder: { appointmentId: id, isLeaving } });
    }
    // An edit that no sync has seen yet: the calendar of the holder is read for it once.
    if (!refused) return Ok({ ...current.val, slotHolder: { appointmentId: id, isLeaving: true } });
    const reading = await readEvent(refOf(holder), this.#parts);
    if (reading.err) return reading;
    const { event: seen } = reading.val;
    const isAway = seen.state === 'gone' || seen.start !== holder.base.start || seen.end !== holder.base.end;
    const isLeaving = isAway || seen.calendarId !== holder.googleCalendarId;
    return Ok({ ...current.val, slotHolder: { appointmentId: id, isLeaving } });
  }

  /**
   * What docs/decision-table.md#row-5 and #row-23 would remove from the calendar of the event, and whether the account
   * is the right one.
   */
  async #removals(situation: Situation): Observed {
    const { store, rules, markedEvents, clock, windowAt } = this.#parts;
    const { now, event } = situation;
    const listed = await this.#parts.bookings.listBookings(windowAt(clock.now()));
    if (listed.err) return listed;
    const maps = await store.listMaps({ status: 'ACTIVE' });
    if (maps.err) return maps;
    const isMapped = new Set(maps.val.map((map) => map.uscheduleAppointmentId));
    const isAlive = new Set(
      listed.val.bookings.filter(({ status }) => status !== 'dead').map(({ appointmentId }) => appointmentId),
    );
    const calendarId = event?.event.calendarId ?? '';
    const here = markedEvents.toCome(calendarId, now);
    const everywhere = rules.routing.bays.flatMap((bay) => markedEvents.toCome(bay.calendarId, now));
    const isOurs = new Set([...isMapped, ...everywhere.map(({ appointmentId }) => appointmentId)]);
    const would = here.filter(({ appointmentId }) => !isMapped.has(appointmentId) && !isAlive.has(appointmentId));
    const mapped = maps.val.filter((map) => map.googleCalendarId === calendarId && map.base.end > now);
    return Ok({
      ...situation,
      removals: {
        would: would.length,
        of: Math.max(here.length, mapped.length + would.length),
        isAccountProven: listed.val.bookings.some(({ appointmentId }) => isOurs.has(appointmentId)),
      },
    });
  }

  async #contest(situation: Situation): Observed {
    const { store, rules } = this.#parts;
    const { appointmentId, booking, now } = situation;
    const target = booking?.booking && rules.routed(booking.booking);
    const intents = await store.listMaps({ withIntent: true });
    if (intents.err) return intents;
    const contested = intents.val.some(
      ({ intent, uscheduleAppointmentId }) =>
        intent?.kind === 'reschedule' &&
        uscheduleAppointmentId !== appointmentId &&
        intent.start === target?.base.start &&
        intent.bay === target.base.bay &&
        now - intent.since < rules.timing.intentHoldsMs,
    );
    // An intent that ended between the first read of the map and now has left a map.
    const map = await store.getMap(appointmentId);
    return map.err ? map : Ok({ ...situation, contested, map: map.val });
  }
}

function refOf(map: BookingEventMap): EventRef {
  return { calendarId: map.googleCalendarId, eventId: map.googleEventId };
}

/**
 * When a list would show the booking whose event is at stake.
 *
 * @returns null if no list needs to be asked: there is no event to lose, or the latest poll does not list the booking
 */
function listedAt({ map, event, missingFromList }: Situation): Instant | null {
  if (missingFromList) return null;
  if (map) return map.status === 'ACTIVE' ? map.base.start : null;
  return event?.event.state === 'live' ? event.event.start : null;
}

function withRebooking(situation: Situation, change: Partial<Rebooking>): Situation {
  return { ...situation, rebooking: { ...(situation.rebooking ?? { phase: 'resumed' }), ...change } };
}
