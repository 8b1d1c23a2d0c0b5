import { Router } from '@koa/router';
import Koa from 'koa';
import type { AppParts } from './app-parts.js';
import { countRequests } from './count-requests.js';
import { errorAnswers } from './error-answers.js';
import { limitBodies, limitFailures, refuseNul, secureHeaders } from './guards.js';
import { mountActivity } from './routes/activity.js';
import { mountAdmin } from './routes/admin.js';
import { mountConsole } from './routes/console.js';
import { mountCopies } from './routes/copies.js';
import { mountFeeds } from './routes/feeds.js';
import { mountGcalWebhook } from './routes/gcal-webhook.js';
import { mountHeld } from './routes/held.js';
import { mountJournal } from './routes/journal.js';
import { mountMetrics } from './routes/metrics.js';
import { mountProbes } from './routes/probes.js';
import { mountTasks } from './routes/tasks.js';
import { mountUndo } from './routes/undo.js';
import { mountUScheduleWebhook } from './routes/uschedule-webhook.js';
import { studioClock } from './studio-clock.js';

const MOUNTS = [
  mountUScheduleWebhook,
  mountGcalWebhook,
  mountProbes,
  mountMetrics,
  mountAdmin,
  mountFeeds,
  mountHeld,
  mountCopies,
  mountActivity,
  mountJournal,
  mountUndo,
  mountTasks,
  mountConsole,
] as const;

/**
 * Builds the HTTP application from its parts (docs/operating-contract.md#http). It does not listen: see `http-host.ts`.
 */
export function createApp(parts: AppParts): Koa {
  const app = new Koa();
  // Koa reports only broken connections here; bugs are caught in the middleware.
  app.on('error', (error: unknown) => parts.log.debug({ problem: String(error) }, 'a connection broke'));
  const router = new Router();
  for (const mount of MOUNTS) mount(router, parts);
  // The caller's address is the one that our outermost proxy has seen. Earlier entries of X-Forwarded-For were written
  // by the caller.
  app.proxy = parts.trustedProxies > 0;
  app.maxIpsCount = parts.trustedProxies;
  app.use(secureHeaders());
  if (parts.tracing) app.use(parts.tracing.middleware);
  app.use(countRequests(parts));
  app.use(limitFailures(parts));
  app.use(limitBodies());
  app.use(refuseNul());
  app.use(errorAnswers(parts.log));
  app.use(studioClock(parts));
  app.use(router.routes());
  return app;
}
