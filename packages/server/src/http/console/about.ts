import type { Instant } from '@loft/sync-core';
import type { AppParts } from '../app-parts.js';

/** The facts by which a person recognizes an appointment. */
export interface About {
  readonly name: string;
  readonly start: Instant;
}

/** Finds customer and time of appointments, from the map or from the latest reading of the booking. */
export async function aboutAppointments(
  appointmentIds: readonly string[],
  { engine, store }: Pick<AppParts, 'engine' | 'store'>,
): Promise<ReadonlyMap<string, About>> {
  const about = new Map<string, About>();
  for (const id of new Set(appointmentIds)) {
    const map = await store.getMap(id);
    const base = map.ok ? map.val?.base : undefined;
    const booking = engine.latestBooking(id);
    const name = base?.title ? base.title : (booking?.customerName ?? '');
    const start = base?.start ?? booking?.start;
    if (name !== '' && start !== undefined) about.set(id, { name, start });
  }
  return about;
}
