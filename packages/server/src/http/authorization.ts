import type { Context, Middleware } from 'koa';
import { answerError } from './answer.js';
import { sameSecret } from './same-secret.js';

/** The token of `Authorization: Bearer <token>`; null when there is none. */
function bearerToken(header: string): string | null {
  return /^Bearer +(?<token>\S+) *$/i.exec(header)?.groups?.['token'] ?? null;
}

/** Does the request bear the admin token? */
export function isBearer(ctx: Context, adminToken: string): boolean {
  const token = bearerToken(ctx.get('Authorization'));
  return token !== null && sameSecret(token, adminToken);
}

/** Lets a request pass that bears the admin token. */
export function requireBearer(adminToken: string): Middleware {
  return async (ctx, next) => {
    if (isBearer(ctx, adminToken)) {
      await next();
      return;
    }
    ctx.set('WWW-Authenticate', 'Bearer realm="Loft calendar sync"');
    answerError(ctx, 401, 'Send the admin token: "Authorization: Bearer <ADMIN_TOKEN>".');
  };
}
