



/**
 * The rows of the decision table by their reason, in the table's order. A reason names its row in logs and metrics.
 * `in-sync` stands in two rows (8 and 22).
 */
export const REASONS = [
  'new-booking',
  'no-route',
  'dead-on-arrival',
  'adopt',
  'orphan',
  'orphan-unproven',
  'not-managed',
  'in-sync',
  'booking-changed',
  'booking-moved-bay',
  'booking-cancelled',
  'event-moved',
  'event-moved-bay',
  'event-deleted',
  'text-edited',
  'converged',
  'conflict',
  'conflict-restore',
  'metadata-removed',
  'unsupported-edit',
  'edit-refused',
  'dead-stays-dead',
  'booking-revived',
  'copy',
  'past',
] as const;

export type Reason = (typeof REASONS)[number];
