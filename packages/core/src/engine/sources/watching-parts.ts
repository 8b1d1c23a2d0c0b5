import type { CalendarSystem } from '../../ports/calendar-system.js';
import type { EngineParts } from '../engine-parts.js';

/** The parts of an engine whose calendar system has watch channels. */
export type WatchingParts = EngineParts & {
  readonly calendars: Required<Pick<CalendarSystem, 'watch' | 'stopChannel'>>;
};

/** Does the calendar system have watch channels? */
export function canWatch(parts: EngineParts): parts is WatchingParts {
  return parts.calendars.watch !== undefined && parts.calendars.stopChannel !== undefined;
}
