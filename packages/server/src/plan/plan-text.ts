import type { HeldEdit, Instant, TimeZones } from '@loft/sync-core';
import type { PlanEntry, SyncPlan } from '@loft/sync-core/reports';
import type { Content } from '@loft/sync-core/store';
import { painted, type Paint } from '../cli/paint.js';
import { zonedFormat, type ZonedFormat } from '../http/zoned-format.js';
import { textChanges } from './text-changes.js';

/** Options of the output. */
export interface PlanTextOptions {
  readonly timeZone: string;
  readonly timeZones: TimeZones;
  readonly bayName: (bay: string) => string;
  readonly colours: boolean | undefined;
}

/** A line of the diff with its prefix. */
type Line = readonly ['+' | '-' | ' ', string];

const SIDES = { google: 'Google Calendar', uschedule: 'USchedule' } as const;
const PAINTS: Readonly<Record<Line[0], Paint | null>> = { '+': 'good', '-': 'bad', ' ': null };

/** A time and a bay. */
type Place = Pick<Content, 'start' | 'end' | 'bay'>;

function slot({ start, end, bay }: Place, format: ZonedFormat, bayName: PlanTextOptions['bayName']): string {
  const until = format.day(start) === format.day(end) ? '' : `${format.day(end)} `;
  return `${format.day(start)} ${format.time(start)}–${until}${format.time(end)}, ${bayText(bay, { bayName })}`;
}

function bayText(bay: string | null, { bayName }: Pick<PlanTextOptions, 'bayName'>): string {
  return bay === null ? 'no bay' : bayName(bay);
}

/** Lists the fields that differ between before and after; all fields if only one of the two exists. */
function diff({ before, after }: PlanEntry, format: ZonedFormat, bayName: PlanTextOptions['bayName']): readonly Line[] {
  const lines: Line[] = [];
  const both = before !== null && after !== null;
  const add = (name: string, old: string | undefined, now: string | undefined): void => {
    if (both && old === now) return;
    if (old !== undefined && old !== '') lines.push(['-', `${name}  ${old}`]);
    if (now !== undefined && now !== '') lines.push(['+', `${name}  ${now}`]);
  };
  add('when ', before ? slot(before, format, bayName) : undefined, after ? slot(after, format, bayName) : undefined);
  add('title', before?.title, after?.title);
  // All lines if both exist, because the difference may be in any of them.
  const textOf = (content: Content | null): string | undefined => shownText(content?.description, both);
  add('text ', textOf(before), textOf(after));
  return lines;
}

/** Formats the whole text with its further lines indented, or the first line alone. */
function shownText(text: string | undefined, whole: boolean): string | undefined {
  const [line, ...more] = text?.split('\n') ?? [];
  if (line === undefined || more.length === 0) return line;
  return whole ? [line, ...more].join(`\n${' '.repeat(11)}`) : `${line} …`;
}

function paragraph(entry: PlanEntry, format: ZonedFormat, { bayName, colours }: PlanTextOptions): string {
  const { appointmentId, action, reason, writes, eventId, before, after } = entry;
  const where = writes === 'store' ? 'only recorded' : `written to ${SIDES[writes]}`;
  const event = eventId === null ? '' : `, event ${eventId}`;
  const unchanged = before ?? after;
  const lines = diff(entry, format, bayName);
  const shown: readonly Line[] =
    lines.length > 0 || !unchanged ? lines : [[' ', `when   ${slot(unchanged, format, bayName)}`]];
  return [
    `${painted(appointmentId, 'strong', colours)}  ${action}  [${reason}]  ${where}${event}`,
    ...shown.map(([sign, text]) => {
      const paint = PAINTS[sign];
      const line = `  ${sign} ${text}`;
      return paint ? painted(line, paint, colours) : line;
    }),
  ].join('\n');
}

/** `3 create, 1 cancel` */
function counts(entries: readonly PlanEntry[]): string {
  const byAction = new Map<string, number>();
  for (const { action } of entries) byAction.set(action, (byAction.get(action) ?? 0) + 1);
  return [...byAction].map(([action, count]) => `${count} ${action}`).join(', ');
}

function summary(plan: SyncPlan): string {
  const to = (side: PlanEntry['writes']): readonly PlanEntry[] => plan.entries.filter(({ writes }) => writes === side);
  const parts = (['google', 'uschedule'] as const)
    .filter((side) => to(side).length > 0)
    .map((side) => `to ${SIDES[side]} ${counts(to(side))}`);
  const recorded = to('store').length;
  return [
    parts.length > 0 ? `It would write ${parts.join('; ')}.` : 'It would write nothing.',
    ...(recorded > 0 ? [`Correct on both sides, only recorded in the store: ${recorded}.`] : []),
    textSummary(plan),
  ].join(' ');
}

/** Counts changes of existing events. */
function textSummary({ entries }: SyncPlan): string {
  const changes = textChanges(entries);
  if (changes.length === 0) return 'It would change no text of an event.';
  const named = changes.map(({ appointmentId, field }) => `${field} of ${appointmentId}`).join(', ');
  return `Texts of events that it would change: ${changes.length} (${named}).`;
}

/** Formats the list below a heading; empty if the list is empty. */
function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [[title, ...lines.map((line) => `  ${line}`)].join('\n')];
}

function atOf(at: Instant, format: ZonedFormat): string {
  return `${format.day(at)} ${format.time(at)}`;
}

/** One line of a held edit: the customer, the time and bay of the booking, and the effect of a release. */
function heldLine(edit: HeldEdit, format: ZonedFormat, bayName: PlanTextOptions['bayName']): string {
  const effect = edit.to === null ? 'cancel the booking' : `move the booking to ${slot(edit.to, format, bayName)}`;
  return `${edit.appointmentId}  ${edit.customerName}, ${slot(edit, format, bayName)}: a release would ${effect}`;
}

/** Formats a plan: the writes as a diff, and all warnings. */
export function planText(plan: SyncPlan, options: PlanTextOptions): string {
  const format = zonedFormat(options.timeZone, options.timeZones);
  const { at, bookingsRead, entries, eventsRead, held, notes, stopped, stops, undecided, warnings } = plan;
  const written = entries.filter(({ writes }) => writes !== 'store');
  const recorded = entries.filter(({ writes }) => writes === 'store');
  return [
    `What a sync would do on ${atOf(at, format)} (${options.timeZone}), after ${bookingsRead} bookings and ${eventsRead} events were read.`,
    ...written.map((entry) => paragraph(entry, format, options)),
    ...section(
      'Only recorded in the store:',
      recorded.map(({ appointmentId, reason }) => `${appointmentId}  [${reason}]`),
    ),
    ...section(
      'Held until a person releases or reverts them:',
      held.map((edit) => heldLine(edit, format, options.bayName)),
    ),
    ...section(
      'Reported, and not changed:',
      notes.map(({ appointmentId, reason, detail }) => `${appointmentId}  [${reason}]  ${detail}`),
    ),
    ...section(
      'Not decided yet:',
      undecided.map(({ appointmentId, detail }) => `${appointmentId}  ${detail}`),
    ),
    ...section('Held back by a guard:', [
      ...stops,
      ...stopped.map(
        ({ appointmentId, customerName, start, bay, would }) =>
          `${appointmentId}  ${customerName}, ${atOf(start, format)}, ${bayText(bay, options)}: a resume would ${would}`,
      ),
    ]),
    ...section('Warnings:', warnings),
    summary(plan),
  ].join('\n\n');
}
