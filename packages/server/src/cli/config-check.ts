import type { Environment } from '../config/environment.js';
import { loadSettings } from '../config/load-settings.js';
import type { ServiceSettings } from '../config/service-settings.js';
import { EXIT } from '../process/exit-codes.js';
import { rulesView } from '../time-zones/calendar-offsets.js';
import { outdatedRulesWarning } from '../time-zones/outdated-rules.js';
import { sourceText } from '../time-zones/zone-disagreements.js';
import { windowOf } from '../time-zones/zone-notices.js';
import type { Output } from './output.js';
import { table } from './table.js';

/** A sentence about outdated zone rules. null: they are recent. */
function outdatedOf({ sync, timeZones }: ServiceSettings): string | null {
  const now = Date.now();
  return outdatedRulesWarning(sync.timeZone, timeZones, windowOf(sync.uschedule, now), now);
}

function summary(settings: ServiceSettings): string {
  const { adapters, admins, google, push, store, sync, timeZones, webhookSecret } = settings;
  const outdated = outdatedOf(settings);
  const { pollSeconds } = sync.uschedule;
  const bays = sync.bays.map(({ bay, name, resourceUnitId, calendarId }) => [
    bay,
    name,
    String(resourceUnitId),
    calendarId,
  ]);
  const identity = { key: 'a service account key', 'key-file': 'a credentials file', platform: "the platform's" };
  return [
    'The settings are complete.',
    '',
    table(['bay', 'name', 'unit', 'calendar'], bays),
    '',
    `Time zone            ${sync.timeZone}, by ${sourceText(timeZones)}`,
    ...(outdated === null ? [] : [`                     Warning: ${outdated}.`]),
    `Store                ${store.kind === 'sqlite' ? `SQLite, ${store.path}` : store.kind}`,
    `Bookings             ${adapters.bookings?.name ?? 'USchedule'}, polled every ${pollSeconds} s`,
    adapters.calendars
      ? `Calendars            ${adapters.calendars.name}`
      : `Identity at Google   ${identity[google.credentials.kind]}`,
    `Sweeping calendars   every ${sync.google.sweepSeconds} s`,
    `Push notifications   ${push ? `to ${push.address}` : 'off (PUBLIC_URL is not set)'}`,
    `Signed hints         ${webhookSecret === null ? 'off (USCHEDULE_WEBHOOK_SECRET is not set)' : 'on'}`,
    `Admin and metrics    ${admins.length === 0 ? 'off (ADMIN_TOKEN is not set)' : `on, for ${admins.map(({ name, role }) => `${name} (${role})`).join(', ')}`}`,
  ].join('\n');
}

/** The settings for programs, without secrets. */
function view(settings: ServiceSettings): Readonly<Record<string, unknown>> {
  const { adapters, admins, google, push, store, sync, timeZones, webhookSecret } = settings;
  return {
    ok: true,
    ...sync,
    timeZones: { ...rulesView(timeZones), warning: outdatedOf(settings) },
    store: store.kind === 'sqlite' ? store : { kind: store.kind },
    adapters: { bookings: adapters.bookings?.name ?? null, calendars: adapters.calendars?.name ?? null },
    identity: adapters.calendars === null ? google.credentials.kind : null,
    push: push !== null,
    signedHints: webhookSecret !== null,
    admin: admins.length > 0,
  };
}

/** `loft-sync config check`: validates the settings as `serve` does, without starting the service. */
export async function configCheck(environment: Environment, output: Output, json: boolean): Promise<number> {
  const settings = await loadSettings(environment);
  if (settings.err) {
    output.err(settings.val);
    return EXIT.configuration;
  }
  output.out(json ? JSON.stringify(view(settings.val), null, 2) : summary(settings.val));
  return EXIT.ok;
}
