import type { Clock } from '../../ports/clock.js';
import type { CallDecorator, DecoratedCall } from '../../ports/decorate-port.js';
import { Err } from '../../result.js';
import type { CircuitCall, Circuits } from './circuit-breakers.js';

/** Answers a call with the error of an open circuit instead of sending it, and reports sent calls to the circuits. */
export function breakerCalls(clock: Clock, circuits: Circuits, isClosed: IsClosed = () => false): CallDecorator {
  return async (call, send) => {
    const about = circuitCallOf(call, isClosed);
    const refusal = circuits.check(about);
    if (refusal) return Err(refusal);
    const sentAt = clock.now();
    const answer = await send();
    const error = circuits.learn(about, answer.err ? answer.val : null, sentAt);
    if (call.method === 'listEvents' && about.calendarId !== null && answer.ok && isWritable(answer.val)) {
      circuits.noteWritable(about.calendarId);
    }
    return error ? Err(error) : answer;
  };
}

/** Does the calendar belong to no bay of the settings? */
export type IsClosed = (calendarId: string) => boolean;

/** Returns the subject of a call for the circuits. A move belongs to its target calendar, or to a closed one that it leaves. */
function circuitCallOf({ system, method, effect, target }: DecoratedCall, isClosed: IsClosed): CircuitCall {
  const closed = target.calendarId !== undefined && isClosed(target.calendarId) ? target.calendarId : null;
  const calendarId = closed ?? target.toCalendarId ?? target.calendarId ?? null;
  const writes = effect === 'write';
  if (effect === 'channel') {
    return { system, calendarId, writes: false, watches: true, target: `${method} ${calendarId}` };
  }
  const about = target.eventId ?? target.appointmentId ?? target.calendarId ?? method;
  return { system, calendarId, writes: writes && calendarId !== null, target: about, isClosed: closed !== null };
}

/** Does the page of a list say that we may write to the calendar? */
function isWritable(page: unknown): boolean {
  return typeof page === 'object' && page !== null && 'writable' in page && page.writable === true;
}
