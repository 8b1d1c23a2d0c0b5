/**
 * A step of `npm run release`: lerna runs it after it has raised the versions, before it commits and tags. It raises the
 * ranges with them, which lerna 9.0.7 does not do for peers, and stops the release when a range does not fit.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { alignRanges, rangeFaults, workspaceManifests } from './workspace-ranges.mjs';

const run = promisify(execFile);

const changed = await alignRanges();
const all = await workspaceManifests();
const versions = new Map(all.map(({ manifest }) => [manifest.name, manifest.version]));
const faults = all.flatMap(({ manifest }) =>
  rangeFaults(manifest, versions).map((fault) => `${manifest.name}: ${fault}`),
);
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exit(1);
await run('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']);
await run('git', ['add', '--', 'package-lock.json', ...changed]);
process.stdout.write(`The ranges of ${changed.length} packages were raised.\n`);
