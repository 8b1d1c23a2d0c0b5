import type { Bay } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import { bayAnchor } from './bay-anchor.js';
import type { BayTrouble } from './bay-trouble.js';

/** Maximum of bays with a line of their own. */
const NAMED = 3;

/** Renders list items about the bays whose calendar cannot be used, with links to the reason and the remedy. */
export function troubleLines(troubles: readonly BayTrouble[], bays: readonly Bay[]): Html {
  const [first] = troubles;
  if (first === undefined) return html``;
  if (troubles.length > NAMED) {
    return html`<li>
      The calendars of ${troubles.length} bays cannot be used:
      <a href="#${bayAnchor(first.bay)}">why, and what to do</a>
    </li>`;
  }
  const lines = troubles.map(({ bay }) => {
    const name = bays.find((one) => one.bay === bay)?.name ?? `bay ${bay}`;
    return html`<li>The calendar of ${name} cannot be used: <a href="#${bayAnchor(bay)}">why, and what to do</a></li>`;
  });
  return html`${lines}`;
}
