import type { Router } from '@koa/router';
import { Err, Ok, type Result } from '@loft/sync-core';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { BODY_LIMIT_BYTES } from '../guards.js';
import { hintFault } from '../hint-signature.js';
import { readRawBody } from '../raw-body.js';

/** Reads the appointment id of a hint's body. The error describes the fault. */
function parseHint(body: Uint8Array): Result<string, string> {
  let hint: unknown;
  try {
    hint = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return Err('The body is not JSON.');
  }
  const id = typeof hint === 'object' && hint !== null && 'appointmentId' in hint ? hint.appointmentId : undefined;
  if (typeof id === 'number' && Number.isSafeInteger(id) && id >= 0) return Ok(String(id));
  if (typeof id === 'string' && /^[\w.-]{1,64}$/.test(id)) return Ok(id);
  return Err('The body must be {"appointmentId": "<id>"}.');
}

/** `POST /webhook/uschedule`: a signed hint that an appointment may have changed. */
export function mountUScheduleWebhook(router: Router, parts: AppParts): void {
  const { engine, clock, webhookSecret } = parts;
  if (webhookSecret === null) return;
  router.post('/webhook/uschedule', async (ctx) => {
    const body = await readRawBody(ctx.req, BODY_LIMIT_BYTES);
    if (body.err) {
      if (body.val === 'too-large') return answerError(ctx, 413, 'The body is larger than 64 KiB.');
      return answerError(ctx, 400, 'The body ended too early.');
    }
    const signature = { timestamp: ctx.get('X-Loft-Timestamp'), signature: ctx.get('X-Loft-Signature') };
    const fault = hintFault(webhookSecret, signature, body.val, clock.now());
    if (fault !== null) return answerError(ctx, 401, fault);
    const appointmentId = parseHint(body.val);
    if (appointmentId.err) return answerError(ctx, 400, appointmentId.val);
    const stored = await engine.hint(appointmentId.val);
    if (stored.err) return answerError(ctx, 503, 'The hint could not be stored. Send it again later.');
    ctx.status = 202;
    ctx.body = { status: 'accepted' };
  });
}
