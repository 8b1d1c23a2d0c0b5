import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The pages for people: those at the top, all of `docs`, and what stands beside each package and the examples. */
function pages(): readonly string[] {
  const top = readdirSync(ROOT).map((name) => join(ROOT, name));
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => join(ROOT, 'docs', String(name)));
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name, 'README.md'));
  const examples = ['', 'observability'].map((name) => join(ROOT, 'examples', name, 'README.md'));
  return [...top, ...docs, ...packages, ...examples].filter((path) => path.endsWith('.md'));
}

/** A heading's anchor, as GitHub makes it. */
function anchorOf(heading: string): string {
  const plain = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
  return plain.trim().replaceAll(/\s/g, '-');
}

/** The anchors of a page; headings that read the same are numbered, and anchors may also be written out. */
function anchorsOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const counts = new Map<string, number>();
  const headings = [...text.matchAll(/^#{1,6} (?<heading>.+)$/gm)].map(({ groups }) => {
    const anchor = anchorOf(groups?.['heading'] ?? '');
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
  return [...headings, ...[...text.matchAll(/<a id="(?<id>[^"]+)">/g)].map(({ groups }) => groups?.['id'] ?? '')];
}

function brokenLinksOf(page: string): readonly string[] {
  const text = readFileSync(page, 'utf8').replaceAll(/```.*?```/gs, '');
  const links = [...text.matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(({ groups }) => groups?.['target'] ?? '');
  return links.filter((link) => {
    if (/^\w+:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : resolve(dirname(page), file);
    if (!existsSync(target)) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
  });
}

describe('the links in the documentation', () => {
  for (const page of pages()) {
    it(`of ${page.slice(ROOT.length)} lead somewhere`, () => {
      expect(brokenLinksOf(page)).to.deep.equal([]);
    });
  }
});
