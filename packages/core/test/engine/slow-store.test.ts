import { expect } from 'chai';
import { Err, SECOND, type SyncError } from '@loft/sync-core';
import { expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, World } from './world.js';

const SILENT: SyncError = { kind: 'transient', system: 'store', method: 'claimTasks', message: 'no answer' };

describe('a store that fails only after a long time', () => {
  it('is polled for tasks with pauses, and does not delay a tick', async () => {
    const world = new World();
    let silent = false;
    let asked = 0;
    const store = overridden(world.store, {
      claimTasks: async (request) => {
        if (!silent) return world.store.claimTasks(request);
        asked++;
        await new Promise<void>((resolve) => void world.clock.setTimer(3 * SECOND, resolve));
        return Err(SILENT);
      },
    });
    await world.through({ store }).start();
    await world.settle();
    silent = true;
    const id = world.book(BAY1.resourceUnitId, 30);
    expect((await world.engine.hint(id)).ok).to.equal(true);
    // Arrives during a call to the store.
    await world.settle(SECOND);
    expect((await world.engine.hint(id)).ok).to.equal(true);
    let ticked = false;
    void world.engine.tick().then(() => (ticked = true));
    await world.settle(10 * SECOND);
    expect(ticked).to.equal(true);
    const before = asked;
    await world.settle(40 * SECOND);
    // Three seconds until the answer and one second of pause.
    expect(asked - before).to.equal(10);

    silent = false;
    await world.settle(5 * SECOND);
    expect(world.on(BAY1)).to.have.length(1);
    await expectInSync(world);
  });
});
