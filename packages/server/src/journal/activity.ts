import type { Bay, BookingEventMap, Clock, Instant, Period, Result, SyncEngine, SyncError } from '@loft/sync-core';
import type { SyncStore, JournalEntry, TimePlace } from '@loft/sync-core/store';
import type { Journal } from '@loft/sync-core/reports';
import { Err, Ok } from '@loft/sync-core';
import { kindOf, type ActivityKind } from './activity-kind.js';
import { namesInWaits } from './names-in-waits.js';
import { storyOf, type StoryLine } from './story.js';
import type { ReaderZone } from './words.js';

/** One journal entry with names for a person. */
export interface ActivityItem extends StoryLine {
  readonly id: string;
  /** Empty for entries that concern the whole service. */
  readonly appointmentId: string;
  /** The last agreed title of both sides; before the first mirror the booking's name. null: unknown. */
  readonly customerName: string | null;
  /** Short name of the bay; null if unknown or not configured. */
  readonly bay: string | null;
  /** Start of the appointment; null if unknown. */
  readonly start: Instant | null;
  readonly kind: ActivityKind;
}

/** The filter of a query. A missing field matches every entry. */
export interface ActivityFilter {
  readonly since?: Instant;
  readonly until?: Instant;
  /** Only appointments that start in this period, or started there before the change. */
  readonly visit?: Period;
  readonly bay?: string;
  readonly kinds?: readonly ActivityKind[];
  /** Words that must all occur in the sentence, the customer's name or the appointment's id, in upper or lower case. */
  readonly words?: string;
  /** Start after this position. */
  readonly before?: TimePlace;
  readonly limit: number;
}

/** A page of activity, newest first. */
export interface ActivityPage {
  readonly items: readonly ActivityItem[];
  /** Position of the next page; null at the end. */
  readonly next: TimePlace | null;
}

/** The sources of the activity. */
export interface ActivitySource extends ReaderZone {
  readonly store: Pick<SyncStore, 'getMap' | 'listActivity'>;
  /** Flushed before a read, so that a page includes the latest actions. */
  readonly journal: Pick<Journal, 'flush'>;
  readonly bays: readonly Bay[];
  readonly clock: Pick<Clock, 'now'>;
  /** Names appointments that were never mirrored. */
  readonly engine: Pick<SyncEngine, 'latestBooking'>;
}

/** Entries read from the store in one call. */
const BATCH = 250;

/** Maximum entries read for one page. The page then ends early, and `next` continues from there. */
const MAXIMUM_READ = 5000;

/** Reads the journal of all appointments, and filters it. */
export async function listActivity(
  filter: ActivityFilter,
  source: ActivitySource,
): Promise<Result<ActivityPage, SyncError>> {
  await source.journal.flush();
  const maps = new Map<string, BookingEventMap | null>();
  const items: ActivityItem[] = [];
  let before = filter.until === undefined ? filter.before : earlier({ at: filter.until, id: '' }, filter.before);
  for (let read = 0; read < MAXIMUM_READ; read += BATCH) {
    const query = {
      limit: BATCH,
      ...(filter.since !== undefined && { since: filter.since }),
      ...(before && { before }),
    };
    const entries = (await source.store.listActivity?.(query)) ?? Ok([]);
    if (entries.err) return entries;
    for (const [index, entry] of entries.val.entries()) {
      const map = await mapOf(entry.appointmentId, maps, source);
      if (map.err) return map;
      const item = itemOf(entry, entries.val.slice(index + 1), map.val, source);
      before = { at: entry.at, id: entry.id };
      if (isOnDay(entry, map.val, filter) && fits(item, filter)) items.push(item);
      if (items.length === filter.limit) return Ok({ items: await namesInWaits(items, source), next: before });
    }
    if (entries.val.length < BATCH) return Ok({ items: await namesInWaits(items, source), next: null });
  }
  return Ok({ items: await namesInWaits(items, source), next: before ?? null });
}

function earlier(a: TimePlace, b: TimePlace | undefined): TimePlace {
  return b === undefined || a.at < b.at ? a : b;
}

async function mapOf(
  appointmentId: string,
  maps: Map<string, BookingEventMap | null>,
  { store }: ActivitySource,
): Promise<Result<BookingEventMap | null, SyncError>> {
  if (appointmentId === '') return Ok(null);
  const found = maps.get(appointmentId);
  if (found !== undefined) return Ok(found);
  const read = await store.getMap(appointmentId);
  if (read.err) return Err(read.val);
  maps.set(appointmentId, read.val);
  return read;
}

/** @param older older entries of all appointments, the newest first */
function itemOf(
  entry: JournalEntry,
  older: readonly JournalEntry[],
  map: BookingEventMap | null,
  { bays, clock, engine, ...zone }: ActivitySource,
): ActivityItem {
  const before = older.find(({ appointmentId, kind }) => kind === 'write' && appointmentId === entry.appointmentId);
  const line = storyOf(before === undefined ? [entry] : [before, entry], zone, bays, clock.now()).at(-1);
  const base = map?.base ?? null;
  const name = base?.title ?? engine.latestBooking(entry.appointmentId)?.customerName ?? '';
  return {
    ...(line as StoryLine),
    id: entry.id,
    appointmentId: entry.appointmentId,
    customerName: name === '' ? null : name,
    bay: entry.after?.bay ?? entry.before?.bay ?? base?.bay ?? null,
    start: entry.after?.start ?? entry.before?.start ?? base?.start ?? null,
    kind: kindOf(entry),
  };
}

function isOnDay(
  { after, before }: JournalEntry,
  map: BookingEventMap | null,
  { visit }: Pick<ActivityFilter, 'visit'>,
): boolean {
  if (visit === undefined) return true;
  return [after, before, map?.base].some((slot) => slot && slot.start >= visit.from && slot.start < visit.to);
}

function fits(item: ActivityItem, { bay, kinds, words }: ActivityFilter): boolean {
  if (bay !== undefined && item.bay !== bay) return false;
  if (kinds !== undefined && !kinds.includes(item.kind)) return false;
  if (words === undefined) return true;
  const text = `${item.appointmentId} ${item.customerName ?? ''} ${item.steps.join(' ')}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
