/**
 * Writes docs/reference/settings.md from the schema of the settings file and the list of variables. With --check it writes
 * nothing, and fails if the page is not what it would write. Build first.
 *
 * The descriptions of settings are here; names, kinds, bounds and defaults come from the schema. A setting without a description, or a
 * description without a setting, is a failure.
 */
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { argumentsOf } from './arguments.mjs';

const SCHEMA_LIBRARY = 'zod';
const CONFIG = new URL('../packages/server/dist/config/', import.meta.url);
const { VARIABLES } = await import(new URL('variables.js', CONFIG));
const { settingsFileSchema } = await import(new URL('settings-file.js', CONFIG));
// The server's copy of the library, from which the schema is built.
const { z } = await import(createRequire(CONFIG).resolve(SCHEMA_LIBRARY));

const PAGE = fileURLToPath(new URL('../docs/reference/settings.md', import.meta.url));

const GROUPS = {
  '': 'The file itself',
  'bays[]': 'Each bay: `bays[]`',
  uschedule: '`uschedule`',
  google: '`google`',
  rules: '`rules`',
  retry: '`retry`',
  replicas: '`replicas`',
  adapters: '`adapters`',
  'signals[]': 'Each webhook: `signals[]`',
};

const MEANINGS = {
  timeZone:
    "The studio's zone, by its IANA name: USchedule's wall times are read in it, and a day of the console is its day.",
  bays: 'The bays. Only here a unit is assigned to a calendar.',
  'bays[].bay': 'Short name, as written to the event: `"1"`.',
  'bays[].name': 'Name for people: `"Bay 1"`.',
  'bays[].resourceUnitId':
    'The unit in the booking system: a resource unit of USchedule, or its equivalent in another system.',
  'bays[].calendarId': 'The Google calendar that shows the bookings of the bay.',
  'bays[].serviceId': 'The service that this unit offers. Not given: `uschedule.serviceId`.',
  'bays[].direction': '`both` or `to-google`, for this bay alone. Not given: `rules.direction`.',
  'uschedule.locationId': 'The location of the bookings.',
  'uschedule.serviceId': 'The service of the bookings.',
  'uschedule.serviceLengthMinutes': 'Length of that service in minutes.',
  'uschedule.status':
    '`trusted`: the account reports the status of a booking. `blind`: the account hides it (status 0 on every record), and the service infers it from free slots.',
  'uschedule.reschedule':
    'How a moved event moves its booking. `method`: one call. `rebook`: make a new booking, then cancel the old one. `off`: the event is reverted.',
  'uschedule.pollSeconds': 'Interval of the polls, in seconds.',
  'uschedule.pastDays': 'The poll begins this number of days ago. A booking that ended earlier is not changed.',
  'uschedule.futureDays': 'The poll ends this number of days ahead.',
  'uschedule.holdMinutes':
    'Blind only: time in minutes that a checkout may hold its slot before it counts as a booking.',
  'uschedule.urgentMinutes':
    'Blind only: a booking that begins within this time is mirrored as soon as its record has the age of `urgentMinAgeMinutes`.',
  'uschedule.urgentMinAgeMinutes': 'Blind only: even an urgent booking is not mirrored before its record has this age.',
  'uschedule.cancelConfirmations':
    'Blind only: number of consecutive readings of its slot as free before a booking counts as cancelled.',
  'uschedule.cancellationHours':
    'Hours before its start within which a booking cannot be cancelled. It is not rebooked then.',
  'uschedule.rebookPaid':
    'With `reschedule: "rebook"`: may a booking with a prepaid credit be rebooked? Its credit is carried over. Otherwise its event is reverted.',
  'google.cancel':
    '`delete` the event of a cancelled booking, or `mark` it: it stays, with `CANCELED: ` before its title, shown as free.',
  'google.title': 'Title of the event. Fields: `{customerName}`, `{bayName}`, `{bay}`, `{notes}`, `{appointmentId}`.',
  'google.description': 'Description of the event, with the same fields.',
  'google.sweepSeconds': 'Interval of the incremental syncs of each calendar, in seconds, without notifications.',
  'google.channelTtlSeconds': 'Requested lifetime of a push channel, in seconds. It is renewed before its end.',
  'google.deleteGraceSeconds': 'Seconds in which a deletion may be undone before its booking is cancelled; 0: at once.',
  'google.formerAccounts': 'Addresses of accounts whose events count as made by our own.',
  'google.quotaPerMinute':
    "Units of Google's quota this service may use in a minute: a patch costs 3, any other call 1. Not given: the usual quota.",
  'google.quotaBurst': 'Units that may be used at once. Not given: a twentieth.',
  'rules.direction':
    '`both`, or `to-google`: events follow bookings, and no edit or deletion of an event changes a booking; it is reverted.',
  'rules.echoWindowSeconds':
    'Seconds after our own write to a booking in which a differing reading is read again before it is used.',
  'rules.conflict':
    'If both sides were changed: `last-write-wins`: the later change wins, and USchedule wins in doubt; `booking-wins`: the booking always wins.',
  'rules.massChangeLimit':
    'If one run would cancel more than this share of the bookings, nothing is cancelled and the feed stops …',
  'rules.massChangeMinimum': '… but this number may always be cancelled.',
  'retry.baseMs': 'First delay before a failed call is tried again; it doubles each time, with full jitter.',
  'retry.maxMs': 'Longest delay.',
  'retry.maxAttempts': 'Number of attempts before a task becomes a dead letter.',
  'retry.callTimeoutSeconds': 'Maximum duration of one call to another system, in seconds.',
  signals: 'Webhooks that receive signals ([signals](../signals.md)).',
  'signals[].url': 'Address that signals are posted to.',
  'signals[].secretEnv': 'Name of the variable that holds the secret, `whsec_…`, with which signals are signed.',
  'signals[].types': 'Types of signals that are sent there. Not given: all.',
  'signals[].leadMinutes': 'How long before its start `session.begins-soon` is sent, in minutes.',
  'adapters.bookings':
    'A module that brings another booking system: a package, a path from the settings file, or `{ "module", "settings" }` ([adapters](../embedding.md#the-service-with-other-adapters)). Not given: USchedule.',
  'adapters.calendars': 'The same for the calendars. Not given: Google Calendar.',
  'replicas.leaseSeconds':
    'Seconds after which the work of a process that stopped responding goes to another process. Not given: the default of the engine.',
};

const VARIABLE_MEANINGS = {
  PORT: ['Port of the service.', '`8080`'],
  LOFT_SYNC_CONFIG: ['Path of the settings file.', '`./loft-sync.config.json`'],
  LOFT_SYNC_URL: ['For the commands: where the running service is.', 'this machine, at `PORT`'],
  STORE_URL: ['`sqlite:<path>`, `mongodb://…`, `mongodb+srv://…` or `memory:`.', '`sqlite:./data/loft-sync.db`'],
  PUBLIC_URL: [
    'The https address under which Google reaches the service. Without it there are no notifications, only incremental syncs.',
    '',
  ],
  ADMIN_TOKEN: ['Opens `/admin`, `/tasks`, `/metrics` and the console. Without it they are off. _Secret._', ''],
  ADMIN_TOKENS: [
    'More tokens, each with a name and a role: `name:role:token`, with commas between them. The role is `read` or `act`. The journal says who did what. _Secret._',
    '',
  ],
  GOOGLE_SERVICE_ACCOUNT_JSON: ['The key of the service account itself. _Secret._', ''],
  GOOGLE_APPLICATION_CREDENTIALS: ['Path of the key, if the key itself is not given.', "the platform's identity"],
  GOOGLE_API_ROOT_URL: ["Another server that speaks Google's API.", 'Google'],
  GOOGLE_CHANNEL_SECRET: ['Key of the channel tokens; required with `PUBLIC_URL`. _Secret._', ''],
  USCHEDULE_BASE_URL: ['Address of USchedule.', 'required'],
  USCHEDULE_ALIAS: ["The account's short name.", 'required'],
  USCHEDULE_APP_KEY: ['The application key. _Secret._', 'required'],
  USCHEDULE_USERNAME: ['User name of the login, with `USCHEDULE_PASSWORD`.', 'one login is required'],
  USCHEDULE_PASSWORD: ['_Secret._', ''],
  USCHEDULE_IMPERSONATE: ['Or the user that the application key impersonates.', ''],
  USCHEDULE_WEBHOOK_SECRET: ['Key of the signature on hints; without it `/webhook/uschedule` is off. _Secret._', ''],
  TICK_AUDIENCE: ["Audience of the scheduler's tokens at `/tasks/tick`.", ''],
  TICK_SERVICE_ACCOUNT: ['The service account the scheduler runs as.', ''],
  GOOGLE_KEYS_URL: ["Address of the public keys of Google's tokens.", 'Google'],
  TRUSTED_PROXIES: [
    'Number of trusted proxies in front of the service. Their header with the address of the caller is used.',
    '`0`',
  ],
  HTTPS_PROXY: [
    'Proxy for `https:` addresses, such as `http://proxy.example:3128`; for `http:` too, when HTTP_PROXY is missing.',
    '',
  ],
  HTTP_PROXY: ['Proxy for `http:` addresses; for `https:` too, when HTTPS_PROXY is missing.', ''],
  NO_PROXY: [
    'Hosts to reach directly, separated by commas: `example.com` (and all below it), `example.com:8080`, `*`.',
    '',
  ],
  LOG_LEVEL: ['`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.', '`info`'],
  TZDIR: [
    'Directory of compiled zone files, as for the C library; used where it is the newest source of zone rules.',
    'the usual places',
  ],
  OTEL_SDK_DISABLED: ['`true`: no traces, with any other setting.', ''],
  OTEL_TRACES_EXPORTER: ['OpenTelemetry: which exporter. Unset, like the next two: no traces.', ''],
  OTEL_EXPORTER_OTLP_ENDPOINT: ['OpenTelemetry: address of the collector.', ''],
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ['OpenTelemetry: address for traces.', ''],
};

function kindOf({ anyOf, enum: values, exclusiveMinimum, maximum, minimum, type }) {
  if (anyOf) return anyOf.map(kindOf).join(' or ');
  if (values) return values.map((value) => `\`"${value}"\``).join(' or ');
  if (type === 'array') return 'list';
  if (type === 'object') return 'group';
  if (type === 'string') return 'text';
  if (type === 'boolean') return '`true` or `false`';
  const kind = type === 'integer' ? 'whole number' : 'number';
  const isLimited = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (exclusiveMinimum !== undefined)
    return `${kind} above ${exclusiveMinimum}${isLimited ? `, at most ${maximum}` : ''}`;
  if (isLimited) return `${kind} from ${minimum} to ${maximum}`;
  return minimum === undefined ? kind : `${kind}, ${minimum} or more`;
}

function defaultOf(schema, required) {
  if (schema.default !== undefined) return `\`${JSON.stringify(schema.default)}\``;
  return required ? 'required' : '';
}

const used = new Set();

function rowsOf({ properties, required = [] }, prefix) {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (schema.type === 'object') return [];
    const path = `${prefix}${name}`;
    const meaning = MEANINGS[path];
    if (!meaning) throw new Error(`scripts/settings-reference.mjs does not say what ${path} means`);
    used.add(path);
    return [`| \`${name}\` | ${meaning} | ${kindOf(schema)} | ${defaultOf(schema, required.includes(name))} |`];
  });
}

function groupOf(schema, group) {
  if (group === '') return schema;
  return group.endsWith('[]') ? schema.properties[group.slice(0, -2)].items : schema.properties[group];
}

async function page() {
  const schema = z.toJSONSchema(settingsFileSchema, { io: 'input', unrepresentable: 'any' });
  const unknown = Object.keys(schema.properties).filter(
    (name) => schema.properties[name].type === 'object' && !(name in GROUPS),
  );
  if (unknown.length > 0) throw new Error(`scripts/settings-reference.mjs has no heading for ${unknown.join(', ')}`);
  const groups = Object.entries(GROUPS).map(([group, heading]) => {
    const rows = rowsOf(groupOf(schema, group), group === '' ? '' : `${group}.`);
    return [`### ${heading}`, '', '| setting | means | kind | default |', '| --- | --- | --- | --- |', ...rows].join(
      '\n',
    );
  });
  const left = Object.keys(MEANINGS).filter((path) => !used.has(path));
  if (left.length > 0) throw new Error(`scripts/settings-reference.mjs explains unknown settings: ${left.join(', ')}`);
  const missing = VARIABLES.filter((name) => !(name in VARIABLE_MEANINGS));
  if (missing.length > 0)
    throw new Error(`scripts/settings-reference.mjs does not say what ${missing.join(', ')} means`);
  const variables = VARIABLES.map((name) => `| \`${name}\` | ${VARIABLE_MEANINGS[name].join(' | ')} |`);
  const text = [
    '# Settings',
    '',
    '<!-- Written by scripts/settings-reference.mjs from the schema: change that, and run `npm run docs:settings`. -->',
    '',
    'Rules and routing are in one JSON file, secrets and addresses in the environment. `loft-sync config check` says what the',
    'service makes of both without starting anything; with a setting missing or wrong the service does not start and names every',
    'fault at once.',
    '',
    '## The settings file',
    '',
    'Only `timeZone` and `bays` are required. A name that is not listed here is a fault, so that a typing error is noticed.',
    '',
    groups.join('\n\n'),
    '',
    '## The environment',
    '',
    'A variable that is empty or blank counts as not set.',
    '',
    '| variable | means | default |',
    '| --- | --- | --- |',
    ...variables,
    '',
    'Variables whose name begins with `ADAPTER_` go to the adapters that the settings file names, and to nothing else. Their values',
    'are treated as secrets and never logged.',
    '',
  ].join('\n');
  return format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}

const USAGE = `npm run docs:settings -- [--check]

Writes docs/reference/settings.md from the schema of the settings. --check only compares it.`;
const { values } = argumentsOf(USAGE, { check: { type: 'boolean' } });
const wanted = await page();
if (values.check) {
  const there = await readFile(PAGE, 'utf8').catch(() => '');
  if (there !== wanted) {
    process.stderr.write('docs/reference/settings.md is not what the schema says. Run: npm run docs:settings\n');
    process.exitCode = 1;
  }
} else {
  await mkdir(dirname(PAGE), { recursive: true });
  await writeFile(PAGE, wanted);
}
