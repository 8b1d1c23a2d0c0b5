import { setMaxListeners } from 'node:events';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Instant } from '@loft/sync-core';
import type { Channel } from './channel.js';
import { Pauses } from './pauses.js';

/** `X-Goog-Resource-State`: `sync` for the first notification of a channel, `exists` for a change. */
export type ResourceState = 'sync' | 'exists' | 'not_exists';

/** One notification, sent or lost. */
export interface SentNotification {
  readonly channelId: string;
  readonly calendarId: string;
  readonly state: ResourceState;
  readonly messageNumber: number;
  readonly at: Instant;
  /** Status of the last attempt; null: no answer; `dropped`: lost by a fault. */
  readonly outcome: number | null | 'dropped';
}

export interface NotifierOptions {
  readonly now: () => Instant;
  /** Pause before a notification that was answered 500, 502, 503 or 504 is sent again; doubles each time. */
  readonly retryDelayMs: number;
  readonly maxTries: number;
}

const TRY_AGAIN: ReadonlySet<number | null> = new Set([500, 502, 503, 504]);
const ANSWER_TIMEOUT_MS = 5000;

/** Posts notifications. Several changes in one turn of the event loop make one notification per channel. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #sent: SentNotification[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #waiting = new Map<string, Channel>();
  readonly #deliveries = new Set<Promise<void>>();
  readonly #pauses = new Pauses();
  readonly #closing = new AbortController();
  #toDrop = 0;

  constructor(options: NotifierOptions) {
    this.#options = options;
    // Every current delivery listens for the end.
    setMaxListeners(0, this.#closing.signal);
  }

  get sent(): readonly SentNotification[] {
    return this.#sent;
  }

  /** The next `count` notifications are lost. */
  drop(count: number): void {
    this.#toDrop += count;
  }

  notify(channel: Channel, state: ResourceState): void {
    if (state === 'sync') {
      this.#start(channel, state);
      return;
    }
    if (this.#waiting.size === 0) setImmediate(() => this.#flush());
    this.#waiting.set(channel.id, channel);
  }

  /** Resolves when every notification has been delivered or abandoned. */
  async idle(): Promise<void> {
    while (this.#waiting.size > 0 || this.#deliveries.size > 0) {
      if (this.#waiting.size > 0) this.#flush();
      await Promise.all(this.#deliveries);
    }
  }

  async close(): Promise<void> {
    this.#waiting.clear();
    this.#closing.abort();
    this.#pauses.end();
    await Promise.all(this.#deliveries);
  }

  #flush(): void {
    const channels = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const channel of channels) this.#start(channel, 'exists');
  }

  #start(channel: Channel, state: ResourceState): void {
    // Numbers rise, with gaps.
    const last = this.#numbers.get(channel.id) ?? 0;
    const messageNumber = last + (last % 3 === 2 ? 2 : 1);
    this.#numbers.set(channel.id, messageNumber);
    const delivery = this.#deliver(channel, state, messageNumber).finally(() => this.#deliveries.delete(delivery));
    this.#deliveries.add(delivery);
  }

  async #deliver(channel: Channel, state: ResourceState, messageNumber: number): Promise<void> {
    const outcome = await this.#send(channel, state, messageNumber);
    const { id: channelId, calendarId } = channel;
    this.#sent.push({ channelId, calendarId, state, messageNumber, at: this.#options.now(), outcome });
  }

  async #send(channel: Channel, state: ResourceState, messageNumber: number): Promise<SentNotification['outcome']> {
    if (this.#toDrop > 0) {
      this.#toDrop -= 1;
      return 'dropped';
    }
    const { signal } = this.#closing;
    const headers = headersOf(channel, state, messageNumber);
    let outcome: number | null = null;
    for (let count = 0; count < this.#options.maxTries && !signal.aborted; count++) {
      if (count > 0) await this.#pauses.pause(this.#options.retryDelayMs * 2 ** (count - 1));
      outcome = await post(channel.address, headers, signal);
      if (!TRY_AGAIN.has(outcome)) break;
    }
    return outcome;
  }
}

function headersOf(channel: Channel, state: ResourceState, messageNumber: number): Record<string, string> {
  return {
    'content-length': '0',
    'x-goog-channel-id': channel.id,
    ...(channel.token === null ? {} : { 'x-goog-channel-token': channel.token }),
    'x-goog-channel-expiration': new Date(channel.expiresAt).toUTCString(),
    'x-goog-resource-id': channel.resourceId,
    'x-goog-resource-uri': channel.resourceUri,
    'x-goog-resource-state': state,
    'x-goog-message-number': String(messageNumber),
  };
}

/** Posts without a body. @returns the status; null if there was no answer */
function post(address: string, headers: Record<string, string>, signal: AbortSignal): Promise<number | null> {
  const request = address.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const outgoing = request(address, { method: 'POST', headers, signal, timeout: ANSWER_TIMEOUT_MS }, (answer) => {
      answer.resume();
      answer.on('error', () => resolve(null));
      answer.on('end', () => resolve(answer.statusCode ?? null));
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => resolve(null));
    outgoing.end();
  });
}
