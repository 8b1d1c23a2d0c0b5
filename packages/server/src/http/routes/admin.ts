import type { Router } from '@koa/router';
import type { MapQuery } from '@loft/sync-core';
import type { Context } from 'koa';
import { actRecorder } from '../acts.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { requireBearer } from '../authorization.js';
import { rulesView } from '../../time-zones/calendar-offsets.js';
import { bookingView, deadLetterView, statusView } from '../views.js';

const PAGE_DEFAULT = 100;
const PAGE_LIMIT = 500;

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** `?limit=` and `?after=`; null when the limit makes no sense. */
function pageOf(ctx: Context): { readonly limit: number; readonly after?: string } | null {
  const limit = Number(single(ctx.query['limit']) ?? PAGE_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_LIMIT) return null;
  const after = single(ctx.query['after']);
  return after ? { limit, after } : { limit };
}

/** One more than the page was asked for, so that its end shows. */
function cut<T>(
  items: readonly T[],
  limit: number,
  idOf: (item: T) => string,
): { items: readonly T[]; next: string | null } {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: items.length > limit && last !== undefined ? idOf(last) : null };
}

const WRONG_LIMIT = `"limit" must be a whole number from 1 to ${PAGE_LIMIT}.`;
const STORE_FAILED = 'The store cannot be reached. Try again later.';

/** `/admin/*` (docs/operating-contract.md#http). */
export function mountAdmin(router: Router, parts: AppParts): void {
  const { admins, clock, counts, engine, log, startedAt } = parts;
  if (admins.length === 0) return;
  const toRead = requireBearer(admins, 'read');
  const toAct = requireBearer(admins, 'act');
  const recordAct = actRecorder(parts);

  router.get('/admin/status', toRead, async (ctx) => {
    const status = await engine.status();
    if (status.err) return answerError(ctx, 503, STORE_FAILED);
    const view = statusView(status.val, counts.totals, startedAt, clock.now());
    ctx.body = { ...view, timeZones: { zone: parts.timeZone, ...rulesView(parts.timeZones) } };
  });

  router.get('/admin/bookings', toRead, async (ctx) => {
    const page = pageOf(ctx);
    if (page === null) return answerError(ctx, 400, WRONG_LIMIT);
    const status = single(ctx.query['status']);
    const bay = single(ctx.query['bay']);
    if (status !== undefined && status !== 'ACTIVE' && status !== 'CANCELED') {
      return answerError(ctx, 400, '"status" must be ACTIVE or CANCELED.');
    }
    const query: MapQuery = { ...page, limit: page.limit + 1, ...(status && { status }), ...(bay && { bay }) };
    const maps = await engine.maps(query);
    if (maps.err) return answerError(ctx, 503, STORE_FAILED);
    const { items, next } = cut(maps.val, page.limit, (map) => map.uscheduleAppointmentId);
    ctx.body = { items: items.map(bookingView), next };
  });

  router.get('/admin/dead-letters', toRead, async (ctx) => {
    const page = pageOf(ctx);
    if (page === null) return answerError(ctx, 400, WRONG_LIMIT);
    const letters = await engine.deadLetters({ ...page, limit: page.limit + 1 });
    if (letters.err) return answerError(ctx, 503, STORE_FAILED);
    const { items, next } = cut(letters.val, page.limit, (letter) => letter.appointmentId);
    ctx.body = { items: items.map(deadLetterView), next };
  });

  router.post('/admin/dead-letters/:id/replay', toAct, async (ctx) => {
    const replayed = await engine.replay(ctx.params['id'] ?? '');
    if (replayed.err) return answerError(ctx, 503, STORE_FAILED);
    if (!replayed.val) return answerError(ctx, 404, 'There is no dead letter with this id.');
    recordAct(ctx, 'asked for another try', ctx.params['id']);
    ctx.status = 202;
    ctx.body = { status: 'accepted' };
  });

  router.post('/admin/sync', toAct, (ctx) => {
    recordAct(ctx, 'asked for a sync');
    // Not waited for: it lasts as long as the other sides take, and its outcome shows in the status.
    engine.syncNow().catch((error: unknown) => log.error({ problem: String(error) }, 'a sync met a bug'));
    ctx.status = 202;
    ctx.body = { status: 'accepted' };
  });

  router.post('/admin/feeds/:name/resume', toAct, async (ctx) => {
    const resumed = await engine.resumeFeed(ctx.params['name'] ?? '');
    if (resumed.err) return answerError(ctx, 503, STORE_FAILED);
    if (!resumed.val) return answerError(ctx, 404, 'There is no feed of this name. /admin/status lists them.');
    recordAct(ctx, `let the feed ${ctx.params['name'] ?? ''} go on`);
    ctx.status = 202;
    ctx.body = { status: 'accepted' };
  });
}
