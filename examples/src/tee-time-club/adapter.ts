/**
 * Tee Time Club as an adapter of the service: `"adapters": { "bookings": { "module": "…/adapter.js", "settings": … } }` in
 * the settings file loads this module. A module brings one factory, and may bring a schema for settings of its own.
 */
import type { AdapterContext } from '@loft/sync-server';
import * as z from 'zod';
import { ClubBookingSystem } from './club-booking-system.js';
import { HttpClub } from './http-club.js';

export const settingsSchema: z.ZodType<{ readonly address: string }> = z.strictObject({
  address: z.url('"address" must be the address of the club, such as https://club.example'),
});

export function createBookingSystem(context: AdapterContext): ClubBookingSystem {
  const { address } = settingsSchema.parse(context.settings);
  const { callTimeoutMs, timeZone, environment } = context;
  // Secrets come from variables whose name begins with ADAPTER_; the service keeps their values out of its logs.
  const key = environment['ADAPTER_CLUB_KEY'] ?? '';
  return new ClubBookingSystem(new HttpClub(address, key, callTimeoutMs), timeZone);
}
