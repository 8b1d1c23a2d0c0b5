#!/usr/bin/env node
// Checks that the project is written in plain technical English: fails where a pattern of docs/words.md occurs.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argumentsOf } from './arguments.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const LIST = 'docs/words.md';

/** Pages and folders that are checked. A folder is added when it is clean. */
const CHECKED = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs',
  'packages/adapters-uschedule/src',
  'packages/adapters-google/src',
  'packages/http/src',
  'packages/server/src',
  'packages/server/test',
  'packages/server/assets',
  'packages/store-sqlite/src',
  'deploy',
  'Dockerfile',
  'packages/core/src',
  'packages/core/test',
  'packages/store-mongo/src',
  'packages/adapters-uschedule/test',
  'packages/adapters-google/test',
  'packages/http/test',
  'packages/store-mongo/test',
  'packages/store-sqlite/test',
  'examples',
  'CHANGELOG.md',
  'packages/adapters-google/README.md',
  'packages/adapters-uschedule/README.md',
  'packages/core/README.md',
  'packages/http/README.md',
  'packages/server/README.md',
  'packages/store-mongo/README.md',
  'packages/store-sqlite/README.md',
  'bench',
  'findings',
  'scripts',
  'compose.yaml',
  '.ci',
  '.github',
];

/** Built files, the reference (written from comments), and the list itself. */
const SKIPPED = new Set(['node_modules', 'dist', 'dist-test', 'reference', 'words.md']);
const READ = new Set(['.md', '.ts', '.mts', '.mjs', '.cjs', '.js', '.json', '.yaml', '.yml', '.go', '.sh', '.py', '']);

/** @returns {{ pattern: RegExp, instead: string }[]} the rows of the list */
function patterns() {
  const rows = readFileSync(join(ROOT, LIST), 'utf8').matchAll(/^\| `(?<pattern>.+)` \| (?<instead>.+) \|$/gm);
  return [...rows].map(({ groups }) => ({
    pattern: new RegExp(String.raw`\b(?:${groups.pattern.replaceAll(String.raw`\|`, '|')})\b`, 'giu'),
    instead: groups.instead,
  }));
}

/** @param {string} path @returns {string[]} the files at or below a path */
function filesAt(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !SKIPPED.has(name))
    .flatMap((name) => filesAt(join(path, name)))
    .filter((file) => READ.has(extname(file)));
}

const USAGE = `npm run words -- [path …]

Reports the words of ${LIST} in the named files and folders, or in the whole project. Exit code 1 if there are any.`;
const { positionals } = argumentsOf(USAGE, {}, true);
const list = patterns();
if (list.length === 0) throw new Error(`${LIST} has no pattern: is its table still in the expected form?`);
const paths = positionals.length > 0 ? positionals : CHECKED.map((path) => join(ROOT, path));
let found = 0;
for (const file of paths.flatMap(filesAt)) {
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    for (const { pattern, instead } of list) {
      for (const { 0: words } of line.matchAll(pattern)) {
        found++;
        console.log(`${relative(ROOT, file)}:${index + 1}: "${words}": write ${instead}`);
      }
    }
  }
}
console.log(found === 0 ? 'No word of docs/words.md was found.' : `${found} found; the list is in ${LIST}.`);
process.exit(found === 0 ? 0 : 1);
