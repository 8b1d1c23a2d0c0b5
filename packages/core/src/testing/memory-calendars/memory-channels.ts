import type { Instant } from '../../domain/instant.js';
import type { ChannelNotification } from '../../domain/watch-channel.js';
import { SECOND } from '../../domain/instant.js';
import type { WatchGrant, WatchRequest } from '../../ports/calendar-system.js';
import type { CancelTimer, Clock } from '../../ports/clock.js';

/** An open watch channel. */
export interface MemoryChannel {
  readonly channelId: string;
  readonly calendarId: string;
  readonly resourceId: string;
  readonly token: string;
  readonly address: string;
  readonly expiresAt: Instant;
}

/** The watch channels. Changes within a short time cause one notification. */
export class MemoryChannels {
  readonly #clock: Clock;
  readonly #deliver: (notification: ChannelNotification) => void;
  readonly #delayMs: number;
  readonly #open = new Map<string, MemoryChannel>();
  readonly #used = new Set<string>();
  readonly #underWay = new Map<string, CancelTimer>();
  #toDrop = 0;

  constructor(clock: Clock, delayMs: number, deliver: (notification: ChannelNotification) => void) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#deliver = deliver;
  }

  get open(): readonly MemoryChannel[] {
    return [...this.#open.values()].filter(({ expiresAt }) => expiresAt > this.#clock.now());
  }

  /** Null if the id was used before. */
  watch(request: WatchRequest): WatchGrant | null {
    const { channelId, calendarId, token, address } = request;
    if (this.#used.has(channelId)) return null;
    this.#used.add(channelId);
    const expiresAt = this.#clock.now() + request.ttlSeconds * SECOND;
    const resourceId = `resource-of-${calendarId}`;
    this.#open.set(channelId, { channelId, calendarId, resourceId, token, address, expiresAt });
    this.#send(channelId, 'sync');
    return { resourceId, expiresAt };
  }

  stop(channelId: string, resourceId: string): void {
    if (this.#open.get(channelId)?.resourceId === resourceId) this.#open.delete(channelId);
  }

  changed(calendarId: string): void {
    for (const channel of this.open) if (channel.calendarId === calendarId) this.#send(channel.channelId, 'exists');
  }

  drop(count: number): void {
    this.#toDrop += count;
  }

  expireAll(): void {
    this.#open.clear();
  }

  /** Stops all timers: nothing more is sent. */
  close(): void {
    this.#open.clear();
    for (const cancel of this.#underWay.values()) cancel();
    this.#underWay.clear();
  }

  #send(channelId: string, resourceState: string): void {
    if (this.#underWay.has(channelId)) return;
    const cancel = this.#clock.setTimer(this.#delayMs, () => {
      this.#underWay.delete(channelId);
      const channel = this.open.find((it) => it.channelId === channelId);
      if (!channel) return;
      if (this.#toDrop > 0) {
        this.#toDrop -= 1;
        return;
      }
      this.#deliver({ channelId, token: channel.token, resourceId: channel.resourceId, resourceState });
    });
    this.#underWay.set(channelId, cancel);
  }
}
