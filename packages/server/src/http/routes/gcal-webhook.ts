import type { Router } from '@koa/router';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { DOCTOR_CHANNEL } from '../push-monitor.js';
import { sameSecret } from '../same-secret.js';

/** `POST /webhook/gcal`: Google's push notification (docs/google-calendar.md#push-notifications). */
export function mountGcalWebhook(router: Router, parts: AppParts): void {
  const { channelToken, engine, push, pushMonitor } = parts;
  if (!push) return;
  router.post('/webhook/gcal', async (ctx) => {
    const channelId = ctx.get('X-Goog-Channel-ID');
    if (channelId === '') return answerError(ctx, 404, 'There is no such channel.');
    const token = ctx.get('X-Goog-Channel-Token');
    if (channelId.startsWith(DOCTOR_CHANNEL) && channelToken !== null) {
      // The doctor opened this channel. It waits for this message, and closes the channel itself.
      if (!sameSecret(token, channelToken(channelId)))
        return answerError(ctx, 401, 'The token does not belong to the channel.');
      pushMonitor.doctorHeard(channelId);
      ctx.status = 204;
      return;
    }
    const taken = await engine.notify({
      channelId,
      token,
      resourceId: ctx.get('X-Goog-Resource-ID'),
      resourceState: ctx.get('X-Goog-Resource-State'),
    });
    if (taken.err) return answerError(ctx, 503, 'The notification could not be stored.');
    switch (taken.val) {
      case 'accepted':
        pushMonitor.notified(channelId);
        ctx.status = 204;
        return;
      case 'unknown-channel':
        return answerError(ctx, 404, 'There is no such channel.');
      case 'wrong-token':
        return answerError(ctx, 401, 'The token does not belong to the channel.');
    }
  });
}
