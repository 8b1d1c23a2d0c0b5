import type { CallDecorator } from '../../ports/decorate-port.js';
import { Err } from '../../result.js';

/** Turns "not found" into `forbidden` for a call without an event: the calendar is unknown or not shared with us. */
export const calendarNotShared: CallDecorator = async ({ notFoundMeansCalendar }, send) => {
  const answer = await send();
  if (answer.ok || answer.val.kind !== 'not-found' || !notFoundMeansCalendar) return answer;
  const message = `the calendar is unknown or not shared with us (${answer.val.message})`;
  return Err({ ...answer.val, kind: 'forbidden', message });
};
