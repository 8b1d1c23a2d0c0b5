import { Router } from '@koa/router';
import Koa from 'koa';
import type { AppParts } from './app-parts.js';
import { errorAnswers } from './error-answers.js';
import { mountAdmin } from './routes/admin.js';
import { mountConsole } from './routes/console.js';
import { mountGcalWebhook } from './routes/gcal-webhook.js';
import { mountJournal } from './routes/journal.js';
import { mountMetrics } from './routes/metrics.js';
import { mountProbes } from './routes/probes.js';
import { mountTasks } from './routes/tasks.js';
import { mountUScheduleWebhook } from './routes/uschedule-webhook.js';

const MOUNTS = [
  mountUScheduleWebhook,
  mountGcalWebhook,
  mountProbes,
  mountMetrics,
  mountAdmin,
  mountJournal,
  mountTasks,
  mountConsole,
] as const;

/**
 * Builds the HTTP application from what it is given (operating contract, "HTTP"). It listens nowhere yet: see
 * `http-host.ts`.
 */
export function createApp(parts: AppParts): Koa {
  const app = new Koa();
  // What Koa reports here is a connection that broke under an answer; bugs were caught further in.
  app.on('error', (error: unknown) => parts.log.debug({ problem: String(error) }, 'a connection broke'));
  const router = new Router();
  for (const mount of MOUNTS) mount(router, parts);
  if (parts.tracing) app.use(parts.tracing.middleware);
  app.use(errorAnswers(parts.log));
  app.use(router.routes());
  return app;
}
