import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { Ok, type Result, type SyncError } from '@loft/sync-core';
import { BOOKING_FEED, calendarFeedName } from '@loft/sync-core/store';
import { answerError } from '../answer.js';
import type { AppParts } from '../app-parts.js';
import type { Access } from '../console/access.js';
import { confirmPage, nothingToConfirmPage } from '../console/confirm-page.js';
import {
  cancelConfirmation,
  heldConfirmation,
  resumeConfirmation,
  undoConfirmation,
  type Confirmation,
} from '../console/confirmation.js';
import { heldBays } from '../console/held-panel.js';
import { setPageHeaders } from '../console/page-headers.js';
import { pageAddress } from '../page-address.js';
import { single } from '../page-query.js';
import { readerLocale } from '../reader-locale.js';
import { findUndoable } from '../undo.js';
import { zonedFormat, type ZonedFormat } from '../zoned-format.js';

/** Reads the effects of an action. @returns null if there are none */
type Ask = (ctx: Context, format: ZonedFormat) => Promise<Result<Confirmation | null, SyncError>>;

/**
 * Routes of the second step of each action that concerns several bookings or reverts a change
 * (docs/console.md#what-it-asks).
 */
export function mountConsoleConfirm(router: Router, parts: AppParts, access: Access): void {
  const { bays, engine, sandbox, timeZone, timeZones } = parts;
  const named = (ctx: Context, name: string): string => single(ctx.query[name]) ?? '';

  const mountAsk = (path: string, ask: Ask): void => {
    router.get(path, access.toSee, async (ctx) => {
      const format = zonedFormat(timeZone, timeZones, readerLocale(ctx.get('Accept-Language')));
      const back = pageAddress(named(ctx, 'back'));
      const asked = await ask(ctx, format);
      if (asked.err) return answerError(ctx, 503, 'The store cannot be reached. Try again later.');
      setPageHeaders(ctx);
      ctx.status = asked.val === null ? 404 : 200;
      ctx.body =
        asked.val === null
          ? nothingToConfirmPage(back)
          : confirmPage(asked.val, format, { token: access.formToken(ctx), back });
    });
  };

  mountAsk('/console/confirm/resume', async (ctx) => {
    const feed = named(ctx, 'feed');
    const bay = bays.find(({ calendarId }) => calendarFeedName(calendarId) === feed);
    const name = feed === BOOKING_FEED ? 'the bookings' : `the calendar of ${bay?.name ?? feed}`;
    const stop = await engine.feedStop(feed);
    return stop.map((found) => found && resumeConfirmation(feed, name, found, bays));
  });

  for (const decision of ['release', 'revert'] as const) {
    mountAsk(`/console/confirm/${decision}`, async (ctx, format) => {
      const held = await engine.heldEdits();
      return held.map((edits) => {
        const bay = heldBays(edits, bays).find((one) => one.bay === named(ctx, 'bay'));
        const own = edits.filter((edit) => edit.bay === bay?.bay);
        return bay && own.length > 0 ? heldConfirmation(decision, bay, own, bays, format) : null;
      });
    });
  }

  mountAsk('/console/confirm/undo', async (ctx, format) => {
    const id = named(ctx, 'appointment');
    const entry = named(ctx, 'entry');
    const found = await findUndoable(id, entry, parts);
    return found.map((it) => it && undoConfirmation(id, it.customerName, entry, it.change, bays, format));
  });

  for (const act of sandbox ? (['cancel', 'delete'] as const) : []) {
    mountAsk(`/console/confirm/${act}`, (ctx) => {
      const sides = sandbox?.sides().find(({ appointmentId }) => appointmentId === named(ctx, 'appointment'));
      return Promise.resolve(Ok(sides ? cancelConfirmation(act, sides, bays) : null));
    });
  }
}
