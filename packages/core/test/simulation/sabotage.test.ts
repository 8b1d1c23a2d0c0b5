import { expect } from 'chai';
import { Ok } from '#src/result.js';
import type { MemoryStore } from '#src/store/memory-store.js';
import { simulate } from './simulate.js';

/** A store with some of its methods replaced. */
function broken(methods: (store: MemoryStore) => Partial<MemoryStore>): (store: MemoryStore) => MemoryStore {
  return (store) => {
    const replaced = methods(store);
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(replaced, name) ?? Reflect.get(target, name, target);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
  };
}

const DEFECTS: readonly { readonly what: string; readonly store: (store: MemoryStore) => MemoryStore }[] = [
  {
    what: 'stores no map',
    store: broken(() => ({ putMap: async (map) => Ok({ ...map, version: map.version + 1 }) })),
  },
  {
    what: 'sometimes loses changes of a sweep while the sync token advances',
    store: broken((store) => ({
      addTasks: async (tasks, now) =>
        store.addTasks(
          tasks.filter(({ trigger }) => trigger !== 'sweep' || now % 3 !== 0),
          now,
        ),
    })),
  },
];

/** Worlds are small, and the defect does not show in each. */
async function firstToFind(store: (store: MemoryStore) => MemoryStore): Promise<number | null> {
  for (let seed = 1; seed <= 12; seed++) {
    if ((await simulate({ seed, steps: 5000 }, { store })).violations.length > 0) return seed;
  }
  return null;
}

describe('the simulation of an engine on a defective store', function () {
  this.timeout(300_000);

  for (const { what, store } of DEFECTS) {
    it(`finds reproducibly that the store ${what}`, async () => {
      const seed = await firstToFind(store);
      expect(seed).to.not.equal(null);
      const found = await simulate({ seed: seed!, steps: 5000 }, { store });
      expect(found.violations).to.not.deep.equal([]);
      expect((await simulate({ seed: seed!, steps: 5000 }, { store })).violations).to.deep.equal(found.violations);
    });
  }
});
