/**
 * Writes docs/reference/settings.md from the schema of the settings file and the list of variables. With --check it writes
 * nothing, and fails if the page is not what it would write. Build first.
 *
 * What a setting means stands here; its name, kind, bounds and default come from the schema. A setting without a meaning, or a
 * meaning without a setting, is a failure.
 */
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const SCHEMA_LIBRARY = 'zod';
const CONFIG = new URL('../packages/server/dist/config/', import.meta.url);
const { VARIABLES } = await import(new URL('variables.js', CONFIG));
const { settingsFileSchema } = await import(new URL('settings-file.js', CONFIG));
// The server's own: the schema is made of its parts.
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
  bays: 'The bays: the only place that says which unit belongs to which calendar.',
  'bays[].bay': 'Short name, as written to the event: `"1"`.',
  'bays[].name': 'Name for people: `"Bay 1"`.',
  'bays[].resourceUnitId':
    "The unit in the booking system: USchedule's resource unit, or whatever another system calls it.",
  'bays[].calendarId': 'The Google calendar that mirrors it.',
  'bays[].serviceId': 'The service that this unit offers. Not given: `uschedule.serviceId`.',
  'bays[].direction': '`both` or `to-google`, for this bay alone. Not given: `rules.direction`.',
  'uschedule.locationId': 'The location bookings are made at.',
  'uschedule.serviceId': 'The service bookings are made for.',
  'uschedule.serviceLengthMinutes': 'How long that service is.',
  'uschedule.status':
    "`trusted`: the account tells whether a booking stands. `blind`: it hides that (status 0 on everything), and a booking's life is judged by whether its slot is free.",
  'uschedule.reschedule':
    'How a moved event moves its booking. `method`: one call. `rebook`: book anew, then cancel. `off`: not at all, the event is put back.',
  'uschedule.pollSeconds': 'How often the bookings are read.',
  'uschedule.pastDays':
    'The poll asks for the days since so many days ago; what ended before is history and left alone …',
  'uschedule.futureDays': '… up to so many days ahead.',
  'uschedule.holdMinutes': 'Blind only: so long a checkout may hold its slot before it is taken for a booking.',
  'uschedule.urgentMinutes':
    'Blind only: a booking that begins within this time is mirrored as soon as its record has the age of `urgentMinAgeMinutes`.',
  'uschedule.urgentMinAgeMinutes': 'Blind only: even an urgent booking is not mirrored before its record has this age.',
  'uschedule.cancelConfirmations':
    'Blind only: so often in a row its slot must read as free before a booking counts as cancelled.',
  'uschedule.cancellationHours':
    'So long before its start a booking cannot be cancelled any more, so it is not rebooked either.',
  'uschedule.rebookPaid':
    'With `reschedule: "rebook"`: may a booking with a prepaid credit be rebooked? Its credit is carried over. Otherwise its event is put back.',
  'google.cancel':
    '`delete` the event of a cancelled booking, or `mark` it: it stays, with `CANCELED: ` before its title, shown as free.',
  'google.title': 'Title of the event. Fields: `{customerName}`, `{bayName}`, `{bay}`, `{notes}`, `{appointmentId}`.',
  'google.description': 'Description of the event, with the same fields.',
  'google.sweepSeconds': 'How often each calendar is read when nobody tells us of a change.',
  'google.channelTtlSeconds': 'How long a push channel is asked for; it is renewed ahead of its end.',
  'google.deleteGraceSeconds': 'How long a deletion may be undone before its booking is cancelled; 0 is at once.',
  'google.formerAccounts': 'Addresses of accounts whose events count as made by our own.',
  'google.quotaPerMinute':
    "Units of Google's quota this service may use in a minute: a patch costs 3, any other call 1. Not given: the usual quota.",
  'google.quotaBurst': 'So many of them at once. Not given: a twentieth.',
  'rules.direction':
    '`both`, or `to-google`: events follow bookings, and no edit or deletion of an event changes a booking; it is put back.',
  'rules.echoWindowSeconds':
    'So long after our own write to a booking a reading that differs is read again before it is believed.',
  'rules.conflict':
    'Both sides were changed: the later change wins and every doubt goes to USchedule, or the booking always wins.',
  'rules.massChangeLimit':
    'If one reading would cancel more than this share of the bookings, nothing is cancelled and the feed stops …',
  'rules.massChangeMinimum': '… but so many may always be.',
  'retry.baseMs': 'First delay before a failed call is tried again; it doubles each time, with full jitter.',
  'retry.maxMs': 'Longest delay.',
  'retry.maxAttempts': 'After so many attempts an appointment is parked as a dead letter.',
  'retry.callTimeoutSeconds': 'How long one call to another system may take.',
  signals: 'Webhooks that signals go to ([signals](../signals.md)).',
  'signals[].url': 'Address that signals are posted to.',
  'signals[].secretEnv': 'Name of the variable that holds the secret, `whsec_…`, with which signals are signed.',
  'signals[].types': 'Types of signals that are sent there. Not given: all.',
  'signals[].leadMinutes': 'How long before its start `session.begins-soon` is sent, in minutes.',
  'adapters.bookings':
    'A module that brings another booking system: a package, a path from the settings file, or `{ "module", "settings" }` ([adapters](../embedding.md#the-service-with-other-adapters)). Not given: USchedule.',
  'adapters.calendars': 'The same for the calendars. Not given: Google Calendar.',
  'replicas.leaseSeconds':
    'How long what a process works on is left to it when it does not speak up. Not given: the default of the engine.',
};

const VARIABLE_MEANINGS = {
  PORT: ['Where the service listens.', '`8080`'],
  LOFT_SYNC_CONFIG: ['Path of the settings file.', '`./loft-sync.config.json`'],
  LOFT_SYNC_URL: ['For the commands: where the running service is.', 'this machine, at `PORT`'],
  STORE_URL: ['`sqlite:<path>`, `mongodb://…`, `mongodb+srv://…` or `memory:`.', '`sqlite:./data/loft-sync.db`'],
  PUBLIC_URL: ['The https address under which Google reaches the service. Without it calendars are only swept.', ''],
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
  USCHEDULE_USERNAME: ['Who logs in, with `USCHEDULE_PASSWORD`.', 'one login is required'],
  USCHEDULE_PASSWORD: ['_Secret._', ''],
  USCHEDULE_IMPERSONATE: ['Or the user whom the application key may impersonate.', ''],
  USCHEDULE_WEBHOOK_SECRET: ['Key of the signature on hints; without it `/webhook/uschedule` is off. _Secret._', ''],
  TICK_AUDIENCE: ["Audience of the scheduler's tokens at `/tasks/tick`.", ''],
  TICK_SERVICE_ACCOUNT: ['The service account the scheduler runs as.', ''],
  GOOGLE_KEYS_URL: ["Where the keys of Google's tokens are.", 'Google'],
  TRUSTED_PROXIES: ['How many proxies stand before the service, whose word on the caller is believed.', '`0`'],
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
  OTEL_SDK_DISABLED: ['`true`: no traces, whatever else is set.', ''],
  OTEL_TRACES_EXPORTER: ['OpenTelemetry: which exporter. Unset, like the next two: no traces.', ''],
  OTEL_EXPORTER_OTLP_ENDPOINT: ['OpenTelemetry: where everything goes.', ''],
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ['OpenTelemetry: where traces go.', ''],
};

function kindOf({ anyOf, enum: values, exclusiveMinimum, maximum, minimum, type }) {
  if (anyOf) return anyOf.map(kindOf).join(' or ');
  if (values) return values.map((value) => `\`"${value}"\``).join(' or ');
  if (type === 'array') return 'list';
  if (type === 'object') return 'group';
  if (type === 'string') return 'text';
  const kind = type === 'integer' ? 'whole number' : 'number';
  if (exclusiveMinimum !== undefined) return `${kind} above ${exclusiveMinimum}`;
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) return `${kind} from ${minimum} to ${maximum}`;
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
  if (left.length > 0)
    throw new Error(`scripts/settings-reference.mjs explains what is no setting: ${left.join(', ')}`);
  const missing = VARIABLES.filter((name) => !(name in VARIABLE_MEANINGS));
  if (missing.length > 0)
    throw new Error(`scripts/settings-reference.mjs does not say what ${missing.join(', ')} means`);
  const variables = VARIABLES.map((name) => `| \`${name}\` | ${VARIABLE_MEANINGS[name].join(' | ')} |`);
  const text = [
    '# Settings',
    '',
    '<!-- Written by scripts/settings-reference.mjs from the schema: change that, and run `npm run docs:settings`. -->',
    '',
    'Rules and routing stand in one JSON file, secrets and addresses in the environment. `loft-sync config check` says what the',
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
    'are taken for secrets and never logged.',
    '',
  ].join('\n');
  return format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
}

const wanted = await page();
if (process.argv.includes('--check')) {
  const there = await readFile(PAGE, 'utf8').catch(() => '');
  if (there !== wanted) {
    process.stderr.write('docs/reference/settings.md is not what the schema says. Run: npm run docs:settings\n');
    process.exitCode = 1;
  }
} else {
  await mkdir(dirname(PAGE), { recursive: true });
  await writeFile(PAGE, wanted);
}
