import type { Router } from '@koa/router';
import type { EventCopy, SyncError } from '@loft/sync-core';
import { actRecorder } from '../acts.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { requireBearer } from '../authorization.js';

function iso(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}

function copyView(copy: EventCopy): Readonly<Record<string, unknown>> {
  return { ...copy, start: iso(copy.start), end: iso(copy.end) };
}

function sentenceOf({ system, message }: SyncError): string {
  if (system === 'store') return 'The store cannot be reached. Try again later.';
  return `Not all copies could be read: ${message.trim().replace(/\.$/, '')}. Try again later.`;
}

/**
 * Routes of events that have the marks of an appointment which another event mirrors (docs/operating-contract.md#http).
 */
export function mountCopies(router: Router, parts: AppParts): void {
  const { admins, engine, timeZone } = parts;
  if (admins.length === 0) return;
  const recordAct = actRecorder(parts);

  router.get('/admin/copies', requireBearer(admins, 'read'), async (ctx) => {
    const copies = await engine.copies();
    if (copies.err) return answerError(ctx, 503, sentenceOf(copies.val));
    ctx.body = { timeZone, items: copies.val.map(copyView) };
  });

  router.get('/admin/closed-bays', requireBearer(admins, 'read'), async (ctx) => {
    const events = await engine.closedBayEvents();
    if (events.err) return answerError(ctx, 503, sentenceOf(events.val));
    ctx.body = { timeZone, items: events.val.map(copyView) };
  });

  router.post('/admin/closed-bays/remove', requireBearer(admins, 'act'), async (ctx) => {
    recordAct(ctx, 'asked for the removal of the events of closed bays');
    const done = await engine.removeClosedBayEvents();
    if (done.err) return answerError(ctx, 503, sentenceOf(done.val));
    for (const { appointmentId, eventId } of done.val.removed) {
      recordAct(ctx, `had event ${eventId} of a closed bay removed`, appointmentId);
    }
    ctx.body = { timeZone, removed: done.val.removed.map(copyView), kept: done.val.kept.map(copyView) };
  });

  router.post('/admin/copies/remove', requireBearer(admins, 'act'), async (ctx) => {
    // Recorded first, because a call that fails in the middle has removed some copies.
    recordAct(ctx, 'asked for the removal of exact duplicates');
    const done = await engine.removeCopies();
    if (done.err) return answerError(ctx, 503, sentenceOf(done.val));
    for (const { appointmentId, eventId } of done.val.removed) {
      recordAct(ctx, `had event ${eventId} removed, an exact duplicate`, appointmentId);
    }
    ctx.body = { timeZone, removed: done.val.removed.map(copyView), kept: done.val.kept.map(copyView) };
  });
}
