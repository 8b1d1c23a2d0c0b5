import type { Bay, HeldEdit } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';

/** What the forms of a panel carry. */
export interface Forms {
  readonly token: string;
  /** Where to come back to. */
  readonly back: string;
}

function wouldOf({ would, to }: HeldEdit, bays: readonly Bay[], format: ZonedFormat): string {
  if (would === 'cancel' || to === null) return 'cancel the booking';
  const bay = bays.find((one) => one.bay === to.bay)?.name ?? to.bay;
  return `move the booking to ${format.day(to.start)} ${format.time(to.start)}, ${bay}`;
}

/** The form names the edits of the list above it: what was held meanwhile is not decided with them. */
function decisionForm(
  bay: string,
  decision: 'release' | 'revert',
  edits: readonly HeldEdit[],
  { token, back }: Forms,
): Html {
  const ids = edits.map(
    ({ appointmentId }) => html`<input type="hidden" name="appointment" value="${appointmentId}" />`,
  );
  const words = decision === 'release' ? 'Release these edits' : 'Put these events back';
  return html`<form method="post" action="/console/held/${encodeURIComponent(bay)}/${decision}" data-act>
    <input type="hidden" name="form" value="${token}" /><input type="hidden" name="back" value="${back}" />${ids}
    <button>${words}</button>
  </form>`;
}

/** The edits that the guard holds, bay by bay and one by one, with what is to be decided about them. */
export function heldPanel(
  held: readonly HeldEdit[],
  { bays, format, forms }: { readonly bays: readonly Bay[]; readonly format: ZonedFormat; readonly forms: Forms },
): Html {
  const sections = bays.flatMap(({ bay, name }) => {
    const edits = held.filter((edit) => edit.bay === bay);
    if (edits.length === 0) return [];
    const lines = edits.map(
      (edit) =>
        html`<li>
          ${edit.customerName}, ${format.day(edit.start)} ${format.time(edit.start)}: would
          ${wouldOf(edit, bays, format)}
          <span class="quiet"
            >appointment ${edit.appointmentId}, edited ${format.day(edit.at)} ${format.time(edit.at)}</span
          >
        </li>`,
    );
    return [
      html`<details open>
        <summary>${name}: ${edits.length === 1 ? '1 edit is held' : `${edits.length} edits are held`}</summary>
        <ul>
          ${lines}
        </ul>
        ${decisionForm(bay, 'release', edits, forms)}${decisionForm(bay, 'revert', edits, forms)}
      </details>`,
    ];
  });
  return html`${sections}`;
}
