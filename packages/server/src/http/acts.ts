import type { Context } from 'koa';
import type { AppParts } from './app-parts.js';
import { personOf } from './authorization.js';

/** Writes down who did what by hand: in the journal, and as a line of the log. */
export type RecordAct = (ctx: Pick<Context, 'state'>, act: string, appointmentId?: string) => void;

/**
 * @returns a function that takes what was done, in words that follow a name: `replayed it`. Without an appointment the
 * act was on the service as a whole.
 */
export function actRecorder({ clock, journal, log }: Pick<AppParts, 'clock' | 'journal' | 'log'>): RecordAct {
  return (ctx, act, appointmentId = '') => {
    const person = personOf(ctx);
    journal.noteAct({ at: clock.now(), appointmentId, detail: `${person} ${act}` });
    log.info({ person, act, ...(appointmentId !== '' && { appointmentId }) }, 'a person acted');
  };
}
