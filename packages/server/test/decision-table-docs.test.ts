import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { REASONS } from '@loft/sync-core/rules';
import { expect } from 'chai';

const PAGE = fileURLToPath(new URL('../../../docs/decision-table.md', import.meta.url));

interface Row {
  readonly anchor: string;
  readonly number: string;
  readonly reason: string;
}

/** The rows of the page's table: a line that begins with an anchor and ends with a reason. */
function rowsOf(page: string): readonly Row[] {
  const line = /^\| <a id="(?<anchor>[^"]+)"><\/a>(?<number>\S+) \|.*\| `(?<reason>[a-z-]+)` \|$/gm;
  return [...page.matchAll(line)].map(({ groups }) => ({
    anchor: groups?.['anchor'] ?? '',
    number: groups?.['number'] ?? '',
    reason: groups?.['reason'] ?? '',
  }));
}

describe('docs/decision-table.md', () => {
  const page = readFileSync(PAGE, 'utf8');
  const rows = rowsOf(page);

  it('has no line in its table that is not parsed as a row', () => {
    const lines = page.split('\n').filter((line) => line.startsWith('| <a id="row-'));
    expect(rows).to.have.length(lines.length);
    expect(rows.length).to.be.at.least(26);
  });

  it('has each row once, with an anchor that names its number', () => {
    expect(rows.map(({ anchor }) => anchor)).to.deep.equal(rows.map(({ number }) => `row-${number}`));
    expect(new Set(rows.map(({ number }) => number))).to.have.property('size', rows.length);
  });

  it('has the reasons that decide can give, and no others', () => {
    const reasons = new Set(rows.map(({ reason }) => reason));
    expect([...reasons].toSorted()).to.deep.equal([...REASONS].toSorted());
  });
});
