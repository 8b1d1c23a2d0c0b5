import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext, OptionValues } from '../command.js';
import { confirm } from '../confirm.js';
import { table } from '../table.js';
import type { JsonObject } from './admin-client.js';
import { fail, OTHER_VERSION, printJson, textOf, withClient } from './answer.js';
import { studioTime } from './studio-time.js';

/** Time limit of a removal: each copy and its mirror are read before the copy is removed. */
const REMOVAL_MS = 180_000;

function rowOf(copy: JsonObject, time: (instant: string) => string): readonly string[] {
  const start = textOf(copy['start']);
  const { bay, appointmentId, title, creatorEmail, eventId } = copy;
  const cells = [bay, appointmentId, title].map(textOf);
  return [...cells, start === '' ? '' : time(start), textOf(creatorEmail), textOf(eventId)];
}

const HEAD = ['bay', 'appointment', 'title', 'at', 'made by', 'event'] as const;

/** The events that the options select: their address, and the sentences about them. */
const COPIES = {
  path: '/admin/copies',
  one: 'copy',
  many: 'copies',
  hint: 'loft-sync copies --remove deletes the exact ones that our own or a former account made.',
  question: (count: number) =>
    `Delete ${count === 1 ? 'this copy, if it is exact' : `the exact ones of these ${count} copies`}?`,
} as const;
const CLOSED_BAYS = {
  path: '/admin/closed-bays',
  one: 'event of a closed bay',
  many: 'events of closed bays',
  hint: 'loft-sync copies --closed-bays --remove deletes them. A bay that returns to the settings gets them again.',
  question: (count: number) => `Delete ${count === 1 ? 'this event' : `these ${count} events`}?`,
} as const;

/**
 * `loft-sync copies`: the events that repeat the event of an appointment; with `--closed-bays`, the events of bays that
 * were taken out of the settings. `--remove` deletes them, of the copies only the exact ones.
 */
export function copies(context: CommandContext, options: OptionValues): Promise<number> {
  return withClient(context, async (client) => {
    const { output, json } = context;
    const isRemoval = options['remove'] === true;
    const { path, one, many, hint, question } = options['closedBays'] === true ? CLOSED_BAYS : COPIES;
    if (isRemoval && options['yes'] !== true && !json) {
      const listed = await client.get(path);
      if (!listed.ok) return fail(context, listed.error);
      const { items: shown, timeZone: zone } = listed.value;
      if (!Array.isArray(shown)) return fail(context, OTHER_VERSION);
      if (shown.length > 0) {
        const time = await studioTime(client, textOf(zone) || 'UTC', context);
        output.out(
          table(
            HEAD,
            (shown as JsonObject[]).map((copy) => rowOf(copy, time)),
          ),
        );
        // Without a terminal no person can be asked: the command continues.
        if ((await confirm(question(shown.length))) === false) return fail(context, 'Nothing was done.');
      }
    }
    const answer = isRemoval
      ? await client.post(`${path}/remove`, { timeoutMs: REMOVAL_MS, isReport: true })
      : await client.get(path);
    if (!answer.ok) return fail(context, answer.error);
    const { items, kept, removed, timeZone } = answer.value;
    const time = await studioTime(client, textOf(timeZone) || 'UTC', context);
    if (isRemoval) {
      if (!Array.isArray(removed) || !Array.isArray(kept)) return fail(context, OTHER_VERSION);
      if (json) printJson(context, { removed, kept });
      else {
        output.out(`${removed.length === 1 ? `1 ${one} was` : `${removed.length} ${many} were`} removed.`);
        const rows = (kept as JsonObject[]).map((copy) => [...rowOf(copy, time), textOf(copy['why'])]);
        if (rows.length > 0) output.out(table([...HEAD, 'kept, since'], rows));
      }
      return EXIT.ok;
    }
    if (!Array.isArray(items)) return fail(context, OTHER_VERSION);
    if (json) printJson(context, items);
    else if (items.length === 0) output.out(`There are no ${many}.`);
    else {
      output.out(
        table(
          HEAD,
          (items as JsonObject[]).map((copy) => rowOf(copy, time)),
        ),
      );
      output.out(`\n${hint}`);
    }
    return EXIT.ok;
  });
}
