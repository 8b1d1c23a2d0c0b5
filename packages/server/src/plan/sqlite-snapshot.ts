import { copyFile, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Err, Ok, type Result } from '@loft/sync-core';

/** A copy of a SQLite file in a temporary directory. */
export interface SqliteSnapshot {
  readonly path: string;
  remove(): Promise<void>;
}

/** Size of the journal's header, whose numbers change with each generation. */
const HEADER_BYTES = 32;
const ATTEMPTS = 10;

async function headerOf(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
      return buffer.subarray(0, bytesRead).toString('hex');
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Copies a SQLite database, also while another process has it open and locked. During one generation of the journal
 * (`-wal`), every change of the file is also in the journal. So a file and a journal are consistent if the generation
 * did not change during the copy.
 *
 * @returns null if the file does not exist
 */
export async function snapshotSqlite(path: string): Promise<Result<SqliteSnapshot | null, string>> {
  if (!(await exists(path))) return Ok(null);
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-plan-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const copy = join(directory, 'store.db');
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const generation = await headerOf(`${path}-wal`);
      await rm(`${copy}-wal`, { force: true });
      await copyFile(path, copy);
      if (generation !== '') await copyFile(`${path}-wal`, `${copy}-wal`);
      if ((await headerOf(`${path}-wal`)) === generation) return Ok({ path: copy, remove });
    }
    await remove();
    return Err(`The store ${path} changes too fast to be copied. Try again.`);
  } catch (error) {
    await remove();
    return Err(`The store ${path} cannot be copied: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
