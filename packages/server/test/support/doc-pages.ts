import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('../../../../', import.meta.url));

/** The pages for users, operators and developers. Decisions and references describe no steps. */
export async function docPages(): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const docs = (await readdir(`${ROOT}docs`)).filter((name) => name.endsWith('.md') && name !== 'words.md');
  const packages = (await readdir(`${ROOT}packages`)).map((name) => `packages/${name}/README.md`);
  const names = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'examples/README.md', 'examples/loft/README.md'];
  const all = [...names, ...docs.map((name) => `docs/${name}`), ...packages];
  return Promise.all(all.map(async (name) => ({ name, text: await readFile(`${ROOT}${name}`, 'utf8') })));
}
