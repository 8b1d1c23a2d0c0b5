import type { Instant } from '@loft/sync-core';
import type { JsonObject } from './json.js';

/** An open watch channel. */
export interface Channel {
  readonly id: string;
  readonly calendarId: string;
  readonly resourceId: string;
  readonly resourceUri: string;
  readonly token: string | null;
  readonly address: string;
  readonly expiresAt: Instant;
}

/** The answer of `events.watch`. */
export function showChannel(channel: Channel): JsonObject {
  const { id, resourceId, resourceUri, token, expiresAt } = channel;
  const shown = { kind: 'api#channel', id, resourceId, resourceUri, expiration: String(expiresAt) };
  return token === null ? shown : { ...shown, token };
}
