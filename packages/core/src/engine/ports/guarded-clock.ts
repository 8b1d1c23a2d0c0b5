import type { SyncEvent } from '../../domain/sync-event.js';
import type { CancelTimer, Clock } from '../../ports/clock.js';
import { thrownText } from '../../domain/sync-error.js';

/**
 * Wraps the clock of a host, so that its faults do not reach the process. The first fault is reported. `now` then answers the
 * last reading, a timer that cannot be set does not fire, and a cancelled timer never fires.
 */
export function guardedClock(clock: Clock, onFault: (fault: SyncEvent) => void): Clock {
  let reading = clock.now();
  let isReported = false;
  const report = (problem: string): void => {
    if (isReported) return;
    isReported = true;
    const message = `the clock of the host failed: ${problem}. The engine uses the last time that it read`;
    onFault({ type: 'notice', at: reading, level: 'error', message, appointmentId: null, calendarId: null });
  };
  const guarded = <T>(method: string, call: () => T): T | null => {
    try {
      return call();
    } catch (thrown) {
      report(`${method} threw ${thrownText(thrown)}`);
      return null;
    }
  };

  const now = (): number => {
    const answer = guarded('now', () => clock.now());
    if (answer !== null && Number.isFinite(answer)) reading = answer;
    else report('now answered no number of milliseconds');
    return reading;
  };

  const setTimer = (delayMs: number, callback: () => void): CancelTimer => {
    let isWaiting = true;
    const fire = (): void => {
      if (!isWaiting) return;
      isWaiting = false;
      callback();
    };
    const cancel = guarded('setTimer', () => clock.setTimer(delayMs, fire));
    if (cancel !== null && typeof cancel !== 'function') report('setTimer answered no function that cancels');
    return () => {
      if (isWaiting && typeof cancel === 'function') guarded('the cancel function of setTimer', cancel);
      isWaiting = false;
    };
  };

  return { now, setTimer };
}

/**
 * Wraps the random numbers of a host. A fault must not give several replicas the same name, so another number takes its
 * place.
 */
export function guardedRandom(random: () => number): () => number {
  return () => {
    try {
      const answer: unknown = random();
      return typeof answer === 'number' && answer >= 0 && answer <= 1 ? answer : Math.random();
    } catch {
      return Math.random();
    }
  };
}
