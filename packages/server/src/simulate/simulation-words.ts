import { FAULT_KINDS, type SimulationTotals } from '@loft/sync-core/testing';
import type { EpisodeTask } from './episode-task.js';
import { formatRanges, type SimulateArguments } from './simulate-arguments.js';
import { DEFAULT_EPISODE_STEPS, DEFAULT_STEPS } from './simulate-defaults.js';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function count(number: number): string {
  return whole.format(number);
}

/** Describes the simulation before it starts. */
export function announcement({ faults, jobs, seed, steps }: SimulateArguments, episodes: number): string {
  const kinds = faults.length === 0 ? 'no faults' : `${faults.length} kinds of faults`;
  return `Simulating ${count(steps)} steps with ${kinds} from seed ${seed}: ${count(episodes)} episodes on ${jobs} threads.`;
}

/** Formats the command that replays one episode. */
export function replayCommand({ seed, steps, faults, skip }: EpisodeTask, more = ''): string {
  const kinds = faults.length === FAULT_KINDS.length ? 'all' : faults.length === 0 ? 'none' : faults.join(',');
  return [
    `npm run simulate -- --seed ${seed}`,
    steps === DEFAULT_STEPS ? '' : `--steps ${steps}`,
    steps > DEFAULT_EPISODE_STEPS ? `--episode-steps ${steps}` : '',
    kinds === 'all' ? '' : `--faults ${kinds}`,
    skip.length === 0 ? '' : `--skip ${formatRanges(skip)}`,
    more,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** Formats the totals of all episodes. */
export function summary(totals: SimulationTotals, seconds: number): string {
  const { episodes, failed, steps, acts, crashes, deadLetters, virtualHours } = totals;
  const { calendarWrites, bookingWrites, bookingChanges, eventChanges } = totals;
  const lines: [string, string][] = [
    ['episodes', `${count(episodes)}, ${failed === 0 ? 'all clean' : `${count(failed)} FAILED`}`],
    ['steps', `${count(steps)} in ${seconds.toFixed(0)} s, ${count(steps / Math.max(seconds, 0.001))} a second`],
    ['virtual time', `${count(virtualHours / 24)} days`],
    ['acts of people', count(acts)],
    ['writes per human change', perChange(calendarWrites + bookingWrites, bookingChanges + eventChanges, 'changes')],
    ['  in the calendars', `${perChange(calendarWrites, bookingChanges, 'booking changes')}, reverted edits included`],
    ['  in the bookings', perChange(bookingWrites, eventChanges, 'event changes')],
    ['crashes', count(crashes)],
    [
      'dead letters',
      `${count(deadLetters)}${deadLetters === 0 ? '' : ', all replayed successfully in a quiescent state'}`,
    ],
    ['faults injected', count(Object.values(totals.faults).reduce((sum, times) => sum + times, 0))],
    ...FAULT_KINDS.flatMap((kind): [string, string][] => {
      const times = totals.faults[kind];
      return times === undefined ? [] : [[`  ${kind}`, count(times)]];
    }),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function perChange(writes: number, changes: number, what: string): string {
  const share = changes === 0 ? '–' : (writes / changes).toFixed(2);
  return `${share} (${count(writes)} for ${count(changes)} ${what})`;
}
