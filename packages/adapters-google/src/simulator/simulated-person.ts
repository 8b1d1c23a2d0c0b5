import { DAY, type Instant, type Result } from '@loft/sync-core';
import type { CalendarPerson, PersonEvent } from '@loft/sync-core/testing';
import type { ApiError } from './api-error.js';
import type { CallLog, GoogleMethod } from './call-log.js';
import { instantOf } from './event-times.js';
import type { Actor, EventStore } from './event-store.js';
import type { JsonObject } from './json.js';
import type { StoredEvent } from './stored-event.js';

function dateTime(instant: Instant): JsonObject {
  return { dateTime: new Date(instant).toISOString(), date: null };
}

function date(instant: Instant): JsonObject {
  return { date: new Date(instant).toISOString().slice(0, 10), dateTime: null, timeZone: null };
}

/** The owner of the calendars with an app: needs no access and is not affected by faults. */
export class SimulatedPerson implements CalendarPerson {
  readonly #actor: Actor;
  readonly #store: EventStore;
  readonly #log: CallLog;
  readonly #now: () => Instant;

  constructor(store: EventStore, log: CallLog, now: () => Instant, actor: Actor) {
    this.#actor = actor;
    this.#store = store;
    this.#log = log;
    this.#now = now;
  }

  createEvent(calendarId: string, { start, end, title = '', description = '' }: PersonEvent): string {
    const body = { summary: title, description, start: dateTime(start), end: dateTime(end) };
    return this.addEvent(calendarId, body);
  }

  addEvent(calendarId: string, fields: JsonObject): string {
    this.#mustHave(calendarId);
    return this.#act('events.insert', calendarId, this.#store.insert(calendarId, fields, this.#actor)).id;
  }

  dragEvent(calendarId: string, eventId: string, to: { readonly start: Instant; readonly end?: Instant }): void {
    const { start, end } = this.#times(calendarId, eventId);
    this.editEvent(calendarId, eventId, {
      start: dateTime(to.start),
      end: dateTime(to.end ?? to.start + (end - start)),
    });
  }

  renameEvent(calendarId: string, eventId: string, title: string): void {
    this.editEvent(calendarId, eventId, { summary: title });
  }

  describeEvent(calendarId: string, eventId: string, description: string): void {
    this.editEvent(calendarId, eventId, { description });
  }

  makeAllDay(calendarId: string, eventId: string): void {
    const { start } = this.#times(calendarId, eventId);
    this.editEvent(calendarId, eventId, { start: date(start), end: date(start + DAY) });
  }

  makeRecurring(calendarId: string, eventId: string): void {
    this.editEvent(calendarId, eventId, { recurrence: ['RRULE:FREQ=WEEKLY'] });
  }

  stripMetadata(calendarId: string, eventId: string): void {
    this.editEvent(calendarId, eventId, { extendedProperties: null });
  }

  undelete(calendarId: string, eventId: string): void {
    this.editEvent(calendarId, eventId, { status: 'confirmed' });
  }

  /** Makes any change: merges fields into the event. */
  editEvent(calendarId: string, eventId: string, fields: JsonObject): void {
    this.#act('events.patch', calendarId, this.#store.patch(calendarId, eventId, fields, null));
  }

  deleteEvent(calendarId: string, eventId: string): void {
    this.#act('events.delete', calendarId, this.#store.remove(calendarId, eventId, null));
  }

  moveToCalendar(calendarId: string, eventId: string, toCalendarId: string): void {
    this.#mustHave(toCalendarId);
    this.#act('events.move', calendarId, this.#store.move(calendarId, eventId, toCalendarId));
  }

  copyEvent(calendarId: string, eventId: string, toCalendarId: string = calendarId): string {
    return this.addEvent(toCalendarId, unwrap(this.#store.get(calendarId, eventId)).fields);
  }

  #times(calendarId: string, eventId: string): { readonly start: Instant; readonly end: Instant } {
    const { fields } = unwrap(this.#store.get(calendarId, eventId));
    return { start: instantOf(fields['start']) ?? 0, end: instantOf(fields['end']) ?? 0 };
  }

  #mustHave(calendarId: string): void {
    if (!this.#store.hasCalendar(calendarId)) throw new Error(`there is no calendar ${calendarId}`);
  }

  #act(method: GoogleMethod, calendarId: string, outcome: Result<StoredEvent, ApiError>): StoredEvent {
    const event = unwrap(outcome);
    this.#log.add({
      by: 'person',
      at: this.#now(),
      method,
      path: '',
      calendarId,
      eventId: event.id,
      status: 200,
      done: true,
    });
    return event;
  }
}

function unwrap(outcome: Result<StoredEvent, ApiError>): StoredEvent {
  if (outcome.ok) return outcome.val;
  throw new Error(`a person cannot do that: ${outcome.val.status} ${outcome.val.reason}, ${outcome.val.message}`);
}
