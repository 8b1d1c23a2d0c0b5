import type { ApiAnswer } from './api-answer.js';

/** Outages of the whole API: an empty list, half of the list, a failing backend, an HTML page in place of an answer. */
export type Outage = 'empty-list' | 'half-list' | 'bad-gateway' | 'garbage';

/**
 * `fail`: answered, without effect. `hang`: no effect and no answer. `lose`: takes effect, then the connection is cut.
 * `keep`: takes effect, no answer.
 */
export type CallFault =
  { readonly kind: 'fail'; readonly answer: ApiAnswer } | { readonly kind: 'hang' | 'lose' | 'keep' };

interface PlannedFault {
  readonly method: string;
  readonly fault: CallFault;
  left: number;
}

/** The faults that a test has set. `*` means every method. */
export class Faults {
  /** Delay of every call in ms. */
  latencyMs = 0;
  outage: Outage | null = null;
  #planned: PlannedFault[] = [];

  plan(method: string, times: number, fault: CallFault): void {
    this.#planned.push({ method, fault, left: times });
  }

  /** Takes the next fault for this call. */
  take(method: string): CallFault | null {
    const next = this.#planned.find((planned) => planned.left > 0 && [method, '*'].includes(planned.method));
    if (!next) return null;
    next.left--;
    this.#planned = this.#planned.filter(({ left }) => left > 0);
    return next.fault;
  }

  clear(): void {
    this.latencyMs = 0;
    this.outage = null;
    this.#planned = [];
  }

  /** The answer during an outage that replaces the API's answer, if any. */
  outageAnswer(): ApiAnswer | null {
    const headers = { 'Content-Type': 'text/html' };
    if (this.outage === 'bad-gateway') return { status: 502, body: '<html><h1>502 Bad Gateway</h1></html>', headers };
    if (this.outage === 'garbage') return { status: 200, body: '<html><p>We will be back soon', headers };
    return null;
  }
}
