import type { Context, Middleware } from 'koa';
import { isAllowed } from '../admins.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { bearerOf, refuseRole, setPerson } from '../authorization.js';
import { sameSecret } from '../same-secret.js';
import { sessions, SESSION_COOKIE, type Session, type Sessions } from './session.js';
import { SignOuts } from './sign-outs.js';

/** Checks who may see the console and act in it. */
export interface Access {
  readonly sessions: Sessions;
  readonly signOuts: SignOuts;
  /** Whether the console is open to all callers (the sandbox). There is no sign-in then. */
  readonly open: boolean;
  /** Accepts requests that may see the console. A browser without a session is redirected to the sign-in page. */
  readonly toSee: Middleware;
  /** @returns the session of the request's cookie; null if there is none, or it has ended */
  sessionOf(ctx: Context): Promise<Session | null>;
  /** Whether the reader of the page may execute actions. */
  canAct(ctx: Context): Promise<boolean>;
  /** The token that the forms of this reader must carry. */
  formToken(ctx: Context): string;
  /** Checks that a form was sent by our own page and by a person who may act. Otherwise answers the request. */
  checkForm(ctx: Context, formToken: string): Promise<boolean>;
}

function cookieOf(ctx: Context): string {
  return ctx.cookies.get(SESSION_COOKIE) ?? '';
}

/** Whether a request comes from our own pages, by the headers of the browser. */
export function isFromHere(ctx: Context): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  // Set by the browser itself, so it is independent of a proxy's rewritten host name.
  if (site !== '') return site === 'same-origin';
  const origin = ctx.get('Origin');
  if (origin === '') return true;
  return URL.canParse(origin) && new URL(origin).host === ctx.host;
}

/**
 * A host name of this machine. The sandbox answers no other, because another site could point its name at this machine
 * (DNS rebinding).
 */
function isLocalName(ctx: Context): boolean {
  return ['127.0.0.1', 'localhost', '[::1]', '::1'].includes(ctx.hostname);
}

export function consoleAccess({ admins, clock, consoleAccess: kind, store }: AppParts): Access {
  const open = kind === 'open' || admins.length === 0;
  const keeper = sessions(open ? [] : admins);
  const signOuts = new SignOuts(store, clock);
  const formToken = (ctx: Context): string => keeper.formToken(open ? '' : cookieOf(ctx));
  const sessionOf = async (ctx: Context): Promise<Session | null> => {
    const session = keeper.read(cookieOf(ctx), clock.now());
    return session && !(await signOuts.isEnded(session.id)) ? session : null;
  };
  const refuseForm = (ctx: Context): boolean => {
    answerError(ctx, 403, 'This form belongs to another session. Load the page again.');
    return false;
  };
  return {
    sessions: keeper,
    signOuts,
    open,
    formToken,
    sessionOf,
    canAct: async (ctx) => open || (await sessionOf(ctx))?.admin.role === 'act',
    checkForm: async (ctx, token) => {
      if (!isFromHere(ctx) || !sameSecret(token, formToken(ctx))) return refuseForm(ctx);
      if (open) {
        setPerson(ctx, 'a person on the console');
        return isLocalName(ctx) || refuseForm(ctx);
      }
      const session = await sessionOf(ctx);
      if (session === null) return refuseForm(ctx);
      if (!isAllowed(session.admin.role, 'act')) {
        refuseRole(ctx, session.admin);
        return false;
      }
      setPerson(ctx, session.admin.name);
      return true;
    },
    toSee: async (ctx, next) => {
      if (open || bearerOf(ctx, admins) !== null || (await sessionOf(ctx)) !== null) {
        await next();
        return;
      }
      if ((ctx.path === '/' || ctx.path === '/activity') && ctx.accepts('json', 'html') === 'html') {
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
