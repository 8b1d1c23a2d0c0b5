import { MINUTE, SECOND, type Clock, type Instant, type SyncEvent, type SyncObserver } from '@loft/sync-core';

/** Prefix of the ids of `loft-sync doctor`'s channels. */
export const DOCTOR_CHANNEL = 'loft-doctor-';

/** A notification within this time before an edit is synced counts as the report of the edit, in ms. */
const REPORTED_WITHIN_MS: number = 60 * SECOND;

/** Number of consecutive edits that only a poll found, without a notification, before a warning. */
const MISSED_LIMIT = 3;

/** Retention of the sync messages of the doctor's channels, in ms. */
const REMEMBERED_MS: number = 10 * MINUTE;

/** Records the last notification of each channel, and detects missing ones. Covers this process only. */
export class PushMonitor implements SyncObserver {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #lastNotified = new Map<string, Instant>();
  readonly #doctor = new Map<string, Instant>();
  #lastAny: Instant | null = null;
  #missed = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Records a notification with a valid token. */
  notified(channelId: string): void {
    const now = this.#clock.now();
    this.#lastAny = now;
    this.#missed = 0;
    this.#lastNotified.delete(channelId);
    this.#lastNotified.set(channelId, now);
    const [oldest] = this.#lastNotified.keys();
    if (this.#lastNotified.size > 1000 && oldest !== undefined) this.#lastNotified.delete(oldest);
  }

  /** Records the sync message of a channel that the doctor opened. */
  doctorHeard(channelId: string): void {
    const now = this.#clock.now();
    for (const [id, at] of this.#doctor) if (now - at > REMEMBERED_MS) this.#doctor.delete(id);
    if (this.#doctor.size < 1000) this.#doctor.set(channelId, now);
  }

  /** The doctor's channels whose sync message has arrived. */
  get doctorChannels(): readonly string[] {
    return [...this.#doctor.keys()];
  }

  /** @returns null if the channel has sent no notification since the start */
  lastNotifiedAt(channelId: string | null): Instant | null {
    return channelId === null ? null : (this.#lastNotified.get(channelId) ?? null);
  }

  onEvent(event: SyncEvent): void {
    if (event.type !== 'action' || event.direction !== 'GCAL_TO_USCHEDULE' || event.outcome !== 'ok') return;
    if (event.trigger !== 'sweep') return;
    const wasNotified = this.#lastAny !== null && event.at - this.#lastAny <= REPORTED_WITHIN_MS;
    this.#missed = wasNotified ? 0 : this.#missed + 1;
  }

  /** Warnings for the operator; empty if no notification is missing. */
  get warnings(): readonly string[] {
    if (this.#missed < MISSED_LIMIT) return [];
    return [
      `The last ${this.#missed} edits in Google Calendar were found by a poll, without a push notification. Run loft-sync doctor: it checks whether notifications arrive.`,
    ];
  }
}
