/** The types of signals that go out to webhooks (docs/signals.md). */
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

/** One of them. */
export type SignalType = (typeof SIGNAL_TYPES)[number];

/** A webhook of the settings file that signals go to. */
export interface SignalReceiver {
  /** Made from the address, which may be a secret itself. */
  readonly id: string;
  readonly url: string;
  /** `whsec_` and a key in base64. */
  readonly secret: string;
  /** null: all of them. */
  readonly types: readonly SignalType[] | null;
  /** How long before its start `session.begins-soon` is sent, in minutes. */
  readonly leadMinutes: number;
}

/** Something that happened, before it is addressed to receivers. */
export interface Signal {
  /** Unique for this occurrence, and the same on every replica. */
  readonly key: string;
  readonly type: SignalType;
  /** The appointment's id; a feed's name or `service` for what concerns no appointment. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}
