import type { Router } from '@koa/router';
import type { BookingEventMap } from '@loft/sync-core';
import type { MapQuery } from '@loft/sync-core/store';
import { actRecorder } from '../acts.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { findBookings } from '../find-bookings.js';
import { requireBearer } from '../authorization.js';
import { rulesView } from '../../time-zones/calendar-offsets.js';
import { pageOf, single, WRONG_LIMIT } from '../page-query.js';
import { readinessOf } from '../readiness.js';
import { syncAndReport } from '../sync-report.js';
import { aboutAppointments } from '../console/about.js';
import { bookingView, deadLetterView, pendingView, statusView } from '../views.js';

/** Requests one more item than the page has, to find out whether there is a next page. */
function cut<T>(
  items: readonly T[],
  limit: number,
  idOf: (item: T) => string,
): { items: readonly T[]; next: string | null } {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: items.length > limit && last !== undefined ? idOf(last) : null };
}

const STORE_FAILED = 'The store cannot be reached. Try again later.';

/** `/admin/*` (docs/operating-contract.md#http). */
export function mountAdmin(router: Router, parts: AppParts): void {
  const { admins, bays, clock, counts, engine, log, startedAt, timeZone } = parts;
  if (admins.length === 0) return;
  const toRead = requireBearer(admins, 'read');
  const toAct = requireBearer(admins, 'act');
  const recordAct = actRecorder(parts);
  const viewOf = (map: BookingEventMap): ReturnType<typeof bookingView> =>
    bookingView(map, engine.latestBooking(map.uscheduleAppointmentId), parts.calendarRootUrl);

  router.get('/admin/status', toRead, async (ctx) => {
    const status = await engine.status();
    if (status.err) return answerError(ctx, 503, STORE_FAILED);
    const readiness = await readinessOf(parts);
    const view = statusView(status.val, counts.totals, startedAt, clock.now(), parts.pushMonitor);
    const zones = { zone: timeZone, ...rulesView(parts.timeZones) };
    ctx.body = {
      ...readiness,
      timeZone,
      timeZones: zones,
      bays: bays.map(({ bay, name }) => ({ bay, name })),
      ...view,
      doctorChannels: parts.pushMonitor.doctorChannels,
    };
  });

  router.get('/admin/bookings', toRead, async (ctx) => {
    const page = pageOf(ctx);
    if (page === null) return answerError(ctx, 400, WRONG_LIMIT);
    const status = single(ctx.query['status']);
    const bay = single(ctx.query['bay']);
    if (status !== undefined && status !== 'ACTIVE' && status !== 'CANCELED') {
      return answerError(ctx, 400, '"status" must be ACTIVE or CANCELED.');
    }
    const words = single(ctx.query['q']);
    if (words !== undefined) {
      const found = await findBookings(words, page.limit, parts);
      if (found.err) return answerError(ctx, 503, STORE_FAILED);
      const letters = await engine.deadLetters({});
      if (letters.err) return answerError(ctx, 503, STORE_FAILED);
      const dead = new Set(letters.val.map(({ appointmentId }) => appointmentId));
      const { maps, pending } = found.val;
      ctx.body = {
        timeZone,
        items: maps.map((map) => ({ ...viewOf(map), deadLetter: dead.has(map.uscheduleAppointmentId) })),
        next: null,
        pending: pending.map((sides) => ({ ...pendingView(sides), deadLetter: dead.has(sides.appointmentId) })),
      };
      return;
    }
    const query: MapQuery = { ...page, limit: page.limit + 1, ...(status && { status }), ...(bay && { bay }) };
    const maps = await engine.maps(query);
    if (maps.err) return answerError(ctx, 503, STORE_FAILED);
    const { items, next } = cut(maps.val, page.limit, (map) => map.uscheduleAppointmentId);
    ctx.body = { timeZone, items: items.map(viewOf), next };
  });

  router.get('/admin/dead-letters', toRead, async (ctx) => {
    const page = pageOf(ctx);
    if (page === null) return answerError(ctx, 400, WRONG_LIMIT);
    const letters = await engine.deadLetters({ ...page, limit: page.limit + 1 });
    if (letters.err) return answerError(ctx, 503, STORE_FAILED);
    const { items, next } = cut(letters.val, page.limit, (letter) => letter.appointmentId);
    const ids = items.map(({ appointmentId }) => appointmentId);
    const about = await aboutAppointments(ids, parts);
    const named = items.map((letter) => ({
      ...deadLetterView(letter),
      customerName: about.get(letter.appointmentId)?.name ?? null,
    }));
    ctx.body = { timeZone, items: named, next };
  });

  router.post('/admin/dead-letters/:id/replay', toAct, async (ctx) => {
    const replayed = await engine.replay(ctx.params['id'] ?? '');
    if (replayed.err) return answerError(ctx, 503, STORE_FAILED);
    if (!replayed.val) return answerError(ctx, 404, 'There is no dead letter with this id.');
    recordAct(ctx, 'requested a retry', ctx.params['id']);
    ctx.status = 202;
    ctx.body = { status: 'accepted' };
  });

  router.post('/admin/sync', toAct, async (ctx) => {
    recordAct(ctx, 'asked for a sync');
    if (single(ctx.query['wait']) === '1') {
      ctx.body = await syncAndReport(engine, clock);
      return;
    }
    // Not awaited: it takes as long as the two systems need, and the status shows the outcome.
    engine.syncNow().catch((error: unknown) => log.error({ problem: String(error) }, 'a sync met a bug'));
    ctx.status = 202;
    ctx.body = { status: 'accepted' };
  });
}
