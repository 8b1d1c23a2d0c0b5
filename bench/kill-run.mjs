#!/usr/bin/env node
/**
 * Kills the service repeatedly at random moments (`kill -9`) while users make changes on both sides, and counts the
 * results for their visits: `node bench/kill-run.mjs --kills 100 --modes method,new-id,rebook,blind [--replicas 3] [--runs 1] [--seed 1]`.
 * The service is the built command, on both simulators over HTTP; its store SQLite, or with `--replicas` a database of
 * MongoDB's protocol. `--runs` divides the kills among runs with a new store and another seed each: FerretDB 1.x reads the
 * whole collection for most queries, so that a long run ends up waiting for it. Each number except the first two must be 0.
 */
import { argumentsOf } from '../scripts/arguments.mjs';
import { killRun, MODES } from './kills/kill-run.mjs';
import { mongoServer, NO_MONGO } from './systems/mongo.mjs';

const USAGE = `node bench/kill-run.mjs [--kills 100] [--modes ${Object.keys(MODES).join(',')}] [--replicas 1] [--runs 1] [--seed 1]

Kills the built service at random moments while users make changes on both sides, and counts what was lost or doubled.`;
const { values } = argumentsOf(USAGE, {
  kills: { type: 'string', default: '100' },
  modes: { type: 'string', default: Object.keys(MODES).join(',') },
  replicas: { type: 'string', default: '1' },
  runs: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
});
const [kills, replicas, runs, seed] = [values.kills, values.replicas, values.runs, values.seed].map(Number);
const mongo = replicas > 1 ? await mongoServer() : null;
if (replicas > 1 && mongo === null) throw new Error(NO_MONGO);

const HEADS = ['mode', 'store', 'kills', 'acts', 'lost', 'doubled', 'wrongly cancelled', 'edits undone', 'apart'];
console.log(`| ${HEADS.join(' | ')} |`);
console.log(`| --- | --- ${'| --: '.repeat(HEADS.length - 2)}|`);
const names = [];
let isClean = true;
for (const mode of values.modes.split(',')) {
  const sum = { acts: 0, lost: 0, doubled: 0, cancelled: 0, undone: 0, apart: 0 };
  for (let run = 0; run < runs; run++) {
    const database = mongo?.database();
    if (database) names.push(database.name);
    const share = Math.floor((kills * (run + 1)) / runs) - Math.floor((kills * run) / runs);
    const { acts, faults } = await killRun({ mode, kills: share, replicas, seed: seed + run, storeUrl: database?.url });
    for (const [name, count] of Object.entries({ acts, ...faults })) sum[name] += count;
  }
  const { acts, ...faults } = sum;
  const store = mongo ? `${replicas} replicas, MongoDB` : 'SQLite';
  console.log(`| ${[mode, store, kills, acts, ...Object.values(faults)].join(' | ')} |`);
  isClean &&= Object.values(faults).every((count) => count === 0);
}
await mongo?.close(names);
process.exitCode = isClean ? 0 : 1;
