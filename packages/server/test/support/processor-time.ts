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

/**
 * Processor time of runs of Node in ms, by name: the least of several runs that take turns, because other work on the
 * machine only adds to it.
 */
export async function processorTimes<Name extends string>(
  runs: Readonly<Record<Name, Arguments>>,
  env: Readonly<Record<string, string>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(runs) as Name[];
  const least = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<Name, number>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) least[name] = Math.min(least[name], (await run(runs[name], env)).ms);
  }
  return least;
}
