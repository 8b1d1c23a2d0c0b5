import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext, OptionValues } from '../command.js';
import { confirm } from '../confirm.js';
import { table } from '../table.js';
import type { AdminClient, JsonObject, Reply } from './admin-client.js';
import { fail, OTHER_VERSION, printJson, textOf, withClient } from './answer.js';
import { studioTime } from './studio-time.js';

/** A feed with its name for a person. */
interface NamedFeed {
  readonly feed: string;
  readonly words: string;
}

/** Says why a feed that no guard has paused does not read, and when it is tried again; empty if it reads. */
async function waitOf(feed: string, client: AdminClient, context: CommandContext): Promise<string> {
  const status = await client.get('/admin/status');
  if (!status.ok) return '';
  const { circuits, feeds, timeZone } = status.value;
  const circuit = ((circuits ?? []) as JsonObject[]).find(({ key }) => feed === `calendar:${textOf(key)}`);
  const own = ((feeds ?? []) as JsonObject[]).find((one) => one['feed'] === feed);
  const error = circuit?.['error'] ?? own?.['lastError'];
  if (!error) return '';
  const time = await studioTime(client, textOf(timeZone) || 'UTC', context);
  const when = circuit === undefined ? '' : ` at ${time(circuit['probeAt'])}`;
  const why = textOf((error as JsonObject)['message']).replace(/\.$/, '');
  return ` It waits: ${why}. It is tried again${when} without a resume; loft-sync doctor names the remedy.`;
}

/** @returns the feed of this name, also for the short name of a bay */
async function feedNamed(name: string, client: AdminClient): Promise<Reply<NamedFeed>> {
  if (name === 'bookings') return { ok: true, value: { feed: name, words: 'The feed of bookings' } };
  if (name.startsWith('calendar:')) return { ok: true, value: { feed: name, words: `The feed ${name}` } };
  const status = await client.get('/admin/status');
  if (!status.ok) return status;
  const { bays, feeds } = status.value;
  if (!Array.isArray(feeds) || !Array.isArray(bays)) return { ok: false, error: OTHER_VERSION };
  const found = (feeds as JsonObject[]).find(({ bay }) => bay === name);
  const bay = (bays as JsonObject[]).find((one) => one['bay'] === name);
  if (found && bay) {
    return { ok: true, value: { feed: textOf(found['feed']), words: `The calendar feed of ${textOf(bay['name'])}` } };
  }
  return { ok: false, error: `There is no feed or bay "${name}". loft-sync status lists them.` };
}

function listOf(items: readonly JsonObject[], time: (instant: string) => string): string {
  const rows = items.map(({ appointmentId, bay, customerName, start, would }) => [
    textOf(bay),
    textOf(appointmentId),
    textOf(customerName),
    time(textOf(start)),
    textOf(would),
  ]);
  return table(['bay', 'appointment', 'customer', 'booked for', 'would'], rows);
}

/** `loft-sync resume <feed|bay>`: shows what a paused feed would do, asks, and executes exactly that. */
export function resume(context: CommandContext, name: string, options: OptionValues): Promise<number> {
  return withClient(context, async (client) => {
    const { json, output } = context;
    const named = await feedNamed(name, client);
    if (!named.ok) return fail(context, named.error);
    const { feed, words } = named.value;
    const path = `/admin/feeds/${encodeURIComponent(feed)}`;
    const answer = await client.get(path);
    if (!answer.ok) return fail(context, answer.error);
    const { items, stop, timeZone, version } = answer.value;
    if (!Array.isArray(items) || stop === undefined) return fail(context, OTHER_VERSION);
    if (stop === null) {
      if (json) printJson(context, { resumed: false, items });
      else output.out(`${words} is not paused by the guard.${await waitOf(feed, client, context)}`);
      return EXIT.ok;
    }
    if (!json) {
      output.out(textOf((stop as JsonObject)['reason']));
      if (items.length > 0) {
        const time = await studioTime(client, textOf(timeZone) || 'UTC', context);
        output.out(listOf(items as JsonObject[], time));
      }
    }
    if (options['yes'] !== true) {
      const isConfirmed = json ? null : await confirm('Resume it and execute this?');
      if (isConfirmed === null) return fail(context, 'Nothing was done: add --yes to resume it.');
      if (!isConfirmed) return fail(context, 'Nothing was done.');
    }
    const resumed = await client.post(`${path}/resume`, { body: { version: textOf(version) } });
    if (!resumed.ok) return fail(context, resumed.error);
    if (json) printJson(context, { resumed: true, items });
    else output.out(`${words} is resumed.`);
    return EXIT.ok;
  });
}
