import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { docPages, ROOT } from './support/doc-pages.js';

/** Pages whose text in italics quotes messages, and the text in italics that is of Google's pages or a plain emphasis. */
const QUOTING = ['docs/runbook.md', 'docs/switching-over.md', 'docs/console.md'];
const NOT_QUOTED = new Set(['Make changes to events', 'Set it up']);

/** Code and assets that messages come from. */
async function sources(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(?:ts|js|html)$/.test(entry.name));
  const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(`${parentPath}/${name}`, 'utf8')));
  return texts.join('\n').replaceAll(/\s+/g, ' ');
}

describe('the messages that the documentation quotes', () => {
  it('are texts of the program', async () => {
    const folders = ['core', 'server', 'adapters-google', 'adapters-uschedule', 'store-sqlite', 'store-mongo'];
    const code = (await Promise.all(folders.map((name) => sources(`${ROOT}packages/${name}/src`))))
      .join('\n')
      .toLowerCase();
    const quoted = (await docPages())
      .filter(({ name }) => QUOTING.includes(name))
      .flatMap(({ text }) => [...text.replaceAll(/`[^`]*`/g, '…').matchAll(/(?<![\w\d])_([^_]{4,}?)_(?![\w\d])/g)])
      .map(([, quote = '']) => quote.replaceAll(/\s+/g, ' '))
      .filter((quote) => !NOT_QUOTED.has(quote));
    expect(quoted.length).to.be.greaterThan(20);
    const missing = quoted.flatMap((quote) =>
      quote
        .split(/…|→|:|\b\d+\b/)
        .map((part) => part.trim().replace(/[.,]$/, '').toLowerCase())
        .filter((part) => part.length > 3 && !code.includes(part))
        .map((part) => `"${part}" of "${quote}"`),
    );
    expect(missing).to.deep.equal([]);
  });
});
