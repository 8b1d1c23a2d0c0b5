import type { Middleware } from 'koa';
import type { RouterContext } from '@koa/router';
import type { Logger } from 'pino';
import { answerError } from './answer.js';

/**
 * Answers requests without a route as JSON: 404 for an unknown path, 405 for a known path with another method, 500 for
 * a bug. Details of a bug go to the log, not to the caller.
 */
export function errorAnswers(log: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.error({ method: ctx.method, path: ctx.path, problem }, 'a request met a bug');
      answerError(ctx, 500, 'Internal error. See the log of the service.');
      return;
    }
    if (ctx.status !== 404 || (ctx.body !== undefined && ctx.body !== null)) return;
    const { matched } = ctx as unknown as Pick<RouterContext, 'matched'>;
    const methods = [...new Set((matched ?? []).flatMap((layer) => layer.methods))];
    if (methods.length === 0) return answerError(ctx, 404, `There is nothing at ${ctx.path}.`);
    ctx.set('Allow', methods.join(', '));
    answerError(ctx, 405, `${ctx.path} does not take ${ctx.method}; use ${methods.join(' or ')}.`);
  };
}
