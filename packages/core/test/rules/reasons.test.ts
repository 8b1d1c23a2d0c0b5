import { expect } from 'chai';
import { REASONS } from '@loft/sync-core/rules';
import { TABLE } from './decision-table.js';
import { ROWS } from './table.js';

describe('the reasons', () => {
  it('are those of docs/decision-table.md, in its order, each once', () => {
    expect(REASONS).to.deep.equal([...new Set(TABLE.map(({ reason }) => reason))]);
  });

  it('name each row once, except in-sync, which has two rows', () => {
    expect(new Set(TABLE.map(({ row }) => row)).size).to.equal(TABLE.length);
    expect(TABLE.filter(({ reason }) => reason === 'in-sync').map(({ row }) => row)).to.deep.equal(['8', '22']);
  });

  it('are the same as in the table that all combinations are compared with', () => {
    const rows = ROWS.flatMap(({ row, answers: reason }) => (row === 'first' ? [] : [{ row, reason }]));
    for (const row of rows) expect(TABLE).to.deep.include(row);
  });
});
