import { expect } from 'chai';
import { SqliteDatabase } from '#src/database.js';

describe('SqliteDatabase', () => {
  let database: SqliteDatabase;
  beforeEach(() => {
    database = new SqliteDatabase(':memory:');
    database.execute('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)');
  });
  afterEach(() => database.close());

  for (const sql of [
    "INSERT INTO notes (text) VALUES ('a') RETURNING id",
    "UPDATE notes SET text = 'b' RETURNING id",
    'DELETE FROM notes RETURNING id',
    'SELECT id FROM notes',
  ]) {
    it(`refuses a command whose statement returns rows: ${sql}`, () => {
      expect(() => database.command(sql)).to.throw(TypeError, 'answers rows');
    });
  }

  it('executes the writes of a query with RETURNING, and returns its rows', () => {
    const rows = database.query("INSERT INTO notes (text) VALUES ('a'), ('b') RETURNING id").all();
    expect(rows.map(({ id }) => id)).to.deep.equal([1, 2]);
    expect(database.query('SELECT count(*) AS n FROM notes').first()).to.deep.include({ n: 2 });
  });

  it('counts the rows that a command has changed', () => {
    expect(database.command("INSERT INTO notes (text) VALUES ('a'), ('b')").run()).to.equal(2);
  });
});
