import type { BookingCapabilities } from '../ports/capabilities.js';
import { claims } from '../ports/capabilities.js';
import type { SyncSettings } from './settings.js';

/**
 * The settings as far as the booking system can follow them. Where it cannot reschedule, `method` counts as `off`: a moved
 * event is put back. Where it has no checkouts, a new record is not held back.
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
