import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { requireBearer } from '../authorization.js';

/** A signed token has three parts; the admin token may have any form. */
const SIGNED_TOKEN = /^Bearer +(?<token>[\w-]+\.[\w-]+\.[\w-]+) *$/i;

const refuse: Middleware = (ctx) => {
  ctx.set('WWW-Authenticate', 'Bearer realm="Loft calendar sync"');
  answerError(ctx, 401, "Send the scheduler's token for this service: see docs/deploy-cloud-run.md.");
};

/** Accepts the scheduler's token, signed by Google; passes all other requests to `otherwise`. */
function requireScheduler({ log, tickIdentity }: AppParts, otherwise: Middleware): Middleware {
  return async (ctx, next) => {
    const token = SIGNED_TOKEN.exec(ctx.get('Authorization'))?.groups?.['token'];
    const fault = token === undefined || tickIdentity === null ? undefined : await tickIdentity(token);
    if (fault === null) {
      await next();
      return;
    }
    if (fault !== undefined) log.warn({ problem: fault }, 'a token at /tasks/tick was refused');
    await otherwise(ctx, next);
  };
}

/** `POST /tasks/tick`: one run of all feeds and due tasks, for hosts without timers. */
export function mountTasks(router: Router, parts: AppParts): void {
  const { admins, engine, tickIdentity } = parts;
  if (admins.length === 0 && tickIdentity === null) return;
  const otherwise = admins.length === 0 ? refuse : requireBearer(admins, 'act');
  router.post('/tasks/tick', requireScheduler(parts, otherwise), async (ctx) => {
    ctx.body = await engine.tick();
  });
}
