import type { RouterContext } from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { AppParts } from './app-parts.js';

/** The route's pattern, so that ids in paths do not become labels; `other` for an unknown path. */
function routeOf(ctx: Context): string {
  const { matched } = ctx as unknown as Pick<RouterContext, 'matched'>;
  const path = matched?.at(-1)?.path;
  return typeof path === 'string' ? path : 'other';
}

/** The message of a refused request. */
function reasonOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : 'no reason given';
}

/**
 * Counts requests by route and status (docs/operating-contract.md#logs-and-metrics). Logs one line for a refused
 * webhook, with the reason and without the content; at level debug if the address is above the limit of failures.
 */
export function countRequests({ log, metrics }: Pick<AppParts, 'log' | 'metrics'>): Middleware {
  return async (ctx, next) => {
    await next();
    const route = routeOf(ctx);
    metrics.requests.inc({ route, status: String(ctx.status) });
    if (!ctx.path.startsWith('/webhook/') || ctx.status < 400) return;
    const fields = { route: ctx.path.slice(0, 40), status: ctx.status, reason: reasonOf(ctx.body) };
    log[ctx.status === 429 ? 'debug' : 'warn'](fields, 'a webhook was refused');
  };
}
