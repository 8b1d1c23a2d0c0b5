import type { Bay, TimeZones } from '@loft/sync-core';
import type { UnitId } from '@loft/sync-core/adapters';
import {
  DEFAULT_SETTINGS,
  DETAIL_FIELDS,
  TEMPLATE_FIELDS,
  unknownTemplateFields,
  type BookingSettings,
  type CalendarSettings,
  type GuardSettings,
  type RetrySettings,
} from '@loft/sync-core/rules';
import * as z from 'zod';
import { SIGNAL_TYPES, type SignalType } from '../signals/signal-types.js';
import { notNegative, positive, whole } from './setting-numbers.js';
import type { AdapterName } from '../adapters/load-adapters.js';

/**
 * The schema of the settings file (docs/operating-contract.md#settings). The message of every leaf says what the value
 * must be, to be read after "must be"; `file-faults.ts` makes the sentences.
 */

function text(what: string): z.ZodString {
  return z.string({ error: what }).trim().min(1, { error: what });
}

function choice<const T extends readonly [string, ...string[]]>(...values: T): z.ZodEnum<{ [K in T[number]]: K }> {
  const quoted = values.map((value) => `"${value}"`).join(' or ');
  return z.enum(values, { error: quoted });
}

function template(): z.ZodString {
  const fields = [...TEMPLATE_FIELDS, ...DETAIL_FIELDS].map((field) => `{${field}}`).join(', ');
  return z
    .string({ error: `a text that may contain these fields: ${fields}` })
    .refine((value) => unknownTemplateFields(value).length === 0, {
      error: `a text with no other fields than ${fields}`,
    });
}

/** An opaque number or text, as the booking system uses it. */
function unitId(): z.ZodType<UnitId> {
  const what = 'the id of the unit in the booking system, a whole number from 1 or a text';
  return z.union([z.int({ error: what }).min(1, { error: what }), text(what)], { error: what });
}

const zoneRule = 'a time zone such as "America/Phoenix"';
const baysRule = 'a list with one entry for each bay, at least one';
const objectRule = 'a group of settings in braces';
const shareRule = 'a share between 0 and 1';
const { uschedule, google, rules, retry } = DEFAULT_SETTINGS;

const baySchema = z.strictObject(
  {
    bay: text('the short name of the bay as text, such as "1"'),
    name: text('the name of the bay for people as text, such as "Bay 1"'),
    resourceUnitId: unitId(),
    calendarId: text('the id of the Google calendar as text').refine((id) => !id.startsWith('id-of-'), {
      error:
        "the calendar's own id, not the placeholder of the example. Copy it from the calendar's settings, under Integrate calendar",
    }),
    serviceId: whole('', 1).optional(),
    direction: choice('both', 'to-google').optional(),
  },
  { error: 'one bay in braces, with "bay", "name", "resourceUnitId" and "calendarId"' },
);

const uscheduleSchema = z.strictObject(
  {
    locationId: whole('', 1).default(1),
    serviceId: whole('', 1).default(11),
    serviceLengthMinutes: whole('minutes', 1).default(60),
    status: choice('trusted', 'blind').default(uschedule.status),
    reschedule: choice('method', 'rebook', 'off').default(uschedule.reschedule),
    pollSeconds: positive('seconds').default(uschedule.pollSeconds),
    pastDays: whole('days', 0).default(uschedule.pastDays),
    futureDays: whole('days', 1).default(uschedule.futureDays),
    holdMinutes: notNegative('minutes').default(uschedule.holdMinutes),
    urgentMinutes: notNegative('minutes').default(uschedule.urgentMinutes),
    urgentMinAgeMinutes: notNegative('minutes').default(uschedule.urgentMinAgeMinutes),
    cancelConfirmations: whole('readings', 1).default(uschedule.cancelConfirmations),
    cancellationHours: notNegative('hours').default(uschedule.cancellationHours),
    rebookPaid: z.boolean({ error: 'true or false' }).default(uschedule.rebookPaid),
  },
  { error: objectRule },
);

const googleSchema = z.strictObject(
  {
    cancel: choice('delete', 'mark').default(google.cancel),
    title: template().default(google.title),
    description: template().default(google.description),
    sweepSeconds: positive('seconds').default(google.sweepSeconds),
    channelTtlSeconds: whole('seconds', 1).default(google.channelTtlSeconds),
    deleteGraceSeconds: notNegative('seconds').default(google.deleteGraceSeconds),
    formerAccounts: z
      .array(text('the address of an account'), { error: 'a list of addresses of accounts' })
      .default([...google.formerAccounts]),
    quotaPerMinute: whole('units', 60).optional(),
    quotaBurst: whole('units', 3).optional(),
  },
  { error: objectRule },
);

const rulesSchema = z.strictObject(
  {
    direction: choice('both', 'to-google').default(rules.direction),
    echoWindowSeconds: notNegative('seconds').default(rules.echoWindowSeconds),
    conflict: choice('last-write-wins', 'booking-wins').default(rules.conflict),
    massChangeLimit: z
      .number({ error: shareRule })
      .min(0, { error: shareRule })
      .max(1, { error: shareRule })
      .default(rules.massChangeLimit),
    massChangeMinimum: whole('bookings', 0).default(rules.massChangeMinimum),
  },
  { error: objectRule },
);

const retrySchema = z.strictObject(
  {
    baseMs: positive('milliseconds').default(retry.baseMs),
    maxMs: positive('milliseconds').default(retry.maxMs),
    maxAttempts: whole('attempts', 1).default(retry.maxAttempts),
    callTimeoutSeconds: positive('seconds', 600).default(retry.callTimeoutSeconds),
  },
  { error: objectRule },
);

const replicasSchema = z.strictObject({ leaseSeconds: positive('seconds').optional() }, { error: objectRule });

/** A package or path, alone or with the adapter's own settings. */
function adapter(): z.ZodType<AdapterName> {
  const what = 'the name of a package, a path, or { "module": …, "settings": { … } }';
  const named = z.string({ error: what }).trim().min(1, { error: what });
  const withSettings = z.strictObject({ module: named, settings: z.unknown().optional() });
  return z.union([named.transform((module) => ({ module })), withSettings], { error: what });
}

const adaptersSchema = z.strictObject(
  { bookings: adapter().optional(), calendars: adapter().optional() },
  { error: objectRule },
);

const signalSchema = z.strictObject(
  {
    url: text('the address of the webhook').refine((url) => /^https?:\/\//.test(url) && URL.canParse(url), {
      error: 'an address that begins with https:// or http://',
    }),
    secretEnv: text('the name of the variable that holds the secret'),
    types: z.array(choice(...SIGNAL_TYPES), { error: 'a list of types of signals' }).optional(),
    leadMinutes: positive('minutes').default(15),
  },
  { error: 'a webhook in braces, with "url" and "secretEnv"' },
);

function fileSchema(timeZone: z.ZodString): z.ZodType<SettingsFile> {
  return z.strictObject(
    {
      timeZone,
      bays: z.array(baySchema, { error: baysRule }).min(1, { error: baysRule }),
      uschedule: uscheduleSchema.prefault({}),
      google: googleSchema.prefault({}),
      rules: rulesSchema.prefault({}),
      retry: retrySchema.prefault({}),
      replicas: replicasSchema.prefault({}),
      adapters: adaptersSchema.prefault({}),
      signals: z.array(signalSchema, { error: 'a list of webhooks' }).default([]),
    },
    { error: objectRule },
  );
}

/** The schema without a check of the zone's name. Only `timeZone` and `bays` are required. @public */
export const settingsFileSchema: z.ZodType<SettingsFile> = fileSchema(text(zoneRule));

/** The schema with a check that the zone is one of these. */
export function settingsFileSchemaWith({ isZone }: Pick<TimeZones, 'isZone'>): z.ZodType<SettingsFile> {
  return fileSchema(text(zoneRule).refine((name) => isZone(name), { error: zoneRule }));
}

/** The validated settings file with its defaults. */
export interface SettingsFile {
  readonly timeZone: string;
  readonly bays: readonly Bay[];
  readonly uschedule: BookingSettings & {
    readonly locationId: number;
    readonly serviceId: number;
    readonly serviceLengthMinutes: number;
  };
  /** `quotaPerMinute` undefined: the adapter's usual quota, if it has one. */
  readonly google: Omit<CalendarSettings, 'quotaPerMinute'> & { readonly quotaPerMinute?: number | undefined };
  readonly rules: GuardSettings;
  readonly retry: RetrySettings;
  /** Webhooks that receive signals (docs/signals.md). */
  readonly signals: readonly {
    readonly url: string;
    readonly secretEnv: string;
    readonly types?: readonly SignalType[] | undefined;
    readonly leadMinutes: number;
  }[];
  readonly replicas: {
    /** Duration of a replica's lease on a task without a renewal. Default: see `read-settings.ts`. */
    readonly leaseSeconds?: number | undefined;
  };
  /** Modules with other systems. Default: USchedule and Google. */
  readonly adapters: {
    readonly bookings?: AdapterName | undefined;
    readonly calendars?: AdapterName | undefined;
  };
}

/** The allowed names in each group; `''` is the file itself and `bays[]` any one bay. */
export const SETTING_NAMES: Readonly<Record<string, readonly string[]>> = {
  '': ['timeZone', 'bays', 'uschedule', 'google', 'rules', 'retry', 'replicas', 'adapters', 'signals'],
  'bays[]': Object.keys(baySchema.shape),
  uschedule: Object.keys(uscheduleSchema.shape),
  google: Object.keys(googleSchema.shape),
  rules: Object.keys(rulesSchema.shape),
  retry: Object.keys(retrySchema.shape),
  replicas: Object.keys(replicasSchema.shape),
  adapters: Object.keys(adaptersSchema.shape),
  'signals[]': Object.keys(signalSchema.shape),
};
