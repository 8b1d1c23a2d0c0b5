import { html, type Html } from '../html.js';
import type { Forms } from './panels.js';
import { pairForms, bookForm, type SandboxForms } from './sandbox-forms.js';
import type { ConsoleState } from './state.js';
import { storyView } from './story-view.js';

/** Instructions for the sandbox. */
const PLAY =
  'In the sandbox you can change it, too. With a mouse, drag it: in the left lane you are the customer, in the right lane ' +
  'the person in Google Calendar.';

/** @returns the customer's name, also of a cancelled booking; null: an appointment that was never synced has only an id */
function nameOf({ chosen, pairs, story }: ConsoleState): string | null {
  const name = pairs?.find(({ appointmentId }) => appointmentId === chosen)?.title ?? story?.map?.base.title ?? '';
  return name === '' || name === chosen ? null : name;
}

function historyOf(state: ConsoleState, chosen: string, name: string | null, forms: Forms): Html {
  return html`${name !== null ? html`<p class="quiet">Appointment ${chosen}</p>` : ''}
  ${storyView(state.story, chosen, { forms, eventLink: state.eventLink })}`;
}

/** Renders the selected appointment: its state, its history and, in the sandbox, the actions of both persons. */
export function chosenPanel(state: ConsoleState, playing: SandboxForms, isSandbox: boolean): Html {
  const { chosen, pairs } = state;
  const pair = pairs?.find(({ appointmentId }) => appointmentId === chosen) ?? null;
  const name = nameOf(state);
  return html`<section class="card chosen" aria-labelledby="chosen-title">
    <h2 id="chosen-title" tabindex="-1" data-live>
      ${chosen === null ? 'An appointment' : (name ?? `Appointment ${chosen}`)}
    </h2>
    <div id="story" data-live>
      ${
        chosen === null
          ? html`<p class="quiet">
              Choose a booking to see its history: what was done to it, and why. ${isSandbox ? PLAY : ''}
            </p>`
          : historyOf(state, chosen, name, playing.forms)
      }
    </div>
    ${isSandbox ? html`<div id="acts" data-live data-hold>${pair ? pairForms(playing, pair) : ''}</div>` : ''}
    ${isSandbox ? html`<div id="book" data-live data-hold>${bookForm(playing)}</div>` : ''}
  </section>`;
}
