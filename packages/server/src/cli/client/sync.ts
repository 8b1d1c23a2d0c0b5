import { EXIT } from '../../process/exit-codes.js';
import type { CommandContext, OptionValues } from '../command.js';
import type { JsonObject } from './admin-client.js';
import { fail, OTHER_VERSION, printJson, withClient } from './answer.js';

/** Time limit of a sync: it reads both sides in full and executes the differences. */
const WAIT_MS = 180_000;

/** The answer of `POST /admin/sync?wait=1`. */
interface SyncReport {
  readonly settled: boolean;
  readonly feeds: readonly { readonly feed: string; readonly outcome: string; readonly detail: string | null }[];
  readonly actions: { readonly ok: number; readonly retry: number; readonly deadLetter: number };
}

function isReport(answer: JsonObject): answer is JsonObject & SyncReport {
  return typeof answer['settled'] === 'boolean' && Array.isArray(answer['feeds']);
}

function hasFailed({ feeds, actions, settled }: SyncReport): boolean {
  const areAllOk = feeds.every(({ outcome }) => outcome === 'ok' || outcome === 'resumed');
  return !areAllOk || !settled || actions.retry + actions.deadLetter > 0;
}

function words({ feeds, actions, settled }: SyncReport): string {
  const { ok, retry, deadLetter } = actions;
  const failed = feeds.filter(({ outcome }) => outcome === 'failed' || outcome === 'stopped');
  return [
    `${ok === 1 ? '1 change was' : `${ok} changes were`} carried over.`,
    ...(retry > 0 ? [`${retry} failed and will be retried.`] : []),
    ...(deadLetter > 0 ? [`${deadLetter} failed permanently: loft-sync dead-letters lists them.`] : []),
    ...failed.map(({ feed, outcome, detail }) => `${feed} ${outcome}: ${detail ?? 'no reason given'}`),
    ...(settled ? [] : ['Some tasks are still running: loft-sync status shows their progress.']),
  ].join('\n');
}

/** `loft-sync sync`: starts a poll and an incremental sync in a running service; with `--wait`, prints the result. */
export function sync(context: CommandContext, options: OptionValues): Promise<number> {
  return withClient(context, async (client) => {
    const wait = options['wait'] === true;
    const answer = await client.post(
      `/admin/sync${wait ? '?wait=1' : ''}`,
      wait ? { timeoutMs: WAIT_MS, isReport: true } : {},
    );
    if (!answer.ok) return fail(context, answer.error);
    if (!wait) {
      if (context.json) printJson(context, answer.value);
      else context.output.out('The service polls USchedule and syncs the calendars now.');
      return EXIT.ok;
    }
    if (!isReport(answer.value)) return fail(context, OTHER_VERSION);
    if (context.json) printJson(context, answer.value);
    else context.output.out(words(answer.value));
    return hasFailed(answer.value) ? EXIT.failed : EXIT.ok;
  });
}
