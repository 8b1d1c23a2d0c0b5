import type { SyncError } from '../../domain/sync-error.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import type { Result } from '../../result.js';
import type { CallQuota } from './call-quota.js';

/** What a call costs (Google contract, "Events"): a patch is dearer than anything else. */
const PATCH_UNITS = 3;
const UNITS = 1;

/**
 * The calendars of one account within its quota: every call, to whichever calendar, reading or writing, waits for its
 * turn. What an open circuit answers was never sent, and costs nothing.
 */
export function limitedCalendars(calendars: CalendarSystem, quota: CallQuota): CalendarSystem {
  const within = async <T>(units: number, call: () => Promise<Result<T, SyncError>>): Promise<Result<T, SyncError>> => {
    await quota.take(units);
    const answer = await call();
    if (answer.err && answer.val.unsent) quota.giveBack(units);
    return answer;
  };
  return {
    listParameters: calendars.listParameters,
    listEvents: (...args) => within(UNITS, () => calendars.listEvents(...args)),
    getEvent: (...args) => within(UNITS, () => calendars.getEvent(...args)),
    insertEvent: (...args) => within(UNITS, () => calendars.insertEvent(...args)),
    patchEvent: (...args) => within(PATCH_UNITS, () => calendars.patchEvent(...args)),
    deleteEvent: (...args) => within(UNITS, () => calendars.deleteEvent(...args)),
    moveEvent: (...args) => within(UNITS, () => calendars.moveEvent(...args)),
    watch: (...args) => within(UNITS, () => calendars.watch(...args)),
    stopChannel: (...args) => within(UNITS, () => calendars.stopChannel(...args)),
  };
}
