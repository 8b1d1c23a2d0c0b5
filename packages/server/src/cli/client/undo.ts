import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext, OptionValues } from '../command.js';
import { confirm } from '../confirm.js';
import type { JsonObject } from './admin-client.js';
import { fail, OTHER_VERSION, printJson, textOf, withClient } from './answer.js';
import { studioTime } from './studio-time.js';

/** What undoing the change would do, in a sentence. */
function wordsOf(
  appointmentId: string,
  change: JsonObject,
  timeZone: string,
  time: (instant: unknown) => string,
): string {
  const place = (slot: unknown): string => {
    const { start, end, bay } = (slot ?? {}) as JsonObject;
    return `${time(start)} to ${time(end)}, bay ${textOf(bay)}`;
  };
  const name = textOf(change['customerName']);
  const who = name === '' ? `Appointment ${appointmentId}` : `${name} (${appointmentId})`;
  return [
    `${who} is at ${place(change['leftAt'])}.`,
    `Undoing its last change moves it back to ${place(change['backTo'])}.`,
    `Times are those of the studio (${timeZone}).`,
  ].join('\n');
}

/** `loft-sync undo <id>`: shows the last change of time or bay, asks, and lets a running service move the booking back. */
export function undo(context: CommandContext, appointmentId: string, options: OptionValues): Promise<number> {
  return withClient(context, async (client) => {
    const { json, output } = context;
    const path = `/admin/appointments/${encodeURIComponent(appointmentId)}/undo`;
    const answer = await client.get(path);
    if (!answer.ok) return fail(context, answer.error);
    const { change, timeZone } = answer.value;
    if (change === undefined) return fail(context, OTHER_VERSION);
    if (change === null) return fail(context, `Appointment ${appointmentId} has no change to undo.`);
    const shown = change as JsonObject;
    const zone = textOf(timeZone) || 'UTC';
    if (!json) output.out(wordsOf(appointmentId, shown, zone, await studioTime(client, zone, context)));
    if (options['yes'] !== true) {
      const isConfirmed = json ? null : await confirm('Undo this change?');
      if (isConfirmed === null) return fail(context, 'Nothing was done: add --yes to undo it.');
      if (!isConfirmed) return fail(context, 'Nothing was done.');
    }
    const asked = await client.post(path, { body: { entry: textOf(shown['entry']) } });
    if (!asked.ok) return fail(context, asked.error);
    if (json) printJson(context, asked.value);
    else {
      output.out(
        `The booking is moved back, if USchedule allows it: loft-sync explain ${appointmentId} shows what came of it.`,
      );
    }
    return EXIT.ok;
  });
}
