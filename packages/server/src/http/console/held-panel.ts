import type { Bay, HeldEdit } from '@loft/sync-core';
import { Html, html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import { confirmLink } from './confirm-link.js';

/** Number of edits above which the list is collapsed at first. */
const SHOWN = 5;

function wouldOf({ would, to }: HeldEdit, bays: readonly Bay[], format: ZonedFormat): string {
  if (would === 'cancel' || to === null) return 'cancel the booking';
  const bay = bays.find((one) => one.bay === to.bay)?.name ?? to.bay;
  return `move the booking to ${format.day(to.start)} ${format.time(to.start)}, ${bay}`;
}

/** Returns the bays that may have held edits: those of the settings, and those that were removed from them since. */
export function heldBays(held: readonly HeldEdit[], bays: readonly Bay[]): readonly Pick<Bay, 'bay' | 'name'>[] {
  const removed = new Set(held.map(({ bay }) => bay).filter((name) => !bays.some(({ bay }) => bay === name)));
  return [...bays, ...[...removed].map((bay) => ({ bay, name: `${bay} (not in the settings)` }))];
}

/** Renders the edits that the guard holds, grouped by bay, with the two decisions. */
export function heldPanel(
  held: readonly HeldEdit[],
  { back, bays, format }: { readonly back: string; readonly bays: readonly Bay[]; readonly format: ZonedFormat },
): Html {
  const sections = heldBays(held, bays).flatMap(({ bay, name }) => {
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
    const [these, count] =
      edits.length === 1 ? ['this edit', '1 edit is held'] : ['these edits', `${edits.length} edits are held`];
    return [
      html`<p><b>${name}: ${count}</b></p>
        <p class="choices">
          ${confirmLink('release', { bay, back }, `Carry out ${these} …`)}
          ${confirmLink('revert', { bay, back }, `Revert ${these} …`)}
        </p>
        <details id="held-${encodeURIComponent(bay)}" ${new Html(edits.length > SHOWN ? '' : 'open')}>
          <summary>${edits.length === 1 ? 'The edit' : 'The edits'}</summary>
          <ul>
            ${lines}
          </ul>
        </details>`,
    ];
  });
  if (sections.length === 0) return html``;
  return html`<p>
      Many events were moved or deleted in Google Calendar within ten minutes, which may be a mistake. Their bookings in
      USchedule do not change until you decide.
    </p>
    ${sections}`;
}
