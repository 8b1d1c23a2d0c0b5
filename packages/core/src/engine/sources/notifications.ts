import { misuse, type SyncError } from '../../domain/sync-error.js';
import type { ChannelNotification } from '../../domain/watch-channel.js';
import { Err, Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import type { NotificationOutcome } from '../sync-engine.js';
import type { CalendarSource } from './calendar-source.js';
import type { ChannelAuthenticator } from './channel-authenticator.js';
import { DebouncedRead } from './debounced-read.js';
import type { SourceRunner } from './source-runner.js';

/** Reads the calendar of a notification, debounced. */
export class Notifications {
  readonly #store: EngineParts['store'];
  /** By calendar. */
  readonly #reads: ReadonlyMap<string, DebouncedRead>;

  /** @param runners one for each source */
  constructor(sources: readonly CalendarSource[], runners: readonly SourceRunner[], { clock, store }: EngineParts) {
    this.#store = store;
    const readOf = (source: CalendarSource, index: number): DebouncedRead =>
      new DebouncedRead(clock, async () => {
        const before = source.changes;
        await runners[index]?.wake(true);
        return source.changes - before;
      });
    this.#reads = new Map(sources.map((source, index) => [source.calendarId, readOf(source, index)]));
  }

  /** @param authenticator null if there are no channels */
  async notify(
    notification: ChannelNotification,
    authenticator: ChannelAuthenticator | null,
  ): Promise<Result<NotificationOutcome, SyncError>> {
    // A host in plain JavaScript may pass any value.
    const { channelId, token } = Object(notification) as ChannelNotification;
    if (typeof channelId !== 'string' || typeof token !== 'string') {
      return Err(misuse('notify', 'the notification must have the texts channelId and token'));
    }
    if (!authenticator) return Ok('unknown-channel');
    const authenticated = await authenticator.authenticate(notification);
    if (authenticated.err) return authenticated;
    const { outcome, calendarId } = authenticated.val;
    if (outcome !== 'accepted') return Ok(outcome);
    // The first message of a channel reports no change. Its calendar is read when the channel is open.
    if (notification.resourceState === 'sync') return Ok('accepted');
    // A notification may be lost if this process ends, because every start reads every calendar. So it is not stored;
    // the store only has to be reachable.
    const stored = await this.#store.ping();
    if (stored.err) return stored;
    if (calendarId !== null) this.read(calendarId);
    return Ok('accepted');
  }

  /** Reads the calendar. */
  read(calendarId: string): void {
    this.#reads.get(calendarId)?.notify();
  }

  stop(): void {
    for (const read of this.#reads.values()) read.stop();
  }
}
