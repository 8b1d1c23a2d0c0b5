import type { CalendarSystem } from '../ports/calendar-system.js';
import { canMoveEvents, claims, type CalendarCapabilities } from '../ports/capabilities.js';
import { decoratePort } from '../ports/decorate-port.js';
import { CALENDAR_PORT } from '../ports/port-methods.js';
import { isShared } from '../ports/sync-store.js';
import type { TimeZones } from '../ports/time-zones.js';
import { createRules, type Rules } from '../rules/rules.js';
import { type SyncSettings, supportedSettings } from '../rules/settings.js';
import { rememberedWindow } from '../rules/window.js';
import { intlTimeZones } from '../time-zones/intl-time-zones.js';
import { ClosedCalendars } from './closed-calendars.js';
import type { SyncEngineOptions } from './engine-options.js';
import { systemNames, type EngineParts } from './engine-parts.js';
import { EndedHolds } from './held-edits.js';
import { trustStatus } from './observe/observe-booking.js';
import { InferredStatuses } from './observe/inferred-status.js';
import { MarkedEvents } from './observe/removals.js';
import { OurAccounts } from './our-accounts.js';
import { CallQuota, quotaLimits, type CallCause } from './ports/call-quota.js';
import { Circuits } from './ports/circuit-breakers.js';
import { comparedLists } from './ports/compared-lists.js';
import { CompletingBookings } from './ports/completing-bookings.js';
import { engineBookings, engineCalendars, engineStore } from './ports/engine-ports.js';
import { guardedRandom } from './ports/guarded-clock.js';
import { rateLimitedCalls } from './ports/rate-limited-calls.js';
import { wasMadeSince, type MadeSince, type UnreadCalendars } from './ports/unread-calendars.js';
import { dividedLimits, QuotaShare, unknownLimits } from './replicas/quota-share.js';

type Parts = EngineParts & { readonly bookings: CompletingBookings };

/** The rules for these settings and the capabilities of both systems. */
export function rulesOf(
  { bookings, calendars }: Pick<SyncEngineOptions, 'bookings' | 'calendars'>,
  settings: SyncSettings,
  timeZones: TimeZones,
): Rules {
  return createRules(
    settings,
    systemNames(bookings, calendars),
    timeZones,
    (text) => bookings.isAppointmentId?.(text) ?? true,
    canMoveEvents(calendars),
  );
}

/** Creates the parts that one engine shares from its options: ports with decorators, rules, quota, circuits. */
export function createParts(
  options: SyncEngineOptions,
  emit: EngineParts['emit'],
  unread: UnreadCalendars,
): Parts & { readonly quotaShare: QuotaShare | null } {
  const { clock, timeZones = intlTimeZones() } = options;
  const random = guardedRandom(options.random ?? Math.random);
  const settings = supportedSettings(options.settings, options.bookings);
  const { retry, google } = settings;
  const rules = rulesOf(options, settings, timeZones);
  const circuits = new Circuits(clock, retry);
  const isDivided = isShared(options.store) && google.quotaPerMinute !== null;
  const account = quotaLimits(google.quotaPerMinute, google.quotaBurst);
  const limits = isDivided ? dividedLimits(account) : account;
  const quota = new CallQuota(clock, limits, isDivided ? unknownLimits(limits) : limits);
  const { routing } = rules;
  const decoration = { clock, emit, circuits, routing, settlesWithinMs: rules.timing.portSettlesMs };
  const measured = engineCalendars(options.calendars, decoration);
  const calendars = claims<CalendarCapabilities>(options.calendars, 'syncToken')
    ? measured
    : comparedLists(measured, { massChangeMinimum: settings.rules.massChangeMinimum, random });
  const isMadeSince: MadeSince = (appointmentId, since) =>
    wasMadeSince(parts.bookings.latest(appointmentId), since, clock.now(), rules.timing.recordTimeSlackMs);
  const unthrottledCalendars = decoratePort(calendars, CALENDAR_PORT, unread.heldWrites(isMadeSince));
  const calendarsFor = (cause: () => CallCause): CalendarSystem =>
    decoratePort(unthrottledCalendars, CALENDAR_PORT, rateLimitedCalls(quota, cause));
  const parts = joinParts(options.account, {
    bookings: engineBookings(options.bookings, decoration),
    calendars: calendarsFor(() => 'schedule'),
    calendarsFor,
    unthrottledCalendars,
    store: engineStore(options.store, decoration),
    clock,
    settings,
    timeZones,
    rules,
    quota,
    circuits,
    random,
    emit,
    owner: options.owner ?? `replica-${Math.floor(random() * 2 ** 48).toString(36)}`,
    leaseMs: options.leaseMs ?? rules.timing.leaseMs,
  });
  return { ...parts, quotaShare: isDivided ? new QuotaShare(parts, quota) : null };
}

type JoinedParts =
  | 'systems'
  | 'accounts'
  | 'closedCalendars'
  | 'endedHolds'
  | 'markedEvents'
  | 'mirrorAtOnce'
  | 'warnings'
  | 'statuses'
  | 'windowAt';

/** Adds the parts that an engine and a plan have in common. */
export function joinParts(account: string | undefined, made: Omit<EngineParts, JoinedParts>): Parts {
  const { rules, settings, timeZones } = made;
  const windowAt = rememberedWindow(settings.timeZone, timeZones, settings.uschedule);
  const bookings = new CompletingBookings({ ...made, windowAt });
  return {
    ...made,
    windowAt,
    bookings,
    systems: rules.systems,
    statuses: settings.uschedule.status === 'blind' ? new InferredStatuses({ ...made, bookings }) : trustStatus,
    accounts: new OurAccounts(account ?? null),
    closedCalendars: new ClosedCalendars(made),
    endedHolds: new EndedHolds(made),
    markedEvents: new MarkedEvents(),
    mirrorAtOnce: new Set(),
    warnings: new Map(),
  };
}
