import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyncStore } from '@loft/sync-core/store';
import { openSqliteStore } from '@loft/sync-store-sqlite';

/** Folders and stores of one test, to be removed after it. */
export class SqliteFiles {
  readonly #folders: string[] = [];
  readonly #stores: SyncStore[] = [];

  /** The path of a new file in a new folder. */
  async path(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'loft-sync-sqlite-'));
    this.#folders.push(folder);
    return join(folder, 'loft-sync.db');
  }

  async open(path: string): Promise<SyncStore> {
    const store = (await openSqliteStore(path)).unwrap();
    this.#stores.push(store);
    return store;
  }

  async dispose(): Promise<void> {
    for (const store of this.#stores.splice(0)) await store.close();
    for (const folder of this.#folders.splice(0)) await rm(folder, { recursive: true });
  }
}
