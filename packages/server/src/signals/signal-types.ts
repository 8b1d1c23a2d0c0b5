/** The types of signals (docs/signals.md). */
export const SIGNAL_TYPES = [
  'booking.mirrored',
  'booking.changed',
  'booking.cancelled',
  'booking.needs-attention',
  'edit.reverted',
  'guard.stopped',
  'service.not-ready',
  'service.ready',
  'session.begins-soon',
  'session.begins',
  'session.ends',
  'session.cancelled-late',
] as const;

/** One of the types. */
export type SignalType = (typeof SIGNAL_TYPES)[number];

/** A webhook of the settings file that receives signals. */
export interface SignalReceiver {
  /** Derived from the address, which may be a secret itself. */
  readonly id: string;
  readonly url: string;
  /** `whsec_` and a key in base64. */
  readonly secret: string;
  /** null: all types. */
  readonly types: readonly SignalType[] | null;
  /** Minutes between `session.begins-soon` and the start. */
  readonly leadMinutes: number;
}

/** An occurrence, before it is addressed to receivers. */
export interface Signal {
  /** Unique for this occurrence, and equal on every replica. */
  readonly key: string;
  readonly type: SignalType;
  /** The appointment's id; a feed's name or `service` if no appointment is concerned. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}
