import { HOUR, type Bay, type Instant } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import { confirmLink } from './confirm-link.js';
import type { Pair } from './pairs.js';
import type { Forms } from './panels.js';

/** The arguments of the forms of the sandbox. */
export interface SandboxForms {
  readonly bays: readonly Bay[];
  readonly day: Instant;
  readonly format: ZonedFormat;
  readonly forms: Forms;
}

function hidden({ format, day, forms }: SandboxForms): Html {
  return html`<input type="hidden" name="form" value="${forms.token}" />
    <input type="hidden" name="back" value="${forms.back}" />
    <input type="hidden" name="day" value="${format.date(day)}" />`;
}

function bayChoice(bays: readonly Bay[], chosen: string | null): Html {
  const options = bays.map(({ bay, name }) =>
    bay === chosen
      ? html`<option value="${bay}" selected>${name}</option>`
      : html`<option value="${bay}">${name}</option>`,
  );
  return html`<label
    >Bay
    <select name="bay">
      ${options}
    </select></label
  >`;
}

function timeChoice(time: string): Html {
  return html`<label>at <input type="time" name="time" step="300" required value="${time}" /></label>`;
}

/** Renders the form of a new booking. */
export function bookForm(parts: SandboxForms): Html {
  return html`<form method="post" action="/console/sandbox/book" data-act class="act">
    ${hidden(parts)}
    <fieldset>
      <legend>A customer books in USchedule</legend>
      <label>Name <input name="customerName" required maxlength="60" value="Noor A." autocomplete="off" /></label>
      ${bayChoice(parts.bays, null)} ${timeChoice(parts.format.clock(parts.day + 20 * HOUR))}
      <button>Book</button>
    </fieldset>
  </form>`;
}

function sideForms(parts: SandboxForms, pair: Pair, side: 'booking' | 'event'): Html {
  const slot = side === 'booking' ? pair.uschedule : pair.google;
  const [legend, move, remove, act] =
    side === 'booking'
      ? (['The customer, in USchedule', 'Move booking', 'Cancel booking …', 'cancel'] as const)
      : (['The person in Google Calendar', 'Move event', 'Delete event …', 'delete'] as const);
  if (slot === null) return html`<p class="quiet">${legend}: nothing on this side.</p>`;
  const path = `/console/sandbox/${side}s/${encodeURIComponent(pair.appointmentId)}`;
  return html`<fieldset>
    <legend>${legend}</legend>
    <form method="post" action="${path}/move" data-act class="act">
      ${hidden(parts)} ${bayChoice(parts.bays, slot.bay)} ${timeChoice(parts.format.clock(slot.start))}
      <button>${move}</button>
    </form>
    <p class="choices">${confirmLink(act, { appointment: pair.appointmentId, back: parts.forms.back }, remove)}</p>
  </fieldset>`;
}

/** Renders the actions on an appointment, on either side. */
export function pairForms(parts: SandboxForms, pair: Pair): Html {
  return html`${sideForms(parts, pair, 'booking')} ${sideForms(parts, pair, 'event')}`;
}
