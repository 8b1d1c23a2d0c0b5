import type { Instant } from '@loft/sync-core';

/** One API call as the simulator met it. */
export interface ApiCall {
  /** `getapiappointments`, … */
  readonly method: string;
  readonly http: string;
  /** As it came; a password is not kept. */
  readonly body: unknown;
  readonly at: Instant;
  /** null while there is no answer, and for good when the answer is lost or never given. */
  readonly status: number | null;
  /** The method was carried out: also when its answer was lost. */
  readonly performed: boolean;
}

const WRITE_METHODS: ReadonlySet<string> = new Set(['bookit', 'cancelappointment', 'rescheduleappointment']);

/** Everything that was asked of the API. */
export class ApiLog {
  readonly #calls: ApiCall[] = [];

  /** Answers how to complete the entry. */
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
