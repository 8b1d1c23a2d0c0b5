import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { BookingSystem } from '../../ports/booking-system.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import type { Clock } from '../../ports/clock.js';
import { Err, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import { limitedCalendars } from '../calls/limited-calendars.js';

/**
 * The two systems as one task may write to them: before each write it is seen that the task's lease still runs. A
 * worker that was paused past its lease may not write any more, not even the second half of what it had begun:
 * somebody else has the appointment. The other systems know no fencing number, so this is as near as one can get.
 */
export function fencedParts(parts: EngineParts, task: ClaimedTask): EngineParts {
  const { clock, bookings, promptCalendars, quota } = parts;
  return {
    ...parts,
    bookings: fencedBookings(bookings, clock, task),
    // The lease is looked at when the call's turn has come, not when it gets in line.
    calendars: limitedCalendars(fencedCalendars(promptCalendars, clock, task), quota),
  };
}

function fencedCalendars(calendars: CalendarSystem, clock: Clock, task: ClaimedTask): CalendarSystem {
  const held = holds(clock, task);
  return {
    listParameters: calendars.listParameters,
    listEvents: (...args) => calendars.listEvents(...args),
    getEvent: (...args) => calendars.getEvent(...args),
    insertEvent: (...args) => held(() => calendars.insertEvent(...args)),
    patchEvent: (...args) => held(() => calendars.patchEvent(...args)),
    deleteEvent: (...args) => held(() => calendars.deleteEvent(...args)),
    moveEvent: (...args) => held(() => calendars.moveEvent(...args)),
    watch: (...args) => calendars.watch(...args),
    stopChannel: (...args) => calendars.stopChannel(...args),
  };
}

function fencedBookings(bookings: BookingSystem, clock: Clock, task: ClaimedTask): BookingSystem {
  const held = holds(clock, task);
  return {
    listBookings: (...args) => bookings.listBookings(...args),
    getBooking: (...args) => bookings.getBooking(...args),
    listFreeSlots: (...args) => bookings.listFreeSlots(...args),
    cancelBooking: (...args) => held(() => bookings.cancelBooking(...args)),
    rescheduleBooking: (...args) => held(() => bookings.rescheduleBooking(...args)),
    book: (...args) => held(() => bookings.book(...args)),
  };
}

function holds(
  clock: Clock,
  task: ClaimedTask,
): <T>(write: () => Promise<Result<T, SyncError>>) => Promise<Result<T, SyncError>> {
  return (write) => (clock.now() < task.leaseUntil ? write() : Promise.resolve(Err(leaseLost(task))));
}

function leaseLost({ appointmentId }: ClaimedTask): SyncError {
  const message = `the lease on appointment ${appointmentId} ran out before its write`;
  return { kind: 'conflict', system: 'store', method: 'lease', message };
}
