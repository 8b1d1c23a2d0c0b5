import type { Environment } from '../config/environment.js';
import { EXIT } from '../process/exit-codes.js';
import { adminClient } from './admin-client.js';
import type { Output } from './output.js';
import { painted, type Paint } from './paint.js';
import { fits, type Shape } from './shape.js';

/** The answer of `/admin/appointments/{id}/journal`, as far as it is shown. */
interface Answer {
  readonly appointmentId: string;
  readonly timeZone: string;
  readonly now: string;
  readonly others: readonly string[];
  readonly items: readonly {
    readonly day: string;
    readonly time: string;
    readonly text: string;
    readonly reason: string | null;
    readonly tone: string;
  }[];
}

const ANSWER: Shape = {
  appointmentId: 'text',
  timeZone: 'text',
  now: 'text',
  others: ['text'],
  items: [{ day: 'text', time: 'text', text: 'text', reason: 'text?', tone: 'text' }],
};

const isAnswer = (value: unknown): value is Answer => fits(value, ANSWER);

const MARKS: Readonly<Record<string, string>> = { done: ' ', 'put-back': '<', waiting: '~', parked: '!', quiet: '.' };

const PAINTS: Readonly<Record<string, Paint>> = { 'put-back': 'warn', waiting: 'warn', parked: 'bad', quiet: 'quiet' };

/** A heading for each day, and under it a line for each entry. */
function words({ appointmentId, items, now, others, timeZone }: Answer, colours: boolean | undefined): string {
  const lines = items.flatMap(({ day, time, text, tone, reason }, index) => {
    const line = `${MARKS[tone] ?? ' '} ${time}  ${text}${reason === null ? '' : `  [${reason}]`}`;
    const shown = painted(line, PAINTS[tone] ?? 'strong', colours && tone in PAINTS);
    return items[index - 1]?.day === day ? [shown] : [...(index === 0 ? [] : ['']), day, shown];
  });
  return [
    `Appointment ${appointmentId}. ${now}`,
    '',
    ...(lines.length > 0 ? lines : ['The journal has nothing of it (any more).']),
    '',
    `Times are those of the studio (${timeZone}); the row of the decision table stands in brackets.`,
    ...others.map((id) => `The same booking had or has another id: loft-sync explain ${id}`),
  ].join('\n');
}

/** `loft-sync explain <id>`: what a running service did to an appointment, and why. */
export async function explain(
  environment: Environment,
  output: Output,
  appointmentId: string,
  json: boolean,
): Promise<number> {
  const client = adminClient(environment);
  const path = `/admin/appointments/${encodeURIComponent(appointmentId)}/journal`;
  const answer = client.ok ? await client.val.get(path) : client;
  if (answer.err) {
    output.err(answer.val);
    return EXIT.failed;
  }
  if (!isAnswer(answer.val)) {
    output.err('The answer is not that of this version of the service. Try --json.');
    return EXIT.failed;
  }
  output.out(json ? JSON.stringify(answer.val, null, 2) : words(answer.val, output.colours));
  return EXIT.ok;
}
