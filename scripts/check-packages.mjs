/**
 * `npm run check:packages`: packs every package as `npm publish` would, and checks what is in the tarballs: the files,
 * the manifest, the entries by publint, their types by @arethetypeswrong/cli. Run `npm run build` first.
 *
 * `-- --out <folder>` keeps the tarballs there.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { argumentsOf } from './arguments.mjs';
import { rangeFaults } from './workspace-ranges.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = join(ROOT, 'packages');
const run = promisify(execFile);

/** What may be in a package of ours. */
const EXPECTED =
  /^(package\.json|README\.md|LICENSE|bin\/([\w-]+\.js|package\.json)|dist\/program\.cjs|assets\/[\w.-]+|src\/.+|dist\/.+\.(js|d\.ts)(\.map)?)$/;
const REQUIRED = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts'];

/** @typedef {{ name: string, version: string, filename: string, files: readonly { path: string }[] }} Packed */

/** @param {string} path */
const exists = (path) =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * @param {string} folder
 * @param {Packed} packed
 * @param {ReadonlyMap<string, string>} versions
 */
async function faultsOf(folder, { name, files }, versions) {
  /** @type {string[]} */
  const faults = [];
  const paths = new Set(files.map(({ path }) => path));
  for (const path of REQUIRED) if (!paths.has(path)) faults.push(`${path} is missing`);
  for (const path of paths) {
    if (!EXPECTED.test(path)) faults.push(`${path} does not belong into a package`);
    const built = /^dist\/(?<stem>.+)\.js$/.exec(path)?.groups?.['stem'];
    if (built && !paths.has(`src/${built}.ts`)) faults.push(`${path} is left from a source that is gone`);
    if (built && !paths.has(`dist/${built}.d.ts`)) faults.push(`${path} has no types`);
  }
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  for (const field of ['description', 'license', 'engines', 'exports', 'files']) {
    if (manifest[field] === undefined) faults.push(`package.json has no "${field}"`);
  }
  if (manifest.bin && !paths.has('dist/program.cjs')) faults.push('dist/program.cjs is missing');
  if (manifest.private) faults.push('package.json is private');
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === 'string') continue;
    const conditions = Object.keys(target);
    if (conditions[0] !== 'types') faults.push(`"types" does not come first in the entry ${entry}`);
    for (const path of Object.values(target)) {
      if (!paths.has(String(path).replace(/^\.\//, ''))) faults.push(`the entry ${entry} leads to nothing: ${path}`);
    }
  }
  if (manifest.exports?.['./package.json'] !== './package.json') faults.push('package.json cannot be imported');
  faults.push(...rangeFaults(manifest, versions));
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  if (!readme.includes(name)) faults.push('README.md does not name the package');
  return faults;
}

const USAGE = `npm run check:packages -- [--out folder]

Packs every package as "npm publish" would, and checks the tarballs. --out keeps them in that folder.`;
const { values } = argumentsOf(USAGE, { out: { type: 'string' } });
const out = values.out ?? (await mkdtemp(join(tmpdir(), 'loft-sync-packages-')));
await mkdir(out, { recursive: true });
let failed = false;
try {
  const packing = await run('npm', ['pack', '--workspaces', '--json', '--pack-destination', out], {
    cwd: ROOT,
    maxBuffer: 2 ** 26,
  });
  /** @type {readonly Packed[]} */
  const all = JSON.parse(packing.stdout);
  const packages = all.filter(({ name }) => name.startsWith('@loft/'));
  const versions = new Map(packages.map(({ name, version }) => [name, version]));
  for (const folder of (await readdir(PACKAGES)).map((name) => join(PACKAGES, name))) {
    if (!(await exists(join(folder, 'package.json')))) continue;
    const { name } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const packed = packages.find((it) => it.name === name);
    if (!packed) throw new Error(`${name} was not packed`);
    const tarball = join(out, packed.filename);
    const faults = await faultsOf(folder, packed, versions);
    const { buffer } = Uint8Array.from(await readFile(tarball));
    const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true, level: 'warning' });
    faults.push(...messages.map((message) => `publint: ${formatMessage(message, pkg) ?? message.code}`));
    const attw = join(ROOT, 'node_modules/.bin/attw');
    try {
      await run(attw, [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji']);
    } catch (error) {
      faults.push(`attw: ${String(error.stdout ?? error)}`);
    }
    failed ||= faults.length > 0;
    process.stdout.write(`${faults.length === 0 ? 'ok    ' : 'FAULTY'} ${name} (${packed.files.length} files)\n`);
    for (const fault of faults) process.stdout.write(`       ${fault}\n`);
  }
} finally {
  if (values.out === undefined) await rm(out, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
