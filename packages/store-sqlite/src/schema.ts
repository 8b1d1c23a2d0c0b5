import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import type { SqliteDatabase } from './database.js';
import { storeError } from './store-error.js';

/** "Loft" in ASCII: marks the file as the store's (`PRAGMA application_id`). */
const APPLICATION_ID = 0x4c6f6674;

/**
 * The migrations that create the tables; `PRAGMA user_version` is the number of completed ones. A released migration is
 * never changed: add another one.
 *
 * Times are epoch milliseconds. `… INTEGER` keeps fractions.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE bookingEventMaps (
    uscheduleAppointmentId TEXT NOT NULL PRIMARY KEY,
    googleCalendarId TEXT NOT NULL,
    googleEventId TEXT NOT NULL,
    lastSyncedAt INTEGER NOT NULL,
    lastSource TEXT NOT NULL,
    etag TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    baseStart INTEGER NOT NULL,
    baseEnd INTEGER NOT NULL,
    baseBay TEXT,
    baseTitle TEXT NOT NULL,
    baseDescription TEXT NOT NULL,
    fence INTEGER NOT NULL,
    bookingWrittenAt INTEGER,
    eventUpdatedAt INTEGER,
    intentKind TEXT,
    intentStart INTEGER,
    intentEnd INTEGER,
    intentBay TEXT,
    intentSince INTEGER,
    intentTriedAt INTEGER,
    intentSuccessor TEXT,
    supersededBy TEXT
  );
  CREATE INDEX mapsByEvent ON bookingEventMaps (googleEventId, status, lastSyncedAt);
  CREATE INDEX mapsByStatus ON bookingEventMaps (status, uscheduleAppointmentId);
  CREATE INDEX mapsByCalendar ON bookingEventMaps (googleCalendarId, uscheduleAppointmentId);
  CREATE INDEX mapsByBay ON bookingEventMaps (baseBay, uscheduleAppointmentId);
  CREATE INDEX mapsByStart ON bookingEventMaps (baseStart);
  CREATE INDEX mapsWithIntent ON bookingEventMaps (uscheduleAppointmentId) WHERE intentSince IS NOT NULL;

  CREATE TABLE tasks (
    appointmentId TEXT NOT NULL PRIMARY KEY,
    dueAt INTEGER NOT NULL,
    "trigger" TEXT NOT NULL,
    eventCalendarId TEXT,
    eventId TEXT,
    mark INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    claims INTEGER NOT NULL,
    createdAt INTEGER NOT NULL,
    owner TEXT,
    fence INTEGER NOT NULL,
    leaseUntil INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX tasksByDue ON tasks (dueAt, appointmentId, leaseUntil);
  CREATE INDEX tasksByLease ON tasks (leaseUntil, dueAt);
  CREATE INDEX tasksByOwner ON tasks (owner) WHERE owner IS NOT NULL;

  CREATE TABLE deadLetters (
    appointmentId TEXT NOT NULL PRIMARY KEY,
    calendarId TEXT,
    eventId TEXT,
    reason TEXT,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    at INTEGER NOT NULL,
    fingerprint TEXT,
    retryAt INTEGER,
    revivals INTEGER NOT NULL
  );

  CREATE TABLE feedStates (
    feed TEXT NOT NULL PRIMARY KEY,
    syncToken TEXT,
    tokenParameters TEXT,
    stopped TEXT,
    resumed INTEGER NOT NULL,
    savedAt INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE watchChannels (
    channelId TEXT NOT NULL PRIMARY KEY,
    calendarId TEXT NOT NULL,
    resourceId TEXT NOT NULL,
    address TEXT NOT NULL,
    expiresAt INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE liveness (
    appointmentId TEXT NOT NULL PRIMARY KEY,
    freeReadings INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    updatedAt INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX livenessByEnd ON liveness ("end");

  CREATE TABLE journal (
    id TEXT NOT NULL PRIMARY KEY,
    appointmentId TEXT NOT NULL,
    at INTEGER NOT NULL,
    entry TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX journalByAppointment ON journal (appointmentId, at, id);
  CREATE INDEX journalByTime ON journal (at, id);

  CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
  ) WITHOUT ROWID;
  INSERT INTO counters (name, value) VALUES ('fence', 0), ('ping', 0);
  `,
  `
  CREATE TABLE signals (
    id TEXT NOT NULL PRIMARY KEY,
    receiver TEXT NOT NULL,
    subject TEXT NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    dueAt INTEGER NOT NULL,
    problem TEXT
  ) WITHOUT ROWID;
  CREATE INDEX signalsByTime ON signals (at, id);
  CREATE INDEX signalsByState ON signals (state, receiver, at, id);
  `,
  `
  CREATE TABLE eventRecords (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    appointmentId TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID;
  CREATE INDEX eventRecordsByAppointment ON eventRecords (appointmentId);
  ALTER TABLE bookingEventMaps ADD COLUMN intentWrite TEXT;
  ALTER TABLE bookingEventMaps ADD COLUMN flags TEXT;
  ALTER TABLE feedStates ADD COLUMN approved TEXT;
  `,
  // Fewer pages per write (ADR 24): tables in the order of their key, claims in memory, and no index that only a rare
  // query uses.
  `
  CREATE TABLE keyedMaps (
    uscheduleAppointmentId TEXT NOT NULL PRIMARY KEY,
    googleCalendarId TEXT NOT NULL,
    googleEventId TEXT NOT NULL,
    lastSyncedAt INTEGER NOT NULL,
    lastSource TEXT NOT NULL,
    etag TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    baseStart INTEGER NOT NULL,
    baseEnd INTEGER NOT NULL,
    baseBay TEXT,
    baseTitle TEXT NOT NULL,
    baseDescription TEXT NOT NULL,
    fence INTEGER NOT NULL,
    bookingWrittenAt INTEGER,
    eventUpdatedAt INTEGER,
    intentKind TEXT,
    intentStart INTEGER,
    intentEnd INTEGER,
    intentBay TEXT,
    intentSince INTEGER,
    intentTriedAt INTEGER,
    intentSuccessor TEXT,
    supersededBy TEXT,
    intentWrite TEXT,
    flags TEXT
  ) WITHOUT ROWID;
  INSERT INTO keyedMaps SELECT * FROM bookingEventMaps;
  DROP TABLE bookingEventMaps;
  ALTER TABLE keyedMaps RENAME TO bookingEventMaps;
  CREATE INDEX mapsByEvent ON bookingEventMaps (googleEventId, status, lastSyncedAt);
  CREATE INDEX mapsByStart ON bookingEventMaps (baseStart);
  CREATE INDEX mapsWithIntent ON bookingEventMaps (uscheduleAppointmentId, intentSince) WHERE intentSince IS NOT NULL;

  CREATE TABLE unclaimedTasks (
    appointmentId TEXT NOT NULL PRIMARY KEY,
    dueAt INTEGER NOT NULL,
    "trigger" TEXT NOT NULL,
    eventCalendarId TEXT,
    eventId TEXT,
    mark INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    claims INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
  ) WITHOUT ROWID;
  INSERT INTO unclaimedTasks
    SELECT appointmentId, dueAt, "trigger", eventCalendarId, eventId, mark, attempts, claims, createdAt FROM tasks;
  DROP TABLE tasks;
  ALTER TABLE unclaimedTasks RENAME TO tasks;

  CREATE TABLE timedJournal (
    at INTEGER NOT NULL,
    id TEXT NOT NULL,
    appointmentId TEXT NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (at, id)
  ) WITHOUT ROWID;
  INSERT INTO timedJournal SELECT at, id, appointmentId, entry FROM journal;
  DROP TABLE journal;
  ALTER TABLE timedJournal RENAME TO journal;
  CREATE INDEX journalByAppointment ON journal (appointmentId, at, id);
  `,
  // The address at which a person can see the event.
  'ALTER TABLE bookingEventMaps ADD COLUMN eventLink TEXT;',
  // The creation time of a cancelled record of blind mode: its id may be used again.
  'ALTER TABLE liveness ADD COLUMN createdAt INTEGER;',
];

/** Migrates the file to the newest version, in one transaction. Refuses a file of another program, or of a newer version. */
export function migrate(database: SqliteDatabase, migrations: readonly string[] = MIGRATIONS): Result<void, SyncError> {
  const version = Number(database.pragma('user_version'));
  const problem = whyNotOurs(database, version, migrations.length);
  if (problem !== null) return Err(storeError('open', 'invalid', problem));
  if (version < migrations.length) {
    database.transaction(() => {
      for (const statements of migrations.slice(version)) database.execute(statements);
      database.execute(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`);
    });
  }
  return Ok.EMPTY;
}

function whyNotOurs(database: SqliteDatabase, version: number, newest: number): string | null {
  const file = `The file ${database.path}`;
  const tables = database.query('SELECT name FROM sqlite_schema LIMIT 1').all().length;
  if (tables === 0 && version === 0) return null;
  if (Number(database.pragma('application_id')) !== APPLICATION_ID) {
    return `${file} is a database of another program: name another file.`;
  }
  if (version > newest) {
    return `${file} was written by a newer version of this program (schema ${version}, this one supports up to ${newest}): run that version, or name another file.`;
  }
  return null;
}
