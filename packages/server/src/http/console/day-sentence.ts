import type { Instant } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import type { DayCount, Week } from './week.js';

/** Formats the bookings that are not synced, the urgent ones first. */
function problemsOf({ attention, missed, notKnown, syncing }: DayCount): readonly string[] {
  return [
    ...(attention > 0 ? [`${attention} ${attention === 1 ? 'needs' : 'need'} attention`] : []),
    ...(syncing > 0 ? [`${syncing} syncing`] : []),
    ...(notKnown > 0 ? [`${notKnown} not known, because the calendar cannot be read`] : []),
    ...(missed > 0 ? [`${missed} without an event in Google Calendar`] : []),
  ];
}

/**
 * Describes a day in one sentence without its end: `all 12 bookings synced, 1 cancelled`, `2 of 12 bookings need
 * attention, 10 synced`, `no bookings`.
 *
 * @param isKnown whether a count of 0 means that there are no bookings
 */
export function daySentence(count: DayCount, isKnown: boolean): string {
  const { booked, cancelled, synced } = count;
  const after = cancelled > 0 ? `, ${cancelled} cancelled` : '';
  if (booked === 0) return isKnown || cancelled > 0 ? `no bookings on this day${after}` : 'no data about this day';
  const problems = problemsOf(count);
  const [first = '', ...others] = problems;
  if (problems.length === 0)
    return booked === 1 ? `1 booking, synced${after}` : `all ${booked} bookings synced${after}`;
  const [number = '', ...words] = first.split(' ');
  if (booked === 1) return `1 booking, ${words.join(' ')}${after}`;
  const shown = [`${number} of ${booked} bookings ${words.join(' ')}`, ...others];
  return `${[...shown, ...(synced > 0 ? [`${synced} synced`] : [])].join(', ')}${after}`;
}

/** Adds the counts of all bays. */
function sumOf(counts: readonly DayCount[]): DayCount {
  const sum = (of: (count: DayCount) => number): number => counts.reduce((total, count) => total + of(count), 0);
  return {
    booked: sum(({ booked }) => booked),
    synced: sum(({ synced }) => synced),
    syncing: sum(({ syncing }) => syncing),
    attention: sum(({ attention }) => attention),
    cancelled: sum(({ cancelled }) => cancelled),
    notKnown: sum(({ notKnown }) => notKnown),
    missed: sum(({ missed }) => missed),
  };
}

/** A day with its sentence. */
export interface DaySummary {
  readonly day: Instant;
  readonly sentence: string;
  /** For the colour of the sentence. */
  readonly tone: 'good' | 'warn' | 'bad' | 'quiet';
}

/** Describes a day of the week over all bays. @returns null if the week does not contain the day */
export function summaryOf(day: Instant, { bays, days, known }: Week): DaySummary | null {
  const index = days.indexOf(day);
  if (index === -1) return null;
  const count = sumOf(bays.flatMap(({ counts }) => counts[index] ?? []));
  const isClean = count.synced === count.booked;
  const tone = count.attention > 0 ? 'bad' : isClean ? 'good' : 'warn';
  return { day, sentence: daySentence(count, known[index] ?? false), tone: count.booked === 0 ? 'quiet' : tone };
}

/** Renders the sentences of the days, each with a link to its day. */
export function daySentences(
  summaries: readonly DaySummary[],
  { yesterday, today, tomorrow }: Readonly<Record<'yesterday' | 'today' | 'tomorrow', Instant>>,
  format: ZonedFormat,
): Html {
  const names = new Map([
    [yesterday, 'Yesterday, '],
    [today, 'Today, '],
    [tomorrow, 'Tomorrow, '],
  ]);
  const lines = summaries.map(
    ({ day, sentence, tone }) =>
      html`<li>
        ${names.get(day) ?? ''}<a href="/?day=${format.date(day)}" data-nav data-focus="said-${format.date(day)}"
          >${format.shortDay(day)}</a
        >: <span class="${tone}">${sentence}</span>.
      </li>`,
  );
  return html`<ul class="said" aria-label="Was each day synced?">
    ${lines}
  </ul>`;
}
