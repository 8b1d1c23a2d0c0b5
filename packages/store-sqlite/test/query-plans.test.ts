import type { MapQuery } from '@loft/sync-core/store';
import { SqliteDatabase } from '#src/database.js';
import { LIST_DEAD_LETTERS } from '#src/dead-letters.js';
import { JOURNAL_STATEMENTS } from '#src/journal.js';
import { FORGET_LIVENESS } from '#src/liveness.js';
import { listStatement } from '#src/maps.js';
import { migrate } from '#src/schema.js';
import { SIGNAL_STATEMENTS } from '#src/signals.js';
import { TASK_QUERIES } from '#src/tasks.js';
import { expect } from 'chai';

describe('the plans of the queries', () => {
  let database: SqliteDatabase;
  before(() => {
    database = new SqliteDatabase(':memory:');
    migrate(database).unwrap();
  });
  after(() => database.close());

  function plan(sql: string): string {
    return database
      .query(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row['detail']))
      .join('; ');
  }

  describe('for maps', () => {
    const lists: readonly (readonly [string, MapQuery, RegExp])[] = [
      ['all', {}, /^SCAN bookingEventMaps USING INDEX sqlite_autoindex_bookingEventMaps_1$/],
      ['a page', { after: '7', limit: 10 }, /^SEARCH bookingEventMaps USING INDEX sqlite_autoindex/],
      ['a status', { status: 'ACTIVE', limit: 10 }, /^SEARCH bookingEventMaps USING INDEX mapsByStatus \(status=\?\)$/],
      ['a page of a status', { status: 'ACTIVE', after: '7', limit: 10 }, /mapsByStatus \(status=\? AND usch\w+>\?\)$/],
      ['a calendar', { calendarId: 'c' }, /^SEARCH bookingEventMaps USING INDEX mapsByCalendar/],
      ['a bay', { bay: '1' }, /^SEARCH bookingEventMaps USING INDEX mapsByBay/],
      [
        'a period',
        { period: { from: 1, to: 2 } },
        /^SEARCH bookingEventMaps USING INDEX mapsByStart \(baseStart>\? AND/,
      ],
      ['an intent', { withIntent: true }, /USING INDEX mapsWithIntent$/],
      [
        'a status and a period',
        { status: 'ACTIVE', period: { from: 1, to: 2 } },
        /^SEARCH bookingEventMaps USING INDEX/,
      ],
      [
        'everything',
        { status: 'ACTIVE', bay: '1', calendarId: 'c', period: { from: 1, to: 2 }, after: '7' },
        /^SEARCH/,
      ],
    ];
    for (const [what, query, expected] of lists) {
      it(`list ${what} by an index`, () => {
        expect(plan(listStatement(query).sql)).to.match(expected);
      });
    }
  });

  describe('for tasks', () => {
    it('find what is due in order, without sorting', () => {
      expect(plan(TASK_QUERIES.due)).to.equal('SEARCH tasks USING INDEX tasksByDue (dueAt<?)');
    });

    it('find what is due among some by their ids', () => {
      expect(plan(TASK_QUERIES.dueAmong)).to.match(/SEARCH tasks USING PRIMARY KEY \(appointmentId=\?\)/);
    });

    it('find the next due time at the ends of an index', () => {
      const text = plan(TASK_QUERIES.next);
      expect(text).to.include('SEARCH tasks USING COVERING INDEX tasksByLease (leaseUntil=?)');
      expect(text).to.include('SEARCH tasks USING COVERING INDEX tasksByLease (leaseUntil>?)');
    });

    it('count from an index alone', () => {
      expect(plan(TASK_QUERIES.counts)).to.match(/^SCAN tasks USING COVERING INDEX \w+$/);
    });

    it('release an owner by an index', () => {
      expect(plan(TASK_QUERIES.release)).to.match(/^SEARCH tasks USING .*INDEX tasksByOwner \(owner=\?\)/);
    });

    it('take fences by the key', () => {
      expect(plan(TASK_QUERIES.takeFences)).to.equal('SEARCH counters USING PRIMARY KEY (name=?)');
    });
  });

  it('list dead letters by their key', () => {
    expect(plan(LIST_DEAD_LETTERS)).to.match(/^SEARCH deadLetters USING INDEX sqlite_autoindex_deadLetters_1/);
  });

  it('forget liveness by an index', () => {
    expect(plan(FORGET_LIVENESS)).to.match(/livenessByEnd/);
  });

  it('find the journal of an appointment by an index, in order', () => {
    expect(plan(JOURNAL_STATEMENTS.newest)).to.equal(
      'SEARCH journal USING INDEX journalByAppointment (appointmentId=?)',
    );
  });

  it('list the activity of all appointments by an index, in order', () => {
    expect(plan(JOURNAL_STATEMENTS.activity)).to.match(/^SEARCH journal USING INDEX journalByTime \(at>\?[^;]*$/);
  });

  it('list and remove signals by an index, in order', () => {
    expect(plan(SIGNAL_STATEMENTS.all)).to.match(/^SEARCH signals USING INDEX signalsByTime[^;]*$/);
    expect(plan(SIGNAL_STATEMENTS.ofReceiverInState)).to.match(/^SEARCH signals USING INDEX signalsByState[^;]*$/);
    expect(plan(SIGNAL_STATEMENTS.forget)).to.match(/signalsByTime/);
  });

  it('find what the journal is to forget by an index', () => {
    expect(plan(JOURNAL_STATEMENTS.forgetBefore)).to.match(/journalByTime \(at<\?\)/);
    expect(plan(JOURNAL_STATEMENTS.firstTooMany)).to.equal('SCAN journal USING COVERING INDEX journalByTime');
    expect(plan(JOURNAL_STATEMENTS.forgetUpTo)).to.match(/journalByTime/);
  });
});
