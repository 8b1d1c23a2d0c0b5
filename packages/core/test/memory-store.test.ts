import { MemoryStore } from '@loft/sync-core';
import { MemoryData } from '@loft/sync-core/store';
import { syncStoreSuite, type SyncStoreFactory } from '@loft/sync-core/testing';
import { expect } from 'chai';

const NOW = Date.UTC(2026, 2, 14);

describe('MemoryStore', () => {
  describe('for one process', () => {
    syncStoreSuite({ describe, it }, { open: async () => new MemoryStore(), dispose: async () => {} });

    it('reports that it is not shared', () => {
      expect(new MemoryStore().supports.sharing).to.equal(false);
    });
  });

  describe('for replicas on the same data', () => {
    const factory = (): SyncStoreFactory => {
      let data = new MemoryData();
      const open = async () => new MemoryStore({ shared: true, data });
      return {
        open,
        replica: open,
        reopen: open,
        dispose: async () => {
          data = new MemoryData();
        },
      };
    };
    syncStoreSuite({ describe, it }, factory());

    it('reports that it is shared', () => {
      expect(new MemoryStore({ shared: true }).supports.sharing).to.equal(true);
    });
  });

  it('returns values that cannot be changed', async () => {
    const store = new MemoryStore();
    const event = { calendarId: 'c', eventId: 'e' };
    await store.addTasks([{ appointmentId: '7', dueAt: NOW, trigger: 'sweep', event }], NOW);
    const [task] = (await store.claimTasks({ owner: 'one', now: NOW, leaseMs: 1, limit: 1 })).unwrap();
    expect(Object.isFrozen(task)).to.equal(true);
    expect(Object.isFrozen(task?.event)).to.equal(true);
    expect(Object.isFrozen(event)).to.equal(false);
  });

  it('continues to work when one of its users closes it', async () => {
    const store = new MemoryStore({ shared: true });
    await store.close();
    expect((await store.ping()).ok).to.equal(true);
  });
});
