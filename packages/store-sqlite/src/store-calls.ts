import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import type { StoreResult } from '@loft/sync-core/store';
import type { SqliteDatabase } from './database.js';
import { GroupCommit, type Lasting } from './group-commit.js';
import { asStoreError, storeError } from './store-error.js';

/** How every method works on the file: not after `close`, with errors as values, and as durable as it has to be. */
export abstract class StoreCalls {
  protected readonly commits: GroupCommit;
  protected closed = false;

  protected constructor(database: SqliteDatabase) {
    database.flushOnRequestOnly();
    this.commits = new GroupCommit(database);
  }

  protected read<T>(method: string, work: () => T): StoreResult<T> {
    return this.guarded(method, () => Ok(work()));
  }

  protected stored<T>(method: string, lasting: Lasting, work: () => T): StoreResult<T> {
    return this.write(method, lasting, () => Ok(work()));
  }

  protected write<T>(method: string, lasting: Lasting, work: () => Result<T, SyncError>): StoreResult<T> {
    return this.guarded(method, () => this.commits.write(lasting, work));
  }

  protected async guarded<T>(method: string, work: () => Result<T, SyncError> | StoreResult<T>): StoreResult<T> {
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
