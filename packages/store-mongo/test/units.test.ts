import { databaseIn, defaultsFor } from '#src/connection.js';
import { inBatches } from '#src/batches.js';
import { foldTasks } from '#src/fold-tasks.js';
import { againstDuplicates } from '#src/put-record.js';
import { asStoreError, UnusableAddress, withoutCredentials } from '#src/store-error.js';
import { expect } from 'chai';
import { BSON, MongoNetworkError, MongoServerError } from 'mongodb';
import { startMongo } from '../../../scripts/mongo.mjs';

describe('asStoreError', () => {
  const cases: readonly (readonly [string, Error, string | null])[] = [
    ['a duplicate key', new MongoServerError({ code: 11000, message: 'E11000' }), 'conflict'],
    ['a wrong password', new MongoServerError({ code: 18, message: 'Authentication failed.' }), 'unauthorized'],
    ['a missing right', new MongoServerError({ code: 13, message: 'not authorized' }), 'forbidden'],
    ['a document that is too large', new MongoServerError({ code: 10334, message: 'too large' }), 'invalid'],
    ['a primary that steps down', new MongoServerError({ code: 10107, message: 'not primary' }), 'transient'],
    ['an unknown error', new MongoServerError({ message: 'surprise' }), 'transient'],
    ['a broken connection', new MongoNetworkError('closed'), 'transient'],
    ['a wrong address', new UnusableAddress('Invalid scheme'), 'invalid'],
    ['a value that is none', new BSON.BSONError('no'), 'invalid'],
    ['a name that is not resolved', Object.assign(new Error('querySrv'), { code: 'ENOTFOUND' }), 'transient'],
    ['a bug', new TypeError('undefined is not a function'), null],
  ];
  for (const [what, thrown, kind] of cases) {
    it(`maps ${what} to ${kind ?? 'the same error'}`, () => {
      expect(asStoreError('getMap', thrown)?.kind ?? null).to.equal(kind);
    });
  }
});

describe('withoutCredentials', () => {
  it('hides user and password of every address in a text', () => {
    const text = 'no mongodb://a:b@h/ and no "mongodb+srv://c:d%40@x.example/db"';
    expect(withoutCredentials(text)).to.equal('no mongodb://***@h/ and no "mongodb+srv://***@x.example/db"');
  });

  it('does not change an address without credentials', () => {
    expect(withoutCredentials('mongodb://h:1/?w=1')).to.equal('mongodb://h:1/?w=1');
  });
});

describe('the defaults of a connection', () => {
  it('are timeouts of a few seconds and writes to a majority', () => {
    expect(defaultsFor('mongodb://h/')).to.deep.equal({
      serverSelectionTimeoutMS: 3000,
      connectTimeoutMS: 3000,
      socketTimeoutMS: 5000,
      waitQueueTimeoutMS: 5000,
      writeConcern: { w: 'majority' },
    });
  });

  it('are overridden by the address, in any letter case', () => {
    const defaults = defaultsFor('mongodb://h/db?SocketTimeoutMS=9000&w=1');
    expect(defaults).not.to.have.any.keys('socketTimeoutMS', 'writeConcern');
    expect(defaults).to.include({ connectTimeoutMS: 3000 });
  });
});

describe('the database in an address', () => {
  for (const [url, expected] of [
    ['mongodb://h', null],
    ['mongodb://h/', null],
    ['mongodb://h/?w=1', null],
    ['mongodb://u:p@h:1,i:2/loft?w=1', 'loft'],
    ['mongodb+srv://u:p@h/loft%20sync', 'loft sync'],
  ] as const) {
    it(`${url} is ${expected ?? 'none'}`, () => {
      expect(databaseIn(url)).to.equal(expected);
    });
  }
});

describe('foldTasks', () => {
  it('combines all triggers of a batch for an appointment', () => {
    const event = { calendarId: 'c', eventId: 'e' };
    const folded = foldTasks([
      { appointmentId: '7', dueAt: 3, trigger: 'poll', event: null },
      { appointmentId: '8', dueAt: 9, trigger: 'hint', event: null },
      { appointmentId: '7', dueAt: 1, trigger: 'sweep', event },
      { appointmentId: '7', dueAt: 2, trigger: 'hint', event: null },
    ]);
    expect(folded).to.deep.equal([
      { appointmentId: '7', dueAt: 1, trigger: 'hint', event, marks: 3 },
      { appointmentId: '8', dueAt: 9, trigger: 'hint', event: null, marks: 1 },
    ]);
  });
});

describe('inBatches', () => {
  it('passes on every item once, in order', async () => {
    const batches: number[][] = [];
    await inBatches([1, 2, 3, 4, 5], async (batch) => void batches.push([...batch]), 2);
    expect(batches).to.deep.equal([[1, 2], [3, 4], [5]]);
  });
});

describe('againstDuplicates', () => {
  const duplicate = new MongoServerError({ code: 11000, message: 'E11000' });

  it('retries after a duplicate key', async () => {
    let calls = 0;
    await againstDuplicates(async () => {
      if (++calls < 3) throw duplicate;
    });
    expect(calls).to.equal(3);
  });

  it('gives up after some attempts, and at once after any other failure', async () => {
    for (const [failure, expected] of [
      [duplicate, 5],
      [new MongoNetworkError('closed'), 1],
    ] as const) {
      let calls = 0;
      const outcome = await againstDuplicates(async () => {
        calls++;
        throw failure;
      }).catch((thrown: unknown) => thrown);
      expect([outcome, calls]).to.deep.equal([failure, expected]);
    }
  });
});

describe('startMongo', () => {
  it('finds no server if there is none', async () => {
    expect(await startMongo({ env: { PATH: '' } })).to.equal(null);
  });
});
