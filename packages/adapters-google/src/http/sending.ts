import type { Instant } from '@loft/sync-core';
import type { HttpClient } from '@loft/sync-http';

/** The parts that every request of this package needs. */
export interface Sending {
  readonly http: HttpClient;
  /** Longest time of one exchange, body included. */
  readonly timeoutMs: number;
  readonly now: () => Instant;
}
