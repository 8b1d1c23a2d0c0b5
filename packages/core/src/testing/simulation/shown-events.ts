import type { Bay } from '../../domain/bay.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { EventRef } from '../../domain/task.js';
import { CANCELED_PREFIX } from '../../rules/event-text.js';
import type { MemoryCalendars } from '../memory-calendars.js';
import type { StudioBooking } from '../studio-booking.js';
import type { BayPlan } from './bay-plan.js';
import type { UserEdits } from './user-edits.js';

export interface ShownEventsOptions {
  readonly calendars: MemoryCalendars;
  readonly plan: BayPlan;
  readonly edits: UserEdits;
  /** Returns the appointment of an event of ours whose own marks do not name it. */
  readonly ownerOf: (eventId: string) => string | null;
  /** Returns the present id of the booking that had this appointment id. */
  readonly presentId: (appointmentId: string) => string;
  /** Returns the place of the event of an appointment, or null. */
  readonly mirrorOf: (appointmentId: string) => EventRef | null;
  /** Is it an event that we or another installation made without knowing of the mirror, and that is reported as a copy? */
  readonly isReportedCopy: (eventId: string) => boolean;
}

/** The events that users see in the calendars of the bays, and what they are to the sync. */
export class ShownEvents {
  readonly #options: ShownEventsOptions;

  constructor(options: ShownEventsOptions) {
    this.#options = options;
  }

  /** Returns the live events of ours. */
  mirrors(): readonly CalendarEvent[] {
    return this.#options.plan.shown
      .flatMap((bay) => this.#options.calendars.events(bay.calendarId))
      .filter((event) => this.#isOurs(event) && !event.title.startsWith(CANCELED_PREFIX))
      .filter((event) => !this.isFormerMirror(event));
  }

  /** Did we create the event, or is it a copy that has replaced the mirror? */
  #isOurs({ eventId }: CalendarEvent): boolean {
    const copied = this.#options.edits.copies.get(eventId);
    return eventId.startsWith('loft') || (copied !== undefined && this.#options.ownerOf(eventId) !== null);
  }

  /**
   * Returns the copies of an appointment's event in the calendars, also of bays that were taken out of the settings, and those that
   * were made before it got its present id. A restored former mirror is one of them.
   */
  copiesOf(appointmentId: string | null): readonly CalendarEvent[] {
    const { plan, calendars, presentId } = this.#options;
    const isOf = ({ marks }: CalendarEvent): boolean =>
      marks.appointmentId === appointmentId ||
      (appointmentId !== null &&
        marks.appointmentId !== null &&
        presentId(marks.appointmentId) === presentId(appointmentId));
    const calendarIds = [...plan.shown.map(({ calendarId }) => calendarId), ...plan.closedCalendarIds];
    const all = calendarIds.flatMap((calendarId) => calendars.events(calendarId));
    const isCopy = (event: CalendarEvent): boolean =>
      this.#options.edits.copies.has(event.eventId) || this.isFormerMirror(event);
    return all.filter((event) => event.marks.managed && isOf(event) && isCopy(event));
  }

  /**
   * A restored event, or an event that was the mirror before a restore of the store, is a copy
   * (docs/decision-table.md#row-25) if another event has become the mirror. It is not an act on the booking.
   */
  isFormerMirror({ eventId, calendarId, marks }: CalendarEvent): boolean {
    const mirror = marks.appointmentId === null ? null : this.#options.mirrorOf(marks.appointmentId);
    if (mirror === null) return false;
    const { edits, isReportedCopy } = this.#options;
    // The mirror of a replaced calendar may be created under the id of a restored event that is in another bay.
    const isElsewhere = mirror.calendarId !== calendarId && this.eventIn(mirror.calendarId, eventId) !== undefined;
    const mayBeCopy = edits.wasUndeleted(eventId) || edits.copies.has(eventId) || isReportedCopy(eventId);
    return mayBeCopy && (mirror.eventId !== eventId || isElsewhere);
  }

  isDisplaced({ id, start, end, unit }: StudioBooking): boolean {
    const mirror = this.mirrors().find(
      ({ eventId }) => this.#options.edits.stripped.has(eventId) && this.#options.ownerOf(eventId) === id,
    );
    if (!mirror) return false;
    const shownUnit = this.bayOf(mirror.calendarId)?.resourceUnitId;
    return mirror.start !== start || mirror.end !== end || shownUnit !== unit;
  }

  /** Returns the appointment of an event: the one its marks name, else the one whose mirror it is. */
  appointmentOf({ eventId, marks }: CalendarEvent): string | null {
    return marks.appointmentId ?? this.#options.ownerOf(eventId);
  }

  /** Returns the event if it is not deleted there. */
  eventIn(calendarId: string, eventId: string): CalendarEvent | undefined {
    return this.#options.calendars.events(calendarId).find((event) => event.eventId === eventId);
  }

  bayOf(calendarId: string): Bay | undefined {
    return this.#options.plan.shown.find((bay) => bay.calendarId === calendarId);
  }
}
