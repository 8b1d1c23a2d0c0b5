/**
 * Writes the command line of the server package as one CommonJS file, `dist/program.cjs`, for the published package:
 * commands that only talk to a running service then start without a search for fifty files. All other commands are
 * loaded from the files of the package. `--remove` deletes the file: a checkout runs the files that `tsc` writes.
 */
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const DIST = fileURLToPath(new URL('../packages/server/dist/', import.meta.url));
const FILE = join(DIST, 'program.cjs');

/** The commands that ask a running service. */
const INCLUDED = /\/dist\/cli\/(client\/|completion)/;

/**
 * Keeps the other commands outside.
 *
 * @type {import('esbuild').Plugin}
 */
const otherCommands = {
  name: 'other-commands',
  setup: (host) => {
    host.onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
      const file = join(resolveDir, path);
      if (kind !== 'dynamic-import' || INCLUDED.test(file)) return undefined;
      return { path: `./${file.slice(DIST.length)}`, external: true };
    });
  },
};

/**
 * Commander loads the module for child processes at its start, but only programs with commands in separate files use it.
 *
 * @type {import('esbuild').Plugin}
 */
const laterChildProcess = {
  name: 'later-child-process',
  setup: (host) => {
    host.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('/commander/') ? { path: 'child_process', namespace: 'later' } : undefined,
    );
    host.onLoad({ filter: /^/, namespace: 'later' }, () => ({
      contents: "module.exports = { get spawn() { return require('child_process').spawn; } };",
      resolveDir: dirname(FILE),
    }));
  },
};

const { values } = parseArgs({ options: { remove: { type: 'boolean', default: false } } });
if (values.remove) {
  await rm(FILE, { force: true });
} else {
  const { version } = JSON.parse(await readFile(join(DIST, '../package.json'), 'utf8'));
  await build({
    entryPoints: [join(DIST, 'main.js')],
    outfile: FILE,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    define: { 'import.meta.url': '__url', LOFT_SYNC_VERSION: JSON.stringify(version) },
    banner: { js: "const __url=require('node:url').pathToFileURL(__filename).href;" },
    plugins: [otherCommands, laterChildProcess],
    logLevel: 'warning',
  });
}
