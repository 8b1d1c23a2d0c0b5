import type { Clock } from '../../ports/clock.js';
import type { CallDecorator, DecoratedCall } from '../../ports/decorate-port.js';
import { Err } from '../../result.js';
import type { CircuitCall, Circuits } from './circuit-breakers.js';

/** An open circuit answers the call instead of sending it; what is sent teaches the circuits. */
export function breakerCalls(clock: Clock, circuits: Circuits): CallDecorator {
  return async (call, send) => {
    const about = circuitCallOf(call);
    const refusal = circuits.check(about);
    if (refusal) return Err(refusal);
    const sentAt = clock.now();
    const answer = await send();
    const error = circuits.learn(about, answer.err ? answer.val : null, sentAt);
    return error ? Err(error) : answer;
  };
}

/** What circuits need to know of a call. A move is about the calendar that it goes to. */
function circuitCallOf({ system, method, effect, target }: DecoratedCall): CircuitCall {
  const calendarId = target.toCalendarId ?? target.calendarId ?? null;
  const writes = effect === 'write';
  if (effect === 'channel') {
    return { system, calendarId, writes: false, watches: true, target: `${method} ${calendarId}` };
  }
  const about = target.eventId ?? target.appointmentId ?? target.calendarId ?? method;
  return { system, calendarId, writes: writes && calendarId !== null, target: about };
}
