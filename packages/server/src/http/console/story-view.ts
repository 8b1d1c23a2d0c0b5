import type { AppointmentStory } from '../../journal/appointment-story.js';
import { collapseAttempts } from '../../journal/collapse-attempts.js';
import { html, type Html } from '../html.js';
import { confirmLink } from './confirm-link.js';

const TONES = {
  done: 'done',
  'put-back': 'reverted',
  waiting: 'waiting',
  'dead-letter': 'needs attention',
  quiet: 'noted',
} as const;

/** Renders an appointment's journal as a timeline, the newest entry first. */
export function storyView(
  story: AppointmentStory | null,
  chosen: string,
  { back, date, eventLink }: { readonly back: string; readonly date: string; readonly eventLink: string | null },
): Html {
  if (story === null) return html`<p class="quiet">Appointment ${chosen} is unknown.</p>`;
  const shown = story.lines
    .map((line, index) => ({ ...line, entry: story.undoable?.index === index ? story.undoable.entry : null }))
    .toReversed();
  const lines = collapseAttempts(shown, () => chosen).map(({ day, entry, reason, steps, time, tone }) => {
    const undo =
      entry === null ? html`` : confirmLink('undo', { appointment: chosen, entry, back }, 'Undo this change …');
    return html`<li class="${tone}">
      <p class="when">${day} <b>${time}</b> <span class="tag">${TONES[tone]}</span></p>
      <p class="steps">${steps.join(' → ')}</p>
      ${reason === null ? '' : html`<p class="quiet">${reason}</p>`} ${undo}
    </li>`;
  });
  const others = story.others.map(
    (id) =>
      html`<li>
        <a href="/?day=${date}&appointment=${encodeURIComponent(id)}" data-nav data-focus="other-${id}"
          >Its other id: ${id}</a
        >
      </li>`,
  );
  return html`<p class="standing ${story.state}">${story.now}</p>
    ${eventLink === null ? '' : html`<p><a href="${eventLink}" rel="noopener" target="_blank">Open in Google Calendar</a></p>`}
    ${
      others.length > 0
        ? html`<ul>
            ${others}
          </ul>`
        : ''
    }
    <ol class="story" aria-label="Its history, newest first">
      ${lines}
    </ol>
    ${lines.length === 0 ? html`<p class="quiet">The journal has no entry for it.</p>` : ''}`;
}
