import type { Router } from '@koa/router';
import type { AppParts } from '../app-parts.js';

/** `GET /health` and `GET /ready`. */
export function mountProbes(router: Router, parts: AppParts): void {
  router.get('/health', (ctx) => {
    ctx.body = { status: 'ok' };
  });
  router.get('/ready', async (ctx) => {
    const { ready, reasons, warnings } = await parts.engine.readiness();
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ready' : 'not ready', reasons, warnings };
  });
}
