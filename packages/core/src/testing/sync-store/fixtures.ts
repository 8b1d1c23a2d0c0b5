import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { FeedState } from '../../domain/feed-state.js';
import { HOUR, MINUTE, type Instant } from '../../domain/instant.js';
import type { JournalEntry } from '../../domain/journal-entry.js';
import type { LivenessRecord } from '../../domain/liveness-record.js';
import type { OutgoingSignal } from '../../domain/outgoing-signal.js';
import type { ClaimedTask, DeadLetter, NewTask } from '../../domain/task.js';
import type { WatchChannel } from '../../domain/watch-channel.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { assertOk, assertTrue } from '../assert.js';

/** The time of the tests. */
export const NOW: Instant = Date.UTC(2026, 2, 14, 17, 30);

export const LEASE_MS: number = 30_000;

/** Text that careless stores damage: quotes, line ends, several scripts, an emoji of two units. */
export const AWKWARD_TEXT = `Zoë "Łódź" O'Brien – 予約 🏌️‍♀️ 100% \\ \r\n\t$name {a.b} __proto__`;

export function newMap(appointmentId: string, fields: Partial<BookingEventMap> = {}): BookingEventMap {
  return {
    uscheduleAppointmentId: appointmentId,
    googleCalendarId: 'bay1@group.calendar.google.com',
    googleEventId: `event${appointmentId}`,
    lastSyncedAt: NOW,
    lastSource: 'USCHEDULE',
    etag: '"3391"',
    version: 0,
    status: 'ACTIVE',
    base: { start: NOW + HOUR, end: NOW + 2 * HOUR, bay: '1', title: 'Ada', description: '' },
    fence: 0,
    bookingWrittenAt: null,
    eventUpdatedAt: null,
    intent: null,
    supersededBy: null,
    ...fields,
  };
}

export function newTask(appointmentId: string, dueAt: Instant = NOW, fields: Partial<NewTask> = {}): NewTask {
  return { appointmentId, dueAt, trigger: 'poll', event: null, ...fields };
}

export function newLetter(appointmentId: string, fields: Partial<DeadLetter> = {}): DeadLetter {
  return {
    appointmentId,
    calendarId: 'bay1@group.calendar.google.com',
    eventId: `event${appointmentId}`,
    reason: 'booking-changed',
    attempts: 8,
    error: { kind: 'refused', system: 'uschedule', method: 'rescheduleappointment', message: 'The slot is taken.' },
    at: NOW,
    fingerprint: null,
    retryAt: null,
    revivals: 0,
    ...fields,
  };
}

export function newFeedState(feed: string, fields: Partial<FeedState> = {}): FeedState {
  return {
    feed,
    syncToken: null,
    tokenParameters: null,
    stopped: null,
    resumed: false,
    savedAt: NOW,
    ...fields,
  };
}

export function newChannel(channelId: string, fields: Partial<WatchChannel> = {}): WatchChannel {
  return {
    channelId,
    calendarId: 'bay1@group.calendar.google.com',
    resourceId: `resource-of-${channelId}`,
    address: 'https://sync.example.com/webhook/gcal',
    expiresAt: NOW + HOUR,
    createdAt: NOW,
    ...fields,
  };
}

export function newLiveness(appointmentId: string, fields: Partial<LivenessRecord> = {}): LivenessRecord {
  return { appointmentId, freeReadings: 0, dead: false, end: NOW + HOUR, updatedAt: NOW, ...fields };
}

export function newEntry(id: string, appointmentId: string, fields: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id,
    at: NOW,
    appointmentId,
    kind: 'write',
    trigger: 'poll',
    reason: 'new-booking',
    action: 'create',
    direction: 'USCHEDULE_TO_GCAL',
    outcome: 'ok',
    attempt: 1,
    changedAt: null,
    before: null,
    after: { start: NOW + HOUR, end: NOW + 2 * HOUR, bay: '1' },
    other: null,
    detail: null,
    error: null,
    dueAt: null,
    ...fields,
  };
}

export function newSignal(id: string, fields: Partial<OutgoingSignal> = {}): OutgoingSignal {
  return {
    id,
    receiver: 'home',
    subject: '700123',
    type: 'booking.mirrored',
    at: NOW,
    body: '{}',
    state: 'waiting',
    attempts: 0,
    dueAt: NOW,
    problem: null,
    ...fields,
  };
}

/** Stores a map and returns it as stored. */
export async function stored(store: SyncStore, map: BookingEventMap): Promise<BookingEventMap> {
  return assertOk(await store.putMap(map), `could not store the map of ${map.uscheduleAppointmentId}`);
}

export async function add(store: SyncStore, ...tasks: readonly NewTask[]): Promise<void> {
  assertOk(await store.addTasks(tasks, NOW), 'could not add tasks');
}

export interface ClaimOptions {
  readonly owner?: string;
  readonly now?: Instant;
  readonly leaseMs?: number;
  readonly limit?: number;
  readonly only?: readonly string[];
  readonly latestDueAt?: Instant;
}

export async function claim(store: SyncStore, options: ClaimOptions = {}): Promise<readonly ClaimedTask[]> {
  const request = { owner: 'one', now: NOW, leaseMs: LEASE_MS, limit: 100, ...options };
  return assertOk(await store.claimTasks(request), 'could not claim');
}

/** Claims tasks and expects exactly one. */
export async function claimOne(store: SyncStore, options: ClaimOptions = {}): Promise<ClaimedTask> {
  const tasks = await claim(store, options);
  const [task] = tasks;
  assertTrue(task !== undefined && tasks.length === 1, `expected one task to claim, but got ${tasks.length}`);
  return task;
}

export function ids(items: readonly { readonly appointmentId: string }[]): string[] {
  return items.map((item) => item.appointmentId);
}

export function mapIds(maps: readonly BookingEventMap[]): string[] {
  return maps.map((map) => map.uscheduleAppointmentId);
}

/** Expiry of a lease claimed at `NOW`. */
export const AFTER_LEASE: Instant = NOW + LEASE_MS;

export const LATER: Instant = NOW + MINUTE;
