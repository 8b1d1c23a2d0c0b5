import { createLogin } from './login.js';
import { Secrets } from './secrets.js';
import { Session } from './session.js';
import { Transport } from './transport.js';
import { UScheduleBookingSystem } from './uschedule-booking-system.js';
import { UScheduleClient } from './uschedule-client.js';
import { type UScheduleOptions, withDefaults } from './uschedule-options.js';

/**
 * Makes the booking system. Nothing is called before the first use; there is nothing to close.
 *
 * @example
 * ```ts
 * const bookings = createUScheduleBookingSystem({
 *   alias: 'loftgolf',
 *   applicationKey: process.env.USCHEDULE_APP_KEY ?? '',
 *   login: { kind: 'impersonate', username: 'sync@example.com' },
 *   timeZone: 'America/Phoenix',
 * });
 * ```
 */
export function createUScheduleBookingSystem(options: UScheduleOptions): UScheduleBookingSystem {
  const complete = withDefaults(options);
  const { login, applicationKey, now } = complete;
  const secrets = new Secrets(login.kind === 'password' ? [applicationKey, login.password] : [applicationKey]);
  const transport = new Transport({ ...complete, secrets });
  const session = new Session(createLogin(login, { transport, secrets, now }), secrets, now);
  return new UScheduleBookingSystem(new UScheduleClient({ transport, session, secrets, now }), complete);
}
