import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SyncError } from '@loft/sync-core';
import { openSqliteStore } from '@loft/sync-store-sqlite';
import { SqliteDatabase } from '#src/database.js';
import { migrate, MIGRATIONS } from '#src/schema.js';
import { expect } from 'chai';
import { SqliteFiles } from './sqlite-file.js';

const NOW = Date.UTC(2026, 2, 14);

async function errorOf(path: string): Promise<SyncError> {
  const opened = await openSqliteStore(path);
  if (opened.ok) {
    await opened.val.close();
    throw new Error('it was opened');
  }
  return opened.val;
}

describe('openSqliteStore', () => {
  const files = new SqliteFiles();
  afterEach(() => files.dispose());

  describe('on a new path', () => {
    it('creates the file and its parent folders', async () => {
      const path = join(await files.path(), 'a', 'b', 'c.db');
      await files.open(path);
      expect((await readFile(path)).subarray(0, 15).toString()).to.equal('SQLite format 3');
    });

    it('uses WAL with full synchronisation, and its own application id and version', async () => {
      const path = await files.path();
      await (await files.open(path)).close();
      const database = new SqliteDatabase(path);
      expect(database.pragma('user_version')).to.equal(MIGRATIONS.length);
      expect(database.pragma('application_id')).to.equal(0x4c6f6674);
      database.takeForUs();
      expect(database.pragma('journal_mode')).to.equal('wal');
      expect(database.pragma('synchronous')).to.equal(2);
      expect(database.pragma('locking_mode')).to.equal('exclusive');
      database.close();
    });
  });

  describe('on a file that is deleted or replaced while it is open', () => {
    it('answers a ping with the fault and the remedy', async () => {
      const path = await files.path();
      const store = await files.open(path);
      expect((await store.ping()).ok).to.equal(true);
      await rm(path);
      const deleted = (await store.ping()).val as SyncError;
      expect(deleted).to.include({ kind: 'transient', system: 'store', method: 'ping' });
      expect(deleted.message).to.include(path).and.include('was deleted or replaced while it is open');
      await writeFile(path, 'another file');
      expect((await store.ping()).err).to.equal(true);
    });
  });

  describe('on a path that cannot be used', () => {
    it('reports the fault if the folder cannot be made', async () => {
      const inTheWay = await files.path();
      await writeFile(inTheWay, 'a file where a folder should be');
      const error = await errorOf(join(inTheWay, 'loft-sync.db'));
      expect(error).to.include({ kind: 'invalid', system: 'store', method: 'open' });
      expect(error.message).to.include(inTheWay).and.include('cannot be opened or made');
    });

    it('reports the fault on a file system in which no folder can be made', async function () {
      // Only Linux has such a file system at a known place. There `mkdir` answers that its parent does not exist.
      if (process.platform !== 'linux') this.skip();
      const error = await errorOf('/proc/no-such-folder/below/loft-sync.db');
      expect(error).to.include({ kind: 'invalid', system: 'store', method: 'open' });
      expect(error.message).to.include('/proc/no-such-folder').and.include('cannot be opened or made');
    });

    it('reports the fault if it is a folder', async () => {
      const folder = join(await files.path(), '..');
      const error = await errorOf(folder);
      expect(error.kind).to.equal('invalid');
      expect(error.message).to.include('cannot be opened or made');
    });

    it('reports the fault if the file is no database', async () => {
      const path = await files.path();
      await writeFile(path, 'Dear diary, '.repeat(500));
      const error = await errorOf(path);
      expect(error).to.include({ kind: 'invalid', reason: 'SQLITE_NOTADB' });
      expect(error.message).to.include(path);
      expect((await readFile(path)).toString()).to.include('Dear diary');
    });

    it('reports the fault if it is a database of another program, and does not change it', async () => {
      const path = await files.path();
      const other = new SqliteDatabase(path);
      other.execute('CREATE TABLE tasks (title TEXT)');
      other.close();
      const error = await errorOf(path);
      expect(error.kind).to.equal('invalid');
      expect(error.message).to.include('another program');
      const after = new SqliteDatabase(path);
      expect(after.query('SELECT name FROM sqlite_schema').all()).to.have.length(1);
      after.close();
    });

    it('reports the fault if a newer version wrote it, and does not change it', async () => {
      const path = await files.path();
      const newer = new SqliteDatabase(path);
      migrate(newer, [...MIGRATIONS, 'CREATE TABLE fromTheFuture (x)']).unwrap();
      newer.close();
      const error = await errorOf(path);
      expect(error.kind).to.equal('invalid');
      expect(error.message)
        .to.include('newer version')
        .and.include(`schema ${MIGRATIONS.length + 1}`);
      const after = new SqliteDatabase(path);
      expect(after.pragma('user_version')).to.equal(MIGRATIONS.length + 1);
      after.close();
    });

    it('names the column of a record that cannot be read', async () => {
      const path = await files.path();
      await (await files.open(path)).close();
      const broken = new SqliteDatabase(path);
      broken.command(`INSERT INTO eventRecords VALUES ('edit', '7', '7', '{broken')`).run({});
      broken.close();
      const error = await errorOf(path);
      expect(error.kind).to.equal('invalid');
      expect(error.message).to.include(path).and.include('column record should hold JSON');
    });

    it('reports a damaged file when it reads the damaged part', async () => {
      const path = await files.path();
      const store = await files.open(path);
      const letter = {
        calendarId: null,
        eventId: null,
        reason: null,
        attempts: 1,
        error: { kind: 'refused', system: 'google', method: 'events.patch', message: 'no' } as const,
        at: NOW,
        fingerprint: null,
        retryAt: null,
        revivals: 0,
      };
      await store.addTasks([{ appointmentId: '1', dueAt: NOW, trigger: 'poll', event: null }], NOW);
      const [task] = (await store.claimTasks({ owner: 'o', now: NOW, leaseMs: 1, limit: 1 })).unwrap();
      await store.deadLetterTask(task!, { ...letter, appointmentId: '1' });
      await store.close();
      const database = new SqliteDatabase(path);
      const [root] = database.query(`SELECT rootpage FROM sqlite_schema WHERE name = 'deadLetters'`).all();
      const pageSize = Number(database.pragma('page_size'));
      database.close();
      const handle = await open(path, 'r+');
      await handle.write(Buffer.alloc(pageSize, 0xee), 0, pageSize, (Number(root?.['rootpage']) - 1) * pageSize);
      await handle.close();

      const damaged = await files.open(path);
      expect((await damaged.getDeadLetter('1')).val).to.include({ kind: 'invalid', reason: 'SQLITE_CORRUPT' });
    });
  });

  describe('on a file of an older version', () => {
    it('executes all missing migrations, or none if one fails, so that the older version can still open it', async () => {
      const path = await files.path();
      const database = new SqliteDatabase(path);
      migrate(database).unwrap();
      const next = [...MIGRATIONS, 'CREATE TABLE second (x)'];
      expect(() => migrate(database, [...next, 'CREATE TABLE third (x); CREATE TABLE second (x)'])).to.throw('second');
      expect(database.pragma('user_version')).to.equal(MIGRATIONS.length);
      expect(database.query(`SELECT name FROM sqlite_schema WHERE name IN ('second', 'third')`).all()).to.deep.equal(
        [],
      );
      migrate(database, [...next, 'CREATE TABLE third (x)']).unwrap();
      expect(database.pragma('user_version')).to.equal(MIGRATIONS.length + 2);
      database.close();
    });
  });

  describe('on a file that is already open', () => {
    it('fails with a sentence about that, in the same process', async () => {
      const path = await files.path();
      const first = await files.open(path);
      const error = await errorOf(path);
      expect(error).to.include({ kind: 'transient', reason: 'SQLITE_BUSY' });
      expect(error.message).to.include(path).and.include('already open');
      expect((await first.ping()).ok).to.equal(true);
    });

    it('succeeds as soon as the first store is closed', async () => {
      const path = await files.path();
      const first = await files.open(path);
      await errorOf(path);
      await first.close();
      await files.open(path);
    });
  });

  describe('on a file that another process has open', () => {
    let child: ChildProcess | undefined;

    async function holder(path: string): Promise<ChildProcess> {
      child = fork(fileURLToPath(new URL('./hold-store.js', import.meta.url)), [path]);
      const [message] = (await once(child, 'message')) as [unknown];
      expect(message).to.equal('held');
      return child;
    }

    afterEach(async () => {
      if (child && child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      child = undefined;
    });

    it('fails while that process lives, and has its acknowledged data and its tasks at once after its death', async () => {
      const path = await files.path();
      const process = await holder(path);
      expect((await errorOf(path)).message).to.include('already open');

      process.kill('SIGKILL');
      await once(process, 'exit');

      const store = await files.open(path);
      expect((await store.countTasks(NOW)).unwrap()).to.deep.equal({ due: 100, waiting: 0, claimed: 0 });
      const tasks = (await store.claimTasks({ owner: 'next', now: NOW, leaseMs: 1000, limit: 200 })).unwrap();
      expect(tasks).to.have.length(100);
      // The dead process claimed the tasks under fences 1 to 100.
      expect(Math.min(...tasks.map((task) => task.fence))).to.be.above(100);
      expect(tasks.every((task) => task.claims === 2)).to.equal(true);
    });
  });
});
