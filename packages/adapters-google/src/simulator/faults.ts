import type { GoogleMethod } from './call-log.js';

/** The calls that a fault affects. A missing field matches every call. */
export interface FaultMatch {
  readonly method?: GoogleMethod | readonly GoogleMethod[];
  readonly calendarId?: string;
  readonly eventId?: string;
  /** Number of affected calls. Default 1. `Infinity`: until `clearFaults`. */
  readonly times?: number;
}

/**
 * The effect of a fault.
 *
 * - `answer`: an error, and nothing is done.
 * - `lose-request`: the connection ends, and nothing is done.
 * - `lose-answer`: it is done, and the connection ends before the answer.
 * - `garbage`: it is done, and the answer's body is `body` instead (default: a page of HTML).
 * - `delay`: it is done `ms` later.
 * - `hang`: nothing is done, and no answer ever comes. With `afterHeaders` the answer begins and never ends.
 */
export type FaultEffect =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly reason?: string;
      readonly message?: string;
      /** Seconds, or a text for the `Retry-After` header. */
      readonly retryAfter?: number | string;
    }
  | { readonly kind: 'lose-request' }
  | { readonly kind: 'lose-answer' }
  | { readonly kind: 'garbage'; readonly body?: string; readonly contentType?: string }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hang'; readonly afterHeaders?: boolean };

/** A fault: the affected calls and the effect. */
export type Fault = FaultMatch & FaultEffect;

/** The fields of a call that a fault is matched against. */
export interface FaultTarget {
  readonly method: GoogleMethod;
  readonly calendarId: string | null;
  readonly eventId: string | null;
}

interface Armed {
  readonly fault: Fault;
  left: number;
}

/** The current faults. A call is affected by at most one: the one that was set first. */
export class Faults {
  #armed: Armed[] = [];

  add(fault: Fault): void {
    this.#armed.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#armed = [];
  }

  /** Takes the fault of this call. */
  take(target: FaultTarget): Fault | null {
    const armed = this.#armed.find(({ fault, left }) => left > 0 && hits(fault, target));
    if (!armed) return null;
    armed.left -= 1;
    this.#armed = this.#armed.filter(({ left }) => left > 0);
    return armed.fault;
  }
}

function hits(fault: FaultMatch, target: FaultTarget): boolean {
  const { method, calendarId, eventId } = fault;
  const methods: readonly GoogleMethod[] = method === undefined ? [] : typeof method === 'string' ? [method] : method;
  return (
    // The token endpoint is another server. It fails only if the fault names it.
    (methods.length === 0 ? target.method !== 'oauth2.token' : methods.includes(target.method)) &&
    (calendarId === undefined || calendarId === target.calendarId) &&
    (eventId === undefined || eventId === target.eventId)
  );
}
