import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext } from '../command.js';
import { table } from '../table.js';
import type { JsonObject } from './admin-client.js';
import { allItems, fail, printJson, textOf, withClient } from './answer.js';
import { studioTime } from './studio-time.js';

function errorOf({ error }: JsonObject): string {
  const { kind, message } = (error ?? {}) as JsonObject;
  return `${String(kind)}: ${String(message)}`;
}

/** `loft-sync dead-letters`: lists the dead letters of a running service. */
export function deadLetters(context: CommandContext): Promise<number> {
  return withClient(context, async (client) => {
    const letters = await allItems(client, '/admin/dead-letters');
    if (!letters.ok) return fail(context, letters.error);
    const { items, timeZone } = letters.value;
    if (context.json) printJson(context, items);
    else if (items.length === 0) context.output.out('There are no dead letters.');
    else {
      const time = await studioTime(client, timeZone, context);
      const rows = items.map((letter) => {
        const { id, customerName, reason, attempts, at } = letter;
        return [String(id), textOf(customerName), textOf(reason), String(attempts), time(at), errorOf(letter)];
      });
      context.output.out(table(['appointment', 'customer', 'reason', 'attempts', 'since', 'error'], rows));
      context.output.out(
        `\nTimes are those of the studio (${timeZone}). Correct the cause, then loft-sync replay <appointment> tries it again.`,
      );
    }
    return EXIT.ok;
  });
}
