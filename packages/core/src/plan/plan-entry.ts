import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Content } from '../domain/content.js';
import type { SyncAction, SyncDirection } from '../domain/sync-event.js';
import { nameAction } from '../engine/report/action-report.js';
import type { Decided } from '../engine/reconcile/outcome.js';
import { CHANGES, type Action, type EventWrite, type Reason } from '../rules/decision.js';
import { CANCELED_PREFIX } from '../rules/event-text.js';
import type { Rules } from '../rules/rules.js';
import type { CancelStyle } from '../rules/settings.js';
import type { Situation } from '../rules/situation.js';

/** The planned action for one appointment. */
export interface PlanEntry {
  readonly appointmentId: string;
  /** The reason of the row (docs/decision-table.md#rows). */
  readonly reason: Reason;
  readonly action: SyncAction;
  readonly direction: SyncDirection;
  /** The action. `store`: only the map is written, because both sides are correct. */
  readonly writes: 'uschedule' | 'google' | 'store';
  readonly calendarId: string | null;
  /** Null: the event does not exist yet. */
  readonly eventId: string | null;
  /** Current place on the written side. Null if it does not exist or is unknown. */
  readonly before: Content | null;
  /** Planned place. Null if it is removed. */
  readonly after: Content | null;
}

/** Does the action change neither side nor the content of their agreement? */
export function isInternal(action: Action): boolean {
  return CHANGES[action.do] === 'records';
}

/** Returns the plan entry of a decision, or null if the decision has no action. */
export function planEntry(decided: Decided, rules: Rules, cancel: CancelStyle): PlanEntry | null {
  const { action, reason, situation } = decided;
  if (action.do === 'nothing' || isInternal(action)) return null;
  const { map, appointmentId } = situation;
  const seen = situation.event?.event ?? null;
  const { calendarId, eventId } = placeOf(action) ?? {
    calendarId: map?.googleCalendarId ?? null,
    eventId: map?.googleEventId ?? null,
  };
  return {
    appointmentId,
    reason,
    ...nameAction(action, reason),
    writes: writesOf(action),
    calendarId,
    eventId,
    ...contents(action, situation, shownBy(seen, rules) ?? map?.base ?? null, rules, cancel),
  };
}

function writesOf(action: Action): PlanEntry['writes'] {
  const changes = CHANGES[action.do];
  if (changes === 'booking') return 'uschedule';
  return changes !== 'event' || (action.do === 'adopt-event' && action.write === null) ? 'store' : 'google';
}

function placeOf(action: Action): { readonly calendarId: string; readonly eventId: string | null } | null {
  switch (action.do) {
    case 'create-event':
    case 'restore-event':
      return { calendarId: action.bay.calendarId, eventId: null };
    case 'write-event':
      return { calendarId: action.write.moveTo ?? action.write.calendarId, eventId: action.write.eventId };
    case 'adopt-event':
    case 'reschedule-booking':
    case 'cancel-event':
    case 'remove-copy':
      return action.event;
    default:
      return null;
  }
}

function contents(
  action: Action,
  { booking, map }: Situation,
  event: Content | null,
  rules: Rules,
  cancel: CancelStyle,
): Pick<PlanEntry, 'before' | 'after'> {
  const booked = (booking?.booking && rules.routed(booking.booking)?.base) ?? map?.base ?? null;
  switch (action.do) {
    case 'create-event':
    case 'restore-event':
      return { before: null, after: action.base };
    case 'adopt-event':
      return { before: event, after: action.write ? overlaid(event, action.write) : event };
    case 'write-event':
      return { before: event, after: overlaid(event, action.write) };
    case 'remove-copy':
    case 'cancel-event': {
      const marked = event && { ...event, title: CANCELED_PREFIX + event.title };
      return { before: event, after: cancel === 'mark' ? marked : null };
    }
    case 'reschedule-booking':
    case 'finish-reschedule': {
      const { start, end, bay } = action.base;
      return { before: booked, after: booked && { ...booked, start, end, bay } };
    }
    case 'cancel-booking':
      return { before: booked, after: null };
    case 'store-map':
      return { before: map?.base ?? null, after: action.map.base };
    default:
      return { before: null, after: null };
  }
}

/** Returns the place of an event, or null if the event is not timed. */
function shownBy(event: CalendarEvent | null, rules: Rules): Content | null {
  if (event?.state !== 'live' || event.start === null || event.end === null) return null;
  const { calendarId, start, end, title, description } = event;
  return { start, end, bay: rules.routing.ofCalendar(calendarId)?.bay ?? null, title, description };
}

function overlaid(event: Content | null, { base, fields }: EventWrite): Content {
  const { start, end, title, description } = { ...(event ?? base), ...fields };
  return { start, end, title, description, bay: base.bay };
}
