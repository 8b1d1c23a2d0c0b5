import { systemClock } from '../clock/system-clock.js';
import type { SyncError } from '../domain/sync-error.js';
import type { Result } from '../result.js';
import { assertTrue } from './assert.js';

/** Maximum duration of an adapter's call here, in milliseconds. A vendor's sandbox may be slow. */
const LONGEST_CALL_MS = 60_000;

/** Makes every call and checks that each returns a `Result` in time, without a throw or rejection. */
export async function assertAllSettle(
  calls: Readonly<Record<string, () => Promise<Result<unknown, SyncError>>>>,
  withinMs: number = LONGEST_CALL_MS,
): Promise<void> {
  for (const [name, call] of Object.entries(calls)) {
    const outcome = await outcomeOf(call, withinMs);
    assertTrue(outcome === 'result', `${name} answers a Result for any arguments; this call: ${outcome}`);
  }
}

function outcomeOf(call: () => Promise<Result<unknown, SyncError>>, withinMs: number): Promise<string> {
  return new Promise((resolve) => {
    const cancelTimer = systemClock().setTimer(withinMs, () => resolve(`no answer within ${withinMs} ms`));
    const end = (outcome: string): void => {
      cancelTimer();
      resolve(outcome);
    };
    const failed = (thrown: unknown): void => end(`threw ${String(thrown)}`);
    try {
      call().then((answer: Partial<Result<unknown, SyncError>> | undefined) => {
        end(typeof answer?.ok === 'boolean' ? 'result' : 'answered something else');
      }, failed);
    } catch (thrown) {
      failed(thrown);
    }
  });
}
