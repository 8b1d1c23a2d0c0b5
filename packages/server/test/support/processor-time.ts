import { spawn } from 'node:child_process';
import { once } from 'node:events';

const REPORT = `data:text/javascript,process.on('exit',(code)=>console.error('cpu',process.cpuUsage(),code))`;

/** A run of Node: its arguments. */
type Arguments = readonly string[];

async function run(args: Arguments, env: Readonly<Record<string, string>>): Promise<{ ms: number; output: string }> {
  const child = spawn(process.execPath, ['--import', REPORT, ...args], { env });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  const [, user = '', system = '', code = ''] = /user: (\d+), system: (\d+) } (\d+)\n$/.exec(output) ?? [];
  if (code !== '0') throw new Error(`node ${args.join(' ')} ended with ${code}: ${output}`);
  return { ms: (Number(user) + Number(system)) / 1000, output };
}

/** Rounds after which a result can be clear. More rounds are for a busy machine. */
const FEWEST_ROUNDS = 3;

/**
 * Processor time of runs of Node in ms, by name: the least of several runs that take turns, because other work on the
 * machine only adds to it. Ends before all rounds if every run has taken less than `limit` times the time of `bare`.
 */
export async function processorTimes<Name extends string>(
  runs: Readonly<Record<Name | 'bare', Arguments>>,
  env: Readonly<Record<string, string>>,
  { rounds, limit }: { readonly rounds: number; readonly limit: number },
): Promise<Record<Name | 'bare', number>> {
  const names = Object.keys(runs) as (Name | 'bare')[];
  const least = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<Name | 'bare', number>;
  const isClear = (): boolean => names.every((name) => name === 'bare' || least[name] < limit * least.bare);
  for (let round = 0; round < rounds && !(round >= FEWEST_ROUNDS && isClear()); round++) {
    for (const name of names) least[name] = Math.min(least[name], (await run(runs[name], env)).ms);
  }
  return least;
}
