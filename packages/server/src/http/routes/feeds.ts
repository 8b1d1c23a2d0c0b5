import type { Router } from '@koa/router';
import { BOOKING_FEED, calendarFeedName, stopVersion, type FeedStop } from '@loft/sync-core/store';
import { actRecorder } from '../acts.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { requireBearer } from '../authorization.js';
import { readField } from '../json-body.js';

const STORE_FAILED = 'The store cannot be reached. Try again later.';
const NO_FEED = 'There is no feed of this name. /admin/status lists them.';

/** The list of a stop's planned actions. A stop of an older version has no list. */
function stopView(stop: FeedStop | null): Readonly<Record<string, unknown>> {
  if (stop === null) return { stop: null, items: [], version: null };
  const { items = [], at, ...rest } = stop;
  return {
    stop: { ...rest, at: new Date(at).toISOString() },
    items: items.map((item) => ({ ...item, start: new Date(item.start).toISOString() })),
    version: stopVersion(stop),
  };
}

/** Routes that show the planned actions of a paused feed, and resume it (docs/operating-contract.md#http). */
export function mountFeeds(router: Router, parts: AppParts): void {
  const { admins, bays, engine, timeZone } = parts;
  if (admins.length === 0) return;
  const recordAct = actRecorder(parts);
  const feeds = new Set([BOOKING_FEED, ...bays.map(({ calendarId }) => calendarFeedName(calendarId))]);

  router.get('/admin/feeds/:name', requireBearer(admins, 'read'), async (ctx) => {
    const feed = ctx.params['name'] ?? '';
    if (!feeds.has(feed)) return answerError(ctx, 404, NO_FEED);
    const stop = await engine.feedStop(feed);
    if (stop.err) return answerError(ctx, 503, STORE_FAILED);
    ctx.body = { feed, timeZone, ...stopView(stop.val) };
  });

  router.post('/admin/feeds/:name/resume', requireBearer(admins, 'act'), async (ctx) => {
    const feed = ctx.params['name'] ?? '';
    const field = await readField(ctx, 'version');
    if (field === null) return;
    const { value: version } = field;
    if (version !== undefined && typeof version !== 'string') {
      return answerError(ctx, 400, '"version" must be the text that GET /admin/feeds/{name} answered.');
    }
    const resumed = await engine.resumeFeed(feed, version);
    if (resumed.err) return answerError(ctx, 503, STORE_FAILED);
    if (resumed.val === 'unknown') return answerError(ctx, 404, NO_FEED);
    if (resumed.val === 'changed') {
      return answerError(ctx, 409, 'The list has grown meanwhile. Read /admin/feeds/{name} again.');
    }
    recordAct(ctx, `resumed the feed ${feed}`);
    ctx.status = 202;
    ctx.body = { status: 'accepted' };
  });
}
