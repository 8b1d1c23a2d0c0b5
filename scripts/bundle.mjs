/**
 * `npm run bundle`: the service as a few files that need no `node_modules`, in `dist-bundle/`. Run `npm run build` first.
 *
 * - `loft-sync.js`, which loads the chunks that a command needs (stores, simulators, OpenTelemetry).
 * - V8's code cache of the chunks that a start needs: it is valid for the version of Node that made the bundle.
 * - `node_modules/@libsql/<platform>`: SQLite is native code, which cannot be bundled. The packages of this machine's
 *   platform are included, or of the named one: `npm run bundle -- --libsql linux-x64-gnu`.
 * - `node_modules/moment-timezone`: its zone data, and nothing else of it.
 * - `assets/`: the console's files.
 *
 * Prints its contents, and writes esbuild's metafile beside it (`dist-bundle.meta.json`), for tests.
 */
import { access, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { argumentsOf } from './arguments.mjs';
import { PARAMETERS } from './bundle/loader.cjs';
import { PLUGINS } from './bundle/plugins.mjs';
import { LOADER, warmUp } from './bundle/warm-up.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SERVER = join(ROOT, 'packages/server');

/** Optional modules of libraries that the bundle leaves out. */
const NOT_THERE = [
  '@aws-sdk/credential-providers',
  '@mongodb-js/zstd',
  'aws4',
  'kerberos',
  'mongodb-client-encryption',
  'snappy',
  'socks',
];

/** @param {string} path */
const exists = (path) =>
  access(path).then(
    () => true,
    () => false,
  );

/** The native packages that are installed for SQLite, by their platform. */
async function nativePackages() {
  const require = createRequire(join(ROOT, 'packages/store-sqlite/package.json'));
  const places = require.resolve.paths('@libsql/x') ?? [];
  for (const place of places) {
    const folder = join(place, '@libsql');
    if (!(await exists(folder))) continue;
    const names = await readdir(folder);
    return names.map((platform) => ({ platform, folder: join(folder, platform) }));
  }
  return [];
}

/** @param {string} folder */
async function sizeOf(folder) {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

const USAGE = `npm run bundle -- [--out folder] [--libsql platform …]

Writes the service as a few files that need no node_modules into dist-bundle/ or the named folder, with SQLite's library for
this machine or the named platforms, such as linux-x64-gnu.`;
const { values } = argumentsOf(USAGE, { out: { type: 'string' }, libsql: { type: 'string', multiple: true } });
const out = values.out ?? join(ROOT, 'dist-bundle');
const main = join(SERVER, 'dist/main.js');
if (!(await exists(main))) {
  process.stderr.write('There is nothing to bundle yet: run "npm run build" first.\n');
  process.exit(1);
}
const { version, license } = JSON.parse(await readFile(join(SERVER, 'package.json'), 'utf8'));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

// A worker is a separate program.
const worker = join(SERVER, 'dist/simulate/episode-worker.js');
const result = await build({
  entryPoints: {
    'loft-sync.main': main,
    ...((await exists(worker)) && { 'episode-worker.main': worker }),
  },
  outdir: out,
  bundle: true,
  splitting: true,
  chunkNames: 'chunk-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // A smaller file loads faster. Source maps restore the names of the source in the log of a crash.
  minify: true,
  sourcemap: 'inline',
  sourcesContent: false,
  legalComments: 'linked',
  external: [...NOT_THERE, '@libsql/*'],
  define: { LOFT_SYNC_VERSION: JSON.stringify(version) },
  plugins: PLUGINS,
  metafile: true,
  write: false,
  logLevel: 'warning',
  // Chosen by the platform at run time.
  logOverride: { 'unsupported-dynamic-import': 'silent', 'unsupported-require-call': 'silent' },
});

// Chunks can be shared between modules of the newer form only; code caches are there for the older form only.
for (const { path, text } of result.outputFiles) {
  if (!path.endsWith('.js')) {
    await writeFile(path, text);
    continue;
  }
  const { code, map } = await transform(text.replace(/^#!.*/, ''), {
    sourcefile: basename(path),
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'module.url' },
    legalComments: 'inline',
  });
  await writeFile(path, `${PARAMETERS}${code}\n})`);
  await writeFile(`${path}.map`, map);
}
await cp(LOADER, join(out, 'loader.js'));
for (const name of ['loft-sync', 'episode-worker']) {
  await writeFile(join(out, `${name}.js`), `#!/usr/bin/env node\nrequire('./loader.js').load('${name}.main.js');\n`);
}

const manifest = { name: 'loft-sync', version, license, private: true, type: 'commonjs', bin: './loft-sync.js' };
await writeFile(join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const [from, to] of [
  [join(SERVER, 'assets'), 'assets'],
  [join(ROOT, 'LICENSE'), 'LICENSE'],
]) {
  if (await exists(from)) await cp(from, join(out, to), { recursive: true });
}

// Found by its name, as in an installation; only the data of the package are used.
const zoneData = 'data/packed/latest.json';
const zonePackage = dirname(createRequire(join(SERVER, 'package.json')).resolve('moment-timezone/package.json'));
for (const file of ['package.json', 'LICENSE', zoneData]) {
  await cp(join(zonePackage, file), join(out, 'node_modules/moment-timezone', file));
}

const wanted = values.libsql ?? null;
const natives = (await nativePackages()).filter(({ platform }) => wanted === null || wanted.includes(platform));
if (natives.length < (wanted?.length ?? 1)) {
  process.stderr.write(`SQLite's native package is not installed for ${wanted?.join(', ') ?? 'this platform'}.\n`);
  process.exit(1);
}
for (const { platform, folder } of natives) {
  await cp(folder, join(out, 'node_modules/@libsql', platform), { recursive: true, dereference: true });
}
await warmUp(join(out, 'loft-sync.js'));
await writeFile(`${out.replace(/\/$/, '')}.meta.json`, JSON.stringify(result.metafile));

const code = (await readdir(out)).filter((file) => file.endsWith('.js'));
const sizes = await Promise.all(code.map(async (file) => (await stat(join(out, file))).size));
const bytes = sizes.reduce((sum, size) => sum + size, 0);
const mb = (/** @type {number} */ value) => `${(value / 2 ** 20).toFixed(1)} MB`;
process.stdout.write(
  [
    `${code.length} files of code in ${dirname(join(out, 'x'))}: ${mb(bytes)}`,
    `SQLite for ${natives.map(({ platform }) => platform).join(', ')}`,
    `all of it, with source maps: ${mb(await sizeOf(out))}`,
    '',
  ].join('\n'),
);
