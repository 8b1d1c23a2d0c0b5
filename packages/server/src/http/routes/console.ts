import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { adminWith } from '../admins.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import { consoleAccess, isFromHere, type Access } from '../console/access.js';
import { loadAssets, type Asset } from '../console/assets.js';
import { readForm } from '../console/form-body.js';
import { onlyFound, type Found } from '../console/found.js';
import { liveStream } from '../console/live-stream.js';
import { setPageHeaders } from '../console/page-headers.js';
import { readOutcome } from '../console/outcome.js';
import { consolePage, signInPage } from '../console/page.js';
import { withoutEmptyParameters } from '../console/without-empty-parameters.js';
import { SESSION_COOKIE, SESSION_MS } from '../console/session.js';
import { consoleState } from '../console/state.js';
import { FailureLimit } from '../failure-limit.js';
import { sameSecret } from '../same-secret.js';
import type { ActivityParameters } from '../activity-query.js';
import { activityPage } from '../console/activity-page.js';
import { readerLocale } from '../reader-locale.js';
import { zonedFormat, type ZonedFormat } from '../zoned-format.js';
import { activityAsked, answerActivityFile } from './activity.js';
import { mountConsoleActs } from './console-acts.js';
import { mountConsoleConfirm } from './console-confirm.js';

function single(value: string | string[] | undefined): string | null {
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined || first === '' ? null : first;
}

/** Entries of a page of activity. */
const ACTIVITY_LINES = 100;

/** Limit of wrong tokens from an address: after these, one more attempt every six seconds. */
const GUESSES = { burst: 10, perSecond: 1 / 6 } as const;

function setCookie(ctx: Context, value: string, maxAgeSeconds: number): void {
  const secure = ctx.secure || ctx.get('X-Forwarded-Proto').startsWith('https') ? '; Secure' : '';
  const lasts = `Max-Age=${maxAgeSeconds}`;
  ctx.append('Set-Cookie', `${SESSION_COOKIE}=${value}; Path=/; ${lasts}; HttpOnly; SameSite=Strict${secure}`);
}

function goTo(ctx: Context, address: string): void {
  ctx.redirect(address);
  ctx.status = 303;
}

function mountSignIn(router: Router, { admins, clock, log }: AppParts, access: Access): void {
  const wrong = new FailureLimit(GUESSES, clock);
  const refuse = (ctx: Context, status: number, problem: string): void => {
    setPageHeaders(ctx);
    ctx.status = status;
    ctx.body = signInPage(problem);
  };

  router.get('/console/sign-in', (ctx) => {
    setPageHeaders(ctx);
    ctx.body = signInPage(null);
  });

  router.post('/console/sign-in', async (ctx) => {
    const now = clock.now();
    const form = await readForm(ctx);
    if (form === null) return;
    if (!isFromHere(ctx)) return answerError(ctx, 403, 'This form was sent by another page.');
    const admin = adminWith(form.get('token') ?? '', admins);
    if (admin === null) {
      const wait = wrong.waitSeconds(ctx.ip);
      wrong.fail(ctx.ip);
      if (wait > 0) {
        ctx.set('Retry-After', String(wait));
        return refuse(ctx, 429, 'Too many wrong tokens from your address. Wait a moment.');
      }
      log.warn('a sign-in to the console with a wrong token was refused');
      return refuse(ctx, 401, 'That is not the admin token. Use the ADMIN_TOKEN that the service was started with.');
    }
    setCookie(ctx, access.sessions.open(admin, now), SESSION_MS / 1000);
    goTo(ctx, '/');
  });

  router.post('/console/sign-out', async (ctx) => {
    const form = await readForm(ctx);
    if (form === null) return;
    const session = await access.sessionOf(ctx);
    if (session === null || !isFromHere(ctx) || !sameSecret(form.get('form') ?? '', access.formToken(ctx))) {
      return answerError(ctx, 403, 'This form belongs to another session.');
    }
    await access.signOuts.end(session);
    setCookie(ctx, '', 0);
    goTo(ctx, '/console/sign-in');
  });
}

/** @returns the address of a found booking on its day */
function onDayOf({ id, start }: Found, words: string, format: ZonedFormat): string {
  const query = new URLSearchParams({ day: format.date(start), appointment: id, q: words });
  return `/?${query.toString()}`;
}

/** Mounts the console: `GET /`, its parts, and its actions. */
export function mountConsole(router: Router, parts: AppParts): void {
  const { admins, bays, clock, engine, sandbox, startedAt, timeZone, timeZones } = parts;
  if (admins.length === 0 && parts.consoleAccess === 'token') return;
  const access = consoleAccess(parts);
  let assets: ReadonlyMap<string, Asset> | null = null;

  router.get('/', access.toSee, withoutEmptyParameters, async (ctx) => {
    const asked = {
      day: single(ctx.query['day']),
      appointment: single(ctx.query['appointment']),
      words: single(ctx.query['q']),
      locale: readerLocale(ctx.get('Accept-Language')),
    };
    const state = await consoleState(parts, asked);
    const only = asked.appointment === null ? onlyFound(state) : null;
    if (only !== null) return goTo(ctx, onDayOf(only, state.words ?? '', zonedFormat(timeZone, timeZones)));
    setPageHeaders(ctx);
    ctx.body = consolePage(state, {
      bays,
      locale: asked.locale,
      timeZone,
      timeZones,
      startedAt,
      formToken: access.formToken(ctx),
      push: parts.pushMonitor,
      sandbox: sandbox !== null,
      person: access.open ? null : ((await access.sessionOf(ctx))?.admin ?? null),
    });
  });

  router.get('/activity', access.toSee, withoutEmptyParameters, async (ctx) => {
    const asked = Object.fromEntries(
      ['day', 'visit', 'bay', 'kind', 'q', 'after'].flatMap((name) => {
        const value = single(ctx.query[name]);
        return value === null ? [] : [[name, value]];
      }),
    ) as ActivityParameters;
    const locale = readerLocale(ctx.get('Accept-Language'));
    const page = await activityAsked(ctx, { ...parts, locale }, ACTIVITY_LINES);
    if (page === null && ctx.status === 400) return;
    setPageHeaders(ctx);
    ctx.status = 200;
    const format = zonedFormat(timeZone, timeZones, locale);
    ctx.body = activityPage(page, asked, { bays, format, now: clock.now(), zone: { timeZone, timeZones } });
  });

  router.get('/console/outcome', access.toSee, async (ctx) => {
    const since = Number(single(ctx.query['since']));
    const locale = readerLocale(ctx.get('Accept-Language'));
    ctx.set('Cache-Control', 'no-store');
    ctx.body = await readOutcome(single(ctx.query['appointment']) ?? '', since, parts, locale);
  });

  router.get('/console/activity.csv', access.toSee, (ctx) => answerActivityFile(ctx, parts));

  router.get('/console/assets/:name', (ctx) => {
    assets ??= loadAssets();
    const asset = assets.get(ctx.params['name'] ?? '');
    if (!asset) return answerError(ctx, 404, `There is nothing at ${ctx.path}.`);
    ctx.set('Content-Type', asset.type);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Cache-Control', 'no-cache');
    ctx.set('ETag', asset.etag);
    ctx.status = 200;
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = asset.text;
  });

  router.get('/console/events', access.toSee, (ctx) => {
    ctx.set('Content-Type', 'text/event-stream');
    ctx.set('Cache-Control', 'no-store');
    // When the stream ends the service is stopping, and does not wait for an idle connection.
    ctx.set('Connection', 'close');
    // Tells a proxy not to buffer the stream.
    ctx.set('X-Accel-Buffering', 'no');
    ctx.body = liveStream(engine, clock);
  });

  if (!access.open) mountSignIn(router, parts, access);
  mountConsoleConfirm(router, parts, access);
  mountConsoleActs(router, parts, access);
}
