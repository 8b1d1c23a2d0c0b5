import { createHash } from 'node:crypto';
import { Err, Ok, SECOND, type Instant, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import type { Channel } from './channel.js';
import { isObject, textOf, type JsonObject } from './json.js';
import type { Notifier } from './notifier.js';

const USUAL_TTL_SECONDS = 604_800;
const ID_LIMIT = 64;

export interface ChannelsOptions {
  readonly now: () => Instant;
  readonly notifier: Notifier;
  /** Maximum lifetime, also if a longer one is requested. */
  readonly maxTtlSeconds: number;
}

function isAcceptedAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  // Google requires HTTPS with a valid certificate, which a test on one machine cannot have.
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname));
}

/** The resource id, which is the same for all channels of a calendar. */
function resourceIdOf(calendarId: string): string {
  return createHash('sha256').update(calendarId).digest('base64url').slice(0, 27);
}

/** The open watch channels. An expired or stopped channel is not notified. */
export class Channels {
  readonly #options: ChannelsOptions;
  readonly #open = new Map<string, Channel>();
  readonly #used = new Set<string>();

  constructor(options: ChannelsOptions) {
    this.#options = options;
  }

  /** Channels that would be notified now. */
  open(): readonly Channel[] {
    return [...this.#open.values()].filter(({ expiresAt }) => expiresAt > this.#options.now());
  }

  watch(calendarId: string, resourceUri: string, body: JsonObject): Result<Channel, ApiError> {
    const id = textOf(body['id']);
    const address = textOf(body['address']);
    if (id === null || !/^[A-Za-z0-9\-_+/=]+$/.test(id) || id.length > ID_LIMIT) {
      return Err(apiErrors.invalid('Invalid channel id.'));
    }
    if (body['type'] !== 'web_hook') return Err(apiErrors.invalid('Invalid channel type.'));
    if (address === null || !isAcceptedAddress(address)) return Err(apiErrors.notHttps());
    if (this.#used.has(id)) return Err(apiErrors.channelIdNotUnique(id));
    this.#used.add(id);
    const wanted = isObject(body['params']) ? Number(body['params']['ttl']) : Number.NaN;
    const ttlSeconds = Math.min(wanted > 0 ? wanted : USUAL_TTL_SECONDS, this.#options.maxTtlSeconds);
    const expiresAt = this.#options.now() + ttlSeconds * SECOND;
    const resourceId = resourceIdOf(calendarId);
    const channel = { id, calendarId, resourceId, resourceUri, token: textOf(body['token']), address, expiresAt };
    this.#open.set(id, channel);
    this.#options.notifier.notify(channel, 'sync');
    return Ok(channel);
  }

  stop(body: JsonObject): Result<void, ApiError> {
    const channel = this.open().find(({ id, resourceId }) => id === body['id'] && resourceId === body['resourceId']);
    if (!channel) return Err(apiErrors.notFound());
    this.#open.delete(channel.id);
    return Ok(undefined);
  }

  /** Notifies every channel of a calendar. */
  changed(calendarId: string): void {
    for (const channel of this.open()) {
      if (channel.calendarId === calendarId) this.#options.notifier.notify(channel, 'exists');
    }
  }

  /** Ends all channels as if they had expired. */
  expireAll(): void {
    this.#open.clear();
  }
}
