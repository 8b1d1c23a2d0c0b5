import helmet from 'koa-helmet';
import type { Context, Middleware } from 'koa';
import { answerError } from './answer.js';
import type { AppParts } from './app-parts.js';
import { FailureLimit } from './failure-limit.js';

/** Maximum size of a request's body. */
export const BODY_LIMIT_BYTES: number = 64 * 1024;

/** Security headers of answers that are no page. A route of a page replaces them. */
export function secureHeaders(): Middleware {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** Refuses a request whose announced body is too large for every route. */
export function limitBodies(): Middleware {
  return async (ctx, next) => {
    if (Number(ctx.get('Content-Length')) <= BODY_LIMIT_BYTES) {
      await next();
      return;
    }
    // The remaining bytes are not read.
    ctx.set('Connection', 'close');
    answerError(ctx, 413, 'The body is larger than 64 KiB.');
  };
}

/** Refuses an address with the character 0, which no id and no name contains. A store answers it with a fault. */
export function refuseNul(): Middleware {
  return async (ctx, next) => {
    if (ctx.url.includes('%00')) answerError(ctx, 400, 'The address must not contain %00.');
    else await next();
  };
}

function turnAway(ctx: Context, waitSeconds: number): void {
  ctx.set('Retry-After', String(waitSeconds));
  answerError(ctx, 429, 'Too many failed requests from this address. Try again later.');
}

/** Paths whose requests carry a long random secret. Unknown channels count as failures there, too. */
const SIGNED = /^\/webhook\//;

/**
 * Limits failures by address: wrong signatures, unknown channels and wrong tokens. A request with the right secret is
 * always accepted, so that strangers behind the same proxy cannot block the owner, the scheduler or Google. Above the
 * limit a failure is answered 429 and not logged.
 */
export function limitFailures({ clock, log }: Pick<AppParts, 'clock' | 'log'>): Middleware {
  const signed = new FailureLimit({ burst: 300, perSecond: 5 }, clock);
  const guessed = new FailureLimit({ burst: 100, perSecond: 1 }, clock);
  return async (ctx, next) => {
    const isSigned = SIGNED.test(ctx.path);
    const limit = isSigned ? signed : guessed;
    const wait = limit.waitSeconds(ctx.ip);
    await next();
    const failed = ctx.status === 401 || (isSigned && ctx.status === 404);
    if (!failed) return;
    if (limit.fail(ctx.ip)) log.warn({ address: ctx.ip, path: ctx.path }, 'too many failed requests from an address');
    if (wait > 0) turnAway(ctx, wait);
  };
}
