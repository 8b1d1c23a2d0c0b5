import type { Bay } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import { foundBookings } from './found.js';
import type { ConsoleState } from './state.js';

/** Renders the results of a search. */
export function foundView(
  { attention, found, words }: Pick<ConsoleState, 'attention' | 'found' | 'words'>,
  bays: readonly Bay[],
  format: ZonedFormat,
): Html {
  if (words === null) return html``;
  const all = foundBookings({ attention, found });
  if (all.length === 0) return html`<p class="quiet">No booking matches "${words}".</p>`;
  const lines = all.map(({ bay, id, note, start, title }) => {
    const name = bays.find((one) => one.bay === bay)?.name;
    const when = `${format.day(start)} ${format.time(start)}`;
    return html`<li>
      <a
        href="/?day=${format.date(start)}&appointment=${encodeURIComponent(id)}&q=${encodeURIComponent(words)}"
        data-nav
        data-focus="found-${id}"
        >${title}</a
      >
      <span class="quiet">${when}${name === undefined ? '' : `, ${name}`}${note}, appointment ${id}</span>
    </li>`;
  });
  return html`<ul class="found" aria-label="Found">
    ${lines}
  </ul>`;
}
