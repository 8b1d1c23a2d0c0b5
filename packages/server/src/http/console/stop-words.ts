import type { Bay } from '@loft/sync-core';

/** Describes the reason of a stop to a person who manages the studio: without names of settings. */
export function stopWords(reason: string): string {
  return reason
    .replace(', which is more than massChangeLimit allows', '')
    .replace('resumes the feed', 'resumes it')
    .replace(/\.$/, '');
}

/** Says what to check before a resume. A failure of the other side can look like an empty list. */
export function stopAdvice(bay: string | null): string {
  const [where, what] =
    bay === null
      ? ['USchedule', 'these bookings are really gone']
      : ['Google Calendar', 'these events are really gone'];
  return `First check in ${where} whether ${what}. If they are still there, wait: it continues by itself when they are read again.`;
}

const HELD = /^bay (?<bay>[^:]+): (?<count>\d+) edits of events are held by the guard /;
const STOPPED = /^feed (?<feed>\S+) was stopped by a guard: (?<why>.+)$/;

/** Describes a reason of `/ready` that concerns a guard in plain words; any other reason is unchanged. */
export function reasonWords(reason: string, bays: readonly Bay[]): string {
  const held = HELD.exec(reason)?.groups;
  if (held) {
    const name = bays.find(({ bay }) => bay === held['bay'])?.name ?? `bay ${held['bay'] ?? ''}`;
    const edits =
      held['count'] === '1' ? '1 edit in Google Calendar is' : `${held['count'] ?? ''} edits in Google Calendar are`;
    return `${name}: ${edits} held until you decide`;
  }
  const stop = STOPPED.exec(reason)?.groups;
  if (!stop) return reason;
  const bay = bays.find(({ calendarId }) => stop['feed'] === `calendar:${calendarId}`);
  const what = bay === undefined ? 'The bookings are' : `The calendar of ${bay.name} is`;
  return `${what} paused: ${stopWords(stop['why'] ?? '')}`;
}
