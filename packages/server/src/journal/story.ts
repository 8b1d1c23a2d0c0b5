import type { Bay, Instant } from '@loft/sync-core';
import type { Reason } from '@loft/sync-core/rules';
import type { JournalEntry } from '@loft/sync-core/store';
import { isReverting } from './activity-kind.js';
import { followsUndo } from './after-undo.js';
import { conflictWinner, reasonOf, slotWords, systemName, type ReaderZone, type SlotWords } from './words.js';

/** One line of an appointment's story. */
export interface StoryLine {
  readonly at: Instant;
  /** `Sun 22 Nov 2026`, in the studio's zone. */
  readonly day: string;
  /** `14:02:13`, in the studio's zone. */
  readonly time: string;
  /** What happened, the answer, the action: joined by arrows. */
  readonly steps: readonly string[];
  /** The result, for a colour or a mark. */
  readonly tone: 'done' | 'put-back' | 'waiting' | 'dead-letter' | 'quiet';
  /** The reason of the row (docs/decision-table.md#rows). */
  readonly reason: Reason | null;
}

/** Formats ` at 14:02:11`; empty if the time of the change is unknown. */
function since({ at, changedAt }: JournalEntry, words: SlotWords): string {
  return changedAt === null ? '' : ` at ${words.moment(changedAt, at)}`;
}

/** Formats ` from 11:00–12:00 to 14:30–15:30`, without unknown or unchanged parts. */
function move({ before, after }: JournalEntry, words: SlotWords): string {
  if (before === null || after === null) return after === null ? '' : ` to ${words.time(after)}`;
  const bay = before.bay === after.bay ? '' : `, ${words.bay(before.bay)} to ${words.bay(after.bay)}`;
  if (before.start === after.start && before.end === after.end) return bay.replace(', ', ' from ');
  return ` from ${words.time(before)} to ${words.time(after, before)}${bay}`;
}

/** Formats ` to 13:00–14:00`; empty if the time is unchanged. */
function backTo({ after }: JournalEntry, words: SlotWords): string {
  return after === null ? '' : ` to ${words.time(after)}, ${words.bay(after.bay)}`;
}

/** Formats ` (it was booked for Thu 26 Nov 13:00–14:00, Bay 1)`; empty if the place is unknown. */
function wasFor({ before }: JournalEntry, words: SlotWords): string {
  return before === null ? '' : ` (it was booked for ${words.time(before)}, ${words.bay(before.bay)})`;
}

function textOnly({ before, after }: JournalEntry): boolean {
  return before !== null && before.start === after?.start && before.end === after.end && before.bay === after.bay;
}

/** Texts of a row that writes: what happened, and the action if it succeeds. */
function story(entry: JournalEntry, words: SlotWords): { readonly happened: string[]; readonly done: string } {
  const { action, after, before, direction, error } = entry;
  const at = since(entry, words);
  const reverted = before === null ? 'event restored' : `event reverted${backTo(entry, words)}`;
  switch (entry.reason) {
    case 'new-booking': {
      const where = after === null ? '' : ` for ${words.time(after)}, ${words.bay(after.bay)}`;
      const made = at === '' ? '' : ` (the booking was made${at})`;
      return { happened: [`booked in USchedule${where}${made}`], done: 'event created' };
    }
    case 'adopt':
      return { happened: ['its event is in the calendar already'], done: 'event adopted as its own' };
    case 'booking-changed':
      if (textOnly(entry)) return { happened: ['text changed in USchedule'], done: "event's text updated" };
      return { happened: [`moved in USchedule${move(entry, words)}`], done: 'event moved along' };
    case 'booking-moved-bay':
      return { happened: [`moved in USchedule${move(entry, words)}`], done: "event moved to that bay's calendar" };
    case 'booking-cancelled':
      return { happened: [`cancelled in USchedule${wasFor(entry, words)}`], done: 'event removed' };
    case 'orphan':
      return { happened: ['an event of ours shows a cancelled booking'], done: 'event removed' };
    case 'event-moved':
      return { happened: [`moved in Google Calendar${at}${move(entry, words)}`], done: 'booking rescheduled' };
    case 'event-moved-bay':
      return {
        happened: [`moved to another bay's calendar${at}${move(entry, words)}`],
        done: 'booking moved to that bay',
      };
    case 'event-deleted':
      return { happened: [`deleted in Google Calendar${at}${wasFor(entry, words)}`], done: 'booking cancelled' };
    case 'change-undone':
      return { happened: ['a person undid the change before'], done: `booking moved back${backTo(entry, words)}` };
    case 'edit-refused': {
      const edit = before === null ? 'deleted' : 'moved';
      const to = before === null ? '' : ` to ${words.time(before, after)}`;
      const refused = error === null ? 'USchedule refused' : `${systemName(error.system)} refused: ${reasonOf(error)}`;
      return { happened: [`${edit} in Google Calendar${at}${to}`, refused], done: reverted };
    }
    case 'unsupported-edit':
      return { happened: [`edited in Google Calendar${at} in a way that is impossible for a booking`], done: reverted };
    case 'one-way':
      return { happened: [`edited in Google Calendar${at}, which changes no booking of this bay`], done: reverted };
    case 'past-edit':
      return { happened: [`moved in Google Calendar${at} after its visit was over`], done: reverted };
    case 'edit-undelivered':
      return {
        happened: [`edited in Google Calendar${at}`, 'the edit could not be delivered; its dead letter keeps it'],
        done: reverted,
      };
    case 'edit-held':
      return { happened: [`edited in Google Calendar${at}`, 'a person reverted the held edit'], done: reverted };
    case 'copy-adopted':
      return {
        happened: ['its event was deleted, and a copy of it is in a calendar'],
        done: "the copy took its place, with the booking's content",
      };
    case 'rebook-leftover':
      return { happened: ['booked again at the new time'], done: 'the booking that is not needed any more cancelled' };
    case 'conflict':
      return {
        happened: ['changed on both sides', conflictWinner(direction)],
        done: direction === 'GCAL_TO_USCHEDULE' ? 'booking follows the event' : `event set${backTo(entry, words)}`,
      };
    case 'conflict-restore':
      return { happened: ['changed in USchedule and deleted in Google Calendar'], done: 'event restored' };
    case 'dead-stays-dead':
      return { happened: ['its event came back, but the booking is cancelled'], done: 'event removed again' };
    case 'booking-revived':
      return { happened: ['active again in USchedule'], done: 'event restored' };
    default:
      return { happened: [entry.reason ?? 'checked'], done: action ?? 'done' };
  }
}

/** Texts of rows that write nothing. */
const LEFT_ALONE: Readonly<Partial<Record<Reason, readonly [string, string]>>> = {
  'no-route': ['booked on a unit that is not one of the bays', 'no event'],
  'checkout-held': ['its checkout may still be in progress', 'waits until the record is old enough'],
  'dead-on-arrival': ['cancelled before it was ever mirrored', 'nothing to do'],
  'orphan-unproven': ['an event of ours has no booking that could be found', 'not changed, and reported'],
  'orphan-foreign': ['an event with our marks was made by another account', 'not removed, and reported'],
  'event-replaced': [
    'its event was deleted, and a person had copied it shortly before',
    'the copy is its event now, and its time counts as an edit',
  ],
  'edit-refused': ['moved in Google Calendar onto a taken slot', 'the event is not reverted yet'],
  'edit-held': ['edited in Google Calendar, with many other events', 'held until a person releases or reverts it'],
  'edit-undelivered': ['its edit could not be delivered', 'nothing is written to USchedule'],
  'edit-war': ['the same edit was made again after it was reverted', 'waits longer before it is reverted again'],
  'text-edited': ['text changed in Google Calendar', 'kept; the booking has no field for it'],
  converged: ['both sides were changed to the same value', 'nothing to do'],
  'metadata-removed': [
    'our marks were removed from the event',
    'nothing is written to USchedule until they are restored',
  ],
  'change-undone': ['a person asked to undo a change', 'not undone'],
  copy: ['a copy of the event was made', 'not changed'],
  past: ['changed after it was over', 'past events are not changed'],
};

/**
 * Formats the next attempt. A refused calendar or system is tried again as soon as it accepts calls: the time of the entry
 * is then only the latest one. A time that has passed is omitted.
 */
function retry({ dueAt, at, error, outcome }: JournalEntry, words: SlotWords, now: Instant): string {
  const isOver = dueAt !== null && dueAt < now;
  // The journal omits the later attempts of a lasting refusal.
  if (error !== null && (outcome === 'wait' || (isOver && error.kind === 'forbidden'))) {
    const isOneCalendar = error.system === 'google' && error.kind !== 'unauthorized';
    const what = isOneCalendar ? 'the calendar' : systemName(error.system);
    return `is tried again when ${what} can be used again`;
  }
  return dueAt === null || isOver ? 'is tried again' : `is tried again ${words.moment(dueAt, at)}`;
}

/** Describes a failure: `Google Calendar: the calendar is unknown or not shared with us`. */
function failure({ error }: JournalEntry): string {
  return error === null ? 'did not work' : `failed, ${systemName(error.system)} says: ${reasonOf(error)}`;
}

function setback(entry: JournalEntry, words: SlotWords, now: Instant): readonly string[] {
  const { attempt, error } = entry;
  const who = error === null ? 'the other side' : systemName(error.system);
  switch (entry.outcome) {
    case 'wait':
      return [error === null ? `waits for ${who}` : `waits: ${who} says: ${reasonOf(error)}`, retry(entry, words, now)];
    case 'dead-letter':
      return [failure(entry), `stored as a dead letter after ${attempts(attempt)}`];
    default:
      return [failure(entry), retry(entry, words, now)];
  }
}

function attempts(count: number | null): string {
  return count === 1 ? 'one attempt' : `${count ?? 'several'} attempts`;
}

function stepsOf(
  entry: JournalEntry,
  earlier: readonly JournalEntry[],
  words: SlotWords,
  now: Instant,
): Pick<StoryLine, 'steps' | 'tone'> {
  const { detail, kind, other, outcome, reason } = entry;
  if (kind === 'notice' || kind === 'act') return { steps: [detail ?? ''], tone: 'quiet' };
  if (kind === 'renamed')
    return { steps: [`continues appointment ${other ?? ''}, which was rescheduled`], tone: 'done' };
  if (kind === 'seen') {
    const steps = (reason && LEFT_ALONE[reason]) ?? [reason ?? 'checked', 'not changed'];
    return { steps: detail === null ? steps : [...steps, detail], tone: 'quiet' };
  }
  const tone = outcome === 'dead-letter' ? 'dead-letter' : 'waiting';
  if (kind === 'setback') return { steps: setback(entry, words, now), tone };
  if (followsUndo(entry, earlier)) {
    return { steps: ['the event follows the undo', `event moved back${backTo(entry, words)}`], tone: 'done' };
  }
  const { happened, done } = story(entry, words);
  const isReplay = entry.trigger === 'replay' && reason !== 'change-undone';
  const asked = isReplay ? ['replayed', ...happened] : happened;
  if (outcome !== 'ok') return { steps: [...asked, ...setback(entry, words, now)], tone };
  const end = other === null ? done : `${done}, as appointment ${other}`;
  return {
    steps: [...asked, end],
    tone: isReverting(entry) ? 'put-back' : 'done',
  };
}

/**
 * Describes the entries of an appointment's journal in the studio's zone, the oldest first.
 *
 * @param now the time of the reading: planned attempts before it have been made
 */
export function storyOf(
  entries: readonly JournalEntry[],
  zone: ReaderZone,
  bays: readonly Pick<Bay, 'bay' | 'name'>[],
  now: Instant,
): readonly StoryLine[] {
  const words = slotWords(zone, bays);
  return entries.map((entry, index) => ({
    at: entry.at,
    day: words.day(entry.at),
    time: words.moment(entry.at),
    reason: entry.reason,
    ...stepsOf(entry, entries.slice(0, index), words, now),
  }));
}
