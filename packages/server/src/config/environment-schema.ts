import { readServiceAccountKey } from '@loft/sync-google/key';
import { parseProxy } from '@loft/sync-http/proxies';
import * as z from 'zod';
import { isLoopback, parseAddress, parseStoreUrl } from './addresses.js';
import { LOG_LEVELS, type LogLevel, type StoreLocation } from './service-settings.js';

/**
 * Writes the message of a wrong variable in two lines: the fault, to be read after its name, and the remedy. Values
 * never appear: some are secrets, and any may be one in the wrong place.
 */
function rule(problem: string, remedy: string): { readonly error: string } {
  return { error: `${problem}\n${remedy}` };
}

const ADDRESS = rule('is not an address', 'Write it like https://example.com, without user name, query or fragment.');
const STORE = rule('is not a known store', 'Write sqlite:<path>, mongodb://…, mongodb+srv://… or memory:.');
const PORT = rule('is not a port', 'Write a number from 0 to 65535.');
const ACCOUNT = rule('is not a service account', 'Write its e-mail address.');
const PROXIES = rule('is not a number of proxies', 'Write the number of proxies in front of the service, 0 to 9.');
const PROXY = rule('is not the address of a proxy', 'Write it like http://proxy.example:3128.');
const HTTPS = rule(
  'is not an https address',
  'Google sends notifications to https only. Use an https address, or remove the setting.',
);

function isAddress(text: string): boolean {
  return parseAddress(text) !== null;
}

/** An https address, because Google delivers only there. Plain HTTP is allowed on this machine, for simulators. */
function reachableByGoogle(text: string): boolean {
  const url = parseAddress(text);
  return url === null || url.protocol === 'https:' || isLoopback(url.hostname);
}

/** Parses the number of a port. */
export const portSchema: z.ZodType<number, string> = z
  .string()
  .regex(/^\d{1,5}$/, { ...PORT, abort: true })
  .transform(Number)
  .refine((value) => value <= 65535, PORT);

const store = z.string().transform((text, context): StoreLocation => {
  const location = parseStoreUrl(text);
  if (location) return location;
  context.addIssue({ code: 'custom', message: STORE.error });
  return z.NEVER;
});

/** Validates the text of the key. */
const serviceAccountKey = z.string().superRefine((text, context) => {
  const key = readServiceAccountKey(text);
  if (key.ok) return;
  const problem = `is not the key of a service account: ${key.val}`;
  context.addIssue({ code: 'custom', message: rule(problem, 'Set it to the whole JSON text of the key.').error });
});

const proxy = z.string().refine((text) => parseProxy(text) !== null, PROXY);

const alias = z
  .string(rule('is missing', "Set it to the account's short name, as in USchedule's own addresses."))
  .regex(/^[^\s/?#]+$/, rule('is not a short name', 'Write it without blanks and slashes.'));

/** The schema of each variable alone. Relations between variables are checked in `read-environment-settings.ts`. */
export const environmentSchema: z.ZodType<CheckedEnvironment> = z.object({
  PORT: portSchema.default(8080),
  STORE_URL: store.default({ kind: 'sqlite', path: './data/loft-sync.db' }),
  PUBLIC_URL: z.string().refine(isAddress, ADDRESS).refine(reachableByGoogle, HTTPS).optional(),
  GOOGLE_SERVICE_ACCOUNT_JSON: serviceAccountKey.optional(),
  GOOGLE_API_ROOT_URL: z.string().refine(isAddress, ADDRESS).optional(),
  USCHEDULE_BASE_URL: z
    .string(rule('is missing', 'Set it to the address of USchedule, such as https://clients.uschedule.com.'))
    .refine(isAddress, ADDRESS),
  USCHEDULE_ALIAS: alias,
  USCHEDULE_APP_KEY: z.string(rule('is missing', 'Set it to the application key of the USchedule account.')),
  USCHEDULE_WEBHOOK_SECRET: z.string().optional(),
  TICK_AUDIENCE: z.string().optional(),
  TICK_SERVICE_ACCOUNT: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/, ACCOUNT)
    .optional(),
  GOOGLE_KEYS_URL: z.string().refine(isAddress, ADDRESS).optional(),
  TRUSTED_PROXIES: z.string().regex(/^\d$/, PROXIES).default('0').transform(Number),
  HTTPS_PROXY: proxy.optional(),
  HTTP_PROXY: proxy.optional(),
  NO_PROXY: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, rule('is not a log level', `Use one of ${LOG_LEVELS.join(', ')}.`)).default('info'),
});

/** The variables after the checks of this schema. */
export interface CheckedEnvironment {
  readonly PORT: number;
  readonly STORE_URL: StoreLocation;
  readonly PUBLIC_URL?: string | undefined;
  readonly GOOGLE_SERVICE_ACCOUNT_JSON?: string | undefined;
  readonly GOOGLE_API_ROOT_URL?: string | undefined;
  readonly USCHEDULE_BASE_URL: string;
  readonly USCHEDULE_ALIAS: string;
  readonly USCHEDULE_APP_KEY: string;
  readonly USCHEDULE_WEBHOOK_SECRET?: string | undefined;
  readonly TICK_AUDIENCE?: string | undefined;
  readonly TICK_SERVICE_ACCOUNT?: string | undefined;
  readonly GOOGLE_KEYS_URL?: string | undefined;
  readonly TRUSTED_PROXIES: number;
  readonly HTTPS_PROXY?: string | undefined;
  readonly HTTP_PROXY?: string | undefined;
  readonly NO_PROXY?: string | undefined;
  readonly LOG_LEVEL: LogLevel;
}
