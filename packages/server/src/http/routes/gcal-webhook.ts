import type { Router } from '@koa/router';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { sameSecret } from '../same-secret.js';

/** `POST /webhook/gcal`: Google's push notification (Google contract, "Push notifications"). */
export function mountGcalWebhook(router: Router, parts: AppParts): void {
  const { engine, tokenOf } = parts;
  if (tokenOf === null) return;
  router.post('/webhook/gcal', async (ctx) => {
    const channelId = ctx.get('X-Goog-Channel-ID');
    if (channelId === '') return answerError(ctx, 404, 'There is no such channel.');
    // Compared here as well, in constant time; what does not match reaches the engine as no token at all, so that
    // the time of its own comparison tells nothing.
    const sent = ctx.get('X-Goog-Channel-Token');
    const token = sameSecret(sent, tokenOf(channelId)) ? sent : '';
    const taken = await engine.notify({
      channelId,
      token,
      resourceId: ctx.get('X-Goog-Resource-ID'),
      resourceState: ctx.get('X-Goog-Resource-State'),
    });
    if (taken.err) return answerError(ctx, 503, 'The notification could not be stored.');
    switch (taken.val) {
      case 'accepted':
        ctx.status = 204;
        return;
      case 'unknown-channel':
        return answerError(ctx, 404, 'There is no such channel.');
      case 'wrong-token':
        return answerError(ctx, 401, 'The token is not that of the channel.');
    }
  });
}
