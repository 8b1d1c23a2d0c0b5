import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import type { About } from './about.js';

/** A warning of `/ready` about one appointment: its id, the name of the row, and a sentence. */
const OF_APPOINTMENT = /^appointment (?<id>[^\s:]+): (?:(?<reason>[a-z]+(?:-[a-z]+)+): )?(?<text>.+)$/;

/** @returns the appointments that warnings are about */
export function warnedAppointments(warnings: readonly string[]): readonly string[] {
  return warnings.flatMap((warning) => OF_APPOINTMENT.exec(warning)?.groups?.['id'] ?? []);
}

/** Renders the warnings of `/ready`, with customers instead of ids. The name of the row is a title. */
export function warningLines(
  warnings: readonly string[],
  about: ReadonlyMap<string, About>,
  format: ZonedFormat,
): Html {
  const lines = warnings.map((warning) => {
    const { id, reason = '', text = '' } = OF_APPOINTMENT.exec(warning)?.groups ?? {};
    if (id === undefined) return html`<li>${warning}</li>`;
    return html`<li title="${reason}">${appointmentLink(id, about, format)}: ${text}</li>`;
  });
  if (lines.length === 0) return html``;
  return html`<ul class="warn">
    ${lines}
  </ul>`;
}

/** Renders a link to an appointment on its day, with customer and time if they are known. */
export function appointmentLink(id: string, about: ReadonlyMap<string, About>, format: ZonedFormat): Html {
  const known = about.get(id);
  const day = known === undefined ? '' : `day=${format.date(known.start)}&`;
  const words =
    known === undefined
      ? `Appointment ${id}`
      : `${known.name}, ${format.shortDay(known.start)} ${format.time(known.start)}`;
  return html`<a href="/?${day}appointment=${encodeURIComponent(id)}" data-nav data-focus="about-${id}">${words}</a>`;
}
