import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { nowMs, waitUntil } from '../harness/measure.mjs';
import { cpuMsOf, residentMbOf } from './service.mjs';

/** @param {number} port Does /health answer 200? */
const isHealthy = (port) =>
  new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port, path: '/health', agent: false }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode === 200));
    });
    asked.once('error', () => resolve(false));
  });

/**
 * Starts a program that serves /health at PORT and waits for its first 200. Linux only, since it reads /proc.
 *
 * @param {readonly string[]} program With its arguments. @param {Record<string, string>} environment With `PORT`.
 */
export async function startedProcess(program, environment) {
  const startedAt = nowMs();
  const child = spawn(process.execPath, program, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  const pid = child.pid ?? 0;
  const port = Number(environment['PORT']);
  await waitUntil(() => child.exitCode !== null || isHealthy(port), 30_000, `/health of ${program.join(' ')}`);
  const startMs = nowMs() - startedAt;
  if (child.exitCode !== null) throw new Error(`${program.join(' ')} ended with exit code ${child.exitCode}`);
  const startCpuMs = await cpuMsOf(pid);
  return {
    startMs,
    startCpuMs,
    residentMb: () => residentMbOf(pid),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
