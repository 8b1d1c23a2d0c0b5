import type { Context, Middleware } from 'koa';
import { adminWith, isAllowed, type AdminRole, type AdminToken } from './admins.js';
import { answerError } from './answer.js';

/** @returns the token of `Authorization: Bearer <token>`; null if there is none */
function bearerToken(header: string): string | null {
  return /^Bearer +(?<token>\S+) *$/i.exec(header)?.groups?.['token'] ?? null;
}

/** @returns the owner of the request's token; null if the token is missing or unknown */
export function bearerOf(ctx: Context, admins: readonly AdminToken[]): AdminToken | null {
  const token = bearerToken(ctx.get('Authorization'));
  return token === null ? null : adminWith(token, admins);
}

/** Records the sender of a request, for the journal. */
export function setPerson(ctx: Context, name: string): void {
  ctx.state['person'] = name;
}

/** @returns the name of the owner of the request's token */
export function personOf(ctx: Pick<Context, 'state'>): string {
  return String(ctx.state['person'] ?? 'unknown');
}

/** Answers that the token is valid, but may only read. */
export function refuseRole(ctx: Context, { name }: AdminToken): void {
  answerError(ctx, 403, `The token of ${name} may only read. Use one with the role "act".`);
}

/** Accepts requests that have a token with the role. */
export function requireBearer(admins: readonly AdminToken[], role: AdminRole): Middleware {
  return async (ctx, next) => {
    const admin = bearerOf(ctx, admins);
    if (admin === null) {
      ctx.set('WWW-Authenticate', 'Bearer realm="Loft calendar sync"');
      answerError(ctx, 401, 'Send the admin token: "Authorization: Bearer <ADMIN_TOKEN>".');
      return;
    }
    if (!isAllowed(admin.role, role)) {
      refuseRole(ctx, admin);
      return;
    }
    setPerson(ctx, admin.name);
    await next();
  };
}
