import { SECOND, type Clock, type SyncEngine } from '@loft/sync-core';

/** The result of a sync with `wait=1`. */
export interface SyncReport {
  /** No task is due or running. */
  readonly settled: boolean;
  /** The last outcome of each feed that ran during the sync. */
  readonly feeds: readonly { readonly feed: string; readonly outcome: string; readonly detail: string | null }[];
  readonly actions: { readonly ok: number; readonly retry: number; readonly deadLetter: number };
}

const LOOK_EVERY_MS = 100;

/** Maximum wait for the tasks of the sync, in ms. */
const SETTLE_MS: number = 90 * SECOND;

/** Starts a poll and an incremental sync, waits for their tasks, and reports the result. */
export async function syncAndReport(
  engine: Pick<SyncEngine, 'events' | 'status' | 'syncNow'>,
  clock: Clock,
): Promise<SyncReport> {
  const feeds = new Map<string, SyncReport['feeds'][number]>();
  const actions = { ok: 0, retry: 0, deadLetter: 0 };
  const subscription = engine.events.subscribe((event) => {
    if (event.type === 'action') actions[event.outcome === 'dead-letter' ? 'deadLetter' : event.outcome]++;
    if (event.type !== 'feed') return;
    const { feed, outcome, detail, error } = event;
    feeds.set(feed, { feed, outcome, detail: detail ?? error?.message ?? null });
  });
  try {
    await engine.syncNow();
    const settled = await isSettled(engine, clock);
    return { settled, feeds: [...feeds.values()], actions };
  } finally {
    subscription.unsubscribe();
  }
}

async function isSettled(engine: Pick<SyncEngine, 'status'>, clock: Clock): Promise<boolean> {
  const until = clock.now() + SETTLE_MS;
  for (;;) {
    const status = await engine.status();
    if (status.ok && status.val.tasks.due + status.val.tasks.claimed === 0) return true;
    if (clock.now() >= until) return false;
    await new Promise<void>((resolve) => {
      clock.setTimer(LOOK_EVERY_MS, resolve);
    });
  }
}
