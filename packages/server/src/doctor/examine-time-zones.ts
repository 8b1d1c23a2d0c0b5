import type { CalendarSystem, Instant, SyncSettings, TimeZones } from '@loft/sync-core';
import { CalendarOffsets, UPDATE_RULES, watchOffsets } from '../time-zones/calendar-offsets.js';
import { outdatedRulesWarning } from '../time-zones/outdated-rules.js';
import { daysText, offsetText, sourceText, zoneDisagreements } from '../time-zones/zone-disagreements.js';
import { windowOf } from '../time-zones/zone-notices.js';
import { pass, skipped, warn, type Finding } from './finding.js';

export interface ZonePatient {
  readonly settings: SyncSettings;
  /** The rules that the service uses. */
  readonly timeZones: TimeZones;
  /** All sources of this machine. */
  readonly sources: readonly TimeZones[];
  readonly calendars: CalendarSystem;
  readonly now: Instant;
}

const RULES = 'time zone rules';
const GOOGLE = 'time zone at Google';

/** Checks the age of the zone rules, and whether other sources of this machine or Google contradict them. */
export async function* examineTimeZones(patient: ZonePatient): AsyncGenerator<Finding> {
  const { settings, timeZones, sources, now } = patient;
  const { timeZone } = settings;
  const window = windowOf(settings.uschedule, now);
  const outdated = outdatedRulesWarning(timeZone, timeZones, window, now);
  yield outdated === null
    ? pass(RULES, `${sourceText(timeZones)}, for ${timeZone}`)
    : warn(RULES, outdated, 'The service works; compare a booking of these dates with its event.');
  for (const other of sources) {
    if (other.source === timeZones.source || !other.isZone(timeZone)) continue;
    const differences = zoneDisagreements(timeZone, window, [timeZones, other]);
    if (differences.length === 0) continue;
    const dates = differences.map(
      (difference) =>
        `${daysText(difference, timeZone, timeZones)} (${offsetText(difference.offsets[0])}, not ${offsetText(difference.offsets[1])})`,
    );
    const found = `${sourceText(other)} differs from ${sourceText(timeZones)} for ${timeZone} on ${dates.join(' and ')}`;
    yield warn(RULES, found, 'The service uses the newer ones. Update the others for other programs of this machine.');
  }
  yield await askCalendars(patient);
}

/** Compares our rules with the offsets in the starts of Google's events. */
async function askCalendars({ settings, timeZones, calendars }: ZonePatient): Promise<Finding> {
  const offsets = new CalendarOffsets({ timeZone: settings.timeZone, timeZones });
  const watched = watchOffsets(calendars, offsets);
  let read: number | null = null;
  for (const { calendarId } of settings.bays) {
    const page = await watched.listEvents(calendarId, { syncToken: null, pageToken: null });
    if (page.err) continue;
    read = (read ?? 0) + (page.val.timeZone === settings.timeZone ? page.val.events.length : 0);
  }
  const warning = offsets.warning();
  if (warning !== null) return warn(GOOGLE, warning, `${UPDATE_RULES}.`);
  if (read === null) return skipped(GOOGLE, 'a calendar that can be read');
  return pass(GOOGLE, read === 0 ? 'no event of a calendar in this zone to compare with' : `${read} events agree`);
}
