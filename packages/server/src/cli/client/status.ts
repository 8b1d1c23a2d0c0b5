import { since, until } from '../../observe/ages.js';
import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext } from '../command.js';
import { paintWords } from '../paint.js';
import { table } from '../table.js';
import type { JsonObject } from './admin-client.js';
import { fail, OTHER_VERSION, printJson, withClient } from './answer.js';
import { studioTime } from './studio-time.js';

interface Failure {
  readonly kind: string;
  readonly message: string;
}

/** The printed fields of the answer of `/admin/status`. */
interface Status {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
  readonly timeZone: string;
  readonly now: string;
  readonly bays: readonly { readonly bay: string; readonly name: string }[];
  readonly feeds: readonly {
    readonly feed: string;
    readonly bay: string | null;
    readonly lastSuccessAt: string | null;
    readonly lastError: Failure | null;
    readonly stopped: { readonly reason: string } | null;
    readonly warnings: readonly string[];
    readonly notes: readonly string[];
    readonly everySeconds: number;
    readonly elsewhere: boolean;
  }[];
  readonly channels: readonly {
    readonly bay: string;
    readonly expiresAt: string | null;
    readonly lastNotifiedAt?: string | null;
    readonly lastError: Failure | null;
  }[];
  readonly circuits: readonly { readonly key: string; readonly error: Failure; readonly probeAt: string }[];
  readonly tasks: { readonly due: number; readonly waiting: number; readonly claimed: number };
  readonly deadLetters: number;
}

function isStatus(answer: JsonObject): answer is JsonObject & Status {
  const lists = ['reasons', 'warnings', 'bays', 'feeds', 'channels', 'circuits'];
  return typeof answer['ready'] === 'boolean' && lists.every((name) => Array.isArray(answer[name]));
}

/** Omits the reasons of feeds whose calendar has a reason of its own with the same text. */
function withoutRepeats(reasons: readonly string[]): readonly string[] {
  const textOfCalendar = (reason: string): string => reason.replace(/^calendar \S+ of bay [^:]+: /, '');
  const reported = new Set(reasons.filter((reason) => reason.startsWith('calendar ')).map(textOfCalendar));
  return reasons.filter((reason) => !reported.has(reason.replace(/^feed calendar:\S+ fails: /, '')));
}

/** Words a stop as the table below does: only the guard pauses a feed. */
function asPause(reason: string): string {
  return reason.replace(/^feed (\S+) was stopped by a guard: /, 'the guard has paused the feed $1: ');
}

/** The first line: whether the service is ready. */
function headline({ ready, reasons, warnings, deadLetters }: Status): string {
  if (!ready) return `Not ready: ${withoutRepeats(reasons).map(asPause).join('; ')}`;
  const notes = [
    ...(deadLetters > 0 ? [`${deadLetters === 1 ? '1 booking needs' : `${deadLetters} bookings need`} attention`] : []),
    ...(warnings.length > 0 ? [warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`] : []),
  ];
  return notes.length === 0 ? 'Ready.' : `Ready, but ${notes.join(' and ')}.`;
}

const REMEDY = 'loft-sync doctor names the remedy for what waits, if it runs with the settings of the service.';

function stateOf(feed: Status['feeds'][number], isWaiting: boolean): string {
  if (feed.stopped) return `PAUSED by the guard: ${feed.stopped.reason}`;
  if (isWaiting) return 'waits, see below';
  if (feed.lastError) return `${feed.lastError.kind}: ${feed.lastError.message}`;
  const warnings = [...feed.warnings, ...feed.notes];
  return warnings.length > 0 ? warnings.join('; ') : 'ok';
}

function words(status: Status, time: (instant: string) => string): string {
  const { due, waiting, claimed } = status.tasks;
  const now = Date.parse(status.now);
  const bayName = (bay: string): string => status.bays.find((one) => one.bay === bay)?.name ?? bay;
  const feeds = status.feeds.map((feed) => [
    feed.bay === null ? feed.feed : bayName(feed.bay),
    feed.elsewhere
      ? 'on another replica'
      : since(now, feed.lastSuccessAt === null ? null : Date.parse(feed.lastSuccessAt)),
    `${feed.everySeconds} s`,
    stateOf(
      feed,
      status.circuits.some(({ key }) => feed.feed === `calendar:${key}`),
    ),
  ]);
  const channels = status.channels.map((channel) => [
    bayName(channel.bay),
    channel.expiresAt === null ? 'not open' : `for ${until(now, Date.parse(channel.expiresAt))}`,
    typeof channel.lastNotifiedAt === 'string' ? since(now, Date.parse(channel.lastNotifiedAt)) : 'not yet',
    channel.lastError?.message ?? 'ok',
  ]);
  const calendarName = (key: string): string => {
    const feed = status.feeds.find(({ feed: name }) => name === `calendar:${key}`);
    return feed?.bay ? `calendar of ${bayName(feed.bay)}` : key;
  };
  const circuits = status.circuits.map(({ key, error, probeAt }) => [calendarName(key), error.message, time(probeAt)]);
  return [
    headline(status),
    ...(status.warnings.length > 0 ? [status.warnings.map((warning) => `! ${warning}`).join('\n')] : []),
    table(['feed', 'last success', 'every', 'state'], feeds),
    ...(channels.length > 0 ? [table(['channel of', 'open', 'last notified', 'state'], channels)] : []),
    ...(circuits.length > 0 ? [`${table(['waits', 'reason', 'is tried again'], circuits)}\n\n${REMEDY}`] : []),
    `Tasks: ${due} due, ${waiting} waiting, ${claimed} running. Dead letters: ${status.deadLetters}.`,
  ].join('\n\n');
}

/**
 * `loft-sync status`: prints whether a running service is ready, and the state of its parts. Exit code 1 if it is not
 * ready.
 */
export function status(context: CommandContext): Promise<number> {
  return withClient(context, async (client) => {
    const answer = await client.get('/admin/status');
    if (!answer.ok) return fail(context, answer.error);
    const { value } = answer;
    if (!context.json && !isStatus(value)) return fail(context, OTHER_VERSION);
    if (context.json) printJson(context, value);
    else if (isStatus(value)) {
      const paints = { ok: 'good', PAUSED: 'bad', Ready: 'good', 'Not ready': 'bad' } as const;
      const time = await studioTime(client, value.timeZone, context);
      context.output.out(paintWords(words(value, time), paints, context.output.colours));
    }
    return value['ready'] === false ? EXIT.failed : EXIT.ok;
  });
}
