import type { Context, Middleware } from 'koa';
import { isAllowed } from '../admins.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { bearerOf, refuseRole, setPerson } from '../authorization.js';
import { sameSecret } from '../same-secret.js';
import { sessions, SESSION_COOKIE, type Session, type Sessions } from './session.js';
import { SignOuts } from './sign-outs.js';

/** Who may see the console and act in it. */
export interface Access {
  readonly sessions: Sessions;
  readonly signOuts: SignOuts;
  /** Everybody may see it: the sandbox. There is no signing in or out then. */
  readonly open: boolean;
  /** Lets requests pass that may see the console; a browser without a session is led to the sign-in page. */
  readonly toSee: Middleware;
  /** The session of the request's cookie; null if there is none, or it has ended. */
  sessionOf(ctx: Context): Promise<Session | null>;
  /** Whether the person who looks at the page may press its buttons. */
  canAct(ctx: Context): Promise<boolean>;
  /** What the forms of this person must carry. */
  formToken(ctx: Context): string;
  /** Checks a form: sent by one of our own pages, in the name of a person who may act. Answers the request if not. */
  checkForm(ctx: Context, formToken: string): Promise<boolean>;
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

/** A name that leads to this machine itself. The sandbox answers no other: another site could have its name lead here. */
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
    answerError(ctx, 403, 'This form is not of this session. Load the page again.');
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
        setPerson(ctx, 'console');
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
