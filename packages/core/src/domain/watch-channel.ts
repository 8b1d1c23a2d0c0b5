import type { Instant } from './instant.js';

/** A push-notification channel of ours on one calendar. Its token is derived from its id, never stored. */
export interface WatchChannel {
  /** Ours, unique, up to 64 characters. */
  readonly channelId: string;
  readonly calendarId: string;
  /** Google's name for what is watched; needed to stop the channel. */
  readonly resourceId: string;
  /** Where notifications go. */
  readonly address: string;
  readonly expiresAt: Instant;
  readonly createdAt: Instant;
}

/** What a notification says of itself; it never says what has changed. */
export interface ChannelNotification {
  readonly channelId: string;
  readonly token: string;
  readonly resourceId: string;
  /** `sync` for the first, then `exists` or `not_exists`. */
  readonly resourceState: string;
}
