import type { EventDraft, WrittenMarks } from '../domain/calendar-event.js';
import type { ClaimedTask } from '../domain/task.js';
import type { RoutedContent } from './decision.js';
import type { Instant } from '../domain/instant.js';
import { normaliseText } from '../domain/content.js';
import { fnv1a } from '../domain/fnv1a.js';

/**
 * Event ids are derived from the appointment's, so that an insert that is repeated after a crash meets its own event
 * (docs/decision-table.md#crash-safe-writes). Google allows the characters 0-9 and a-v, 5 to 1024 of them.
 *
 * A numeric appointment id can be read in the event's id: `700123` becomes `loft700123`. Any other id is written in
 * hex of its UTF-16 code units after `lofth`. Where an id is burnt (deleted in a way that cannot be undone, or taken
 * by somebody's event), the next generation is used: `loft700123g1`.
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

/** The appointment a derived id belongs to; null: it is no derived id, or not of a numeric appointment id. */
export function appointmentOfEventId(eventId: string): string | null {
  return /^loft(\d+)(?:g\d+)?$/.exec(eventId)?.[1] ?? null;
}

/** What the id of an insert says. */
export interface Insert {
  readonly start: Instant;
  readonly end: Instant;
  /** When the task that inserted the event was first stored, which names it among the tasks of its appointment. */
  readonly task: Instant;
}

/**
 * `loftSyncWrite` of an insert: the time that was inserted and the task that did it, since no map holds an intent for it
 * yet (docs/decision-table.md#crash-safe-writes). `i` start `-` end `-` task, in base 36.
 */
export function insertWriteId({ start, end, task }: Insert): string {
  return `i${start.toString(36)}-${end.toString(36)}-${task.toString(36)}`;
}

/**
 * What this very task has inserted in an earlier attempt, whose map was not stored. It proves that the event was as it
 * was inserted, and that whatever differs from it was done later.
 *
 * @returns null if the id is not that of an insert by this task
 */
export function insertOf(write: string | null, task: Instant | undefined): Insert | null {
  const match = /^i([0-9a-z]+)-([0-9a-z]+)-([0-9a-z]+)$/.exec(write ?? '');
  if (!match) return null;
  const [start = NaN, end = NaN, by = NaN] = match.slice(1).map((part) => parseInt(part, 36));
  return by === task ? { start, end, task: by } : null;
}

/** `loftSyncWrite` of any other write: fresh for each, by the version of the map that announces it and by chance. */
export function freshWriteId(version: number, random: () => number): string {
  const part = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(36)
      .padStart(7, '0');
  return `w${version.toString(36)}-${part()}${part()}`;
}

/**
 * Digest of a text that we write to an event, kept in its private properties: a text that matches its digest is ours
 * (docs/decision-table.md#whose-text). FNV-1a of the normalised text, twice with different seeds.
 */
export function textDigest(text: string): string {
  const normal = normaliseText(text);
  return fnv1a(normal, 0x811c9dc5) + fnv1a(normal, 0x01234567);
}

/** The digests of the texts that a write sets. */
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

/** The event of a booking as a task inserts it, with the marks that prove it. */
export function draftOf(
  { appointmentId, createdAt }: Pick<ClaimedTask, 'appointmentId' | 'createdAt'>,
  base: RoutedContent,
): EventDraft {
  const { start, end, title, description, bay } = base;
  const write = insertWriteId({ start, end, task: createdAt });
  return { start, end, title, description, free: false, appointmentId, bay, write, ...digestsOf(base) };
}
