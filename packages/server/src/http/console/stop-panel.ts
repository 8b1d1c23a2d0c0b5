import type { Bay, EngineStatus } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import { confirmLink } from './confirm-link.js';
import { stopAdvice, stopWords } from './stop-words.js';

/** Renders the paused feeds, each with a link to its planned actions. */
export function stopPanel({ feeds }: Pick<EngineStatus, 'feeds'>, bays: readonly Bay[], back: string): Html {
  const stops = feeds.flatMap(({ bay, feed, stopped }) => {
    if (stopped === null) return [];
    const name = bays.find((one) => one.bay === bay)?.name;
    const count = stopped.items?.length ?? 0;
    const words =
      count === 0 ? 'Show the planned actions …' : `Show the ${count === 1 ? '1 change' : `${count} changes`} …`;
    return [
      html`<li>
        <p><b>${name === undefined ? 'The bookings are paused' : `The calendar of ${name} is paused`}</b></p>
        <p>${stopWords(stopped.reason)}.</p>
        <p>${stopAdvice(bay)}</p>
        <p class="choices">${confirmLink('resume', { feed, back }, words)}</p>
      </li>`,
    ];
  });
  return stops.length === 0
    ? html``
    : html`<ul class="letters">
        ${stops}
      </ul>`;
}
