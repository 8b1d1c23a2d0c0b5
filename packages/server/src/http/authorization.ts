import type { Middleware } from 'koa';
import { answerError } from './answer.js';
import { sameSecret } from './same-secret.js';

/** The token of `Authorization: Bearer <token>`; null when there is none. */
function bearerToken(header: string): string | null {
  return /^Bearer +(?<token>\S+) *$/i.exec(header)?.groups?.['token'] ?? null;
}

/** The password of `Authorization: Basic <base64 of "user:password">`; null when there is none. */
function basicPassword(header: string): string | null {
  const encoded = /^Basic +(?<encoded>[\w+/=-]+) *$/i.exec(header)?.groups?.['encoded'];
  if (encoded === undefined) return null;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon === -1 ? null : pair.slice(colon + 1);
}

/** Lets a request pass that bears the admin token. */
export function requireBearer(adminToken: string): Middleware {
  return async (ctx, next) => {
    const token = bearerToken(ctx.get('Authorization'));
    if (token !== null && sameSecret(token, adminToken)) {
      await next();
      return;
    }
    ctx.set('WWW-Authenticate', 'Bearer realm="Loft calendar sync"');
    answerError(ctx, 401, 'Send the admin token: "Authorization: Bearer <ADMIN_TOKEN>".');
  };
}

/**
 * Lets a person pass who has signed in: a browser asks for a user name and a password, and the password is the admin
 * token. For pages that only show; whatever changes something asks for the bearer token, which no browser sends of
 * itself.
 */
export function requireSignIn(adminToken: string): Middleware {
  return async (ctx, next) => {
    const header = ctx.get('Authorization');
    const token = bearerToken(header) ?? basicPassword(header);
    if (token !== null && sameSecret(token, adminToken)) {
      await next();
      return;
    }
    ctx.set('WWW-Authenticate', 'Basic realm="Loft calendar sync", charset="UTF-8"');
    answerError(ctx, 401, 'Sign in: any user name, and the admin token as the password.');
  };
}
