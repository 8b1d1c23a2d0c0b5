import type { Instant, Result, SyncError } from '@loft/sync-core';

export interface AccessToken {
  readonly token: string;
  /** null: the token is valid until it is refused. */
  readonly expiresAt: Instant | null;
}

/** Fetches a new access token at each call. It never throws and always ends. */
export type FetchAccessToken = () => Promise<Result<AccessToken, SyncError>>;
