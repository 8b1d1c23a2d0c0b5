import { randomInt } from 'node:crypto';
import {
  FAULT_KINDS,
  runSimulation,
  type Sabotage,
  type SimulationOptions,
  type SimulationReport,
} from '#src/testing/index.js';

/** The defaults of the command, so that it replays failures of the tests. */
export const settle = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** One simulated world as `npm run simulate` runs it: with every kind of fault by default. */
export function simulate(
  options: Pick<SimulationOptions, 'seed' | 'steps'> & Partial<SimulationOptions>,
  sabotage?: Sabotage,
): Promise<SimulationReport> {
  return runSimulation({ faults: FAULT_KINDS, settle, ...options }, sabotage);
}

/** The failures of a world with the command that replays it: the message of a failing test. */
export function findings({ seed, violations }: SimulationReport, { steps, faults }: SimulationOptions): string[] {
  const kinds = faults.length === FAULT_KINDS.length ? '' : ` --faults ${faults.join(',') || 'none'}`;
  const replay = `npm run simulate -- --seed ${seed} --steps ${steps}${kinds} --trace`;
  return violations.map((violation) => `${violation} (replay it: ${replay})`);
}

/** Random seeds. */
export function freshSeeds(count: number): readonly number[] {
  return Array.from({ length: count }, () => randomInt(1_000_000_000));
}
