import type { Booking, BookingEventMap, DeadLetter, EngineStatus, Instant } from '@loft/sync-core';
import type { ActionTotals } from '../observe/action-counts.js';
import type { Sides } from './console/pairs.js';
import { safeEventLink } from './event-link.js';
import type { PushMonitor } from './push-monitor.js';
import { errorFields } from '../observe/log-observer.js';

/** Converts the engine's values for `/admin`, with instants as ISO 8601 in UTC. */
type Json = Readonly<Record<string, unknown>>;

function iso(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}

/**
 * Converts a map to the field names of docs/operating-contract.md#stored-data, with the latest reading of the booking
 * system.
 *
 * @param latest the latest reading of the booking; null: not read since the start
 */
export function bookingView(map: BookingEventMap, latest: Booking | null, calendarRootUrl: string | null): Json {
  const { base, intent } = map;
  return {
    ...map,
    eventLink: safeEventLink(map, calendarRootUrl),
    customerId: latest?.customerId ?? null,
    details: latest?.details ?? {},
    lastSyncedAt: iso(map.lastSyncedAt),
    bookingWrittenAt: iso(map.bookingWrittenAt),
    eventUpdatedAt: iso(map.eventUpdatedAt),
    base: { ...base, start: iso(base.start), end: iso(base.end) },
    intent: intent && {
      ...intent,
      start: iso(intent.start),
      end: iso(intent.end),
      since: iso(intent.since),
      triedAt: iso(intent.triedAt),
    },
  };
}

/** Converts a booking without an event yet, with the fields of a map that it has. */
export function pendingView({ appointmentId, title, google, uschedule }: Sides): Json {
  const slot = uschedule ?? google;
  const base = { title, start: iso(slot?.start ?? null), end: iso(slot?.end ?? null), bay: slot?.bay ?? null };
  return { uscheduleAppointmentId: appointmentId, status: 'PENDING', base };
}

export function deadLetterView(letter: DeadLetter): Json {
  const { appointmentId, calendarId, eventId, reason, attempts, error, at, retryAt } = letter;
  return {
    id: appointmentId,
    appointmentId,
    calendarId,
    eventId,
    reason,
    attempts,
    error: errorFields(error),
    at: iso(at),
    retryAt: iso(retryAt),
  };
}

export function statusView(
  status: EngineStatus,
  actions: ActionTotals,
  startedAt: Instant,
  now: Instant,
  push: PushMonitor,
): Json {
  return {
    running: status.running,
    startedAt: iso(startedAt),
    now: iso(now),
    feeds: status.feeds.map((feed) => ({
      ...feed,
      lastSuccessAt: iso(feed.lastSuccessAt),
      lastError: feed.lastError && errorFields(feed.lastError),
      stopped: feed.stopped && { ...feed.stopped, at: iso(feed.stopped.at) },
    })),
    channels: status.channels.map((channel) => ({
      ...channel,
      lastNotifiedAt: iso(push.lastNotifiedAt(channel.channelId)),
      expiresAt: iso(channel.expiresAt),
      lastError: channel.lastError && errorFields(channel.lastError),
    })),
    circuits: status.circuits.map((circuit) => ({
      ...circuit,
      since: iso(circuit.since),
      probeAt: iso(circuit.probeAt),
      error: errorFields(circuit.error),
    })),
    tasks: status.tasks,
    deadLetters: status.deadLetters,
    actions,
  };
}
