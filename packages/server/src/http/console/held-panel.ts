import type { Bay, HeldEdit } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import { confirmLink } from './confirm-link.js';

function wouldOf({ would, to }: HeldEdit, bays: readonly Bay[], format: ZonedFormat): string {
  if (would === 'cancel' || to === null) return 'cancel the booking';
  const bay = bays.find((one) => one.bay === to.bay)?.name ?? to.bay;
  return `move the booking to ${format.day(to.start)} ${format.time(to.start)}, ${bay}`;
}

/** Renders the edits that the guard holds, grouped by bay, with the two decisions. */
export function heldPanel(
  held: readonly HeldEdit[],
  { back, bays, format }: { readonly back: string; readonly bays: readonly Bay[]; readonly format: ZonedFormat },
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
        <p class="choices">
          ${confirmLink('release', { bay, back }, `Carry out ${edits.length === 1 ? 'this edit' : 'these edits'} …`)}
          ${confirmLink('revert', { bay, back }, `Revert ${edits.length === 1 ? 'this edit' : 'these edits'} …`)}
        </p>
      </details>`,
    ];
  });
  return html`${sections}`;
}
