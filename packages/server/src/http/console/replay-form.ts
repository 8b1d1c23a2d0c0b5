import { html, type Html } from '../html.js';
import type { Forms } from './panels.js';

/** Renders the button that retries a dead letter. */
export function replayForm(appointmentId: string, { back, token }: Forms): Html {
  return html`<form method="post" action="/console/dead-letters/${encodeURIComponent(appointmentId)}/replay" data-act>
    <input type="hidden" name="form" value="${token}" /><input type="hidden" name="back" value="${back}" />
    <button aria-label="Try again: appointment ${appointmentId}">Try again</button>
  </form>`;
}
