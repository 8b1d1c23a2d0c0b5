import type { Instant } from '@loft/sync-core';
import { appointmentStory, isCancelled, type AppointmentStory } from '../../journal/appointment-story.js';
import type { StoryLine } from '../../journal/story.js';
import type { AppParts } from '../app-parts.js';
import { isSameSlot } from './pairs.js';

/** The outcome of an action so far. */
export interface Outcome {
  /** null: nothing to report yet. */
  readonly message: string | null;
  /** Whether the outcome is final. */
  readonly isDone: boolean;
}

const NOTHING_YET: Outcome = { message: null, isDone: false };

/** Describes the last line of a history after an action. */
export function outcomeOf(
  name: string,
  { steps, tone, reason }: Pick<StoryLine, 'steps' | 'tone' | 'reason'>,
  now: { readonly isSyncing: boolean; readonly isCancelled: boolean },
): Outcome {
  const said = steps.join(' → ').replace(/\.$/, '');
  if (tone === 'dead-letter') return { message: `${name} needs attention: ${said}.`, isDone: true };
  if (tone === 'waiting') return { message: `${name} is not synced yet: ${said}.`, isDone: false };
  if (now.isSyncing) {
    const follows =
      reason === 'change-undone' ? ' The event follows when USchedule shows the new time, within some seconds.' : '';
    return { message: `${name} is syncing: ${said}.${follows}`, isDone: false };
  }
  if (tone === 'put-back') return { message: `${name} was reverted: ${said}.`, isDone: true };
  if (now.isCancelled) return { message: `${name} is cancelled on both sides: ${said}.`, isDone: true };
  const start = tone === 'done' ? `${name} is synced` : name;
  return { message: `${start}: ${said}.`, isDone: tone === 'done' || reason === 'change-undone' };
}

/** Whether a change of an appointment has not reached the other side. */
function isSyncing(appointmentId: string, { map }: AppointmentStory, { board, sandbox }: AppParts): boolean {
  if (board.unfinished(appointmentId) !== null || (map !== null && map.intent !== null)) return true;
  const sides = sandbox?.sides().find((one) => one.appointmentId === appointmentId);
  return sides !== undefined && !isSameSlot(sides.uschedule, sides.google);
}

/** Reads the outcome of an action on an appointment from its history since the action. */
export async function readOutcome(
  appointmentId: string,
  since: Instant,
  parts: AppParts,
  locale: string,
): Promise<Outcome> {
  const story = await appointmentStory(appointmentId, { ...parts, locale });
  if (story.err || story.val === null) return NOTHING_YET;
  // Lines of manual actions describe the action itself, not its outcome.
  const line = story.val.lines.findLast(({ at, reason, tone }) => at >= since && (tone !== 'quiet' || reason !== null));
  if (line === undefined) return NOTHING_YET;
  const title = story.val.map?.base.title ?? parts.engine.latestBooking(appointmentId)?.customerName ?? '';
  const name = title === '' ? `Appointment ${appointmentId}` : title;
  const circumstances = {
    isSyncing: isSyncing(appointmentId, story.val, parts),
    isCancelled: isCancelled(story.val.map),
  };
  return outcomeOf(name, line, circumstances);
}
