import type { Bay, Instant } from '@loft/sync-core';
import type { SyncDirection } from '@loft/sync-core/reports';
import type { JournalEntry, Slot } from '@loft/sync-core/store';
import { withoutComma, zonedFormatter, type NamedZone } from '../time-zones/zoned-formatter.js';

/** Formats times for a person at the studio, with the day only if it is not the day of the context. */
export interface SlotWords {
  /** `14:02:11`, or `Thu 26 Nov 14:02:11` on another day than the entry's. */
  readonly moment: (instant: Instant, near?: Instant) => string;
  /** `Thu 26 Nov 2026` */
  readonly day: (instant: Instant) => string;
  /** `14:30–15:30`, or `Thu 26 Nov 14:30–15:30` with the day. */
  readonly time: (slot: Slot, other?: Slot | null) => string;
  readonly bay: (bay: string | null) => string;
}

/** Creates the formats of a zone and a locale. Default locale: British English. */
export interface ReaderZone extends NamedZone {
  readonly locale?: string;
}

export function slotWords(zone: ReaderZone, bays: readonly Pick<Bay, 'bay' | 'name'>[]): SlotWords {
  const { locale = 'en-GB' } = zone;
  const clock = zonedFormatter(zone, locale, { timeStyle: 'medium' });
  const hour = zonedFormatter(zone, locale, { timeStyle: 'short' });
  const short = zonedFormatter(zone, locale, { weekday: 'short', day: 'numeric', month: 'short' });
  const long = zonedFormatter(zone, locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const dayOf = (instant: Instant): string => withoutComma(short(instant), locale);
  const span = ({ start, end }: Slot): string => `${hour(start)}–${hour(end)}`;
  return {
    moment: (instant, near = instant) =>
      dayOf(instant) === dayOf(near) ? clock(instant) : `${dayOf(instant)} ${clock(instant)}`,
    day: (instant) => withoutComma(long(instant), locale),
    time: (slot, other) =>
      other && dayOf(other.start) === dayOf(slot.start) ? span(slot) : `${dayOf(slot.start)} ${span(slot)}`,
    bay: (bay) => (bay === null ? 'another bay' : (bays.find(({ bay: id }) => id === bay)?.name ?? `bay ${bay}`)),
  };
}

const SYSTEMS: Readonly<Record<string, string>> = {
  uschedule: 'USchedule',
  google: 'Google Calendar',
  store: 'the store',
};

/** @returns the name of a system in texts; an unknown system has the name of its adapter */
export function systemName(system: string): string {
  return SYSTEMS[system] ?? system;
}

/**
 * Says which side of a conflict counts (docs/decision-table.md#row-17). The event wins only if its change was later;
 * otherwise, and in doubt, the booking wins.
 */
export function conflictWinner(direction: SyncDirection | null): string {
  return direction === 'GCAL_TO_USCHEDULE' ? 'the event wins, because it was changed later' : 'the booking wins';
}

/**
 * Extracts the other system's sentence from an error message, without the call and status before it: `slot is taken`.
 */
export function reasonOf({ message }: Pick<NonNullable<JournalEntry['error']>, 'message'>): string {
  const text = message.trim().replace(/\.$/, '');
  return text.replace(/^[\w.]+: HTTP \d{3}, (?=.)/, '');
}
