import type { Context } from 'koa';
import type { AppParts } from './app-parts.js';
import { personOf } from './authorization.js';

/** Records a manual action with the name of the person, in the journal and in the log. */
export type RecordAct = (ctx: Pick<Context, 'state'>, act: string, appointmentId?: string) => void;

/**
 * @returns a function that records an action, in words that follow a name: `replayed it`. Without an appointment the
 *   action concerns the whole service.
 */
export function actRecorder({ clock, journal, log }: Pick<AppParts, 'clock' | 'journal' | 'log'>): RecordAct {
  return (ctx, act, appointmentId = '') => {
    const person = personOf(ctx);
    journal.noteAct({ at: clock.now(), appointmentId, detail: `${person} ${act}` });
    log.info({ person, act, ...(appointmentId !== '' && { appointmentId }) }, 'a person acted');
  };
}
