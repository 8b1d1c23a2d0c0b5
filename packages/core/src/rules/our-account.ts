import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';

/** Did our account, or a former one, create the event? An event without a creator counts as ours. */
export function isOurAccount({ creatorEmail }: CalendarEvent, { accounts = [] }: Situation, rules: Rules): boolean {
  return creatorEmail === null || accounts.includes(creatorEmail) || rules.formerAccounts.includes(creatorEmail);
}
