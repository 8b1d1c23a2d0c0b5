import { setTimeout as pause } from 'node:timers/promises';
import { EXIT } from '../../process/exit-codes.js';
import { textOption, type CommandContext, type OptionValues } from '../command.js';
import { painted, type Paint } from '../paint.js';
import type { AdminClient, JsonObject } from './admin-client.js';
import { fail, OTHER_VERSION, printJson, withClient } from './answer.js';

/** Interval between requests to a running service, in ms. */
const FOLLOW_MS = 2000;

interface Item {
  readonly id: string;
  readonly at: string;
  readonly day: string;
  readonly time: string;
  readonly appointmentId: string;
  readonly customerName: string | null;
  readonly kind: string;
  readonly text: string;
  readonly bay: string | null;
}

const PAINTS: Readonly<Record<string, Paint>> = { failed: 'bad', reverted: 'warn', noted: 'quiet', manual: 'strong' };

function itemsOf(answer: JsonObject): readonly Item[] | null {
  return Array.isArray(answer['items']) ? (answer['items'] as Item[]) : null;
}

/** The query parameters of the address, without a cursor. */
function queryOf(options: OptionValues): URLSearchParams {
  const query = new URLSearchParams();
  for (const [option, parameter] of [
    ['since', 'since'],
    ['bay', 'bay'],
    ['kind', 'kind'],
    ['search', 'q'],
    ['limit', 'limit'],
  ] as const) {
    const value = textOption(options, option);
    if (value !== undefined) query.set(parameter, value);
  }
  return query;
}

function lineOf({ appointmentId, customerName, kind, text, time }: Item, colours: boolean | undefined): string {
  const who = appointmentId === '' ? '' : `${customerName ?? 'appointment'} (${appointmentId}): `;
  const paint = PAINTS[kind];
  return `${time}  ${painted(kind.padEnd(9), paint ?? 'good', colours)}  ${who}${text}`;
}

/** Prints items, the oldest first, with a heading for each new day. */
function print({ json, output }: CommandContext, items: readonly Item[], lastDay: string | null): string | null {
  let day = lastDay;
  for (const item of items.toReversed()) {
    if (json) output.out(JSON.stringify(item));
    else {
      if (item.day !== day) output.out(day === null ? item.day : `\n${item.day}`);
      output.out(lineOf(item, output.colours));
    }
    day = item.day;
  }
  return day;
}

/** Prints new items until the process is stopped or the service does not answer. */
async function follow(context: CommandContext, client: AdminClient, query: URLSearchParams): Promise<number> {
  const seen = new Set<string>();
  let day: string | null = null;
  for (;;) {
    const answer = await client.get(`/admin/activity?${query.toString()}`);
    if (!answer.ok) return fail(context, answer.error);
    const items = itemsOf(answer.value);
    if (items === null) return fail(context, OTHER_VERSION);
    day = print(
      context,
      items.filter(({ id }) => !seen.has(id)),
      day,
    );
    for (const { id } of items) seen.add(id);
    const [newest] = items;
    if (newest) query.set('since', newest.at);
    query.set('limit', '500');
    await pause(FOLLOW_MS);
  }
}

/** @returns why nothing was found: the bay does not exist. A bay that was closed has activity. null: it exists */
async function unknownBay(bay: string | undefined, client: AdminClient): Promise<string | null> {
  if (bay === undefined) return null;
  const status = await client.get('/admin/status');
  const bays = status.ok ? status.value['bays'] : null;
  if (!Array.isArray(bays) || (bays as JsonObject[]).some((one) => one['bay'] === bay)) return null;
  return `There is no bay "${bay}". loft-sync status lists them.`;
}

/** `loft-sync activity`: lists the activity of all appointments; with `--follow`, also new activity. */
export function activity(context: CommandContext, options: OptionValues): Promise<number> {
  return withClient(context, async (client) => {
    const query = queryOf(options);
    if (!query.has('limit')) query.set('limit', '50');
    if (options['follow'] === true) return follow(context, client, query);
    const answer = await client.get(`/admin/activity?${query.toString()}`);
    if (!answer.ok) return fail(context, answer.error);
    const items = itemsOf(answer.value);
    if (items === null) return fail(context, OTHER_VERSION);
    if (items.length === 0) {
      const problem = await unknownBay(textOption(options, 'bay'), client);
      if (problem !== null) return fail(context, problem);
    }
    if (context.json) printJson(context, answer.value);
    else if (items.length === 0) context.output.out('No matching activity.');
    else {
      print(context, items, null);
      const more = answer.value['next'] === null ? '' : ' There are more entries: --limit shows up to 500.';
      context.output.out(`\nTimes are those of the studio (${String(answer.value['timeZone'])}).${more}`);
    }
    return EXIT.ok;
  });
}
