import { expect } from 'chai';
import type { SimulationReport } from '#src/testing/index.js';
import { brokenStores } from '../broken-stores/broken-stores.js';
import { simulate } from './simulate.js';

/** A defect does not show for every seed. The search begins at one for which it has shown. */
const MOST_SEEDS = 200;
const STEPS = 4000;

/**
 * Defects that break the rules between replicas and have visible results. The engine corrects most other defects itself,
 * because it compares both sides repeatedly. The contract suite must find those.
 */
const DEFECTS: readonly (readonly [defect: string, firstSeed: number])[] = [
  ['the lease of a task never expires', 5],
  ['a named lease stays with its first owner after its expiry', 1],
  ['an ended intent stays in the map', 3],
  ['the map of an event is the one stored first', 31],
];

/** Two replicas on one store with the defect; null if the seed's world has a single process. */
async function replicasOn(defect: string, seed: number): Promise<SimulationReport | null> {
  const Broken = brokenStores[defect];
  if (!Broken) throw new Error(`there is no broken store "${defect}"`);
  let shared = false;
  const report = await simulate(
    { seed, steps: STEPS },
    {
      store: (store, data) => {
        shared = store.supports.sharing;
        return new Broken({ data, shared });
      },
    },
  );
  return shared ? report : null;
}

describe('the simulation of two replicas on a store with a defect', () => {
  for (const [defect, firstSeed] of DEFECTS) {
    it(`finds it: ${defect}`, async () => {
      const found: string[] = [];
      for (let seed = firstSeed; seed < firstSeed + MOST_SEEDS && found.length === 0; seed++) {
        found.push(...((await replicasOn(defect, seed))?.violations ?? []));
      }
      expect(found).not.to.deep.equal([]);
    });
  }
});
