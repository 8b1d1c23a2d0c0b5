import { MemoryStore } from '@loft/sync-core';
import { type SyncStore, MemoryData } from '@loft/sync-core/store';
import { syncStoreSuite, type SyncStoreFactory } from '@loft/sync-core/testing';
import { expect } from 'chai';
import { brokenStores } from './broken-stores/broken-stores.js';
import { collectSuite, firstFailure } from './collect-suite.js';

async function verdict(factory: SyncStoreFactory): Promise<string | null> {
  return firstFailure(collectSuite((runner) => syncStoreSuite(runner, factory)));
}

async function dispose(): Promise<void> {}

/** A store in memory that seems durable: opened again it works on what `keep` leaves of its data. */
function reopening(shared: boolean, keep: (data: MemoryData) => MemoryData): SyncStoreFactory {
  let data = new MemoryData();
  const open = async (): Promise<SyncStore> => new MemoryStore({ shared, data });
  return {
    open,
    reopen: async () => {
      data = keep(data);
      return open();
    },
    dispose: async () => {
      data = new MemoryData();
    },
  };
}

function withoutClaims(data: MemoryData): MemoryData {
  for (const task of data.tasks.values()) data.tasks.set(task.appointmentId, { ...task, claim: null });
  return data;
}

describe('syncStoreSuite', () => {
  describe('on correct stores', () => {
    it('finds no defect', async () => {
      expect(await verdict({ open: async () => new MemoryStore(), dispose })).to.equal(null);
    });

    it('finds no defect in an exclusive, durable store', async () => {
      expect(await verdict(reopening(false, withoutClaims))).to.equal(null);
    });

    it('finds no defect in a shared, durable store', async () => {
      expect(await verdict(reopening(true, (data) => data))).to.equal(null);
    });

    it('tests no behaviour that the factory does not offer', () => {
      const open = async (): Promise<SyncStore> => new MemoryStore();
      const plain = collectSuite((runner) => syncStoreSuite(runner, { open, dispose }));
      const durable = collectSuite((runner) => syncStoreSuite(runner, { open, dispose, reopen: open }));
      expect(durable.length).to.be.above(plain.length);
    });
  });

  describe('on a store with a defect', () => {
    for (const [defect, Broken] of Object.entries(brokenStores)) {
      it(`finds it: ${defect}`, async () => {
        expect(await verdict({ open: async () => new Broken(), dispose })).to.be.a('string');
      });
    }
  });

  describe('on a store with a defect after a restart', () => {
    const forgetful: Readonly<Record<string, (data: MemoryData) => void>> = {
      'has no maps': (data) => data.maps.clear(),
      'does not find maps by their event': (data) => data.appointmentsByEvent.clear(),
      'has no tasks': (data) => data.tasks.clear(),
      'has no dead letters': (data) => data.deadLetters.clear(),
      'has no feed states': (data) => data.feedStates.clear(),
      'has no channels': (data) => data.channels.clear(),
      'has no journal': (data) => data.journal.clear(),
      'has no liveness': (data) => data.liveness.clear(),
      'restarts its fences': (data) => {
        data.lastFence = 0;
      },
      'has lost the attempts of its tasks': (data) => {
        for (const task of data.tasks.values()) data.tasks.set(task.appointmentId, { ...task, attempts: 0 });
      },
    };
    for (const [defect, forget] of Object.entries(forgetful)) {
      it(`finds that the store ${defect}`, async () => {
        const keep = (data: MemoryData): MemoryData => {
          forget(data);
          return withoutClaims(data);
        };
        expect(await verdict(reopening(false, keep))).to.be.a('string');
      });
    }

    it('finds it: the store is exclusive and keeps the leases of the dead process', async () => {
      expect(await verdict(reopening(false, (data) => data))).to.be.a('string');
    });

    it('finds it: the store is shared and drops the leases of processes that may be alive', async () => {
      expect(await verdict(reopening(true, withoutClaims))).to.be.a('string');
    });
  });
});
