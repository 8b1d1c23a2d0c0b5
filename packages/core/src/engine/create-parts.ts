import { MarkedEvents } from './observe/marked-events.js';
import { OurAccounts } from './our-accounts.js';
import { decoratePort } from '../ports/decorate-port.js';
import { CALENDAR_PORT } from '../ports/port-methods.js';
import { createRules } from '../rules/rules.js';
import { rememberedWindow } from '../rules/window.js';
import { intlTimeZones } from '../time-zones/intl-time-zones.js';
import type { SyncEngineOptions } from './engine-options.js';
import { systemNames, type EngineParts } from './engine-parts.js';
import { CompletingBookings } from './ports/completing-bookings.js';
import { CallQuota, quotaLimits } from './ports/call-quota.js';
import { Circuits } from './ports/circuit-breakers.js';
import { engineBookings, engineCalendars, engineStore } from './ports/engine-ports.js';
import { rateLimitedCalls } from './ports/rate-limited-calls.js';
import type { UnreadCalendars } from './ports/unread-calendars.js';

/** What the parts of one engine share, made of its options: ports behind their decorators, rules, quota, circuits. */
export function createParts(
  options: SyncEngineOptions,
  emit: EngineParts['emit'],
  unread: UnreadCalendars,
): EngineParts & { readonly bookings: CompletingBookings } {
  const { clock, settings, timeZones = intlTimeZones(), random = Math.random } = options;
  const { retry, google, uschedule } = settings;
  const systems = systemNames(options.bookings, options.calendars);
  const rules = createRules(settings, systems, timeZones);
  const circuits = new Circuits(clock, retry);
  const quota = new CallQuota(clock, quotaLimits(google.quotaPerMinute, google.quotaBurst));
  const decoration = { clock, emit, circuits, settlesWithinMs: rules.timing.portSettlesMs };
  const calendars = engineCalendars(options.calendars, decoration);
  const unthrottledCalendars = decoratePort(calendars, CALENDAR_PORT, unread.heldWrites);
  const readings = {
    bookings: engineBookings(options.bookings, decoration),
    store: engineStore(options.store, decoration),
    clock,
    settings,
    timeZones,
    rules,
    windowAt: rememberedWindow(settings.timeZone, timeZones, uschedule),
  };
  return {
    ...readings,
    systems,
    accounts: new OurAccounts(options.account ?? null),
    markedEvents: new MarkedEvents(),
    mirrorAtOnce: new Set(),
    warnings: new Map(),
    bookings: new CompletingBookings(readings),
    calendars: decoratePort(unthrottledCalendars, CALENDAR_PORT, rateLimitedCalls(quota)),
    unthrottledCalendars,
    quota,
    circuits,
    random,
    emit,
    owner: options.owner ?? `replica-${Math.floor(random() * 2 ** 48).toString(36)}`,
    leaseMs: options.leaseMs ?? rules.timing.leaseMs,
  };
}
