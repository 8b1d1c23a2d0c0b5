import type { Router } from '@koa/router';
import type { EditDecision, HeldCheckout, HeldEdit } from '@loft/sync-core';
import { actRecorder } from '../acts.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { requireBearer } from '../authorization.js';
import { decideHeld } from '../held-decision.js';
import { readField } from '../json-body.js';

const STORE_FAILED = 'The store cannot be reached. Try again later.';

function iso(instant: number): string {
  return new Date(instant).toISOString();
}

function heldView({ start, end, to, at, ...edit }: HeldEdit): Readonly<Record<string, unknown>> {
  return {
    ...edit,
    start: iso(start),
    end: iso(end),
    to: to && { ...to, start: iso(to.start), end: iso(to.end) },
    at: iso(at),
  };
}

function checkoutView({ start, end, until, ...checkout }: HeldCheckout): Readonly<Record<string, unknown>> {
  return { ...checkout, start: iso(start), end: iso(end), until: iso(until) };
}

/** @returns `wrong` if the value is not a list of ids; null if it is missing, which means all edits */
function idsIn(value: unknown): readonly string[] | null | 'wrong' {
  if (value === undefined) return null;
  if (!Array.isArray(value) || value.length === 0) return 'wrong';
  const ids = value.map((id: unknown) => (typeof id === 'number' ? String(id) : id));
  return ids.every((id) => typeof id === 'string') ? ids : 'wrong';
}

/** Routes of the edits that the guard holds, and of held checkouts (docs/operating-contract.md#http). */
export function mountHeld(router: Router, parts: AppParts): void {
  const { admins, bays, engine, timeZone } = parts;
  if (admins.length === 0) return;
  const toAct = requireBearer(admins, 'act');
  const recordAct = actRecorder(parts);

  router.get('/admin/held', requireBearer(admins, 'read'), async (ctx) => {
    const held = await engine.heldEdits();
    if (held.err) return answerError(ctx, 503, STORE_FAILED);
    ctx.body = { timeZone, items: held.val.map(heldView), checkouts: engine.heldCheckouts().map(checkoutView) };
  });

  const mountDecision = (decision: EditDecision): void => {
    router.post(`/admin/held/:bay/${decision}`, toAct, async (ctx) => {
      const bay = ctx.params['bay'] ?? '';
      const field = await readField(ctx, 'appointmentIds');
      if (field === null) return;
      if (!bays.some((one) => one.bay === bay)) {
        return answerError(ctx, 404, `There is no bay "${bay}". /admin/status lists them.`);
      }
      const ids = idsIn(field.value);
      if (ids === 'wrong') return answerError(ctx, 400, '"appointmentIds" must be a list of appointment ids.');
      const decided = await decideHeld(ctx, parts, decision, bay, ids && { ids, version: null });
      if (decided.err) return answerError(ctx, 503, STORE_FAILED);
      if (decided.val === 'changed')
        return answerError(ctx, 409, 'The edits have changed meanwhile. Read /admin/held again.');
      if (ids !== null && decided.val.length === 0) {
        return answerError(ctx, 404, `No edit of these appointments is held on bay ${bay}. /admin/held lists them.`);
      }
      ctx.status = 202;
      ctx.body = { status: 'accepted', appointmentIds: decided.val.map(({ appointmentId }) => appointmentId) };
    });
  };
  mountDecision('release');
  mountDecision('revert');

  router.post('/admin/bookings/:id/mirror', toAct, async (ctx) => {
    const id = ctx.params['id'] ?? '';
    const stored = await engine.mirrorNow(id);
    if (stored.err) return answerError(ctx, 503, STORE_FAILED);
    recordAct(ctx, 'mirrored the held checkout', id);
    ctx.status = 202;
    ctx.body = { status: 'accepted' };
  });
}
