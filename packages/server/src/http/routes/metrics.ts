import type { Router } from '@koa/router';
import { collectStatus } from '../../observe/collect-metrics.js';
import type { AppParts } from '../app-parts.js';
import { requireBearer } from '../authorization.js';

/** `GET /metrics`: Prometheus text. */
export function mountMetrics(router: Router, parts: AppParts): void {
  const { admins, clock, engine, metrics, startedAt } = parts;
  if (admins.length === 0) return;
  router.get('/metrics', requireBearer(admins, 'read'), async (ctx) => {
    const status = await engine.status();
    collectStatus(metrics, status.ok ? status.val : null, clock.now(), startedAt);
    ctx.set('Content-Type', metrics.registry.contentType);
    ctx.body = await metrics.registry.metrics();
  });
}
