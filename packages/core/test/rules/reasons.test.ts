import { expect } from 'chai';
import { REASONS } from '@loft/sync-core';

/** The decision table's rows and their reasons, as the page states them. */
const TABLE: readonly { readonly row: number; readonly reason: string }[] = [
  { row: 1, reason: 'new-booking' },
  { row: 2, reason: 'no-route' },
  { row: 3, reason: 'dead-on-arrival' },
  { row: 4, reason: 'adopt' },
  { row: 5, reason: 'orphan' },
  { row: 6, reason: 'orphan-unproven' },
  { row: 7, reason: 'not-managed' },
  { row: 8, reason: 'in-sync' },
  { row: 9, reason: 'booking-changed' },
  { row: 10, reason: 'booking-moved-bay' },
  { row: 11, reason: 'booking-cancelled' },
  { row: 12, reason: 'event-moved' },
  { row: 13, reason: 'event-moved-bay' },
  { row: 14, reason: 'event-deleted' },
  { row: 15, reason: 'text-edited' },
  { row: 16, reason: 'converged' },
  { row: 17, reason: 'conflict' },
  { row: 18, reason: 'conflict-restore' },
  { row: 19, reason: 'metadata-removed' },
  { row: 20, reason: 'unsupported-edit' },
  { row: 21, reason: 'edit-refused' },
  { row: 22, reason: 'in-sync' },
  { row: 23, reason: 'dead-stays-dead' },
  { row: 24, reason: 'booking-revived' },
  { row: 25, reason: 'copy' },
  { row: 26, reason: 'past' },
];

describe('the reasons', () => {
  it('are those of the decision table, in its order, each once', () => {
    expect(REASONS).to.deep.equal([...new Set(TABLE.map(({ reason }) => reason))]);
  });

  it('name 26 rows, of which two are in step', () => {
    expect(TABLE.map(({ row }) => row)).to.deep.equal(Array.from({ length: 26 }, (_, index) => index + 1));
    expect(TABLE.filter(({ reason }) => reason === 'in-sync').map(({ row }) => row)).to.deep.equal([8, 22]);
    expect(REASONS).to.have.length(25);
  });
});
