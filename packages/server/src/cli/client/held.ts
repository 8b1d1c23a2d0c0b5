import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext, OptionValues } from '../command.js';
import { confirm } from '../confirm.js';
import { table } from '../table.js';
import type { AdminClient, JsonObject } from './admin-client.js';
import { fail, OTHER_VERSION, printJson, textOf, withClient } from './answer.js';
import { studioTime } from './studio-time.js';

function wouldOf({ would, to }: JsonObject, time: (instant: string) => string): string {
  if (would === 'cancel') return 'cancel the booking';
  const { start, bay } = (to ?? {}) as JsonObject;
  return `move the booking to ${time(textOf(start))}, bay ${textOf(bay)}`;
}

/** What a decision does to a held edit. */
const REVERTED = 'show the booking in Google Calendar again';

function heldTable(
  items: readonly JsonObject[],
  time: (instant: string) => string,
  decision: 'release' | 'revert' = 'release',
): string {
  const rows = items.map((item) => [
    textOf(item['bay']),
    textOf(item['appointmentId']),
    textOf(item['customerName']),
    time(textOf(item['start'])),
    time(textOf(item['at'])),
    decision === 'release' ? wouldOf(item, time) : REVERTED,
  ]);
  return table(['bay', 'appointment', 'customer', 'booked for', 'edited', `a ${decision} would`], rows);
}

/** `loft-sync held`: lists the edits that the guard holds, one a line, and the held checkouts. */
export function held(context: CommandContext): Promise<number> {
  return withClient(context, async (client) => {
    const answer = await client.get('/admin/held');
    if (!answer.ok) return fail(context, answer.error);
    const { items, timeZone, checkouts } = answer.value;
    if (!Array.isArray(items)) return fail(context, OTHER_VERSION);
    if (context.json) printJson(context, items);
    else if (items.length === 0) context.output.out('No edits are held.');
    else {
      const time = await studioTime(client, textOf(timeZone) || 'UTC', context);
      context.output.out(heldTable(items as JsonObject[], time));
      context.output.out(
        `\nTimes are those of the studio (${textOf(timeZone)}). loft-sync held release <bay> executes them, ` +
          'loft-sync held revert <bay> reverts the events.',
      );
    }
    if (!context.json && Array.isArray(checkouts) && checkouts.length > 0) {
      const time = await studioTime(client, textOf(timeZone) || 'UTC', context);
      context.output.out(checkoutsText(checkouts as JsonObject[], time));
    }
    return EXIT.ok;
  });
}

function checkoutsText(checkouts: readonly JsonObject[], time: (instant: string) => string): string {
  const rows = checkouts.map(({ bay, appointmentId, customerName, start, until }) => [
    textOf(bay),
    textOf(appointmentId),
    textOf(customerName),
    time(textOf(start)),
    time(textOf(until)),
  ]);
  return [
    '',
    'Checkouts that may still be in progress:',
    '',
    table(['bay', 'appointment', 'customer', 'booked for', 'held until'], rows),
    '',
    'loft-sync mirror <appointment> mirrors one now.',
  ].join('\n');
}

/**
 * Shows all held edits of a bay and asks for a confirmation.
 *
 * @returns the ids that were shown, or the exit code
 */
async function allHeld(
  context: CommandContext,
  client: AdminClient,
  decision: 'release' | 'revert',
  bay: string,
  options: OptionValues,
): Promise<readonly string[] | number> {
  const { json, output } = context;
  const answer = await client.get('/admin/held');
  if (!answer.ok) return fail(context, answer.error);
  const { items, timeZone } = answer.value;
  if (!Array.isArray(items)) return fail(context, OTHER_VERSION);
  const own = (items as JsonObject[]).filter((item) => item['bay'] === bay);
  if (own.length > 0 && options['yes'] !== true) {
    if (!json) output.out(heldTable(own, await studioTime(client, textOf(timeZone) || 'UTC', context), decision));
    const edits = own.length === 1 ? '1 edit' : `${own.length} edits`;
    const words = decision === 'release' ? `Carry out ${edits}?` : `Revert ${edits}?`;
    const isConfirmed = json ? null : await confirm(words);
    if (isConfirmed === null) return fail(context, 'Nothing was done: add --yes, or name the appointments.');
    if (!isConfirmed) return fail(context, 'Nothing was done.');
  }
  // The service reports an unknown bay.
  if (own.length > 0) return own.map((item) => textOf(item['appointmentId']));
  const asked = await client.post(`/admin/held/${encodeURIComponent(bay)}/${decision}`, { body: {} });
  if (!asked.ok) return fail(context, withCommand(asked.error));
  if (json) printJson(context, asked.value);
  else output.out(`No edits of bay ${bay} are held.`);
  return EXIT.ok;
}

/** Names the command in place of the address that the service names. */
function withCommand(error: string): string {
  return error
    .replace('/admin/status lists', 'loft-sync status lists')
    .replace('/admin/held lists', 'loft-sync held lists');
}

/** `loft-sync held release|revert <bay> [id…]`: executes or reverts held edits in a running service. */
export function decideHeld(
  context: CommandContext,
  decision: 'release' | 'revert',
  [bay = '', ...appointmentIds]: readonly string[],
  options: OptionValues,
): Promise<number> {
  return withClient(context, async (client) => {
    const named = appointmentIds.length > 0 ? appointmentIds : await allHeld(context, client, decision, bay, options);
    if (typeof named === 'number') return named;
    const body = { appointmentIds: named };
    const answer = await client.post(`/admin/held/${encodeURIComponent(bay)}/${decision}`, { body });
    if (!answer.ok) return fail(context, withCommand(answer.error));
    const ids = answer.value['appointmentIds'];
    if (!Array.isArray(ids)) return fail(context, OTHER_VERSION);
    if (context.json) printJson(context, answer.value);
    else if (ids.length === 0) context.output.out(`No edits of bay ${bay} are held.`);
    else {
      const done = decision === 'release' ? 'carried out' : 'reverted';
      context.output.out(`${ids.length === 1 ? '1 edit is' : `${ids.length} edits are`} ${done}: ${ids.join(', ')}.`);
    }
    return EXIT.ok;
  });
}

/** `loft-sync mirror <id>`: mirrors a held checkout now, in a running service. */
export function mirror(context: CommandContext, appointmentId: string): Promise<number> {
  return withClient(context, async (client) => {
    const answer = await client.post(`/admin/bookings/${encodeURIComponent(appointmentId)}/mirror`);
    if (!answer.ok) return fail(context, answer.error);
    if (context.json) printJson(context, answer.value);
    else context.output.out(`${appointmentId} is being mirrored, if its booking exists.`);
    return EXIT.ok;
  });
}
