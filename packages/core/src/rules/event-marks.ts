import type { CalendarEvent, EventDraft, WrittenMarks } from '../domain/calendar-event.js';
import type { ClaimedTask } from '../domain/task.js';
import type { RoutedContent } from './decision.js';
import type { Instant } from '../domain/instant.js';
import { normaliseText } from '../domain/content.js';
import { fnv1a } from '../domain/fnv1a.js';

/**
 * Derives event ids from appointment ids, so that a repeated insert after a crash finds its own event
 * (docs/decision-table.md#crash-safe-writes). Google allows the characters 0-9 and a-v, 5 to 1024 of them.
 *
 * A numeric appointment id is readable in the event id: `700123` becomes `loft700123`. Any other id is written as hex of its
 * UTF-16 code units after `lofth`. If an id cannot be used again (a deletion that cannot be undone, or another user's
 * event), the next generation is used: `loft700123g1`.
 */
export function derivedEventId(appointmentId: string, generation = 0): string {
  const suffix = generation === 0 ? '' : `g${generation}`;
  if (/^\d+$/.test(appointmentId)) return `loft${appointmentId}${suffix}`;
  let hex = '';
  for (let index = 0; index < appointmentId.length; index++) {
    hex += appointmentId.charCodeAt(index).toString(16).padStart(4, '0');
  }
  return `lofth${hex}${suffix}`;
}

/** Is it an id that `derivedEventId` makes for this appointment, of any generation? */
export function isDerivedEventId(eventId: string, appointmentId: string): boolean {
  const first = derivedEventId(appointmentId);
  return eventId === first || (eventId.startsWith(`${first}g`) && /^\d+$/.test(eventId.slice(first.length + 1)));
}

/** @returns the generation of an id that `derivedEventId` makes for this appointment; null if it makes no such id */
export function derivedGeneration(eventId: string, appointmentId: string): number | null {
  if (!isDerivedEventId(eventId, appointmentId)) return null;
  const suffix = eventId.slice(derivedEventId(appointmentId).length + 1);
  return suffix === '' ? 0 : Number(suffix);
}

/** Returns the first derived id; for that one, the next. Another installation may have used it for the same appointment. */
export function otherDerivedId(eventId: string, appointmentId: string): string {
  const first = derivedEventId(appointmentId);
  return eventId === first ? derivedEventId(appointmentId, 1) : first;
}

/** Returns the appointment of a derived id. Null if it is no derived id, or the appointment id is not numeric. */
export function appointmentOfEventId(eventId: string): string | null {
  return /^loft(\d+)(?:g\d+)?$/.exec(eventId)?.[1] ?? null;
}

/** Is it an id that we derive: for this appointment, or for an earlier one, so that the event was transferred? */
export function isOurId(eventId: string, appointmentId: string): boolean {
  return isDerivedEventId(eventId, appointmentId) || appointmentOfEventId(eventId) !== null;
}

/** The parts of the write id of an insert. */
export interface Insert {
  readonly start: Instant;
  readonly end: Instant;
  /** When the task of the insert was first stored. It identifies the task among the tasks of its appointment. */
  readonly task: Instant;
  /** Digest of the calendar: its bay may have another calendar by now. Absent from older inserts. */
  readonly calendar?: string;
}

/**
 * Returns `loftSyncWrite` of an insert: the inserted time and the task, because no map has an intent for it yet
 * (docs/decision-table.md#crash-safe-writes). Format: `i` start `-` end `-` task, in base 36, and the digest of the calendar.
 */
export function insertWriteId({ start, end, task, calendar }: Insert): string {
  const id = `i${[start, end, task].map((instant) => Math.floor(instant).toString(36)).join('-')}`;
  return calendar === undefined ? id : `${id}-${calendar}`;
}

/** Returns the digest of a calendar's id in the write id of an insert. */
export function calendarDigest(calendarId: string): string {
  return fnv1a(calendarId, 0x811c9dc5);
}

/**
 * Returns the content that this task inserted in an earlier attempt without a stored map. It proves the original content of
 * the event, so that every difference is a later edit.
 *
 * @returns null if the id is not that of an insert by this task
 */
export function insertOf(write: string | null, task: Instant | undefined): Insert | null {
  const insert = anyInsertOf(write);
  return insert && task !== undefined && insert.task === Math.floor(task) ? insert : null;
}

/** Returns the content that any task inserted. Null if the id is not that of an insert. */
export function anyInsertOf(write: string | null): Insert | null {
  const match = /^i([0-9a-z]+)-([0-9a-z]+)-([0-9a-z]+)(?:-([0-9a-f]{8}))?$/.exec(write ?? '');
  if (!match) return null;
  const [start = NaN, end = NaN, task = NaN] = match.slice(1, 4).map((part) => parseInt(part, 36));
  const calendar = match[4];
  return { start, end, task, ...(calendar === undefined ? {} : { calendar }) };
}

/** Did a user move the event since this insert into the calendar? */
export function isMovedSince(insert: Insert, event: CalendarEvent, calendarId: string): boolean {
  return event.start !== insert.start || event.end !== insert.end || event.calendarId !== calendarId;
}

/** Returns a new `loftSyncWrite` for any other write, from the version of its map and a random number. */
export function freshWriteId(version: number, random: () => number): string {
  const part = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(36)
      .padStart(7, '0');
  return `w${version.toString(36)}-${part()}${part()}`;
}

/**
 * Returns the digest of a text that we write to an event, stored in its private properties. A text that matches its digest
 * is ours (docs/decision-table.md#whose-text). FNV-1a of the normalized text, twice with different seeds.
 */
export function textDigest(text: string): string {
  const normal = normaliseText(text);
  return fnv1a(normal, 0x811c9dc5) + fnv1a(normal, 0x01234567);
}

/** Returns the digests of the texts of a write. */
export function digestsOf({
  title,
  description,
}: {
  readonly title?: string;
  readonly description?: string;
}): WrittenMarks {
  return {
    ...(title === undefined ? {} : { titleDigest: textDigest(title) }),
    ...(description === undefined ? {} : { descriptionDigest: textDigest(description) }),
  };
}

/** Returns the event of a booking as a task inserts it into a calendar, with the marks of that insert. */
export function draftOf(
  { appointmentId, createdAt }: Pick<ClaimedTask, 'appointmentId' | 'createdAt'>,
  base: RoutedContent,
  calendarId?: string,
): EventDraft {
  const { start, end, title, description, bay } = base;
  const calendar = calendarId === undefined ? {} : { calendar: calendarDigest(calendarId) };
  const write = insertWriteId({ start, end, task: createdAt, ...calendar });
  const digests = { titleDigest: textDigest(title), descriptionDigest: textDigest(description) };
  return { start, end, title, description, free: false, appointmentId, bay, write, ...digests };
}
