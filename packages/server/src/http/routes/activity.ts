import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { listActivity, type ActivityItem, type ActivityPage } from '../../journal/activity.js';
import { activityCsv } from '../../journal/activity-csv.js';
import { activityFilter, placeText } from '../activity-query.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { requireBearer } from '../authorization.js';
import { limitOf, single, WRONG_LIMIT } from '../page-query.js';

/** Maximum entries of an export. */
const EXPORT_LIMIT = 5000;

function itemView({ at, start, steps, ...item }: ActivityItem): Readonly<Record<string, unknown>> {
  return {
    ...item,
    at: new Date(at).toISOString(),
    start: start === null ? null : new Date(start).toISOString(),
    text: steps.join(' → '),
  };
}

/** Reads the activity that a request selects. @returns null if the request was answered with an error */
export async function activityAsked(
  ctx: Context,
  parts: AppParts & { readonly locale?: string },
  limit: number | null,
): Promise<ActivityPage | null> {
  const { clock, timeZone, timeZones } = parts;
  if (limit === null) {
    answerError(ctx, 400, WRONG_LIMIT);
    return null;
  }
  const named = ['since', 'until', 'day', 'visit', 'bay', 'kind', 'q', 'after'].map((name) => single(ctx.query[name]));
  const [since, until, day, visit, bay, kind, q, after] = named;
  const filter = activityFilter({ since, until, day, visit, bay, kind, q, after }, limit, {
    now: clock.now(),
    zone: { timeZone, timeZones },
  });
  if (filter.err) {
    answerError(ctx, 400, filter.val);
    return null;
  }
  const page = await listActivity(filter.val, parts);
  if (page.ok) return page.val;
  answerError(ctx, 503, 'The store cannot be reached. Try again later.');
  return null;
}

/** Answers with the selected activity as a CSV file. */
export async function answerActivityFile(ctx: Context, parts: AppParts): Promise<void> {
  const page = await activityAsked(ctx, parts, EXPORT_LIMIT);
  if (page === null) return;
  ctx.set('Content-Type', 'text/csv; charset=utf-8');
  ctx.set('Content-Disposition', 'attachment; filename="loft-sync-activity.csv"');
  ctx.set('Cache-Control', 'no-store');
  ctx.body = activityCsv(page.items, parts.bays);
}

/** `GET /admin/activity`: all activity, newest first, in pages; with `format=csv` as a file. */
export function mountActivity(router: Router, parts: AppParts): void {
  const { admins, timeZone } = parts;
  if (admins.length === 0) return;
  router.get('/admin/activity', requireBearer(admins, 'read'), async (ctx) => {
    if (single(ctx.query['format']) === 'csv') return answerActivityFile(ctx, parts);
    const page = await activityAsked(ctx, parts, limitOf(ctx));
    if (page === null) return;
    ctx.body = { timeZone, items: page.items.map(itemView), next: page.next && placeText(page.next) };
  });
}
