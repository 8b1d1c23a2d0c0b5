import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import type { Confirmation } from './confirmation.js';
import { frame } from './frame.js';
import type { Forms } from './panels.js';

function listOf({ items }: Confirmation, format: ZonedFormat): Html {
  if (items.length === 0) return html``;
  const rows = items.map(
    ({ appointmentId, bay, customerName, start, would }) =>
      html`<tr>
        <th scope="row">${customerName} <span class="quiet">${appointmentId}</span></th>
        <td>${format.day(start)} ${format.time(start)}</td>
        <td>${bay}</td>
        <td>${would}</td>
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="What would be done">
    <table>
      <thead>
        <tr>
          <th scope="col">Customer</th>
          <th scope="col">booked for</th>
          <th scope="col">bay</th>
          <th scope="col">would be done</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** Renders a page with one part, which the page's script shows as a dialog. */
function stepPage(title: string, part: Html): string {
  return frame(
    `${title} · Loft calendar sync`,
    html`<header class="top">
        <h1><a href="/">Loft calendar sync</a></h1>
      </header>
      <main class="single"><section class="card" id="confirm" aria-labelledby="confirm-title">${part}</section></main>`,
  );
}

/** Renders the second step of an action: each effect, and a button that executes exactly these. */
export function confirmPage(confirmation: Confirmation, format: ZonedFormat, { back, token }: Forms): string {
  const { action, button, fields, title, why } = confirmation;
  return stepPage(
    title,
    html`<h2 id="confirm-title" tabindex="-1">${title}</h2>
      <p>${why}</p>
      ${listOf(confirmation, format)}
      <form method="post" action="${action}" data-act class="confirm">
        <input type="hidden" name="form" value="${token}" /><input type="hidden" name="back" value="${back}" />
        ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <button class="strong">${button}</button>
        <a href="${back}" data-close>Change nothing</a>
      </form>`,
  );
}

/** Renders the answer if there is nothing to confirm. */
export function nothingToConfirmPage(back: string): string {
  return stepPage(
    'Nothing to decide',
    html`<h2 id="confirm-title" tabindex="-1">Nothing to decide</h2>
      <p>There is nothing left to decide here: it was decided already, or has changed. Load the page again.</p>
      <p><a href="${back}" data-close>Back</a></p>`,
  );
}
