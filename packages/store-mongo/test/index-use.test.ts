import type { MapQuery } from '@loft/sync-core/store';
import { INDEXES } from '#src/indexes.js';
import { forgetFilter, mapFilter } from '#src/maps.js';
import { collectionsOf, type Collections } from '#src/records.js';
import { dueFilter, leaseAfter } from '#src/tasks.js';
import { expect } from 'chai';
import type { Collection, FindCursor } from 'mongodb';
import { describeWithMongo } from './mongo-server.js';

/** A query, as it is sent to the server. */
interface Query {
  readonly on: keyof Collections;
  readonly filter: object;
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly skip?: number;
  readonly limit?: number;
}

function maps(query: MapQuery): Query {
  return { on: 'maps', filter: mapFilter(query), sort: { _id: 1 }, limit: query.limit ?? 0 };
}

/** Every query, except those by `_id` alone. */
const QUERIES: Readonly<Record<string, Query>> = {
  'the map of an event': {
    on: 'maps',
    filter: { googleEventId: 'e' },
    sort: { status: 1, lastSyncedAt: -1, _id: 1 },
    limit: 1,
  },
  'maps of a status': maps({ status: 'ACTIVE' }),
  'a page of maps of a status': maps({ status: 'ACTIVE', after: '7', limit: 10 }),
  'maps of a calendar': maps({ calendarId: 'c' }),
  'maps of a bay': maps({ bay: '1' }),
  'maps of a bay and a period': maps({ bay: '1', period: { from: 1, to: 2 } }),
  'maps of a period': maps({ period: { from: 1, to: 2 } }),
  'maps with an intent': maps({ withIntent: true }),
  'all maps': maps({}),
  'tasks that are due': { on: 'tasks', filter: dueFilter({ now: 1 }), sort: { dueAt: 1, _id: 1 }, limit: 10 },
  'tasks that are due, or due too late': {
    on: 'tasks',
    filter: dueFilter({ now: 1, latestDueAt: 9 }),
    sort: { dueAt: 1, _id: 1 },
    limit: 10,
  },
  'tasks that are due, among some': {
    on: 'tasks',
    filter: dueFilter({ now: 1, only: ['1', '2'] }),
    sort: { dueAt: 1, _id: 1 },
  },
  'the free task that is due next': { on: 'tasks', filter: { leaseUntil: 0 }, sort: { dueAt: 1 }, limit: 1 },
  'the lease that runs out next': {
    on: 'tasks',
    filter: { leaseUntil: { $gt: 0 } },
    sort: { leaseUntil: 1 },
    limit: 1,
  },
  'tasks by their lease': { on: 'tasks', filter: { leaseUntil: { $lte: 1 }, dueAt: { $lte: 1 } } },
  'tasks whose lease ends too late': { on: 'tasks', filter: leaseAfter(9) },
  'tasks of an owner': { on: 'tasks', filter: { owner: 'o' } },
  'dead letters': { on: 'deadLetters', filter: { _id: { $gt: '7' } }, sort: { _id: 1 } },
  'the newest of the journal of an appointment': {
    on: 'journal',
    filter: { appointmentId: '7' },
    sort: { at: -1, _id: -1 },
    limit: 5,
  },
  'the oldest of the journal': { on: 'journal', filter: { at: { $lt: 1 } } },
  'the first of the journal that is too many': {
    on: 'journal',
    filter: {},
    sort: { at: -1, _id: -1 },
    skip: 5,
    limit: 1,
  },
  'the newest activity': { on: 'journal', filter: {}, sort: { at: -1, _id: -1 }, limit: 5 },
  'signals of a receiver that wait': {
    on: 'signals',
    filter: { state: 'waiting', receiver: 'r' },
    sort: { at: 1, _id: 1 },
    limit: 5,
  },
  'the edits': { on: 'eventRecords', filter: { kind: 'edit' }, sort: { _id: 1 } },
  'the copies of an appointment': {
    on: 'eventRecords',
    filter: { appointmentId: '700123', kind: 'copy' },
    sort: { _id: 1 },
  },
  'old signals': { on: 'signals', filter: { at: { $lt: 1 } } },
  'maps that are old enough to be removed': { on: 'maps', filter: forgetFilter(1) },
  'liveness that is over': { on: 'liveness', filter: { end: { $lt: 1 } } },
};

function cursorOf(
  collections: Collections,
  { on, filter, sort = {}, skip = 0, limit = 0 }: Query,
): FindCursor<unknown> {
  const collection = collections[on] as unknown as Collection;
  const found = collection.find(filter).sort(sort).limit(limit);
  return skip > 0 ? found.skip(skip) : found;
}

/** The fields of the filter, or else of the order. An index must start with one of them, or the server reads the whole collection. */
function entries({ filter, sort = {} }: Query): readonly string[] {
  const filtered = Object.keys(filter);
  return filtered.length > 0 ? filtered : Object.keys(sort).slice(0, 1);
}

describe('the indexes of the MongoDB store', () => {
  for (const [what, query] of Object.entries(QUERIES)) {
    it(`start with the field of the query: ${what}`, () => {
      const first = (INDEXES[query.on] ?? []).map(({ key }) => Object.keys(key)[0]);
      expect(['_id', ...first]).to.include.oneOf([...entries(query)]);
    });
  }

  it('are all used by a query', () => {
    for (const [on, indexes] of Object.entries(INDEXES)) {
      for (const { name, key } of indexes) {
        const asking = Object.values(QUERIES).filter(
          (query) => query.on === on && entries(query).includes(Object.keys(key)[0] ?? ''),
        );
        expect(asking, `${on}.${name}`).not.to.deep.equal([]);
      }
    }
  });
});

describeWithMongo('the indexes of the MongoDB store, in the server’s query plans,', (mongo) => {
  it('are used for every query', async function () {
    const name = mongo().newDatabase();
    await mongo().open(name);
    const collections = collectionsOf(mongo().database(name));
    for (const [what, query] of Object.entries(QUERIES)) {
      const plan = JSON.stringify(await cursorOf(collections, query).explain('queryPlanner'));
      // FerretDB 1.x returns the plan of its underlying database.
      if (!plan.includes('winningPlan')) this.skip();
      const winning = plan.slice(plan.indexOf('winningPlan'), plan.indexOf('rejectedPlans'));
      expect(winning, what).to.match(/IXSCAN|IDHACK/);
      expect(winning, what).not.to.include('COLLSCAN');
    }
  });
});
