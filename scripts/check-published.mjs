#!/usr/bin/env node
// Would each package work for those who install it? `publint` looks at its package.json and files, `attw` at its types.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));
const CHECKS = [
  ['publint', 'run', '--strict'],
  ['attw', '--pack', '.', '--profile', 'esm-only', '--quiet'],
];

let failed = 0;
for (const name of readdirSync(packages).toSorted()) {
  for (const [tool, ...args] of CHECKS) {
    const { status, stdout, stderr } = spawnSync('npx', ['--no-install', tool, ...args], {
      cwd: `${packages}${name}`,
      encoding: 'utf8',
    });
    console.log(`${status === 0 ? 'ok      ' : 'FAILED  '}${name}: ${tool}`);
    if (status === 0) continue;
    failed++;
    console.log(`${stdout}${stderr}`);
  }
}
if (failed > 0) process.exitCode = 1;
