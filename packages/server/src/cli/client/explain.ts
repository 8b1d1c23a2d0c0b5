import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext } from '../command.js';
import { painted, type Paint } from '../paint.js';
import type { JsonObject } from './admin-client.js';
import { fail, OTHER_VERSION, printJson, withClient } from './answer.js';

/** The printed fields of the answer of `/admin/appointments/{id}/journal`. */
interface Answer {
  readonly appointmentId: string;
  readonly timeZone: string;
  readonly now: string;
  readonly state?: string;
  readonly others: readonly string[];
  readonly items: readonly {
    readonly day: string;
    readonly time: string;
    readonly text: string;
    readonly reason: string | null;
    readonly tone: string;
  }[];
}

function isAnswer(answer: JsonObject): answer is JsonObject & Answer {
  return Array.isArray(answer['items']) && Array.isArray(answer['others']) && typeof answer['now'] === 'string';
}

const MARKS: Readonly<Record<string, string>> = {
  done: ' ',
  'put-back': '<',
  waiting: '~',
  'dead-letter': '!',
  quiet: '.',
};

const PAINTS: Readonly<Record<string, Paint>> = {
  'put-back': 'warn',
  waiting: 'warn',
  'dead-letter': 'bad',
  quiet: 'quiet',
};

/** Formats a heading for each day, and a line for each entry below it. */
function words({ appointmentId, items, now, others, state, timeZone }: Answer, colours: boolean | undefined): string {
  const lines = items.flatMap(({ day, time, text, tone, reason }, index) => {
    const line = `${MARKS[tone] ?? ' '} ${time}  ${text}${reason === null ? '' : `  [${reason}]`}`;
    const shown = painted(line, PAINTS[tone] ?? 'strong', colours && tone in PAINTS);
    return items[index - 1]?.day === day ? [shown] : [...(index === 0 ? [] : ['']), day, shown];
  });
  return [
    `Appointment ${appointmentId}. ${now}`,
    ...(state === 'dead-letter' ? [`loft-sync replay ${appointmentId} tries it again.`] : []),
    '',
    ...(lines.length > 0 ? lines : ['The journal has no entry for it, or its entries have expired.']),
    '',
    `Times are those of the studio (${timeZone}); the row of the decision table is in brackets.`,
    ...others.map((id) => `The same booking has another id: loft-sync explain ${id}`),
  ].join('\n');
}

/** `loft-sync explain <id>`: prints what a running service did to an appointment, and why. */
export function explain(context: CommandContext, appointmentId: string): Promise<number> {
  return withClient(context, async (client) => {
    const answer = await client.get(`/admin/appointments/${encodeURIComponent(appointmentId)}/journal`);
    if (!answer.ok) {
      const isUnknown = answer.error.startsWith(`Appointment ${appointmentId} is unknown`);
      const remedy = isUnknown ? ' loft-sync find <name> finds an appointment by the customer.' : '';
      return fail(context, `${answer.error}${remedy}`);
    }
    if (context.json) printJson(context, answer.value);
    else if (isAnswer(answer.value)) context.output.out(words(answer.value, context.output.colours));
    else return fail(context, OTHER_VERSION);
    return EXIT.ok;
  });
}
