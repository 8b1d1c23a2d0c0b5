import type { Instant } from '@loft/sync-core';

/** One API call that the simulator received. */
export interface ApiCall {
  /** `getapiappointments`, … */
  readonly method: string;
  readonly http: string;
  /** The request's body without passwords. */
  readonly body: unknown;
  readonly at: Instant;
  /** Status of the answer; null before the answer, and if no answer arrives. */
  readonly status: number | null;
  /** The method took effect, also if its answer was lost. */
  readonly performed: boolean;
}

const WRITE_METHODS: ReadonlySet<string> = new Set(['bookit', 'cancelappointment', 'rescheduleappointment']);

/** The log of all calls. */
export class ApiLog {
  readonly #calls: ApiCall[] = [];

  /** Adds an entry. @returns the function that completes it */
  begin(method: string, http: string, body: unknown, at: Instant): (outcome: Partial<ApiCall>) => void {
    const index =
      this.#calls.push({ method, http, body: withoutPassword(body), at, status: null, performed: false }) - 1;
    return (outcome) => {
      const call = this.#calls[index];
      if (call) this.#calls[index] = { ...call, ...outcome };
    };
  }

  get calls(): readonly ApiCall[] {
    return [...this.#calls];
  }

  get writes(): readonly ApiCall[] {
    return this.#calls.filter(({ method, performed }) => performed && WRITE_METHODS.has(method));
  }
}

function withoutPassword(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'Password' in body ? { ...body, Password: '…' } : body;
}
