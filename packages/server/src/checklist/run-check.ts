import { SECOND } from '@loft/sync-core';
import { waitUntil } from '../process/wait-until.js';
import type { Sandbox } from '../sandbox/start-sandbox.js';
import { FOLLOW_WITHIN_MS, ONE_WRITE, type Check } from './check.js';

/** Number of polls and incremental syncs after a change. An unwanted write back would show within them. */
const QUIET_ROUNDS = 2;
const QUIET_WITHIN_MS: number = 30 * SECOND;

export interface CheckResult {
  readonly check: Check;
  /** Milliseconds until the other side had the change; null: it does not have it. */
  readonly followedMs: number | null;
  /** Writes of the service to the other side, and back to the changed side. */
  readonly writesThere: number;
  readonly writesBack: number;
  readonly passed: boolean;
}

/** Counts the service's writes to each side since the start. */
function writesSoFar({ google, uschedule }: Sandbox): { readonly google: number; readonly uschedule: number } {
  return {
    google: google.writes.filter(({ by, done }) => by === 'service' && done).length,
    uschedule: uschedule.writes.length,
  };
}

/** Counts complete reads of each side: polls, and incremental syncs of the calendar that was read least. */
function roundsSoFar({ bays, google, uschedule }: Sandbox): number {
  const polls = uschedule.calls.filter(({ method }) => method === 'getapiappointments').length;
  const sweeps = bays.map(
    ({ calendarId }) =>
      google.calls.filter((call) => call.method === 'events.list' && call.calendarId === calendarId).length,
  );
  return Math.min(polls, ...sweeps);
}

/** Waits until both sides were read several more times and no task is left. */
export async function waitForQuiet(sandbox: Sandbox): Promise<boolean> {
  const from = roundsSoFar(sandbox);
  return waitUntil(
    async () => {
      if (roundsSoFar(sandbox) < from + QUIET_ROUNDS) return false;
      const status = await sandbox.service.engine.status();
      if (status.err) return false;
      // A deferred read after the echo window may still cause a write.
      const { due, waiting, claimed } = status.val.tasks;
      return due + waiting + claimed === 0;
    },
    QUIET_WITHIN_MS,
    50,
  );
}

/** Runs a person's action, waits for the other side, and counts the service's writes to each side. */
export async function runCheck(sandbox: Sandbox, check: Check): Promise<CheckResult> {
  const before = writesSoFar(sandbox);
  const actedAt = performance.now();
  check.act();
  const followed = await waitUntil(() => check.followed(), check.withinMs ?? FOLLOW_WITHIN_MS);
  const followedMs = followed ? performance.now() - actedAt : null;
  const quiet = await waitForQuiet(sandbox);
  const after = writesSoFar(sandbox);
  const toGoogle = after.google - before.google;
  const toUSchedule = after.uschedule - before.uschedule;
  const [writesThere, writesBack] =
    check.changedSide === 'USchedule' ? [toGoogle, toUSchedule] : [toUSchedule, toGoogle];
  // Checked again at the end, because a correct state may have been changed back.
  const { there, back } = check.writes ?? ONE_WRITE;
  const passed = quiet && followed && check.followed() && writesThere === there && writesBack === back;
  return { check, followedMs, writesThere, writesBack, passed };
}
