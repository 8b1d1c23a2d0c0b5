import type { Router } from '@koa/router';
import type { Slot } from '@loft/sync-core/store';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { requireBearer } from '../authorization.js';
import { readField } from '../json-body.js';
import { askToUndo, findUndoable, NOT_UNDONE, type FoundChange } from '../undo.js';

const STORE_FAILED = 'The store cannot be reached. Try again later.';

function slotView({ start, end, bay }: Slot): Readonly<Record<string, unknown>> {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString(), bay };
}

function changeView({ entry, customerName, change }: FoundChange): Readonly<Record<string, unknown>> {
  return { entry, customerName, leftAt: slotView(change.leftAt), backTo: slotView(change.backTo) };
}

/** `/admin/appointments/{id}/undo`: the change that can be undone, and the request to undo it. */
export function mountUndo(router: Router, parts: AppParts): void {
  const { admins, timeZone } = parts;
  if (admins.length === 0) return;
  const path = '/admin/appointments/:id/undo';

  router.get(path, requireBearer(admins, 'read'), async (ctx) => {
    const appointmentId = ctx.params['id'] ?? '';
    const found = await findUndoable(appointmentId, null, parts);
    if (found.err) return answerError(ctx, 503, STORE_FAILED);
    ctx.body = { appointmentId, timeZone, change: found.val && changeView(found.val) };
  });

  router.post(path, requireBearer(admins, 'act'), async (ctx) => {
    const appointmentId = ctx.params['id'] ?? '';
    const field = await readField(ctx, 'entry');
    if (field === null) return;
    const { value: entry = null } = field;
    if (entry !== null && typeof entry !== 'string') {
      return answerError(ctx, 400, '"entry" must be the id of a change, as GET of this address answers it.');
    }
    const found = await findUndoable(appointmentId, entry, parts);
    if (found.err) return answerError(ctx, 503, STORE_FAILED);
    if (found.val === null && entry !== null) return answerError(ctx, 409, NOT_UNDONE.changed);
    if (found.val === null) return answerError(ctx, 404, `Appointment ${appointmentId} has no change to undo.`);
    const asked = await askToUndo(ctx, appointmentId, found.val, parts);
    if (asked.err) return answerError(ctx, 503, STORE_FAILED);
    if (asked.val !== 'accepted') return answerError(ctx, 409, NOT_UNDONE[asked.val]);
    ctx.status = 202;
    ctx.body = { status: 'accepted', change: changeView(found.val) };
  });
}
