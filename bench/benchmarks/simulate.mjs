/**
 * Steps per second of the simulation (`loft-sync simulate`) on one thread, with all its faults. It counts
 * processor time, so that other programs have no influence.
 */
import { FAULT_KINDS, runSimulation } from '@loft/sync-core/testing';
import { cpuMs, median, progress } from '../harness/measure.mjs';
import { plain } from '../harness/rows.mjs';

const EPISODES = 12;
const STEPS = 20_000;
/** The first runs, during which the code is compiled. */
const WARM_UP = 2;
const FIRST_SEED = 1;

/** As the command has it. @type {() => Promise<void>} */
const settle = () => new Promise((resolve) => process.nextTick(resolve));

export async function run() {
  const rates = [];
  for (let episode = 0; episode < WARM_UP + EPISODES; episode++) {
    const before = cpuMs();
    const { steps } = await runSimulation({
      seed: FIRST_SEED + episode,
      steps: STEPS,
      faults: FAULT_KINDS,
      settle,
    });
    if (episode >= WARM_UP) rates.push((steps / (cpuMs() - before)) * 1000);
    progress(`${episode + 1} of ${WARM_UP + EPISODES} episodes`);
  }
  const note = `${EPISODES} episodes of ${STEPS.toLocaleString('en-US')} steps, one thread`;
  return [plain({ name: 'simulated steps a second', unit: '', value: median(rates), note })];
}
