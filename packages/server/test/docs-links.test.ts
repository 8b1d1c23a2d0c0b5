import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The pages for people: those at the top, all of `docs`, and the README of each package and of the examples. */
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

/** The anchors of a page; equal headings are numbered, and anchors may also be written out. */
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
    it(`of ${page.slice(ROOT.length)} lead to an existing page and anchor`, () => {
      expect(brokenLinksOf(page)).to.deep.equal([]);
    });
  }
});

/** The folders with code that git tracks: sources, tests, benchmarks, scripts. */
function codeFolders(): readonly string[] {
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => join('packages', name));
  const folders = [...packages, 'examples'].flatMap((name) => [join(name, 'src'), join(name, 'test')]);
  return [...folders, 'bench', 'scripts'].filter((name) => existsSync(join(ROOT, name)));
}

const CODE = new Set(['.ts', '.mts', '.mjs', '.cjs', '.js', '.go']);

function codeFilesOf(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => join(ROOT, folder, String(name)))
    .filter((path) => CODE.has(extname(path)) && !path.includes('node_modules'));
}

/** A page that code names, with its anchor: `docs/decision-table.md#row-14`. Web addresses do not count. */
const CITATION = /(?<![\w/.-])(?<page>docs\/[\w/-]+\.md)(?:#(?<anchor>[\w-]+))?/g;

/** A further row or lesson after a citation: `docs/decision-table.md#row-12 to #row-14`. */
const FURTHER = /(?<![\w/.-])#(?<anchor>(?:row|lesson)-\d+[a-z]?)\b/g;

/** The anchors of rows and lessons, which are unique over all pages. */
function rowsAndLessons(): ReadonlySet<string> {
  const pages = ['docs/decision-table.md', 'docs/uschedule.md'];
  return new Set(pages.flatMap((page) => anchorsOf(join(ROOT, page))));
}

function deadCitationsOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const known = rowsAndLessons();
  const further = [...text.matchAll(FURTHER)].filter(({ groups }) => !known.has(groups?.['anchor'] ?? ''));
  const dead = [...text.matchAll(CITATION)]
    .filter(({ groups }) => {
      const page = join(ROOT, groups?.['page'] ?? '');
      const anchor = groups?.['anchor'];
      return !existsSync(page) || (anchor !== undefined && !anchorsOf(page).includes(anchor));
    })
    .map(([citation]) => citation);
  return [...dead, ...further.map(([anchor]) => anchor)];
}

/** Rules that are named without their page. */
const WITHOUT_PAGE =
  /\b(?:Google|USchedule|operating) contract\b|\blessons? \d|\b[Rr]ows? \d+[a-z]?\b|\bthe specification\b/g;

/** The short name of a row or lesson at the beginning of a test's title; it must be an anchor of a page. */
const TITLE = /\b(?:it|describe)\(\s*['"`](?<kind>row|lesson) (?<number>\d+[a-z]?)\b/g;

describe('the citations in code and tests', () => {
  it('are found in each folder', () => {
    const citations = codeFolders()
      .flatMap(codeFilesOf)
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(CITATION)]);
    expect(citations.length).to.be.greaterThan(30);
  });

  for (const folder of codeFolders()) {
    it(`of ${folder} lead to an existing page and anchor`, () => {
      const dead = codeFilesOf(folder).map((path) => [path.slice(ROOT.length), deadCitationsOf(path)]);
      expect(dead.filter(([, citations]) => citations?.length)).to.deep.equal([]);
    });

    it(`of ${folder} at the beginning of a title are rows and lessons of the pages`, () => {
      const known = rowsAndLessons();
      const titles = codeFilesOf(folder).flatMap((path) => [...readFileSync(path, 'utf8').matchAll(TITLE)]);
      const named = titles.map(({ groups }) => `${groups?.['kind']}-${groups?.['number']}`);
      expect(named.filter((anchor) => !known.has(anchor))).to.deep.equal([]);
    });

    it(`of ${folder} name the page as a path`, () => {
      const found = codeFilesOf(folder).flatMap((path) => {
        const text = readFileSync(path, 'utf8').replaceAll(TITLE, '');
        return [...text.matchAll(WITHOUT_PAGE)].map(([words]) => `${path.slice(ROOT.length)}: ${words}`);
      });
      expect(found).to.deep.equal([]);
    });
  }
});
