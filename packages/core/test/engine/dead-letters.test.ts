import { expect } from 'chai';
import { Err } from '@loft/sync-core';
import { keepsOpenEdit, replayDeadLetter } from '#src/engine/queue/dead-letters.js';
import type { EditRecord } from '#src/domain/event-record.js';
import { aMap, anEdit, ID } from '../rules/situations.js';
import { QueueBench, STORE_FAILS, storeLetter } from './queue-bench.js';

async function recorded(bench: QueueBench, edit: Partial<EditRecord>): Promise<void> {
  (await bench.store.putEventRecords([anEdit(edit)])).unwrap();
}

describe('the edit that a dead letter keeps', () => {
  it('is one of the appointment that was not delivered and still agrees with its map', async () => {
    const bench = new QueueBench();
    const has = () => keepsOpenEdit(ID, bench.parts);
    expect(await has()).to.equal(false);
    (await bench.store.putMap(aMap({ version: 0 }))).unwrap();
    expect(await has()).to.equal(false);
    await recorded(bench, { state: 'dead-letter' });
    expect(await has()).to.equal(true);
    await recorded(bench, { state: 'seen' });
    expect(await has()).to.equal(false);
  });

  it('counts as kept if it or the map cannot be read', async () => {
    const failing = async () => Err(STORE_FAILS);
    const unread = new QueueBench({ answers: { store: { listEventRecords: failing } } });
    expect(await keepsOpenEdit(ID, unread.parts)).to.equal(true);
    const unmapped = new QueueBench({ answers: { store: { getMap: failing } } });
    expect(await keepsOpenEdit(ID, unmapped.parts)).to.equal(true);
  });
});

describe('the replay of a dead letter without an undelivered edit', () => {
  it('changes no record of an edit', async () => {
    const bench = new QueueBench();
    await storeLetter(bench);
    expect((await replayDeadLetter(ID, bench.queue, bench.parts)).unwrap()).to.equal(true);
    expect(await bench.edits()).to.deep.equal([]);
    await recorded(bench, { state: 'held' });
    expect((await replayDeadLetter(ID, bench.queue, bench.parts)).unwrap()).to.equal(true);
    expect(await bench.edits()).to.deep.equal([anEdit({ state: 'held' })]);
  });
});
