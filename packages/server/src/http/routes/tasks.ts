import type { Router } from '@koa/router';
import type { AppParts } from '../app-parts.js';
import { requireBearer } from '../authorization.js';

/** `POST /tasks/tick`: one round of everything, for hosts where no timer can run. */
export function mountTasks(router: Router, parts: AppParts): void {
  const { adminToken, engine } = parts;
  if (adminToken === null) return;
  router.post('/tasks/tick', requireBearer(adminToken), async (ctx) => {
    ctx.body = await engine.tick();
  });
}
