import type { MapQuery } from '@loft/sync-core/store';
import { SqliteDatabase } from '#src/database.js';
import { LIST_DEAD_LETTERS } from '#src/dead-letters.js';
import { JOURNAL_STATEMENTS } from '#src/journal.js';
import { FORGET_LIVENESS } from '#src/liveness.js';
import { FORGET_MAPS, listStatement } from '#src/maps.js';
import { migrate } from '#src/schema.js';
import { SIGNAL_STATEMENTS } from '#src/signals.js';
import { TAKE_FENCES } from '#src/fences.js';
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
      ['all', {}, /^SCAN bookingEventMaps$/],
      ['a page', { after: '7', limit: 10 }, /^SEARCH bookingEventMaps USING PRIMARY KEY \(usch\w+>\?\)$/],
      // In the order of the key until the page is full.
      ['a status', { status: 'ACTIVE', limit: 10 }, /^SCAN bookingEventMaps$/],
      ['a page of a status', { status: 'ACTIVE', after: '7', limit: 10 }, /USING PRIMARY KEY \(usch\w+>\?\)$/],
      // Used only after the loss of a sync token.
      ['a calendar', { calendarId: 'c' }, /^SCAN bookingEventMaps$/],
      ['a bay', { bay: '1' }, /^SCAN bookingEventMaps$/],
      ['a period', { period: { from: 1, to: 2 } }, /USING INDEX mapsByStart \(baseStart>\? AND/],
      ['an intent', { withIntent: true }, /USING (COVERING )?INDEX mapsWithIntent/],
      ['a status and a period', { status: 'ACTIVE', period: { from: 1, to: 2 } }, /USING INDEX mapsByStart/],
      [
        'a bay and a period',
        { status: 'ACTIVE', bay: '1', calendarId: 'c', period: { from: 1, to: 2 } },
        /USING INDEX mapsByStart/,
      ],
    ];
    for (const [what, query, expected] of lists) {
      it(`list ${what} as intended`, () => {
        expect(plan(listStatement(query).sql)).to.match(expected);
      });
    }
  });

  it('update fences by the key', () => {
    expect(plan(TAKE_FENCES)).to.equal('SEARCH counters USING PRIMARY KEY (name=?)');
  });

  it('list dead letters by their key', () => {
    expect(plan(LIST_DEAD_LETTERS)).to.match(/^SEARCH deadLetters USING INDEX sqlite_autoindex_deadLetters_1/);
  });

  it('remove maps by an index', () => {
    expect(plan(FORGET_MAPS)).to.match(/mapsByStart/);
  });

  it('remove liveness by an index', () => {
    expect(plan(FORGET_LIVENESS)).to.match(/livenessByEnd/);
  });

  it('find the journal of an appointment by an index, in order', () => {
    expect(plan(JOURNAL_STATEMENTS.newest)).to.equal(
      'SEARCH journal USING INDEX journalByAppointment (appointmentId=?)',
    );
  });

  it('list the activity of all appointments by an index, in order', () => {
    expect(plan(JOURNAL_STATEMENTS.activity)).to.match(/^SEARCH journal USING PRIMARY KEY \(at>\?[^;]*$/);
  });

  it('list and remove signals by an index, in order', () => {
    expect(plan(SIGNAL_STATEMENTS.all)).to.match(/^SEARCH signals USING INDEX signalsByTime[^;]*$/);
    expect(plan(SIGNAL_STATEMENTS.ofReceiverInState)).to.match(/^SEARCH signals USING INDEX signalsByState[^;]*$/);
    expect(plan(SIGNAL_STATEMENTS.forget)).to.match(/signalsByTime/);
  });

  it('find expired journal entries by an index', () => {
    expect(plan(JOURNAL_STATEMENTS.forgetBefore)).to.match(/PRIMARY KEY \(at<\?\)/);
    expect(plan(JOURNAL_STATEMENTS.firstTooMany)).to.match(/^SCAN journal[^;]*$/);
    expect(plan(JOURNAL_STATEMENTS.forgetUpTo)).to.match(/PRIMARY KEY/);
  });
});
