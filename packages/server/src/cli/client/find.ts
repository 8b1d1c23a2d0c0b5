import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext } from '../command.js';
import { table } from '../table.js';
import type { JsonObject } from './admin-client.js';
import { fail, OTHER_VERSION, printJson, withClient } from './answer.js';
import { bayNames } from './bay-names.js';
import { studioTime } from './studio-time.js';

/** `loft-sync find <words>`: finds appointments by the customer's name or an id. */
export function find(context: CommandContext, words: readonly string[]): Promise<number> {
  return withClient(context, async (client) => {
    const answer = await client.get(`/admin/bookings?limit=50&q=${encodeURIComponent(words.join(' '))}`);
    if (!answer.ok) return fail(context, answer.error);
    const { items: mirrored, pending, timeZone } = answer.value;
    if (!Array.isArray(mirrored)) return fail(context, OTHER_VERSION);
    const unmirrored = Array.isArray(pending) ? (pending as unknown[]) : [];
    const items = [...unmirrored, ...(mirrored as unknown[])];
    if (context.json) printJson(context, items);
    else if (items.length === 0) context.output.out(`No booking matches "${words.join(' ')}".`);
    else {
      const time = await studioTime(client, String(timeZone), context);
      const bayName = await bayNames(client);
      const rows = (items as readonly JsonObject[]).map(({ uscheduleAppointmentId, base, deadLetter, status }) => {
        const { title, start, bay } = (base ?? {}) as JsonObject;
        const state = deadLetter === true ? 'needs attention' : String(status).toLowerCase();
        return [String(uscheduleAppointmentId), String(title), time(start), bayName(bay), state];
      });
      context.output.out(table(['appointment', 'customer', 'begins', 'bay', 'status'], rows));
      context.output.out(
        `\nTimes are those of the studio (${String(timeZone)}). loft-sync explain <appointment> shows its history.`,
      );
    }
    return EXIT.ok;
  });
}
