import type { MapQuery } from '@loft/sync-core';
import { mapFilter } from '#src/maps.js';
import { collectionsOf, type Collections } from '#src/records.js';
import { dueFilter } from '#src/tasks.js';
import { expect } from 'chai';
import type { FindCursor } from 'mongodb';
import { describeWithMongo } from './mongo-server.js';

/** Every query that is not by `_id` alone. */
const QUERIES: Readonly<Record<string, (collections: Collections) => FindCursor<unknown>>> = {
  'the map of an event': ({ maps }) =>
    maps.find({ googleEventId: 'e' }).sort({ status: 1, lastSyncedAt: -1, _id: 1 }).limit(1),
  'maps of a status': ({ maps }) => list(maps, { status: 'ACTIVE' }),
  'a page of maps of a status': ({ maps }) => list(maps, { status: 'ACTIVE', after: '7', limit: 10 }),
  'maps of a calendar': ({ maps }) => list(maps, { calendarId: 'c' }),
  'maps of a bay': ({ maps }) => list(maps, { bay: '1' }),
  'maps of a period': ({ maps }) => list(maps, { period: { from: 1, to: 2 } }),
  'maps with an intent': ({ maps }) => list(maps, { withIntent: true }),
  'all maps': ({ maps }) => list(maps, {}),
  'tasks that are due': ({ tasks }) =>
    tasks
      .find(dueFilter({ now: 1 }))
      .sort({ dueAt: 1, _id: 1 })
      .limit(10),
  'tasks that are due, among some': ({ tasks }) =>
    tasks.find(dueFilter({ now: 1, only: ['1', '2'] })).sort({ dueAt: 1, _id: 1 }),
  'the free task that is due next': ({ tasks }) => tasks.find({ leaseUntil: 0 }).sort({ dueAt: 1 }).limit(1),
  'the lease that runs out next': ({ tasks }) =>
    tasks
      .find({ leaseUntil: { $gt: 0 } })
      .sort({ leaseUntil: 1 })
      .limit(1),
  'tasks by their lease': ({ tasks }) => tasks.find({ leaseUntil: { $lte: 1 }, dueAt: { $lte: 1 } }),
  'tasks of an owner': ({ tasks }) => tasks.find({ owner: 'o' }),
  'dead letters': ({ deadLetters }) => deadLetters.find({ _id: { $gt: '7' } }).sort({ _id: 1 }),
  'the newest of the journal of an appointment': ({ journal }) =>
    journal.find({ appointmentId: '7' }).sort({ at: -1, _id: -1 }).limit(5),
  'the oldest of the journal': ({ journal }) => journal.find({ at: { $lt: 1 } }),
  'the first of the journal that is too many': ({ journal }) =>
    journal.find().sort({ at: -1, _id: -1 }).skip(5).limit(1),
  'liveness that is over': ({ liveness }) => liveness.find({ end: { $lt: 1 } }),
};

function list(maps: Collections['maps'], query: MapQuery): FindCursor<unknown> {
  return maps
    .find(mapFilter(query))
    .sort({ _id: 1 })
    .limit(query.limit ?? 0);
}

describeWithMongo('the indexes of the MongoDB store', (mongo) => {
  it('serve every query', async function () {
    const name = mongo().newDatabase();
    await mongo().open(name);
    const collections = collectionsOf(mongo().database(name));
    for (const [what, query] of Object.entries(QUERIES)) {
      const plan = JSON.stringify(await query(collections).explain('queryPlanner'));
      // FerretDB 1.x answers, but its plan is that of the database below it.
      if (!plan.includes('winningPlan')) this.skip();
      const winning = plan.slice(plan.indexOf('winningPlan'), plan.indexOf('rejectedPlans'));
      expect(winning, what).to.match(/IXSCAN|IDHACK/);
      expect(winning, what).not.to.include('COLLSCAN');
    }
  });
});
