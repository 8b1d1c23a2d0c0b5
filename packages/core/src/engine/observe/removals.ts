import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { EventRef } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import { appointmentOfEventId } from '../../rules/event-marks.js';
import { isActiveEvent, isManaged, isOrdinary, isOurAccount } from '../../rules/rules.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';

/** An event with our marks. */
export interface MarkedEvent {
  readonly appointmentId: string;
  readonly end: Instant | null;
  readonly creatorEmail: string | null;
  /** Of the type that mirrors have. */
  readonly isOrdinary: boolean;
}

/**
 * The events with our marks that the syncs of this process have observed, by calendar. Complete after a full sync, and a
 * start with an empty store begins with one.
 */
export class MarkedEvents {
  readonly #byCalendar = new Map<string, Map<string, MarkedEvent>>();
  readonly #byAppointment = new Map<string, EventRef>();

  /** @returns the appointment whose marks the event had when it was listed before; null if it had none */
  note(event: CalendarEvent): string | null {
    const { calendarId, eventId, end, creatorEmail } = event;
    const events = this.#byCalendar.get(calendarId) ?? new Map<string, MarkedEvent>();
    this.#byCalendar.set(calendarId, events);
    const former = events.get(eventId)?.appointmentId;
    if (former !== undefined && this.#byAppointment.get(former)?.eventId === eventId)
      this.#byAppointment.delete(former);
    const { appointmentId } = event.marks;
    if (isManaged(event) && appointmentId !== null && isActiveEvent(event)) {
      events.set(eventId, { appointmentId, end, creatorEmail, isOrdinary: isOrdinary(event) });
      if (appointmentOfEventId(eventId) !== null) this.#byAppointment.set(appointmentId, { calendarId, eventId });
    } else events.delete(eventId);
    return former ?? null;
  }

  /**
   * Returns the place of the event under an id of ours that was listed last with the marks of the appointment. Null if there was
   * none. A person's copy is none.
   */
  eventOf(appointmentId: string): EventRef | null {
    return this.#byAppointment.get(appointmentId) ?? null;
  }

  /** Returns the events of a calendar that end after `now`. */
  toCome(calendarId: string, now: Instant): readonly MarkedEvent[] {
    return [...(this.#byCalendar.get(calendarId)?.values() ?? [])].filter(({ end }) => end === null || end > now);
  }
}

type Parts = Pick<EngineParts, 'store' | 'rules' | 'bookings' | 'markedEvents' | 'clock' | 'windowAt'>;

/**
 * Counts the events that docs/decision-table.md#row-5 and #row-23 would remove from the calendar of the event, and checks
 * the account. The bookings are listed only if that can matter: if there are enough events without a mirror for the guard,
 * or no record was returned for this appointment.
 */
export async function observeRemovals(situation: Situation, parts: Parts): Promise<Result<Situation, SyncError>> {
  const { store, rules, markedEvents, clock, windowAt, bookings } = parts;
  const { now, event, booking } = situation;
  const maps = await store.listMaps({ status: 'ACTIVE' });
  if (maps.err) return maps;
  const isMapped = new Set(maps.val.map((map) => map.uscheduleAppointmentId));
  const calendarId = event?.event.calendarId ?? '';
  const removable = await removableOf(markedEvents.toCome(calendarId, now), situation, parts);
  if (removable.err) return removable;
  const here = removable.val;
  const mapped = maps.val.filter((map) => map.googleCalendarId === calendarId && map.base.end > now).length;
  const unmapped = here.filter(({ appointmentId }) => !isMapped.has(appointmentId));
  const found = (would: number, isAccountProven: boolean): Result<Situation, SyncError> => {
    const removals = { would, of: Math.max(here.length, mapped + would), isAccountProven };
    return Ok({ ...situation, removals });
  };
  const isRecorded = situation.map !== null || (booking?.booking ?? null) !== null;
  if (isRecorded && unmapped.length <= rules.guards.massChangeMinimum) return found(unmapped.length, true);
  const listed = await bookings.listBookings(windowAt(clock.now()));
  if (listed.err) return listed;
  const everywhere = rules.routing.bays.flatMap((bay) => markedEvents.toCome(bay.calendarId, now));
  const isOurs = new Set([...isMapped, ...everywhere.map(({ appointmentId }) => appointmentId)]);
  const isAlive = new Set(listed.val.bookings.filter(({ status }) => status !== 'dead').map((it) => it.appointmentId));
  const would = await countDead(unmapped, isAlive, parts);
  if (would.err) return would;
  return found(
    would.val,
    listed.val.bookings.some(({ appointmentId }) => isOurs.has(appointmentId)),
  );
}

/**
 * Returns the events that row 5 or row 23 may remove. docs/decision-table.md#row-5a: without a map, an event of another account,
 * of another type or of an impossible appointment is none of them.
 */
async function removableOf(
  events: readonly MarkedEvent[],
  situation: Situation,
  { store, rules }: Pick<Parts, 'store' | 'rules'>,
): Promise<Result<readonly MarkedEvent[], SyncError>> {
  const removable: MarkedEvent[] = [];
  for (const event of events) {
    const { appointmentId, isOrdinary: isMirrorType } = event;
    if (!isMirrorType || !rules.isAppointmentId(appointmentId)) continue;
    if (!isOurAccount(event, situation, rules)) {
      const map = await store.getMap(appointmentId);
      if (map.err) return map;
      if (map.val === null) continue;
    }
    removable.push(event);
  }
  return Ok(removable);
}

/** Without a live booking. If the status is hidden, a CANCELED map counts as well. */
async function countDead(
  events: readonly MarkedEvent[],
  isAlive: ReadonlySet<string>,
  { store, rules }: Pick<Parts, 'store' | 'rules'>,
): Promise<Result<number, SyncError>> {
  const alive = events.filter(({ appointmentId }) => isAlive.has(appointmentId));
  if (rules.trust === 'trusted') return Ok(events.length - alive.length);
  let canceled = 0;
  for (const { appointmentId } of alive) {
    const map = await store.getMap(appointmentId);
    if (map.err) return map;
    if (map.val?.status === 'CANCELED') canceled++;
  }
  return Ok(events.length - alive.length + canceled);
}
