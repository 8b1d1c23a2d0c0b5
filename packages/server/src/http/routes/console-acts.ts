import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { Err, Ok, type Result } from '@loft/sync-core';
import { fromWallTime, toWallTime } from '@loft/sync-core/adapters';
import { actRecorder } from '../acts.js';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import type { Access } from '../console/access.js';
import { readForm } from '../console/form-body.js';
import type { Place } from '../console/sandbox-users.js';
import { dayNamed } from '../day-named.js';
import { decideHeld } from '../held-decision.js';
import { pageAddress } from '../page-address.js';
import { askToUndo, findUndoable, NOT_UNDONE } from '../undo.js';

/** The reason why an action was not done. `failed`: a retry may work; `refused`: it will not. */
interface Problem {
  readonly kind: 'failed' | 'refused';
  readonly message: string;
}

/** The first answer to an action. The page replaces it with the outcome. */
interface Done {
  readonly message: string;
  /** The appointment whose outcome follows, if the address of the form does not name it. */
  readonly appointment?: string;
  /** Nothing was changed: no outcome follows. */
  readonly isDone?: boolean;
}

/** The result of an action in words, or the reason why it was not done. */
type Act = (
  form: URLSearchParams,
  id: string,
  ctx: Context,
) => Promise<Result<string | Done, Problem>> | Result<string | Done, Problem>;

const STATUSES = { failed: 503, refused: 409 } as const;

function refused(message: string): Result<never, Problem> {
  return Err({ kind: 'refused', message });
}

interface ActParts extends Pick<AppParts, 'clock'> {
  readonly access: Access;
}

/**
 * Mounts one form: checks its origin, executes the action, and answers a script with text and a browser with the page.
 */
function mountAct(router: Router, { access, clock }: ActParts, path: string, act: Act): void {
  router.post(path, access.toSee, async (ctx) => {
    const form = await readForm(ctx);
    if (form === null) return;
    if (!(await access.checkForm(ctx, form.get('form') ?? ''))) return;
    const at = clock.now();
    const done = await act(form, ctx.params['id'] ?? '', ctx);
    if (done.err) return answerError(ctx, STATUSES[done.val.kind], done.val.message);
    if (ctx.accepts('html', 'json') === 'json') {
      ctx.body = { at, ...(typeof done.val === 'string' ? { message: done.val } : done.val) };
      return;
    }
    ctx.redirect(pageAddress(form.get('back') ?? '/'));
    ctx.status = 303;
  });
}

const CHANGED = 'The list has changed meanwhile: nothing was done. Check it again.';

const STORE_FAILED: Problem = { kind: 'failed', message: 'The store cannot be reached. Try again later.' };

/** Reads the target place of a form. @returns null if it is invalid */
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

/**
 * Mounts the actions of the page: replay of dead letters, resume of a paused feed and, in the sandbox, the actions of
 * the simulated persons.
 */
export function mountConsoleActs(router: Router, parts: AppParts, access: Access): void {
  const { clock, engine, sandbox } = parts;
  const actParts = { access, clock };
  const recordAct = actRecorder(parts);

  mountAct(router, actParts, '/console/dead-letters/:id/replay', async (_form, id, ctx) => {
    const replayed = await engine.replay(id);
    if (replayed.err) return Err(STORE_FAILED);
    if (replayed.val) recordAct(ctx, 'requested a retry', id);
    return replayed.map((there) =>
      there ? `Appointment ${id} is being retried.` : `Appointment ${id} is not a dead letter any more.`,
    );
  });

  mountAct(router, actParts, '/console/feeds/:id/resume', async (form, feed, ctx) => {
    const resumed = await engine.resumeFeed(feed, form.get('version') ?? undefined);
    if (resumed.err) return Err(STORE_FAILED);
    if (resumed.val === 'changed') return refused(CHANGED);
    if (resumed.val === 'unknown') return refused('There is no such feed.');
    recordAct(ctx, `resumed the feed ${feed}`);
    return Ok('The feed is resumed.');
  });

  for (const decision of ['release', 'revert'] as const) {
    mountAct(router, actParts, `/console/held/:id/${decision}`, async (form, bay, ctx) => {
      const seen = { ids: form.getAll('appointment'), version: form.get('version') };
      const decided = await decideHeld(ctx, parts, decision, bay, seen);
      if (decided.err) return Err(STORE_FAILED);
      if (decided.val === 'changed') return refused(CHANGED);
      const { length } = decided.val;
      const edits = length === 1 ? '1 edit is' : `${length} edits are`;
      return Ok(`${edits} ${decision === 'release' ? 'carried out' : 'reverted'}.`);
    });
  }

  mountAct(router, actParts, '/console/checkouts/:id/mirror', async (_form, id, ctx) => {
    const stored = await engine.mirrorNow(id);
    if (stored.err) return Err(STORE_FAILED);
    recordAct(ctx, 'mirrored the held checkout', id);
    return Ok(`Appointment ${id} is being mirrored, if its booking exists.`);
  });

  mountAct(router, actParts, '/console/bookings/:id/undo', async (form, appointmentId, ctx) => {
    const found = await findUndoable(appointmentId, form.get('entry') ?? '', parts);
    if (found.err) return Err(STORE_FAILED);
    if (found.val === null) return refused(NOT_UNDONE.changed);
    const asked = await askToUndo(ctx, appointmentId, found.val, parts);
    if (asked.err) return Err(STORE_FAILED);
    if (asked.val !== 'accepted') return refused(NOT_UNDONE[asked.val]);
    return Ok('The booking is being moved back in USchedule.');
  });

  if (sandbox) mountSandboxActs(router, parts, access, sandbox);
}

/** Answers with the result of a simulated person's action. */
function toProblem<T>(answer: Result<T, string>): Result<T, Problem> {
  return answer.mapErr((message) => ({ kind: 'refused', message }));
}

function mountSandboxActs(
  router: Router,
  parts: AppParts,
  access: Access,
  users: NonNullable<AppParts['sandbox']>,
): void {
  const actParts = { access, clock: parts.clock };
  const placed = <T extends string | Done>(
    form: URLSearchParams,
    act: (place: Place) => Result<T, string>,
  ): Result<T, Problem> => {
    const place = placeOf(form, parts);
    return place ? toProblem(act(place)) : refused('Choose a bay and a time of day.');
  };

  const moved = (
    form: URLSearchParams,
    side: 'uschedule' | 'google',
    id: string,
    move: (place: Place) => Result<string, string>,
  ): Result<string | Done, Problem> =>
    placed<string | Done>(form, (place) => {
      const slot = users.sides().find(({ appointmentId }) => appointmentId === id)?.[side];
      const isThere = slot?.start === place.start && slot.bay === place.bay;
      const what = side === 'uschedule' ? 'The booking' : 'The event';
      return isThere
        ? Ok({ message: `${what} already has this time and bay: nothing is changed.`, isDone: true })
        : move(place);
    });

  mountAct(router, actParts, '/console/sandbox/book', (form) =>
    placed(form, (place) => {
      const name = (form.get('customerName') ?? '').trim().slice(0, 60);
      const booked = users.book(place, name === '' ? 'Guest' : name);
      return booked.map((appointment) => ({ appointment, message: `Booked, as appointment ${appointment}.` }));
    }),
  );
  mountAct(router, actParts, '/console/sandbox/bookings/:id/move', (form, id) =>
    moved(form, 'uschedule', id, (place) =>
      users.moveBooking(id, place).map(() => 'The customer has moved the booking.'),
    ),
  );
  mountAct(router, actParts, '/console/sandbox/bookings/:id/cancel', (_form, id) =>
    toProblem(users.cancelBooking(id).map(() => 'The customer has cancelled.')),
  );
  mountAct(router, actParts, '/console/sandbox/events/:id/move', (form, id) =>
    moved(form, 'google', id, (place) =>
      users.moveEvent(id, place).map(() => 'The event was moved in Google Calendar.'),
    ),
  );
  mountAct(router, actParts, '/console/sandbox/events/:id/delete', (_form, id) =>
    toProblem(users.deleteEvent(id).map(() => 'The event was deleted in Google Calendar.')),
  );
}
