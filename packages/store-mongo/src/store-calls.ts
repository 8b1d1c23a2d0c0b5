import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import type { StoreResult } from '@loft/sync-core/store';
import { asStoreError, storeError } from './store-error.js';

/** How every method works on the database: not after `close`, and with errors as values. */
export abstract class StoreCalls {
  protected closed = false;

  protected answer<T>(method: string, work: () => Promise<T>): StoreResult<T> {
    return this.run(method, async () => Ok(await work()));
  }

  protected async run<T>(method: string, work: () => Promise<Result<T, SyncError>>): StoreResult<T> {
    // Otherwise the client would connect again and stay open.
    if (this.closed) return Err(storeError(method, 'invalid', 'the store is closed'));
    try {
      return await work();
    } catch (thrown) {
      const error = asStoreError(method, thrown);
      if (error === null) throw thrown;
      return Err(error);
    }
  }
}
