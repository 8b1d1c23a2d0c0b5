import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext } from '../command.js';
import { table } from '../table.js';
import type { JsonObject } from './admin-client.js';
import { fail, OTHER_VERSION, printJson, textOf, withClient } from './answer.js';
import { studioTime } from './studio-time.js';

function wouldOf({ would, to }: JsonObject, time: (instant: string) => string): string {
  if (would === 'cancel') return 'cancel the booking';
  const { start, bay } = (to ?? {}) as JsonObject;
  return `move the booking to ${time(textOf(start))}, bay ${textOf(bay)}`;
}

/** `loft-sync held`: the edits that the guard holds, one a line, and the held checkouts. */
export function held(context: CommandContext): Promise<number> {
  return withClient(context, async (client) => {
    const answer = await client.get('/admin/held');
    if (!answer.ok) return fail(context, answer.error);
    const { items, timeZone, checkouts } = answer.value;
    if (!Array.isArray(items)) return fail(context, OTHER_VERSION);
    if (context.json) printJson(context, items);
    else if (items.length === 0) context.output.out('No edits are held.');
    else {
      const time = studioTime(textOf(timeZone) || 'UTC', context.environment);
      const rows = (items as JsonObject[]).map((item) => [
        textOf(item['bay']),
        textOf(item['appointmentId']),
        textOf(item['customerName']),
        time(textOf(item['start'])),
        time(textOf(item['at'])),
        wouldOf(item, time),
      ]);
      context.output.out(table(['bay', 'appointment', 'customer', 'booked for', 'edited', 'a release would'], rows));
      context.output.out(
        `\nTimes are those of the studio (${textOf(timeZone)}). loft-sync held release <bay> carries them out, ` +
          'loft-sync held revert <bay> puts the events back.',
      );
    }
    if (!context.json && Array.isArray(checkouts) && checkouts.length > 0) {
      context.output.out(checkoutsText(checkouts as JsonObject[], textOf(timeZone) || 'UTC', context));
    }
    return EXIT.ok;
  });
}

function checkoutsText(checkouts: readonly JsonObject[], timeZone: string, { environment }: CommandContext): string {
  const time = studioTime(timeZone, environment);
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
    'loft-sync mirror <appointment> puts one into the calendar at once.',
  ].join('\n');
}

/** `loft-sync held release|revert <bay> [id…]`: a running service carries held edits out, or puts them back. */
export function decideHeld(
  context: CommandContext,
  decision: 'release' | 'revert',
  [bay = '', ...appointmentIds]: readonly string[],
): Promise<number> {
  return withClient(context, async (client) => {
    const body = appointmentIds.length === 0 ? {} : { appointmentIds };
    const answer = await client.post(`/admin/held/${encodeURIComponent(bay)}/${decision}`, { body });
    if (!answer.ok) return fail(context, answer.error);
    const ids = answer.value['appointmentIds'];
    if (!Array.isArray(ids)) return fail(context, OTHER_VERSION);
    if (context.json) printJson(context, answer.value);
    else if (ids.length === 0) context.output.out(`No edits of bay ${bay} are held.`);
    else {
      const done = decision === 'release' ? 'carried out' : 'put back';
      context.output.out(`${ids.length === 1 ? '1 edit is' : `${ids.length} edits are`} ${done}: ${ids.join(', ')}.`);
    }
    return EXIT.ok;
  });
}

/** `loft-sync mirror <id>`: a running service puts a held checkout into the calendar at once. */
export function mirror(context: CommandContext, appointmentId: string): Promise<number> {
  return withClient(context, async (client) => {
    const answer = await client.post(`/admin/bookings/${encodeURIComponent(appointmentId)}/mirror`);
    if (!answer.ok) return fail(context, answer.error);
    if (context.json) printJson(context, answer.value);
    else context.output.out(`${appointmentId} is put into the calendar now, if its booking is there.`);
    return EXIT.ok;
  });
}
