import { HOUR, MINUTE, SECOND, type Bay, type Instant } from '@loft/sync-core';
import type { StudioBooking } from '@loft/sync-core/testing';
import type { Sandbox } from '../sandbox/start-sandbox.js';
import type { Check, Writes } from './check.js';
import { eventIdOf, mirrorOf, mirrorsOf } from './mirrors.js';

/** Hold of a new record before it is mirrored: the default of `uschedule.holdMinutes`. */
const HOLD_MS: number = 10 * MINUTE;
/** Remaining hold when a check begins. */
const LEFT_OF_HOLD_MS: number = 2 * SECOND;
/** Wait before a write without an answer is resolved: two calls of maximum duration, and the echo window. */
const LOST_ANSWER_MS: number = MINUTE;
/** Notes that are longer than production USchedule keeps. */
const LONG_NOTE = 'Left-handed; wants the launch monitor on the far side. '.repeat(6);
const TERMS = { groupSize: 3, prepaid: { creditId: '4411', paymentType: 4 } } as const;
/** Book, then cancel; transfer the event to the new booking; write the new id into its text. */
const REBOOKING: Writes = { there: 2, back: 2 };

/**
 * The checks of one bay with the traits of production USchedule (docs/uschedule.md#lessons): no status, one service per
 * unit, different record formats, truncated notes, bookings that are paid with a credit and moved by a rebooking. Each
 * check starts from the state after the previous one.
 */
export function productionChecksOf(sandbox: Sandbox, bay: Bay, firstStart: Instant): readonly Check[] {
  const { google, uschedule } = sandbox;
  const { calendarId, resourceUnitId: unit } = bay;
  const other = sandbox.bays.find((it) => it !== bay) ?? bay;
  const fromUSchedule = { bay, changedSide: 'USchedule' } as const;
  const fromGoogle = { bay, changedSide: 'Google Calendar' } as const;
  let id = '';
  let holdEndsAt: Instant = 0;
  let note = '';
  const youngRecord = (make: () => string): void => {
    holdEndsAt = Date.now() + LEFT_OF_HOLD_MS;
    id = sandbox.earlier(HOLD_MS - LEFT_OF_HOLD_MS, make);
  };
  const isMirroredAt = (start: Instant): boolean => {
    const booking = uschedule.booking(id);
    return booking?.start === start && mirrorOf(sandbox, bay, booking) !== null;
  };
  const isWithoutEvent = (): boolean => mirrorsOf(sandbox, id).length === 0;
  const bookPaid = (start: Instant): void => {
    const request = { unit, start, minutes: 60, customerName: 'Checklist B.', notes: LONG_NOTE, terms: TERMS };
    id = sandbox.earlier(HOUR, () => uschedule.book(request));
    note = uschedule.booking(id)?.notes ?? '';
  };
  /** The only active booking that replaced the former one. null: none, or more than one. */
  const rebooked = (): StudioBooking | null => {
    const live = uschedule.liveBookings().filter(({ customerName }) => customerName === 'Checklist B.');
    return live.length === 1 ? (live[0] ?? null) : null;
  };
  const isRebooked = (start: Instant, at: Bay): boolean => {
    const booking = rebooked();
    if (booking?.start !== start || booking.unit !== at.resourceUnitId) return false;
    const { terms, notes } = booking;
    const keeps =
      terms?.groupSize === TERMS.groupSize &&
      terms.prepaid?.creditId === TERMS.prepaid.creditId &&
      terms.serviceId === at.serviceId &&
      notes.includes(note.slice(0, 200));
    return keeps && (mirrorOf(sandbox, at, booking)?.description?.endsWith(`Notes: ${note.trim()}`) ?? false);
  };
  const drag = (start: Instant): void => {
    id = rebooked()?.id ?? '';
    google.person.dragEvent(calendarId, eventIdOf(sandbox, id), { start });
  };
  const second = firstStart + 4 * HOUR;
  return [
    {
      ...fromUSchedule,
      words: 'create booking → event on this calendar only, when its checkout cannot be open any more',
      act: () =>
        youngRecord(() => uschedule.book({ unit, start: firstStart, minutes: 60, customerName: 'Checklist A.' })),
      followed: () => {
        const event = mirrorOf(sandbox, bay, uschedule.booking(id));
        return event !== null && Date.parse(event.created ?? '') >= holdEndsAt - SECOND;
      },
    },
    {
      ...fromUSchedule,
      words: 'change its time → event changes',
      act: () => void uschedule.move(id, { start: firstStart + 90 * MINUTE }),
      followed: () => isMirroredAt(firstStart + 90 * MINUTE),
    },
    {
      ...fromUSchedule,
      words: 'cancel it → event gone',
      act: () => uschedule.cancel(id),
      followed: isWithoutEvent,
    },
    {
      ...fromUSchedule,
      words: 'abandon a checkout → no event',
      writes: { there: 0, back: 0 },
      act: () => youngRecord(() => uschedule.beginCheckout({ unit, start: firstStart, minutes: 60 })),
      followed: () => Date.now() >= holdEndsAt + SECOND && isWithoutEvent(),
    },
    {
      ...fromUSchedule,
      words: 'create one paid with a credit, with a long note → event on this calendar only',
      act: () => bookPaid(second),
      followed: () =>
        isMirroredAt(second) && mirrorsOf(sandbox, id)[0]?.event.description?.endsWith(note.trim()) === true,
    },
    {
      ...fromGoogle,
      words: 'move its event → booked again there, with note, group and credit; the old one cancelled',
      writes: REBOOKING,
      act: () => drag(second + 90 * MINUTE),
      followed: () => isRebooked(second + 90 * MINUTE, bay),
    },
    {
      ...fromGoogle,
      words: 'move it again, and the answer is lost → one booking, one event',
      writes: REBOOKING,
      withinMs: LOST_ANSWER_MS,
      act: () => {
        uschedule.loseAnswers('bookit');
        drag(second + 3 * HOUR);
      },
      followed: () => isRebooked(second + 3 * HOUR, bay),
    },
    {
      ...fromGoogle,
      words: 'move it to the other bay → booked there, with the service of that bay',
      writes: REBOOKING,
      act: () => {
        id = rebooked()?.id ?? '';
        google.person.moveToCalendar(calendarId, eventIdOf(sandbox, id), other.calendarId);
      },
      followed: () => isRebooked(second + 3 * HOUR, other),
    },
    {
      ...fromGoogle,
      words: 'delete its event → booking cancelled',
      act: () => {
        id = rebooked()?.id ?? '';
        google.person.deleteEvent(other.calendarId, eventIdOf(sandbox, id));
      },
      followed: () => uschedule.booking(id)?.state === 'canceled' && isWithoutEvent(),
    },
  ];
}
