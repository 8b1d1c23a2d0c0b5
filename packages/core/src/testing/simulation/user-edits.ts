import type { UnitId } from '../../domain/bay.js';
import type { Instant } from '../../domain/instant.js';
import type { BayPlan } from './bay-plan.js';

/** What users did to events, as far as the choice of acts and the checks depend on it. */
export class UserEdits {
  readonly #plan: BayPlan;
  /** Ids of events that a user deleted since the last quiescent state. */
  readonly deleted: Set<string> = new Set();
  /** Time of the last restore from the trash, by event id. */
  readonly undeletedAt: Map<string, Instant> = new Map();
  /** Ids of events whose marks a user removed, until they are written again. */
  readonly stripped: Set<string> = new Set();
  /** Ids of events with a user's text, by field, until the booking's text is written again. */
  readonly reworded: { readonly title: Set<string>; readonly description: Set<string> } = {
    title: new Set(),
    description: new Set(),
  };
  /** All copies that a user ever made of our events: event id, and the appointment of their marks. */
  readonly copies: Map<string, string> = new Map();
  /** Ids of events that a user ever restored from the trash. */
  readonly #undeleted = new Set<string>();
  /** All times and units to which a user moved our events since the last quiescent state. */
  readonly #places = new Set<string>();

  constructor(plan: BayPlan) {
    this.#plan = plan;
  }

  /** In a quiescent state no work remains: every later write needs a new act. */
  settled(): void {
    this.deleted.clear();
    this.#places.clear();
  }

  noteDeleted(eventId: string): void {
    this.deleted.add(eventId);
    this.undeletedAt.delete(eventId);
  }

  noteUndeleted(eventId: string, at: Instant): void {
    this.#undeleted.add(eventId);
    this.undeletedAt.set(eventId, at);
  }

  /** A copy has the text of its original. */
  noteCopy(copyId: string, eventId: string, appointmentId: string | null): void {
    if (appointmentId !== null) this.copies.set(copyId, appointmentId);
    this.noteRecreated(copyId, eventId);
  }

  /** A mirror that is created again under another id keeps the texts of users. */
  noteRecreated(eventId: string, formerId: string): void {
    for (const texts of Object.values(this.reworded)) if (texts.has(formerId)) texts.add(eventId);
  }

  /** Did a user ever restore the event from the trash? While another event is the mirror, it is an ordinary copy. */
  wasUndeleted(eventId: string): boolean {
    return this.#undeleted.has(eventId);
  }

  notePlace(eventId: string, calendarId: string, start: Instant, end: Instant): void {
    this.#places.add(`${eventId} at ${start} ${end}`).add(`${eventId} in ${calendarId}`);
    this.#places.add(`${eventId} on ${this.#plan.unitOfCalendar(calendarId)}`);
  }

  /** Did a user ever move the event to that time? */
  putToTime(eventId: string, start: Instant, end: Instant): boolean {
    return this.#places.has(`${eventId} at ${start} ${end}`);
  }

  /** Did a user ever move the event to a calendar that belongs, or belonged then, to that unit? */
  putToUnit(eventId: string, unit: UnitId): boolean {
    const isThere = (calendarId: string): boolean => this.#places.has(`${eventId} in ${calendarId}`);
    const calendars = this.#plan.open.filter(({ resourceUnitId }) => resourceUnitId === unit);
    return this.#places.has(`${eventId} on ${unit}`) || calendars.some(({ calendarId }) => isThere(calendarId));
  }
}
