import type { Environment } from '../config/environment.js';
import { since, until } from '../observe/ages.js';
import { EXIT } from '../process/exit-codes.js';
import { adminClient } from './admin-client.js';
import type { Output } from './output.js';
import { paintWords } from './paint.js';
import { fits, orNull, type Shape } from './shape.js';
import { table } from './table.js';

const instant = (text: string): number => Date.parse(text);

/** The answer of `/admin/status`, as far as it is shown. Instants are written as ISO texts. */
interface Status {
  readonly now: string;
  readonly feeds: readonly {
    readonly feed: string;
    readonly lastSuccessAt: string | null;
    readonly lastError: { readonly kind: string; readonly message: string } | null;
    readonly stopped: { readonly reason: string } | null;
    readonly warnings: readonly string[];
    readonly notes: readonly string[];
    readonly everySeconds: number;
    readonly elsewhere: boolean;
  }[];
  readonly channels: readonly {
    readonly bay: string;
    readonly expiresAt: string | null;
    readonly lastError: { readonly message: string } | null;
  }[];
  readonly circuits: readonly {
    readonly key: string;
    readonly error: { readonly message: string };
    readonly probeAt: string;
  }[];
  readonly tasks: { readonly due: number; readonly waiting: number; readonly claimed: number };
  readonly deadLetters: number;
}

const ERROR = orNull({ kind: 'text', message: 'text' });

const STATUS: Shape = {
  now: 'text',
  feeds: [
    {
      feed: 'text',
      lastSuccessAt: 'text?',
      lastError: ERROR,
      stopped: orNull({ reason: 'text' }),
      warnings: ['text'],
      notes: ['text'],
      everySeconds: 'number',
      elsewhere: 'boolean',
    },
  ],
  channels: [{ bay: 'text', expiresAt: 'text?', lastError: ERROR }],
  circuits: [{ key: 'text', error: { message: 'text' }, probeAt: 'text' }],
  tasks: { due: 'number', waiting: 'number', claimed: 'number' },
  deadLetters: 'number',
};

const isStatus = (value: unknown): value is Status => fits(value, STATUS);

function stateOf(feed: Status['feeds'][number]): string {
  if (feed.stopped) return `STOPPED: ${feed.stopped.reason}`;
  if (feed.lastError) return `${feed.lastError.kind}: ${feed.lastError.message}`;
  const odd = [...feed.warnings, ...feed.notes];
  return odd.length > 0 ? odd.join('; ') : 'well';
}

function words(status: Status): string {
  const { due, waiting, claimed } = status.tasks;
  const now = instant(status.now);
  const feeds = status.feeds.map((feed) => [
    feed.feed,
    feed.elsewhere
      ? 'on another replica'
      : since(now, feed.lastSuccessAt === null ? null : instant(feed.lastSuccessAt)),
    `${feed.everySeconds} s`,
    stateOf(feed),
  ]);
  const channels = status.channels.map((channel) => [
    channel.bay,
    channel.expiresAt === null ? 'not open' : `for ${until(now, instant(channel.expiresAt))}`,
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
  if (!isStatus(answer.val)) {
    output.err('The answer is not that of this version of the service. Try --json.');
    return EXIT.failed;
  }
  output.out(paintWords(words(answer.val), { well: 'good', STOPPED: 'bad' }, output.colours));
  return EXIT.ok;
}
