import type { ApiAnswer } from './api-answer.js';

/** What ails the whole API: no bookings at all, only every other one, a dead backend, a page instead of an answer. */
export type Outage = 'empty-list' | 'half-list' | 'bad-gateway' | 'garbage';

/**
 * `fail`: answered without being carried out. `hang`: neither carried out nor answered. `lose`: carried out, and the
 * connection cut. `keep`: carried out, and never answered.
 */
export type CallFault =
  { readonly kind: 'fail'; readonly answer: ApiAnswer } | { readonly kind: 'hang' | 'lose' | 'keep' };

interface PlannedFault {
  readonly method: string;
  readonly fault: CallFault;
  left: number;
}

/** Faults that tests ask for. `*` stands for every method. */
export class Faults {
  /** Milliseconds before every call is worked on. */
  latencyMs = 0;
  outage: Outage | null = null;
  #planned: PlannedFault[] = [];

  plan(method: string, times: number, fault: CallFault): void {
    this.#planned.push({ method, fault, left: times });
  }

  /** The fault that this call meets; it is used up by that. */
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

  /** What the outage answers in the API's stead, if it is one of those. */
  outageAnswer(): ApiAnswer | null {
    const headers = { 'Content-Type': 'text/html' };
    if (this.outage === 'bad-gateway') return { status: 502, body: '<html><h1>502 Bad Gateway</h1></html>', headers };
    if (this.outage === 'garbage') return { status: 200, body: '<html><p>We will be back soon', headers };
    return null;
  }
}
