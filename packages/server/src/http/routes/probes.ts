import type { Router } from '@koa/router';
import type { AppParts } from '../app-parts.js';
import { readinessOf } from '../readiness.js';

/** `GET /health`, `GET /health?started=1` and `GET /ready` (docs/operating-contract.md#http). */
export function mountProbes(router: Router, parts: AppParts): void {
  router.get('/health', async (ctx) => {
    if (ctx.query['started'] === '1') {
      const stored = await parts.store.ping();
      if (stored.err) {
        ctx.status = 503;
        ctx.set('Retry-After', '1');
        ctx.body = { error: `Triggers cannot be stored: ${stored.val.message}` };
        return;
      }
    }
    ctx.body = { status: 'ok' };
  });
  router.get('/ready', async (ctx) => {
    const { ready, reasons, warnings } = await readinessOf(parts);
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ready' : 'not ready', reasons, warnings };
  });
}
