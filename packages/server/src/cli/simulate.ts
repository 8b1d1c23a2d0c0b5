import { EXIT } from '../process/exit-codes.js';
import { EpisodePool } from '../simulate/episode-pool.js';
import { parseSimulateOptions } from '../simulate/simulate-arguments.js';
import type { SimulateOptions } from '../simulate/simulate-defaults.js';
import { simulateRun } from '../simulate/simulate-run.js';
import type { Output } from './output.js';

/** `loft-sync simulate`: the whole engine, seeded, in virtual time, with faults at every port. */
export async function simulate(output: Output, options: SimulateOptions): Promise<number> {
  const given = parseSimulateOptions(options);
  if (given.err) {
    output.err(given.val);
    return EXIT.failed;
  }
  const pool = new EpisodePool();
  const clean = await simulateRun(given.val, {
    pool,
    output,
    progress: (words) => output.progress?.(words === '' ? null : words),
  });
  await pool.close();
  return clean ? EXIT.ok : EXIT.failed;
}
