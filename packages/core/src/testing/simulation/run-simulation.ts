import { Simulation } from './simulation.js';
import type { SimulationOptions, SimulationReport } from './simulation-options.js';
import type { Sabotage } from './simulation-world.js';

export type { Sabotage } from './simulation-world.js';

/** Runs one simulation to its end, or to the first violation. */
export function runSimulation(options: SimulationOptions, sabotage: Sabotage = {}): Promise<SimulationReport> {
  return new Simulation(options, sabotage).run();
}
