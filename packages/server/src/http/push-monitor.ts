import { MINUTE, SECOND, type Clock, type Instant, type SyncEvent, type SyncObserver } from '@loft/sync-core';

/** Channels of `loft-sync doctor` begin with this. */
export const DOCTOR_CHANNEL = 'loft-doctor-';

/** A notification that came this long before an edit was carried over has told of it, in ms. */
const TOLD_WITHIN_MS: number = 60 * SECOND;

/** Edits in a row that a sweep found and no notification told of, before there is a warning. */
const MISSED_LIMIT = 3;

/** Sync messages of the doctor's channels are remembered this long, in ms. */
const REMEMBERED_MS: number = 10 * MINUTE;

/** Remembers when Google spoke through each channel, and notices when it does not speak any more. Of this process alone. */
export class PushMonitor implements SyncObserver {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #lastNotified = new Map<string, Instant>();
  readonly #doctor = new Map<string, Instant>();
  #lastAny: Instant | null = null;
  #missed = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** A notification with the right token came. */
  notified(channelId: string): void {
    const now = this.#clock.now();
    this.#lastAny = now;
    this.#missed = 0;
    this.#lastNotified.delete(channelId);
    this.#lastNotified.set(channelId, now);
    const [oldest] = this.#lastNotified.keys();
    if (this.#lastNotified.size > 1000 && oldest !== undefined) this.#lastNotified.delete(oldest);
  }

  /** The sync message of a channel that the doctor opened came. */
  doctorHeard(channelId: string): void {
    const now = this.#clock.now();
    for (const [id, at] of this.#doctor) if (now - at > REMEMBERED_MS) this.#doctor.delete(id);
    if (this.#doctor.size < 1000) this.#doctor.set(channelId, now);
  }

  /** The doctor's channels whose sync message came. */
  get doctorChannels(): readonly string[] {
    return [...this.#doctor.keys()];
  }

  /** @returns null if the channel has not spoken since the start */
  lastNotifiedAt(channelId: string | null): Instant | null {
    return channelId === null ? null : (this.#lastNotified.get(channelId) ?? null);
  }

  onEvent(event: SyncEvent): void {
    if (event.type !== 'action' || event.direction !== 'GCAL_TO_USCHEDULE' || event.outcome !== 'ok') return;
    if (event.trigger !== 'sweep') return;
    const isTold = this.#lastAny !== null && event.at - this.#lastAny <= TOLD_WITHIN_MS;
    this.#missed = isTold ? 0 : this.#missed + 1;
  }

  /** What a person should know; empty when notifications arrive, or none are missed. */
  get warnings(): readonly string[] {
    if (this.#missed < MISSED_LIMIT) return [];
    return [
      `The last ${this.#missed} edits in Google Calendar were found by the sweep, and no push notification told of them. Run loft-sync doctor: it checks whether notifications arrive.`,
    ];
  }
}
