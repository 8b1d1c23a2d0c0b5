import { isCancelled, type AppointmentStory } from '../../journal/appointment-story.js';
import { collapseAttempts } from '../../journal/collapse-attempts.js';
import type { StoryLine } from '../../journal/story.js';
import { html, type Html } from '../html.js';
import { confirmLink } from './confirm-link.js';
import type { Forms } from './panels.js';
import { replayForm } from './replay-form.js';

const TONES = {
  done: 'done',
  'put-back': 'reverted',
  waiting: 'waiting',
  'dead-letter': 'needs attention',
  quiet: 'noted',
} as const;

/** Why a cancelled booking has no undo. */
export const NO_UNDO =
  'A cancellation cannot be undone: USchedule has no call for that. Book again in USchedule instead; the event follows.';

/** Renders the names that the log and the decision table use. A person who manages the studio does not need them. */
function technicalDetails(lines: readonly StoryLine[], chosen: string): Html {
  const named = lines.flatMap(({ reason, time }) => (reason === null ? [] : [{ reason, time }]));
  if (named.length === 0) return html``;
  return html`<details id="technical-${encodeURIComponent(chosen)}" class="quiet">
    <summary>Technical details</summary>
    <p>The reason of each line, as the log and the decision table name it:</p>
    <ul>
      ${named.map(({ reason, time }) => html`<li>${time} <code>${reason}</code></li>`)}
    </ul>
  </details>`;
}

/** Renders an appointment's history as a timeline, the newest entry first. */
export function storyView(
  story: AppointmentStory | null,
  chosen: string,
  { eventLink, forms }: { readonly forms: Forms; readonly eventLink: string | null },
): Html {
  const { back } = forms;
  if (story === null) return html`<p class="quiet">Appointment ${chosen} is unknown.</p>`;
  const shown = story.lines
    .map((line, index) => ({ ...line, entry: story.undoable?.index === index ? story.undoable.entry : null }))
    .toReversed();
  const collapsed = collapseAttempts(shown, () => chosen);
  const lines = collapsed.map(({ day, entry, steps, time, tone }) => {
    const undo =
      entry === null ? html`` : confirmLink('undo', { appointment: chosen, entry, back }, 'Undo this change …');
    return html`<li class="${tone}">
      <p class="when">${day} <b>${time}</b> <span class="tag">${TONES[tone]}</span></p>
      <p class="steps">${steps.join(' → ')}</p>
      ${undo}
    </li>`;
  });
  const others = story.others.map(
    (id) =>
      html`<li>
        <a href="/?appointment=${encodeURIComponent(id)}" data-nav data-focus="other-${id}">Its other id: ${id}</a>
      </li>`,
  );
  return html`<p class="standing ${story.state}">${story.now}</p>
    ${story.deadLetter ? replayForm(chosen, forms) : ''}
    ${isCancelled(story.map) ? html`<p class="quiet">${NO_UNDO}</p>` : ''}
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
    ${lines.length === 0 ? html`<p class="quiet">Its history has no entry.</p>` : ''}
    ${technicalDetails(collapsed, chosen)}`;
}
