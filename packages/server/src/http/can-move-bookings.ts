import type { SyncSettings } from '@loft/sync-core';

/** Whether a change of an event in this bay's calendar may change a booking. */
export function canMoveBookings(bay: string, { bays, rules, uschedule }: SyncSettings): boolean {
  const configured = bays.find((one) => one.bay === bay);
  const direction = configured?.direction ?? rules.direction;
  return configured !== undefined && direction === 'both' && uschedule.reschedule !== 'off';
}
