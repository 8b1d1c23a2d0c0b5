import type { Instant, Result, SyncError } from '@loft/sync-core';

export interface AccessToken {
  readonly token: string;
  /** null: it is good until it is refused. */
  readonly expiresAt: Instant | null;
}

/** Fetches a new access token each time it is called. Never throws, never lasts for ever. */
export type FetchAccessToken = () => Promise<Result<AccessToken, SyncError>>;
