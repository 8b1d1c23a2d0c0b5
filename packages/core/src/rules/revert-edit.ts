import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { revertEvent } from './decide-booking-change.js';
import { observe, quiet, type Reason, type Verdict } from './decision.js';
import { editOf, isSameEdit, pauseEndsAt } from './edit-record.js';
import type { Target } from './event-write.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';

/**
 * Writes the booking's state over an edit, and records it. If a tool repeats the same edit after each revert, the pause
 * before the next revert grows (docs/decision-table.md#row-21b, `edit-war`).
 */
export function revertEdit(
  reason: Reason,
  event: CalendarEvent,
  map: BookingEventMap,
  target: Target | null,
  situation: Situation,
  rules: Rules,
): Verdict {
  const { edits, appointmentId, now } = situation;
  if (edits === undefined) return observe('edits');
  const edit = editOf(event, map, situation, rules);
  const earlier = edits.find((record) => record.appointmentId === appointmentId);
  const same = earlier && isSameEdit(earlier, edit) ? earlier : null;
  const pausedUntil = same && pauseEndsAt(same, now, rules);
  if (pausedUntil !== null && now < pausedUntil) {
    const detail = `the same edit was reverted ${same?.putBacks ?? 0} times`;
    return { ...quiet('edit-war', detail), recheckAt: pausedUntil };
  }
  const undone = revertEvent(reason, event, map, target, rules);
  const record = {
    ...edit,
    at: same?.at ?? now,
    state: reason === 'edit-undelivered' ? 'dead-letter' : 'put-back',
    putBacks: (same?.putBacks ?? 0) + 1,
    putBackAt: now,
  } as const;
  return { ...undone, record, ...(situation.refusal ? { refusal: situation.refusal } : {}) };
}
