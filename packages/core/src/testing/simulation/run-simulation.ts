import { Simulation, type Sabotage } from './simulation.js';
import type { SimulationOptions, SimulationReport } from './simulation-options.js';

/** Runs one simulation to its end, or to the first thing that is wrong. */
export function runSimulation(options: SimulationOptions, sabotage: Sabotage = {}): Promise<SimulationReport> {
  return new Simulation(options, sabotage).run();
}
