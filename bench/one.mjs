/** Runs one benchmark in this process, and passes its rows to the parent (see run.mjs). */
import { BENCHMARKS } from './benchmarks.mjs';

const [name = ''] = process.argv.slice(2);
const { run } = await BENCHMARKS[name]();
const rows = await run();
process.send?.(rows, () => process.disconnect());
