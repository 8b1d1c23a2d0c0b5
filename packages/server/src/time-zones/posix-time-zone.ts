import { DAY, HOUR, MINUTE, SECOND, type Instant } from '@loft/sync-core/time-zones';

/** A day of the year on which clocks change, and the seconds after its midnight. */
interface ChangeRule {
  readonly dayOf: (year: number) => Instant;
  readonly timeMs: number;
}

const NAME = '(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]+>)';
const TIME = '[+-]?\\d{1,3}(?::\\d{2}){0,2}';
const ZONE = new RegExp(`^${NAME}(${TIME})(?:${NAME}(${TIME})?(?:,([^,]+),([^,]+))?)?$`);
const MONTH_RULE = /^M(\d{1,2})\.([1-5])\.([0-6])$/;
const DAY_RULE = /^(J?)(\d{1,3})$/;

/**
 * Parses a POSIX time zone with the extensions of RFC 9636, section 3.3.2: `PST8PDT,M3.2.0,M11.1.0`.
 *
 * @returns a function from an instant to the offset from UTC in milliseconds; null if the text is not a zone
 */
export function posixTimeZone(text: string): ((instant: Instant) => number) | null {
  const [matched, standard, summer, from, to] = ZONE.exec(text) ?? [];
  if (matched === undefined || standard === undefined) return null;
  // POSIX counts positive west of Greenwich.
  const standardOffset = -durationOf(standard);
  if (from === undefined || to === undefined) return matched.includes(',') ? null : () => standardOffset;
  const start = ruleOf(from);
  const end = ruleOf(to);
  if (!start || !end) return null;
  const summerOffset = summer === undefined ? standardOffset + HOUR : -durationOf(summer);
  return (instant) => {
    const year = new Date(instant + standardOffset).getUTCFullYear();
    const starts = start.dayOf(year) + start.timeMs - standardOffset;
    const ends = end.dayOf(year) + end.timeMs - summerOffset;
    const isSummer = starts < ends ? instant >= starts && instant < ends : instant >= starts || instant < ends;
    return isSummer ? summerOffset : standardOffset;
  };
}

/** Parses `-10:30` to milliseconds. */
function durationOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  const duration = hours * HOUR + minutes * MINUTE + seconds * SECOND;
  return text.startsWith('-') ? -duration : duration;
}

function ruleOf(text: string): ChangeRule | null {
  const [day = '', time = '2'] = text.split('/');
  if (!new RegExp(`^${TIME}$`).test(time)) return null;
  const dayOf = dayRuleOf(day);
  return dayOf && { dayOf, timeMs: durationOf(time) };
}

function dayRuleOf(text: string): ChangeRule['dayOf'] | null {
  const [inMonth, month = 0, week = 0, weekday = 0] = (MONTH_RULE.exec(text) ?? []).map(Number);
  if (inMonth !== undefined) return (year) => weekdayOfMonth(year, month, week, weekday);
  const [counted, julian, number] = DAY_RULE.exec(text) ?? [];
  if (counted === undefined) return null;
  const day = Number(number);
  if (julian === '') return (year) => Date.UTC(year, 0, 1) + day * DAY;
  // `J60` is 1 March in every year: 29 February is not counted.
  return (year) => Date.UTC(year, 0, 1) + (day - 1 + (day >= 60 && isLeap(year) ? 1 : 0)) * DAY;
}

/** Finds the nth weekday of a month; the fifth is the last one. */
function weekdayOfMonth(year: number, month: number, week: number, weekday: number): Instant {
  const first = Date.UTC(year, month - 1, 1);
  const day = 1 + ((weekday - new Date(first).getUTCDay() + 7) % 7) + (week - 1) * 7;
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return first + ((day > days ? day - 7 : day) - 1) * DAY;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
