import { expect } from 'chai';
import { Err, MINUTE, type SyncError } from '@loft/sync-core';
import { overridden } from './overridden.js';
import { World } from './world.js';

const DELETED: SyncError = {
  kind: 'transient',
  system: 'store',
  method: 'ping',
  message: 'The file loft-sync.db was deleted while it is open. Stop the service, and start it again.',
};

describe('a fault of the store that only its check shows, such as a deleted file', () => {
  it('is reported once for each occurrence', async () => {
    const world = new World();
    let isDeleted = false;
    const { store } = world;
    world.through({ store: overridden(store, { ping: async () => (isDeleted ? Err(DELETED) : store.ping()) }) });
    const reports = (): readonly string[] =>
      world.events.flatMap((event) => (event.type === 'notice' && event.level === 'error' ? [event.message] : []));
    await world.start();
    await world.settle();
    expect(reports()).to.deep.equal([]);
    for (const times of [1, 2]) {
      isDeleted = true;
      await world.settle(25 * MINUTE);
      expect(reports()).to.deep.equal(Array.from({ length: times }, () => DELETED.message));
      isDeleted = false;
      await world.settle(12 * MINUTE);
    }
  });
});
