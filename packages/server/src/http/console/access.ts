import { randomBytes } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { isBearer } from '../authorization.js';
import { sameSecret } from '../same-secret.js';
import { sessions, SESSION_COOKIE, type Sessions } from './session.js';

/** Who may see the console and act in it. */
export interface Access {
  readonly sessions: Sessions;
  /** Anybody may: the sandbox. There is no signing in or out then. */
  readonly open: boolean;
  /** Lets those in who may see the console; a browser is shown where to sign in. */
  readonly toSee: Middleware;
  /** What the forms of this person must carry. */
  formToken(ctx: Context): string;
  /** Did this come from one of our own pages, in the name of the person who looks at it? */
  isOurs(ctx: Context, formToken: string): boolean;
}

function cookieOf(ctx: Context): string {
  return ctx.cookies.get(SESSION_COOKIE) ?? '';
}

/** Browsers say where a request comes from. One that was sent by another site's page is none of ours. */
export function isFromHere(ctx: Context): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  // Said by the browser itself, whatever a proxy makes of our name.
  if (site !== '') return site === 'same-origin';
  const origin = ctx.get('Origin');
  if (origin === '') return true;
  return URL.canParse(origin) && new URL(origin).host === ctx.host;
}

/** A name that leads to this machine itself: whoever has another name lead here is not to be answered in the sandbox. */
function isLocalName(ctx: Context): boolean {
  return ['127.0.0.1', 'localhost', '[::1]', '::1'].includes(ctx.hostname);
}

export function consoleAccess({ adminToken, clock, consoleAccess: kind }: AppParts): Access {
  const open = kind === 'open' || adminToken === null;
  const keeper = sessions(adminToken !== null && !open ? adminToken : randomBytes(32).toString('hex'));
  const formToken = (ctx: Context): string => keeper.formToken(open ? '' : cookieOf(ctx));
  return {
    sessions: keeper,
    open,
    formToken,
    isOurs: (ctx, token) => {
      if (!isFromHere(ctx) || !sameSecret(token, formToken(ctx))) return false;
      return open ? isLocalName(ctx) : keeper.isOpen(cookieOf(ctx), clock.now());
    },
    toSee: async (ctx, next) => {
      const bearer = adminToken !== null && isBearer(ctx, adminToken);
      if (open || bearer || keeper.isOpen(cookieOf(ctx), clock.now())) {
        await next();
        return;
      }
      if (ctx.path === '/' && ctx.accepts('json', 'html') === 'html') {
        ctx.redirect('/console/sign-in');
        ctx.status = 303;
        return;
      }
      ctx.set('WWW-Authenticate', 'Bearer realm="Loft calendar sync"');
      answerError(
        ctx,
        401,
        'Sign in at /console/sign-in, or send the admin token: "Authorization: Bearer <ADMIN_TOKEN>".',
      );
    },
  };
}
