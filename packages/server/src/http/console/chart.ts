import type { Instant } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import type { Propagation } from '../live-board.js';

const WIDTH = 320;
const HEIGHT = 120;
const LEFT = 34;
const BOTTOM = 14;
const TOP = 8;

/** The axis ranges from a tenth of a second to a quarter of an hour. */
const LOWEST = 100;
const HIGHEST = 900_000;
const MARKS: readonly (readonly [number, string])[] = [
  [100, '0.1 s'],
  [1000, '1 s'],
  [10_000, '10 s'],
  [60_000, '1 min'],
  [600_000, '10 min'],
];

function heightOf(milliseconds: number): number {
  const share = Math.log(Math.min(Math.max(milliseconds, LOWEST), HIGHEST) / LOWEST) / Math.log(HIGHEST / LOWEST);
  return Math.round((HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)) * 10) / 10;
}

function duration(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds < 120_000) return `${Math.round(milliseconds / 1000)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

/** @returns the quantile: the value that is not exceeded by this share of the values */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function dot({ at, direction, milliseconds }: Propagation, index: number, count: number, format: ZonedFormat): Html {
  const x = Math.round((LEFT + 8 + ((WIDTH - LEFT - 16) * (index + 0.5)) / count) * 10) / 10;
  const y = heightOf(milliseconds);
  const [kind, way] =
    direction === 'USCHEDULE_TO_GCAL' ? ['to-google', 'USchedule to Google'] : ['to-uschedule', 'Google to USchedule'];
  const title = html`<title>${format.time(at)}, ${way}: ${duration(milliseconds)}</title>`;
  // The two directions also differ in shape, for readers who cannot distinguish the colours.
  if (kind === 'to-google') return html`<circle class="${kind}" cx="${x}" cy="${y}" r="3.2">${title}</circle>`;
  return html`<path class="${kind}" d="M${x} ${y - 4.2}l4 7h-8z">${title}</path>`;
}

/** Renders the durations of the latest changes as dots on a logarithmic axis. */
export function propagationChart(propagations: readonly Propagation[], format: ZonedFormat, since: Instant): Html {
  if (propagations.length === 0) return html`<p class="quiet">No change since the start (${format.time(since)}).</p>`;
  const sorted = propagations.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  const half = duration(quantile(sorted, 0.5));
  const most = duration(quantile(sorted, 0.95));
  const count = propagations.length;
  const words =
    count === 1
      ? `The last change took ${most}.`
      : `The last ${count} changes: half of them within ${half}, 95 % within ${most}.`;
  // Keeps a number and its unit on one line.
  const shown = words.replaceAll(/(?<=\d) (?=[a-z%])/g, '\u00a0');
  const lines = MARKS.map(
    ([milliseconds, label]) =>
      html`<path class="line" d="M${LEFT} ${heightOf(milliseconds)}H${WIDTH}" /><text
          x="${LEFT - 4}"
          y="${heightOf(milliseconds) + 3}"
          text-anchor="end"
          >${label}</text
        >`,
  );
  const dots = propagations.map((propagation, index) => dot(propagation, index, count, format));
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words}">${lines}${dots}</svg>
    <p class="quiet">${shown}</p>
    <p class="legend" aria-hidden="true">
      <span class="to-google">● USchedule to Google</span> <span class="to-uschedule">▲ Google to USchedule</span>
    </p>`;
}
