import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { EventRef } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import { appointmentOfEventId } from '../../rules/event-marks.js';
import {
  livingIds,
  mustListBookings,
  removableWhen,
  removalsOf,
  withoutAppointment,
  type MarkedEvent,
} from '../../rules/observed-maps.js';
import { isActiveEvent, isManaged, isOrdinary } from '../../rules/rules.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';

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

  /** Was an event with this id and the marks of another appointment listed in any calendar? */
  isOfAnother(eventId: string, appointmentId: string): boolean {
    return [...this.#byCalendar.values()].some(
      (events) => (events.get(eventId)?.appointmentId ?? appointmentId) !== appointmentId,
    );
  }

  /** Returns the events of a calendar that end after `now`. */
  toCome(calendarId: string, now: Instant): readonly MarkedEvent[] {
    return [...(this.#byCalendar.get(calendarId)?.values() ?? [])].filter(({ end }) => end === null || end > now);
  }
}

type Parts = Pick<EngineParts, 'store' | 'rules' | 'bookings' | 'markedEvents' | 'clock' | 'windowAt'>;

/**
 * Counts the events that docs/decision-table.md#row-5 and #row-23 would remove from the calendar of the event, and checks
 * the account.
 */
export async function observeRemovals(situation: Situation, parts: Parts): Promise<Result<Situation, SyncError>> {
  const { store, rules, markedEvents, clock, windowAt, bookings } = parts;
  const { now, event } = situation;
  const maps = await store.listMaps({ status: 'ACTIVE' });
  if (maps.err) return maps;
  const mappedIds = maps.val.map((map) => map.uscheduleAppointmentId);
  const calendarId = event?.event.calendarId ?? '';
  const removable = await removableOf(markedEvents.toCome(calendarId, now), situation, parts);
  if (removable.err) return removable;
  const unmapped = withoutAppointment(removable.val, mappedIds);
  const found = (would: number, isAccountProven: boolean): Result<Situation, SyncError> =>
    Ok({ ...situation, removals: removalsOf(calendarId, removable.val, maps.val, { would, isAccountProven }, now) });
  if (!mustListBookings(situation, unmapped.length, rules)) return found(unmapped.length, true);
  const listed = await bookings.listBookings(windowAt(clock.now()));
  if (listed.err) return listed;
  const dead = withoutAppointment(unmapped, livingIds(listed.val.bookings));
  // If the status is hidden, an event with a CANCELED map counts as well.
  const canceled =
    rules.trust === 'trusted'
      ? Ok(0)
      : await countCanceled(
          unmapped.filter((it) => !dead.includes(it)),
          store,
        );
  if (canceled.err) return canceled;
  const everywhere = rules.routing.bays.flatMap((bay) => markedEvents.toCome(bay.calendarId, now));
  const ourIds = new Set([...mappedIds, ...everywhere.map(({ appointmentId }) => appointmentId)]);
  const isProven = listed.val.bookings.some(({ appointmentId }) => ourIds.has(appointmentId));
  return found(dead.length + canceled.val, isProven);
}

/** Returns the events that docs/decision-table.md#row-5 or #row-23 may remove. */
async function removableOf(
  events: readonly MarkedEvent[],
  situation: Situation,
  { store, rules }: Pick<Parts, 'store' | 'rules'>,
): Promise<Result<readonly MarkedEvent[], SyncError>> {
  const removable: MarkedEvent[] = [];
  for (const event of events) {
    const when = removableWhen(event, situation, rules);
    if (when === 'never') continue;
    const map = when === 'mapped' ? await store.getMap(event.appointmentId) : null;
    if (map?.err) return map;
    if (map === null || map.val !== null) removable.push(event);
  }
  return Ok(removable);
}

async function countCanceled(
  events: readonly MarkedEvent[],
  store: Parts['store'],
): Promise<Result<number, SyncError>> {
  let canceled = 0;
  for (const { appointmentId } of events) {
    const map = await store.getMap(appointmentId);
    if (map.err) return map;
    if (map.val?.status === 'CANCELED') canceled++;
  }
  return Ok(canceled);
}
