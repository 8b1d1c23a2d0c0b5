import type { Instant } from './instant.js';

/** A push notification channel of ours on one calendar. The token is derived from the id and never stored. */
export interface WatchChannel {
  /** Unique id that we choose, up to 64 characters. */
  readonly channelId: string;
  readonly calendarId: string;
  /** Google's name of the watched resource, required to stop the channel. */
  readonly resourceId: string;
  /** Address of the notifications. */
  readonly address: string;
  readonly expiresAt: Instant;
  readonly createdAt: Instant;
}

/** The headers of a notification. They never say what changed. */
export interface ChannelNotification {
  readonly channelId: string;
  readonly token: string;
  readonly resourceId: string;
  /** `sync` for the first notification, then `exists` or `not_exists`. */
  readonly resourceState: string;
}
