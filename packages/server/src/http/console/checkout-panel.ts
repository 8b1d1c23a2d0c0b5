import type { Bay, HeldCheckout } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import type { Forms } from './panels.js';

/**
 * Renders the held checkouts with the end of each hold (docs/decision-table.md#row-1a). A person who sees the customer
 * can mirror one at once.
 */
export function checkoutPanel(
  checkouts: readonly HeldCheckout[],
  { bays, format, forms }: { readonly bays: readonly Bay[]; readonly format: ZonedFormat; readonly forms: Forms },
): Html {
  if (checkouts.length === 0) return html``;
  const lines = checkouts.map(({ appointmentId, bay, customerName, start, until }) => {
    const name = bays.find((one) => one.bay === bay)?.name ?? bay;
    return html`<li>
      ${customerName === '' ? `Appointment ${appointmentId}` : customerName}, ${name}, ${format.day(start)}
      ${format.time(start)}: its checkout may be in progress until ${format.time(until)}
      <span class="quiet">appointment ${appointmentId}</span>
      <form method="post" action="/console/checkouts/${encodeURIComponent(appointmentId)}/mirror" data-act>
        <input type="hidden" name="form" value="${forms.token}" /><input
          type="hidden"
          name="back"
          value="${forms.back}"
        />
        <button>Put it into the calendar now</button>
      </form>
    </li>`;
  });
  return html`<details open>
    <summary>${checkouts.length === 1 ? '1 checkout is held' : `${checkouts.length} checkouts are held`}</summary>
    <ul>
      ${lines}
    </ul>
  </details>`;
}
