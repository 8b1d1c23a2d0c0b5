import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import type { ConsoleState } from './state.js';

/** Renders the results of a search. */
export function foundView({ found, words }: Pick<ConsoleState, 'found' | 'words'>, format: ZonedFormat): Html {
  if (words === null) return html``;
  const pending = found.pending.map(({ appointmentId, google, title, uschedule }) => ({
    id: appointmentId,
    title,
    start: (uschedule ?? google)?.start ?? null,
    note: ', not in the calendar yet',
  }));
  const mirrored = found.maps.map(({ base, status, uscheduleAppointmentId: id }) => ({
    id,
    title: base.title,
    start: base.start,
    note: status === 'CANCELED' ? ', cancelled' : '',
  }));
  const all = [...pending, ...mirrored];
  if (all.length === 0) return html`<p class="quiet">No booking matches "${words}".</p>`;
  const lines = all.map(({ id, note, start, title }) => {
    const day = start === null ? '' : `day=${format.date(start)}&`;
    const when = start === null ? 'time unknown' : `${format.day(start)} ${format.time(start)}`;
    return html`<li>
      <a href="/?${day}appointment=${encodeURIComponent(id)}" data-nav data-focus="found-${id}">${title}</a>
      <span class="quiet">${when}${note}, appointment ${id}</span>
    </li>`;
  });
  return html`<ul class="found" aria-label="Found">
    ${lines}
  </ul>`;
}
