import * as z from 'zod';
import type { Environment } from '../config/environment.js';
import { since, until } from '../observe/ages.js';
import { EXIT } from '../process/exit-codes.js';
import { adminClient } from './admin-client.js';
import type { Output } from './output.js';
import { paintWords } from './paint.js';
import { table } from './table.js';

/** An instant, as `/admin` writes it. */
const instant = z.iso.datetime().transform((text) => Date.parse(text));

const error = z.object({ kind: z.string(), message: z.string() }).nullable();

/** The answer of `/admin/status`, as far as it is shown. */
const statusAnswer = z.object({
  running: z.boolean(),
  now: instant,
  feeds: z.array(
    z.object({
      feed: z.string(),
      lastSuccessAt: instant.nullable(),
      lastError: error,
      stopped: z.object({ reason: z.string() }).nullable(),
      warnings: z.array(z.string()),
      notes: z.array(z.string()),
      everySeconds: z.number(),
      elsewhere: z.boolean(),
    }),
  ),
  channels: z.array(
    z.object({ bay: z.string(), calendarId: z.string(), expiresAt: instant.nullable(), lastError: error }),
  ),
  circuits: z.array(z.object({ key: z.string(), error: z.object({ message: z.string() }), probeAt: z.string() })),
  tasks: z.object({ due: z.number(), waiting: z.number(), claimed: z.number() }),
  deadLetters: z.number(),
});

type Status = z.output<typeof statusAnswer>;

function stateOf(feed: Status['feeds'][number]): string {
  if (feed.stopped) return `STOPPED: ${feed.stopped.reason}`;
  if (feed.lastError) return `${feed.lastError.kind}: ${feed.lastError.message}`;
  const odd = [...feed.warnings, ...feed.notes];
  return odd.length > 0 ? odd.join('; ') : 'well';
}

function words(status: Status): string {
  const { due, waiting, claimed } = status.tasks;
  const feeds = status.feeds.map((feed) => [
    feed.feed,
    feed.elsewhere ? 'on another replica' : since(status.now, feed.lastSuccessAt),
    `${feed.everySeconds} s`,
    stateOf(feed),
  ]);
  const channels = status.channels.map((channel) => [
    channel.bay,
    channel.expiresAt === null ? 'not open' : `for ${until(status.now, channel.expiresAt)}`,
    channel.lastError?.message ?? 'well',
  ]);
  const circuits = status.circuits.map((circuit) => [circuit.key, circuit.error.message, circuit.probeAt]);
  return [
    table(['feed', 'last ran well', 'every', 'state'], feeds),
    ...(channels.length > 0 ? [table(['channel of bay', 'open', 'state'], channels)] : []),
    ...(circuits.length > 0 ? [table(['left alone', 'since it says', 'tried again at'], circuits)] : []),
    `Tasks: ${due} due, ${waiting} waiting, ${claimed} worked on. Dead letters: ${status.deadLetters}.`,
  ].join('\n\n');
}

/** `loft-sync status`: how a running service stands. */
export async function status(environment: Environment, output: Output, json: boolean): Promise<number> {
  const client = adminClient(environment);
  const answer = client.ok ? await client.val.get('/admin/status') : client;
  if (answer.err) {
    output.err(answer.val);
    return EXIT.failed;
  }
  if (json) {
    output.out(JSON.stringify(answer.val, null, 2));
    return EXIT.ok;
  }
  const read = statusAnswer.safeParse(answer.val);
  if (!read.success) {
    output.err('The answer is not that of this version of the service. Try --json.');
    return EXIT.failed;
  }
  output.out(paintWords(words(read.data), { well: 'good', STOPPED: 'bad' }, output.colours));
  return EXIT.ok;
}
