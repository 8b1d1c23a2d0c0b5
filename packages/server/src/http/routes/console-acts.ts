import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { Err, Ok, type Result } from '@loft/sync-core';
import { fromWallTime, toWallTime } from '@loft/sync-core/adapters';
import { actRecorder } from '../acts.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import type { Access } from '../console/access.js';
import { readForm } from '../console/form-body.js';
import type { Place } from '../console/sandbox-desk.js';
import { dayNamed } from '../day-named.js';
import { decideHeld } from '../held-decision.js';

/** What was done, in words; or why it was not, with the status to answer. */
type Act = (
  form: URLSearchParams,
  id: string,
  ctx: Context,
) => Promise<Result<string, string>> | Result<string, string>;

/** Only an address of this page itself. */
function backFrom(form: URLSearchParams): string {
  const back = form.get('back') ?? '/';
  return /^\/(?:\?[\w=&%.~-]*)?$/.test(back) ? back : '/';
}

const ERRORS = { failed: 503, refused: 409 } as const;

/** Mounts one form: checks that it is ours, acts, and answers a script with words and a browser with the page. */
function mountAct(router: Router, access: Access, path: string, failure: keyof typeof ERRORS, act: Act): void {
  router.post(path, access.toSee, async (ctx) => {
    const form = await readForm(ctx);
    if (form === null) return;
    if (!(await access.checkForm(ctx, form.get('form') ?? ''))) return;
    const done = await act(form, ctx.params['id'] ?? '', ctx);
    if (done.err) return answerError(ctx, ERRORS[failure], done.val);
    if (ctx.accepts('html', 'json') === 'json') {
      ctx.body = { message: done.val };
      return;
    }
    ctx.redirect(backFrom(form));
    ctx.status = 303;
  });
}

const RESUMED = {
  resumed: 'The feed goes on.',
  changed: 'The list is another one by now: nothing was done. Look at it again.',
  unknown: 'There is no such feed.',
} as const;

const STORE_FAILED = 'The store cannot be reached. Try again later.';

/** Where a form says something is to go; null when it makes no sense. */
function placeOf(form: URLSearchParams, { bays, clock, timeZone, timeZones }: AppParts): Place | null {
  const bay = form.get('bay') ?? '';
  const at = /^(?<hour>\d\d):(?<minute>\d\d)$/.exec(form.get('time') ?? '')?.groups;
  if (!at || !bays.some((one) => one.bay === bay)) return null;
  const { year, month, day } = toWallTime(
    dayNamed(form.get('day'), clock.now(), { timeZone, timeZones }),
    timeZone,
    timeZones,
  );
  const time = { hour: Number(at['hour']), minute: Number(at['minute']), second: 0, millisecond: 0 };
  return { bay, start: fromWallTime({ year, month, day, ...time }, timeZone, timeZones) };
}

/** What people can do on the page: try parked appointments again, let a stopped feed go on, and in the sandbox be others. */
export function mountConsoleActs(router: Router, parts: AppParts, access: Access): void {
  const { engine, sandbox } = parts;
  const recordAct = actRecorder(parts);

  mountAct(router, access, '/console/dead-letters/:id/replay', 'failed', async (_form, id, ctx) => {
    const replayed = await engine.replay(id);
    if (replayed.err) return replayed.mapErr(() => STORE_FAILED);
    if (replayed.val) recordAct(ctx, 'asked for another try', id);
    return replayed.map((there) =>
      there ? `Appointment ${id} is tried again.` : `Appointment ${id} is not parked any more.`,
    );
  });

  mountAct(router, access, '/console/feeds/:id/resume', 'failed', async (form, feed, ctx) => {
    const resumed = await engine.resumeFeed(feed, form.get('version') ?? undefined);
    if (resumed.err) return resumed.mapErr(() => STORE_FAILED);
    if (resumed.val === 'resumed') recordAct(ctx, `let the feed ${feed} go on`);
    return resumed.map((outcome) => RESUMED[outcome]);
  });

  for (const decision of ['release', 'revert'] as const) {
    mountAct(router, access, `/console/held/:id/${decision}`, 'failed', async (form, bay, ctx) => {
      const decided = await decideHeld(ctx, parts, decision, bay, form.getAll('appointment'));
      if (decided.err) return decided.mapErr(() => STORE_FAILED);
      const { length } = decided.val;
      const edits = length === 1 ? '1 edit is' : `${length} edits are`;
      return Ok(`${edits} ${decision === 'release' ? 'carried out' : 'put back'}.`);
    });
  }

  mountAct(router, access, '/console/checkouts/:id/mirror', 'failed', async (_form, id, ctx) => {
    const stored = await engine.mirrorNow(id);
    if (stored.err) return stored.mapErr(() => STORE_FAILED);
    recordAct(ctx, 'had the checkout put into the calendar at once', id);
    return Ok(`Appointment ${id} is put into the calendar now, if its booking exists.`);
  });

  if (sandbox) mountSandboxActs(router, parts, access, sandbox);
}

function mountSandboxActs(
  router: Router,
  parts: AppParts,
  access: Access,
  desk: NonNullable<AppParts['sandbox']>,
): void {
  const placed = (form: URLSearchParams, act: (place: Place) => Result<string, string>): Result<string, string> => {
    const place = placeOf(form, parts);
    return place ? act(place) : Err('That is no bay and time of day.');
  };

  mountAct(router, access, '/console/sandbox/book', 'refused', (form) =>
    placed(form, (place) => {
      const name = (form.get('customerName') ?? '').trim().slice(0, 60);
      return desk.book(place, name === '' ? 'Somebody' : name).map((id) => `Booked, as appointment ${id}.`);
    }),
  );
  mountAct(router, access, '/console/sandbox/bookings/:id/move', 'refused', (form, id) =>
    placed(form, (place) => desk.moveBooking(id, place).map(() => 'The customer has moved the booking.')),
  );
  mountAct(router, access, '/console/sandbox/bookings/:id/cancel', 'refused', (_form, id) =>
    desk.cancelBooking(id).map(() => 'The customer has cancelled.'),
  );
  mountAct(router, access, '/console/sandbox/events/:id/move', 'refused', (form, id) =>
    placed(form, (place) => desk.moveEvent(id, place).map(() => 'The event was moved in Google Calendar.')),
  );
  mountAct(router, access, '/console/sandbox/events/:id/delete', 'refused', (_form, id) =>
    desk.deleteEvent(id).map(() => 'The event was deleted in Google Calendar.'),
  );
}
