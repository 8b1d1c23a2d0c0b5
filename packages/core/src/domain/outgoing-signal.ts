import type { Instant } from './instant.js';

/** State of a signal: waiting, accepted by its receiver, or given up. */
export type SignalState = 'waiting' | 'delivered' | 'dead';

/** One message to one receiver, as the outbox stores it. */
export interface OutgoingSignal {
  /** Unique id. A second signal with this id is not added, so that each occurrence is announced once. */
  readonly id: string;
  /** Name of the receiver. */
  readonly receiver: string;
  /** Subject of the signal, such as an appointment id. A receiver gets the signals of one subject in order. */
  readonly subject: string;
  readonly type: string;
  /** Time of the occurrence. Signals are ordered by this time, then by id. */
  readonly at: Instant;
  /** The JSON text to send. */
  readonly body: string;
  readonly state: SignalState;
  /** Number of failed deliveries. */
  readonly attempts: number;
  /** Time of the next delivery attempt. */
  readonly dueAt: Instant;
  /** Why the last delivery failed. Null if no delivery failed. */
  readonly problem: string | null;
}
