import type { Router } from '@koa/router';
import { fromWallTime, startOfDay, type Instant } from '@loft/sync-core';
import type { Middleware } from 'koa';
import type { AppParts } from '../app-parts.js';
import { requireSignIn } from '../authorization.js';
import { consolePage } from '../console-page.js';
import { zonedFormat } from '../zoned-format.js';

/** The local day named by `?day=2026-11-26`; today's without one. */
function dayOf(query: string | string[] | undefined, now: Instant, timeZone: string): Instant {
  const named = typeof query === 'string' ? /^(\d{4})-(\d\d)-(\d\d)$/.exec(query) : null;
  if (!named) return startOfDay(now, timeZone);
  const [year = 0, month = 1, day = 1] = named.slice(1).map(Number);
  const noon = { year, month, day, hour: 12, minute: 0, second: 0, millisecond: 0 };
  return startOfDay(fromWallTime(noon, timeZone), timeZone);
}

const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

/** `GET /`: the page that shows how things stand. */
export function mountConsole(router: Router, parts: AppParts): void {
  const { adminToken, bays, clock, consoleAccess, engine, timeZone } = parts;
  if (adminToken === null && consoleAccess === 'token') return;
  const open: Middleware = (_ctx, next) => next();
  const access = adminToken === null || consoleAccess === 'open' ? open : requireSignIn(adminToken);
  const format = zonedFormat(timeZone);

  router.get('/', access, async (ctx) => {
    const now = clock.now();
    const day = dayOf(ctx.query['day'], now, timeZone);
    const dayAfter = startOfDay(day, timeZone, 1);
    const [readiness, status, maps, deadLetters] = await Promise.all([
      engine.readiness(),
      engine.status(),
      engine.maps({ period: { from: day, to: dayAfter } }),
      engine.deadLetters({ limit: 100 }),
    ]);
    ctx.set('Content-Security-Policy', PAGE_POLICY);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.set('Cache-Control', 'no-store');
    ctx.type = 'html';
    ctx.body = consolePage(
      {
        now,
        day,
        dayBefore: startOfDay(day, timeZone, -1),
        dayAfter,
        bays,
        readiness,
        status: status.ok ? status.val : null,
        maps: maps.ok ? maps.val : null,
        deadLetters: deadLetters.ok ? deadLetters.val : null,
      },
      format,
    );
  });
}
