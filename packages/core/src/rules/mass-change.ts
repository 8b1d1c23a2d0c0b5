import type { GuardSettings } from './settings.js';

/**
 * The mass-change guard (docs/decision-table.md#guards): would one run of a feed cancel more than `massChangeLimit` of
 * the
 * live mirrors, and more than `massChangeMinimum` of them? An outage can look like an empty list.
 */
export function isMassChange(wouldCancel: number, mirrors: number, guards: GuardSettings): boolean {
  return wouldCancel > guards.massChangeMinimum && wouldCancel > guards.massChangeLimit * mirrors;
}
