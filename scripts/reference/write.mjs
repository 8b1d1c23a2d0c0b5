/**
 * Writes docs/reference/packages from the doc comments of all exports. With --check it writes nothing, and fails
 * if a page differs. A public symbol without a comment is a failure, and so are a broken link and an
 * entry without an example.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';

const PAGES = fileURLToPath(new URL('../../docs/reference/packages/', import.meta.url));
const OPTIONS = fileURLToPath(new URL('typedoc.json', import.meta.url));

/** Writes the pages to a folder. Returns false after a reported fault. */
async function write(folder) {
  const app = await Application.bootstrapWithPlugins({ options: OPTIONS, theme: 'compact', out: folder });
  const project = await app.convert();
  if (!project) return false;
  app.validate(project);
  await app.generateOutputs(project);
  for (const entry of project.children ?? []) {
    if (!entry.comment?.getTag('@example')) app.logger.error(`The entry ${entry.name} has no example.`);
  }
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

async function pagesIn(folder) {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return new Map(names.map((name, index) => [name, texts[index]]));
}

/** The pages that differ, by their names. */
async function differences(folder) {
  const [there, wanted] = await Promise.all([pagesIn(PAGES), pagesIn(folder)]);
  return [...new Set([...there.keys(), ...wanted.keys()])].filter((name) => there.get(name) !== wanted.get(name));
}

if (process.argv.includes('--check')) {
  const folder = await mkdtemp(join(tmpdir(), 'loft-sync-reference-'));
  try {
    const good = await write(folder);
    const stale = good ? await differences(folder) : [];
    if (stale.length > 0) {
      console.error(
        `In docs/reference/packages ${stale.join(', ')} is not what the code says. Run: npm run docs:reference`,
      );
    }
    if (!good || stale.length > 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true });
  }
} else if (!(await write(PAGES))) {
  process.exitCode = 1;
}
