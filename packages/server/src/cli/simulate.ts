import { EXIT } from '../process/exit-codes.js';
import { EpisodePool } from '../simulate/episode-pool.js';
import { parseSimulateOptions } from '../simulate/simulate-arguments.js';
import type { SimulateOptions } from '../simulate/simulate-defaults.js';
import { simulateRun } from '../simulate/simulate-run.js';
import type { Output } from './output.js';

/** Rewrites one line of the terminal; where there is none, nobody is told. */
function progressLine(stream: NodeJS.WriteStream): (words: string) => void {
  return (words) => {
    if (stream.isTTY) stream.write(`\r\u001B[K${words}`);
  };
}

/** `loft-sync simulate`: the whole engine, seeded, on virtual time, with faults at every port. */
export async function simulate(output: Output, options: SimulateOptions): Promise<number> {
  const given = parseSimulateOptions(options);
  if (given.err) {
    output.err(given.val);
    return EXIT.failed;
  }
  const pool = new EpisodePool();
  const clean = await simulateRun(given.val, { pool, output, progress: progressLine(process.stderr) });
  await pool.close();
  return clean ? EXIT.ok : EXIT.failed;
}
