import { Err, Ok, type Bay, type Result } from '@loft/sync-core';
import type { Slot } from '@loft/sync-core/store';
import type { EventResource, GoogleSimulator } from '@loft/sync-google/simulator';
import type { UScheduleSimulator } from '@loft/sync-uschedule/simulator';
import type { Sides } from '../http/console/pairs.js';
import type { Place, SandboxUsers } from '../http/console/sandbox-users.js';

interface MirrorEvent {
  readonly appointmentId: string;
  readonly calendarId: string;
  readonly eventId: string;
  readonly title: string;
  readonly slot: Slot;
}

function mirrorOf(event: EventResource, { bay, calendarId }: Bay): MirrorEvent | null {
  const appointmentId = event.extendedProperties?.private?.['uscheduleAppointmentId'];
  const start = Date.parse(event.start?.dateTime ?? '');
  const end = Date.parse(event.end?.dateTime ?? '');
  if (appointmentId === undefined || Number.isNaN(start) || Number.isNaN(end)) return null;
  return { appointmentId, calendarId, eventId: event.id, title: event.summary ?? '', slot: { start, end, bay } };
}

/** Converts the errors that the simulators throw for impossible actions. */
function tried<T>(act: () => T): Result<T, string> {
  try {
    return Ok(act());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return Err(`Not possible: ${why.replace(/^the studio will not: /, '').replace(/\.$/, '')}.`);
  }
}

/** Creates the customer and the calendar's owner of a sandbox on its simulators. */
export function sandboxUsers(
  uschedule: UScheduleSimulator,
  google: GoogleSimulator,
  bays: readonly Bay[],
): SandboxUsers {
  const mirrors = (): readonly MirrorEvent[] =>
    bays.flatMap((bay) => google.events(bay.calendarId).flatMap((event) => mirrorOf(event, bay) ?? []));

  const withEvent = (appointmentId: string, act: (event: MirrorEvent) => void): Result<void, string> => {
    const event = mirrors().find((mirror) => mirror.appointmentId === appointmentId);
    return event ? tried(() => act(event)) : Err(`There is no event of appointment ${appointmentId}.`);
  };
  const bayOf = (name: string): Bay | null => bays.find(({ bay }) => bay === name) ?? null;
  const placed = <T>({ bay }: Place, act: (bay: Bay) => Result<T, string>): Result<T, string> => {
    const found = bayOf(bay);
    return found ? act(found) : Err(`There is no bay ${bay}.`);
  };

  return {
    sides: () => {
      const sides = new Map<string, Sides>();
      for (const { id: appointmentId, customerName: title, start, end, unit } of uschedule.liveBookings()) {
        const bay = bays.find(({ resourceUnitId }) => resourceUnitId === unit)?.bay ?? null;
        sides.set(appointmentId, { appointmentId, title, uschedule: { start, end, bay }, google: null });
      }
      for (const { appointmentId, slot, title } of mirrors()) {
        const booked = sides.get(appointmentId);
        sides.set(appointmentId, { appointmentId, title, uschedule: null, ...booked, google: slot });
      }
      return [...sides.values()];
    },
    book: (place, customerName) =>
      placed(place, ({ resourceUnitId: unit }) =>
        tried(() => uschedule.book({ unit, start: place.start, customerName })),
      ),
    moveBooking: (appointmentId, place) =>
      placed(place, ({ resourceUnitId: unit }) =>
        tried(() => void uschedule.move(appointmentId, { unit, start: place.start })),
      ),
    cancelBooking: (appointmentId) => tried(() => uschedule.cancel(appointmentId)),
    moveEvent: (appointmentId, place) =>
      placed(place, ({ calendarId }) =>
        withEvent(appointmentId, (event) => {
          if (event.slot.start !== place.start) {
            google.person.dragEvent(event.calendarId, event.eventId, { start: place.start });
          }
          if (event.calendarId !== calendarId) {
            google.person.moveToCalendar(event.calendarId, event.eventId, calendarId);
          }
        }),
      ),
    deleteEvent: (appointmentId) =>
      withEvent(appointmentId, ({ calendarId, eventId }) => google.person.deleteEvent(calendarId, eventId)),
  };
}
