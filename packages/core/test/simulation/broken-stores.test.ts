import { expect } from 'chai';
import type { SimulationReport } from '#src/testing/index.js';
import { brokenStores } from '../broken-stores/broken-stores.js';
import { simulate } from './simulate.js';

/** Not every seed leads to where a defect shows. */
const MOST_SEEDS = 200;
const STEPS = 4000;

/**
 * What breaks the promises of replicas to each other, and shows in what they do. Most other defects the engine makes good itself,
 * sooner or later: it compares both sides again and again. Those are the contract suite's to find.
 */
const DEFECTS = [
  'a lease never runs out',
  'a lease belongs to its first owner for ever',
  'an intent that is over stays',
  'the map of an event is the one stored first',
];

/** Two replicas on one store that has the defect; null: the seed's world is one process alone. */
async function replicasOn(defect: string, seed: number): Promise<SimulationReport | null> {
  const Broken = brokenStores[defect];
  if (!Broken) throw new Error(`there is no store of which ${defect}`);
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

describe('the simulation of two replicas on a store of which', function () {
  this.timeout(180_000);

  for (const defect of DEFECTS) {
    it(`${defect}, finds it`, async () => {
      const found: string[] = [];
      for (let seed = 1; seed <= MOST_SEEDS && found.length === 0; seed++) {
        found.push(...((await replicasOn(defect, seed))?.violations ?? []));
      }
      expect(found).not.to.deep.equal([]);
    });
  }
});
