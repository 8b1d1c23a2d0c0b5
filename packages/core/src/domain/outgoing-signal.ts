import type { Instant } from './instant.js';

/** Where a signal stands: to be sent, accepted by its receiver, or given up. */
export type SignalState = 'waiting' | 'delivered' | 'dead';

/** One message to one receiver, as the outbox keeps it. */
export interface OutgoingSignal {
  /** Unique. A second signal with this id is not added, so that one occurrence is announced once. */
  readonly id: string;
  /** Name of the receiver. */
  readonly receiver: string;
  /** What the signal is about, such as an appointment id. A receiver gets the signals of one subject in their order. */
  readonly subject: string;
  readonly type: string;
  /** When it happened. Signals are ordered by this time, then by id. */
  readonly at: Instant;
  /** The JSON text that is sent. */
  readonly body: string;
  readonly state: SignalState;
  /** Failed deliveries so far. */
  readonly attempts: number;
  /** When delivery is tried next. */
  readonly dueAt: Instant;
  /** Why the last delivery failed; null if none failed. */
  readonly problem: string | null;
}
