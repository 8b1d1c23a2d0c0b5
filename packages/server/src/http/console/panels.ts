import type { Bay, DeadLetter, EngineStatus, Instant, Readiness } from '@loft/sync-core';
import { reasonOf, systemName } from '../../journal/words.js';
import { since, until } from '../../observe/ages.js';
import { html, type Html } from '../html.js';
import type { PushMonitor } from '../push-monitor.js';
import type { ZonedFormat } from '../zoned-format.js';
import { confirmLink } from './confirm-link.js';
import type { About } from './about.js';
import type { BayTrouble } from './bay-trouble.js';
import { replayForm } from './replay-form.js';
import { reasonWords, stopWords } from './stop-words.js';
import { troubleLines } from './trouble-lines.js';
import { appointmentLink, warningLines } from './warning-lines.js';

export const UNREACHABLE: Html = html`<p class="bad">The store cannot be reached.</p>`;

/** The content of the line at the top of the page. */
export interface ReadinessParts {
  /** Number of dead letters. */
  readonly attention: number;
  readonly troubles: readonly BayTrouble[];
  readonly bays: readonly Bay[];
  readonly about: ReadonlyMap<string, About>;
  readonly format: ZonedFormat;
  /** Whether edits or a paused feed wait for a decision below. */
  readonly isDecisionDue: boolean;
}

export function readinessLine(
  { ready, reasons, warnings }: Readiness,
  { about, attention, bays, format, isDecisionDue, troubles }: ReadinessParts,
): Html {
  const warned = warningLines(warnings, about, format);
  if (ready)
    return html`${
      attention === 0
        ? html`<p class="ready good">Ready: all parts work.</p>`
        : html`<p class="ready warn">
            Ready, but
            <a href="#letters-title">${attention === 1 ? '1 booking needs' : `${attention} bookings need`} attention</a
            >.
          </p>`
    }
    ${warned}`;
  // A bay's own message gives the reasons that name its calendar, with the remedy.
  const others = reasons.filter((reason) => !troubles.some(({ calendarId }) => reason.includes(calendarId)));
  return html`<p class="ready bad">Not ready:</p>
    <ul class="bad">
      ${troubleLines(troubles, bays)}${others.map((reason) => html`<li>${reasonWords(reason, bays)}</li>`)}
      ${isDecisionDue ? html`<li><a href="#letters-title">A decision is needed: see what, and what it does</a></li>` : ''}
    </ul>
    ${warned}`;
}

function feedState(feed: EngineStatus['feeds'][number]): Html {
  if (feed.stopped) return html`<span class="bad">paused by the guard: ${stopWords(feed.stopped.reason)}</span>`;
  if (feed.lastError) return html`<span class="bad">${feed.lastError.message}</span>`;
  const warnings = [...feed.warnings, ...feed.notes];
  if (warnings.length > 0) return html`<span class="warn">${warnings.join('; ')}</span>`;
  return html`<span class="good">ok</span>`;
}

/** The arguments of the forms of a panel. */
export interface Forms {
  readonly token: string;
  /** The address of the page after the action. */
  readonly back: string;
}

function feedName(feed: EngineStatus['feeds'][number], bays: readonly Bay[]): string {
  const bay = bays.find(({ bay: name }) => name === feed.bay);
  return bay ? `Calendar of ${bay.name}` : 'Bookings';
}

function circuitLines(status: EngineStatus, now: Instant, bays: readonly Bay[], format: ZonedFormat): Html {
  if (status.circuits.length === 0) return html``;
  const nameOf = (key: string): string => {
    const bay = bays.find(({ calendarId }) => calendarId === key);
    return bay ? `Calendar of ${bay.name}` : systemName(key);
  };
  const lines = status.circuits.map(
    ({ key, error, probeAt }) =>
      html`<li>
        ${nameOf(key)}: ${error.message};
        ${probeAt > now ? `is tried again at ${format.time(probeAt)}` : 'is tried again now'}
      </li>`,
  );
  return html`<p class="bad">Waits until the next attempt:</p>
    <ul class="bad">
      ${lines}
    </ul>`;
}

/** Describes the changes that are not synced yet. */
function taskSentence({ claimed, due, waiting }: EngineStatus['tasks']): string {
  const now = due + claimed;
  const parts = [
    ...(now > 0 ? [now === 1 ? '1 change is being synced now' : `${now} changes are being synced now`] : []),
    ...(waiting > 0
      ? [waiting === 1 ? '1 check is planned for later' : `${waiting} checks are planned for later`]
      : []),
  ];
  return parts.length === 0 ? 'No change is waiting to be synced.' : `${parts.join(', ')}.`;
}

export function feedPanel(
  status: EngineStatus,
  {
    now,
    bays,
    format,
    back,
    push,
  }: {
    now: Instant;
    bays: readonly Bay[];
    format: ZonedFormat;
    back: string;
    push: Pick<PushMonitor, 'lastNotifiedAt'>;
  },
): Html {
  const feeds = status.feeds.map(
    (feed) =>
      html`<tr>
        <th scope="row">${feedName(feed, bays)}</th>
        <td>${feed.elsewhere ? 'on another replica' : since(now, feed.lastSuccessAt)}</td>
        <td>${feed.everySeconds} s</td>
        <td>${feedState(feed)} ${feed.stopped ? confirmLink('resume', { feed: feed.feed, back }, 'Resume …') : ''}</td>
      </tr>`,
  );
  const channels = status.channels.map(({ bay, channelId, expiresAt, lastError }) => {
    const name = bays.find((one) => one.bay === bay)?.name ?? bay;
    const open = expiresAt === null ? 'not open' : `for ${until(now, expiresAt)}`;
    const state = lastError ? html`<span class="bad">${lastError.message}</span>` : html`<span class="good">ok</span>`;
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${open}</td>
      <td>${since(now, push.lastNotifiedAt(channelId))}</td>
      <td>${state}</td>
    </tr>`;
  });
  return html`${circuitLines(status, now, bays, format)}
    <div class="scroll" tabindex="0" role="region" aria-label="What is read">
      <table>
        <thead>
          <tr>
            <th scope="col">What is read</th>
            <th scope="col">last read</th>
            <th scope="col">every</th>
            <th scope="col">state</th>
          </tr>
        </thead>
        <tbody>
          ${feeds}
        </tbody>
      </table>
    </div>
    ${
      channels.length === 0
        ? html`<p class="quiet">No push notifications: PUBLIC_URL is not set.</p>`
        : html`<table>
            <thead>
              <tr>
                <th scope="col">Google's notifications</th>
                <th scope="col">open</th>
                <th scope="col">last one</th>
                <th scope="col">state</th>
              </tr>
            </thead>
            <tbody>
              ${channels}
            </tbody>
          </table>`
    }
    <p class="quiet">${taskSentence(status.tasks)}</p>`;
}

export function deadLetterPanel(
  letters: readonly DeadLetter[],
  about: ReadonlyMap<string, About>,
  format: ZonedFormat,
  forms: Forms,
): Html {
  if (letters.length === 0) return html``;
  const items = letters.map(({ appointmentId, reason, attempts, error }) => {
    return html`<li>
      <p>
        ${appointmentLink(appointmentId, about, format)}
        <span class="quiet" title="${reason ?? 'not decided'}"
          >${attempts === 1 ? '1 attempt failed' : `${attempts} attempts failed`}</span
        >
      </p>
      <p>${systemName(error.system)} says: ${reasonOf(error)}.</p>
      ${replayForm(appointmentId, forms)}
    </li>`;
  });
  return html`<ul class="letters">
      ${items}
    </ul>
    <p class="quiet">
      Correct the cause, then try again. If the booking has changed meanwhile, its current state is synced.
    </p>`;
}
