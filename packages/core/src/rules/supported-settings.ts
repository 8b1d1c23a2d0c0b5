import type { BookingCapabilities } from '../ports/capabilities.js';
import { claims } from '../ports/capabilities.js';
import type { SyncSettings } from './settings.js';

/**
 * Returns the settings that the booking system supports. If it cannot reschedule, `method` becomes `off`: a moved event is
 * reverted. If it has no checkouts, new records are not delayed.
 */
export function supportedSettings(
  settings: SyncSettings,
  bookings: { readonly supports?: Partial<BookingCapabilities> },
): SyncSettings {
  const { uschedule } = settings;
  const cannotReschedule = uschedule.reschedule === 'method' && !claims<BookingCapabilities>(bookings, 'reschedule');
  const hasCheckouts = claims<BookingCapabilities>(bookings, 'checkouts');
  if (!cannotReschedule && hasCheckouts) return settings;
  return {
    ...settings,
    uschedule: {
      ...uschedule,
      ...(cannotReschedule ? { reschedule: 'off' } : {}),
      ...(hasCheckouts ? {} : { holdMinutes: 0, urgentMinutes: 0, urgentMinAgeMinutes: 0 }),
    },
  };
}
