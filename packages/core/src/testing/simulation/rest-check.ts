import { replacedAppointment } from '../../rules/rebook-marker.js';
import type { Bay, UnitId } from '../../domain/bay.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import { copiesOf } from '../../domain/event-record.js';
import type { Instant } from '../../domain/instant.js';
import { eventText } from '../../rules/event-text.js';
import type { CalendarSettings } from '../../rules/settings.js';
import type { MemoryData } from '../../store/memory-data.js';
import type { StudioBooking } from '../studio-booking.js';
import type { People } from './people.js';

/** A difference in a quiescent state, and its appointment. */
export interface Discrepancy {
  readonly appointmentId: string;
  readonly words: string;
}

export interface RestingWorld {
  readonly people: People;
  /** All records ever created. */
  readonly bookings: readonly StudioBooking[];
  readonly data: MemoryData;
  readonly bays: readonly Bay[];
  /** Does the unit belong to a bay that was taken out of the settings? */
  readonly isClosed: (unit: UnitId) => boolean;
  /** Was its event moved to the calendar of such a bay after its marks were removed? Such a move does not count. */
  readonly isStrippedInClosed: (booking: StudioBooking) => boolean;
  /** Was its event deleted in a world in which clocks were ahead? The visit seemed to be over, and only a full list shows it again. */
  readonly isUnseenDeletion: (booking: StudioBooking) => boolean;
  /** Returns the events of that id in the calendars of such bays. A mirror may be moved from there again. */
  readonly inClosed: (eventId: string) => readonly CalendarEvent[];
  /** Is it an event that no list showed while the store had no map of it, and that is reported as a copy? */
  readonly isReportedCopy: (eventId: string) => boolean;
  readonly now: Instant;
  /** Templates of the events' texts. */
  readonly google: CalendarSettings;
}

/** Do both sides agree? Each live booking of a bay has one live event with its time in its calendar, and there is no other. */
export function discrepancies(world: RestingWorld): readonly Discrepancy[] {
  const { people, bays } = world;
  const events = eventsByBooking(world);
  const found: Discrepancy[] = [];
  for (const booking of people.customers.upcoming()) {
    if (!bays.some(({ resourceUnitId }) => resourceUnitId === booking.unit)) continue;
    const mirrors = events.get(booking.id) ?? [];
    events.delete(booking.id);
    const words = mirrorFault(booking, mirrors, world);
    if (words !== null) found.push({ appointmentId: booking.id, words });
  }
  for (const [appointmentId, rest] of events) {
    for (const { eventId, end, marks } of rest) {
      // An event without our marks is not ours, also if it is restored from the trash after its booking was cancelled.
      const isExcused = people.edits.stripped.has(eventId) || !marks.managed || world.isReportedCopy(eventId);
      if ((end ?? 0) <= world.now || isExcused || isInClosedBay(appointmentId, world)) continue;
      found.push({
        appointmentId,
        words: `event ${eventId} is the mirror of ${appointmentId}, which is no live booking of ours`,
      });
    }
  }
  return [...found, ...duplicateMirrors(world)];
}

/** Nothing is written for a live booking whose bay was taken out of the settings (docs/decision-table.md#row-2). */
function isInClosedBay(appointmentId: string, { people, isClosed }: RestingWorld): boolean {
  const booking = people.customers.upcoming().find(({ id }) => id === appointmentId);
  return booking !== undefined && isClosed(booking.unit);
}

function eventsByBooking({ people, data }: RestingWorld): Map<string, CalendarEvent[]> {
  const events = new Map<string, CalendarEvent[]>();
  for (const event of people.events.mirrors()) {
    const map = mapOfEvent(data, event.eventId);
    const id = map?.uscheduleAppointmentId ?? event.marks.appointmentId ?? event.eventId;
    events.set(id, [...(events.get(id) ?? []), event]);
  }
  return events;
}

function mirrorFault(
  booking: StudioBooking,
  events: readonly CalendarEvent[],
  { people, data, bays, google, isStrippedInClosed, isUnseenDeletion, inClosed }: RestingWorld,
): string | null {
  // A person may restore an event without our marks while we restore it in another calendar. It is not ours any more.
  const isStray = ({ eventId, marks }: CalendarEvent): boolean =>
    !marks.managed && events.some((other) => other.eventId === eventId && other.marks.managed);
  // An event of an earlier booking of this id was restored from the trash, and is listed as a copy of that booking's later id.
  const isOfEarlier = ({ eventId, calendarId }: CalendarEvent): boolean =>
    copiesOf([...data.eventRecords.values()]).some(
      (copy) => copy.eventId === eventId && copy.calendarId === calendarId && copy.appointmentId !== booking.id,
    );
  const ours = events.filter((event) => !isStray(event));
  const mirrors = ours.length === 2 && ours.some(isOfEarlier) ? ours.filter((event) => !isOfEarlier(event)) : ours;
  const [mirror] = mirrors;
  if (!mirror && (isStrippedInClosed(booking) || isUnseenDeletion(booking))) return null;
  if (mirrors.length !== 1 || !mirror) return `booking ${booking.id} has ${mirrors.length} events`;
  if (people.edits.stripped.has(mirror.eventId)) return null;
  const bay = bays.find(({ calendarId }) => calendarId === mirror.calendarId) ?? null;
  const unit = bay?.resourceUnitId ?? null;
  if (mirror.start !== booking.start || mirror.end !== booking.end || unit !== booking.unit) {
    return `booking ${booking.id} is in ${slotWords(booking)}, its event in ${slotWords({ ...mirror, unit })}`;
  }
  const text = eventText(
    google,
    { ...booking, appointmentId: booking.id, resourceUnitId: booking.unit, status: 'live' },
    bay,
  );
  for (const field of ['title', 'description'] as const) {
    const isReworded = (event: CalendarEvent): boolean => event[field] !== text[field];
    if (isReworded(mirror) && !people.edits.reworded[field].has(mirror.eventId))
      return `booking ${booking.id} has “${text[field]}”, the ${field} of its event “${mirror[field]}”`;
    if (![mirror, ...inClosed(mirror.eventId)].some(isReworded)) people.edits.reworded[field].delete(mirror.eventId);
  }
  return null;
}

/** A rebooking never leaves two bookings. */
function duplicateMirrors({ bookings, people }: RestingWorld): readonly Discrepancy[] {
  const live = bookings.filter(({ state }) => state === 'live');
  const ids = new Set(live.map(({ id }) => id));
  return live.flatMap(({ id, notes }) => {
    const old = replacedAppointment(notes);
    if (old === null || !ids.has(old) || people.customers.recycled.has(old)) return [];
    return [{ appointmentId: old, words: `both ${old} and its replacement ${id} are live` }];
  });
}

/** Returns the map of an event. If several share it, the ACTIVE one. */
export function mapOfEvent(data: MemoryData, eventId: string): BookingEventMap | null {
  const maps = [...(data.appointmentsByEvent.get(eventId) ?? [])].flatMap((id) => data.maps.get(id) ?? []);
  return maps.find(({ status }) => status === 'ACTIVE') ?? maps[0] ?? null;
}

/** Describes time and unit. */
export function slotWords({
  start,
  end,
  unit,
}: {
  readonly start?: Instant | null;
  readonly end?: Instant | null;
  readonly unit?: UnitId | null;
}): string {
  const iso = (at: Instant | null | undefined): string => (at ? new Date(at).toISOString().slice(5, 16) : '?');
  return `${iso(start)}–${iso(end)} unit ${unit ?? '?'}`;
}
