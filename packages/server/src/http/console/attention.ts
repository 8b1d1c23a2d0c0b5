import type { Bay } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import { checkoutPanel } from './checkout-panel.js';
import { heldPanel } from './held-panel.js';
import { deadLetterPanel, UNREACHABLE, type Forms } from './panels.js';
import type { ConsoleState } from './state.js';
import { stopPanel } from './stop-panel.js';
import { troubleLines } from './trouble-lines.js';

const NOT_READY =
  'The reasons are at the top of the page. The service tries again by itself; "loft-sync doctor" names the remedy.';

/** Renders everything that needs a person: bays in trouble, paused feeds, held edits and checkouts, dead letters. */
export function attentionCard(
  { about, checkouts, deadLetters, held, readiness, status, troubles }: ConsoleState,
  { bays, format, forms }: { readonly bays: readonly Bay[]; readonly format: ZonedFormat; readonly forms: Forms },
): Html {
  const { back } = forms;
  const isEmpty =
    troubles.length === 0 &&
    checkouts.length === 0 &&
    held?.length === 0 &&
    deadLetters?.length === 0 &&
    status?.feeds.every(({ stopped }) => stopped === null) === true;
  // A paused feed has a message of its own.
  const unread = troubles.filter(({ cause }) => cause === 'error');
  return html`<section class="card attention" aria-labelledby="letters-title">
    <h2 id="letters-title" tabindex="-1">Needs attention</h2>
    <div id="troubles" data-live>
      ${
        unread.length === 0
          ? ''
          : html`<ul class="letters">
              ${troubleLines(unread, bays)}
            </ul>`
      }
    </div>
    <div id="stops" data-live>${status ? stopPanel(status, bays, back) : ''}</div>
    <div id="held" data-live>${held ? heldPanel(held, { bays, format, back }) : UNREACHABLE}</div>
    <div id="checkouts" data-live>${checkoutPanel(checkouts, { bays, format, forms })}</div>
    <div id="letters" data-live>
      ${deadLetters ? deadLetterPanel(deadLetters, about, format, forms) : UNREACHABLE}
      ${isEmpty ? html`<p class="quiet nothing">${readiness.ready ? 'Nothing needs attention.' : NOT_READY}</p>` : ''}
    </div>
  </section>`;
}
