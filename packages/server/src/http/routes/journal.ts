import type { Router } from '@koa/router';
import { appointmentStory } from '../../journal/appointment-story.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { requireBearer } from '../authorization.js';

/** `GET /admin/appointments/{id}/journal`: the actions on an appointment and their reasons, in words. */
export function mountJournal(router: Router, parts: AppParts): void {
  const { admins } = parts;
  if (admins.length === 0) return;
  router.get('/admin/appointments/:id/journal', requireBearer(admins, 'read'), async (ctx) => {
    const id = ctx.params['id'] ?? '';
    const story = await appointmentStory(id, parts);
    if (story.err) return answerError(ctx, 503, 'The store cannot be reached. Try again later.');
    if (story.val === null) {
      return answerError(ctx, 404, `Appointment ${id} is unknown: it was never read, or its records have expired.`);
    }
    const { appointmentId, lines, now, others, state } = story.val;
    ctx.body = {
      appointmentId,
      timeZone: parts.timeZone,
      state,
      now,
      others,
      items: lines.map(({ at, steps, ...line }) => ({
        at: new Date(at).toISOString(),
        text: steps.join(' → '),
        ...line,
      })),
    };
  });
}
