import { expect } from 'chai';
import { REASONS } from '@loft/sync-core';
import { TABLE } from './decision-table.js';
import { ROWS } from './table.js';

describe('the reasons', () => {
  it('are those of the decision table, in its order, each once', () => {
    expect(REASONS).to.deep.equal([...new Set(TABLE.map(({ reason }) => reason))]);
  });

  it('name 26 rows, of which two are in step', () => {
    expect(TABLE.map(({ row }) => row)).to.deep.equal(Array.from({ length: 26 }, (_, index) => index + 1));
    expect(TABLE.filter(({ reason }) => reason === 'in-sync').map(({ row }) => row)).to.deep.equal([8, 22]);
    expect(REASONS).to.have.length(25);
  });

  it('are those of the rows that every combination is held against', () => {
    const rows = ROWS.flatMap(({ row, answers: reason }) => (row === 'first' ? [] : [{ row, reason }]));
    expect(rows).to.deep.equal(TABLE);
  });
});
