import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import type { CalendarSystem, Result, SyncError } from '@loft/sync-core';
import type { EventDraft } from '@loft/sync-core/adapters';
import { createGoogleCalendarSystem, type GoogleCalendarOptions } from '#src/index.js';
import { startGoogleSimulator, type GoogleSimulator, type SimulatorOptions } from '#src/simulator/index.js';

export const BAY_1 = 'bay-1@calendars.example';
export const BAY_2 = 'bay-2@calendars.example';
export const EVENT_ID = 'loft0000001';
export const START: number = Date.UTC(2027, 0, 20, 18);
export const HOUR = 3_600_000;
export const BEGINNING = { syncToken: null, pageToken: null } as const;
export const MARKS = { appointmentId: '700123', bay: '1' } as const;

export const DRAFT: EventDraft = {
  start: START,
  end: START + HOUR,
  title: 'Ann Example',
  description: 'Two players',
  free: false,
  appointmentId: '700123',
  bay: '1',
};

/** Simulators of the current test; all are closed after it. */
const open = new Set<GoogleSimulator>();

export async function simulate(options: SimulatorOptions = {}): Promise<GoogleSimulator> {
  const simulator = await startGoogleSimulator({ calendars: [BAY_1, BAY_2], ...options });
  open.add(simulator);
  return simulator;
}

export async function closeAll(): Promise<void> {
  await Promise.all([...open].map((simulator) => simulator.close()));
  open.clear();
}

/** The adapter on a simulator. */
export function adapter(
  simulator: GoogleSimulator,
  options: Partial<GoogleCalendarOptions> = {},
): Required<CalendarSystem> {
  return createGoogleCalendarSystem({
    credentials: { kind: 'key', json: simulator.serviceAccountKey() },
    timeZone: 'America/Phoenix',
    rootUrl: simulator.rootUrl,
    ...options,
  });
}

/** Google's own client on a simulator, without the adapter. */
export function googleClient(simulator: GoogleSimulator): calendar_v3.Calendar {
  return calendar({
    version: 'v3',
    rootUrl: simulator.rootUrl,
    retry: false,
    headers: { authorization: `Bearer ${simulator.issueAccessToken()}` },
  });
}

interface ClientError {
  readonly status: number;
  readonly response: {
    readonly data: {
      readonly error: { readonly code: number; readonly errors: readonly { readonly reason: string }[] };
    };
  };
}

/** Status and reason of a refusal to Google's own client. */
export async function refusal(call: Promise<unknown>): Promise<readonly [number, string | undefined]> {
  try {
    await call;
  } catch (error) {
    const { status, response } = error as ClientError;
    return [status, response.data.error.errors[0]?.reason];
  }
  throw new Error('the call was not refused');
}

/** The error of a call that must fail. */
export function errorOf(result: Result<unknown, SyncError>): SyncError {
  if (result.err) return result.val;
  throw new Error('the call did not fail');
}

/** Methods and statuses of the service's calls, without token requests. */
export function callsOf(simulator: GoogleSimulator): readonly string[] {
  return simulator.calls
    .filter(({ by, method }) => by === 'service' && method !== 'oauth2.token')
    .map(({ method, status }) => `${method} ${status}`);
}

export function tokenRequests(simulator: GoogleSimulator): number {
  return simulator.calls.filter(({ method }) => method === 'oauth2.token').length;
}
