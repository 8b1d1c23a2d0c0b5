import { NO_MARKS } from '../../domain/calendar-event.js';
import type { Instant } from '../../domain/instant.js';
import type { CalendarPerson, PersonEvent } from '../calendar-person.js';
import type { MemoryEvent, MemoryFields } from './memory-event.js';
import type { MemoryEventStore, Outcome } from './memory-event-store.js';
import type { WriteMethod } from './memory-write.js';

/** Address of the users of the calendars. */
const PERSON = 'person@calendars.example';

/** Called for every act. */
export type LogAct = (method: WriteMethod, calendarId: string, eventId: string) => void;

/** The owner of the calendars, with full access. */
export class MemoryPerson implements CalendarPerson {
  readonly #store: MemoryEventStore;
  readonly #log: LogAct;
  #created = 0;

  constructor(store: MemoryEventStore, log: LogAct) {
    this.#store = store;
    this.#log = log;
  }

  createEvent(calendarId: string, { start, end, title = '', description = '' }: PersonEvent): string {
    return this.#insert(calendarId, {
      deleted: false,
      shape: 'timed',
      start,
      end,
      title,
      description,
      free: false,
      creatorEmail: PERSON,
      ...NO_MARKS,
    });
  }

  dragEvent(calendarId: string, eventId: string, to: { readonly start: Instant; readonly end?: Instant }): void {
    const { start, end } = unwrap(this.#store.get(calendarId, eventId));
    this.#edit(calendarId, eventId, { shape: 'timed', start: to.start, end: to.end ?? to.start + (end - start) });
  }

  renameEvent(calendarId: string, eventId: string, title: string): void {
    this.#edit(calendarId, eventId, { title });
  }

  describeEvent(calendarId: string, eventId: string, description: string): void {
    this.#edit(calendarId, eventId, { description });
  }

  makeAllDay(calendarId: string, eventId: string): void {
    this.#edit(calendarId, eventId, { shape: 'all-day' });
  }

  makeRecurring(calendarId: string, eventId: string): void {
    this.#edit(calendarId, eventId, { shape: 'recurring' });
  }

  undelete(calendarId: string, eventId: string): void {
    this.#edit(calendarId, eventId, { deleted: false });
  }

  stripMetadata(calendarId: string, eventId: string): void {
    this.#edit(calendarId, eventId, NO_MARKS);
  }

  deleteEvent(calendarId: string, eventId: string): void {
    unwrap(this.#store.remove(calendarId, eventId, null));
    this.#log('delete', calendarId, eventId);
  }

  moveToCalendar(calendarId: string, eventId: string, toCalendarId: string): void {
    this.#mustHave(toCalendarId);
    unwrap(this.#store.move(calendarId, eventId, toCalendarId));
    this.#log('move', calendarId, eventId);
  }

  copyEvent(calendarId: string, eventId: string, toCalendarId: string = calendarId): string {
    return this.#insert(toCalendarId, { ...unwrap(this.#store.get(calendarId, eventId)), creatorEmail: PERSON });
  }

  #insert(calendarId: string, fields: MemoryFields): string {
    this.#mustHave(calendarId);
    const eventId = `person${String(++this.#created).padStart(4, '0')}`;
    unwrap(this.#store.insert(calendarId, eventId, fields));
    this.#log('insert', calendarId, eventId);
    return eventId;
  }

  #edit(calendarId: string, eventId: string, changes: Partial<MemoryFields>): void {
    unwrap(this.#store.change(calendarId, eventId, changes, null));
    this.#log('patch', calendarId, eventId);
  }

  #mustHave(calendarId: string): void {
    if (!this.#store.hasCalendar(calendarId)) throw new Error(`there is no calendar ${calendarId}`);
  }
}

function unwrap(outcome: Outcome): MemoryEvent {
  if (outcome.ok) return outcome.val;
  throw new Error(`a person cannot do that: ${outcome.val}`);
}
