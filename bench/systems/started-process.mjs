import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { nowMs, waitUntil } from '../harness/measure.mjs';
import { cpuMsOf, residentMbOf } from './service.mjs';

/** @param {number} port @param {string} path Is it answered with 200? */
const isAnswered = (port, path) =>
  new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode === 200));
    });
    asked.once('error', () => resolve(false));
  });

/**
 * Starts a program that serves `path` at PORT and waits for its first 200. Linux only, since it reads /proc.
 *
 * @param {readonly string[]} command With its arguments. @param {Record<string, string>} environment With `PORT`.
 * @param {{ path?: string, cwd?: string }} [options]
 */
export async function startedProcess([command = '', ...args], environment, { path = '/health', cwd } = {}) {
  const startedAt = nowMs();
  // A group of its own: a command such as npm starts others.
  const child = spawn(command, args, { env: environment, stdio: ['ignore', 'ignore', 'inherit'], detached: true, cwd });
  const ended = once(child, 'exit');
  const pid = child.pid ?? 0;
  const port = Number(environment['PORT']);
  await waitUntil(() => child.exitCode !== null || isAnswered(port, path), 30_000, `${path} of ${args.join(' ')}`);
  const startMs = nowMs() - startedAt;
  if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with exit code ${child.exitCode}`);
  const startCpuMs = await cpuMsOf(pid);
  return {
    startMs,
    startCpuMs,
    residentMb: () => residentMbOf(pid),
    stop: async () => {
      process.kill(-pid, 'SIGTERM');
      await ended;
    },
  };
}
