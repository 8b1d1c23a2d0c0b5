import type { Bay, Instant } from '@loft/sync-core';
import type { NamedZone } from '../../time-zones/zoned-formatter.js';
import type { AdminToken } from '../admins.js';
import { html, type Html } from '../html.js';
import type { PushMonitor } from '../push-monitor.js';
import { zonedFormat, type ZonedFormat } from '../zoned-format.js';
import { propagationChart } from './chart.js';
import { chosenPanel } from './chosen-panel.js';
import { daySentences } from './day-sentence.js';
import { dayView, STATE_MARKS, STATE_WORDS } from './day-view.js';
import { foundView } from './found-view.js';
import { frame, NOTICE } from './frame.js';
import { attentionCard } from './attention.js';
import { feedPanel, readinessLine, UNREACHABLE } from './panels.js';
import type { PairState } from './pairs.js';
import type { ConsoleState } from './state.js';
import { weekView } from './week-view.js';

/** The arguments of the page besides the state. */
export interface PageParts extends NamedZone {
  readonly bays: readonly Bay[];
  readonly startedAt: Instant;
  /** The reader's format of dates and times. */
  readonly locale: string;
  /** The token that its forms carry. */
  readonly formToken: string;
  /** The time of the last notification of each channel. */
  readonly push: Pick<PushMonitor, 'lastNotifiedAt'>;
  /** Whether the persons of the sandbox can be simulated. */
  readonly sandbox: boolean;
  /** The person who is signed in; null: the page needs no sign-in. */
  readonly person: Pick<AdminToken, 'name' | 'role'> | null;
}

function signOutForm({ name, role }: Pick<AdminToken, 'name' | 'role'>, formToken: string): Html {
  const who = role === 'read' ? `${name} (may only read)` : name;
  return html`<form method="post" action="/console/sign-out">
    <span class="quiet">${who}</span> <input type="hidden" name="form" value="${formToken}" /><button class="plain">
      Sign out
    </button>
  </form>`;
}

function legend(timeZone: string): Html {
  const entries = Object.entries(STATE_WORDS).map(
    ([state, words]) => html`<li class="${state}">${words} ${STATE_MARKS[state as PairState]}</li>`,
  );
  return html`<ul class="legend states" aria-label="What the colours mean">
      ${entries}
    </ul>
    <details class="quiet">
      <summary>What these words mean</summary>
      <p>
        Synced: both sides say the same. Syncing: a change is on its way to the other side. Reverted: an edit in Google
        Calendar was refused, and the event shows the booking again. Needs attention: a change could not be carried
        over, or waits for a decision; see under Needs attention. Dead letter: a change that failed and is not retried
        by itself; nothing is lost. Try again: the service repeats it, with the booking as it is then. Not known: the
        calendar cannot be read at present. No data: the service did not read the bookings of that day. If both sides
        were changed, the later change wins, and in doubt the booking, unless the settings say that the booking always
        wins. Times are those of the studio (${timeZone}). Keys: ← and → change the day, t is today, / is find.
      </p>
    </details>`;
}

function isDecisionDue({ held, status }: ConsoleState): boolean {
  return (held ?? []).length > 0 || status?.feeds.some(({ stopped }) => stopped !== null) === true;
}

/** Says that the sentences of the days are as old as the last reading of USchedule, if it cannot be read now. */
function outdatedLine({ status }: ConsoleState, format: ZonedFormat): Html {
  const feed = status?.feeds.find(({ bay }) => bay === null);
  if (feed === undefined || (feed.lastError === null && feed.stopped === null)) return html``;
  const since =
    feed.lastSuccessAt === null
      ? 'USchedule was not read since the service started'
      : `USchedule was last read on ${format.shortDay(feed.lastSuccessAt)} at ${format.time(feed.lastSuccessAt)}`;
  return html`<p class="warn">${since}: later changes there are not included.</p>`;
}

/** Whether an empty lane means that there is no booking. */
function isKnownDay({ day, week }: ConsoleState): boolean {
  return week?.known[week.days.indexOf(day)] ?? false;
}

/**
 * Renders the page at `/`: the day of every bay on both sides, and the state of the service. Parts with an id are
 * updated by the script.
 */
export function consolePage(state: ConsoleState, parts: PageParts): string {
  const { chosen, day, now, pairs, status } = state;
  const { bays, formToken, sandbox } = parts;
  const format = zonedFormat(parts.timeZone, parts.timeZones, parts.locale);
  const date = format.date(day);
  const back = `/?day=${date}${chosen === null ? '' : `&appointment=${encodeURIComponent(chosen)}`}`;
  const forms = { token: formToken, back };
  const playing = { bays, day, format, forms };
  const view = { ...state, bays, format, draggable: sandbox };
  return frame(
    'Loft calendar sync',
    html`<a class="skip" href="#day">To the day</a>
      <header class="top">
        <h1>Loft calendar sync</h1>
        <p id="live" class="live" role="status" data-state="off">not live</p>
        <div id="readiness" data-live>
          ${readinessLine(state.readiness, {
            ...state,
            attention: state.deadLetters?.length ?? 0,
            bays,
            format,
            isDecisionDue: isDecisionDue(state),
          })}
        </div>
        ${parts.person ? signOutForm(parts.person, formToken) : ''}
      </header>
      ${NOTICE}
      <main
        data-token="${formToken}"
        data-day="${date}"
        data-back="${back}"
        data-offset="${String(parts.timeZones.offsetAt(state.day, parts.timeZone))}"
      >
        <section class="card day" aria-labelledby="day">
          <div class="bar">
            <h2 id="day" tabindex="-1" data-live>${format.day(day)}${day === state.today ? ' (today)' : ''}</h2>
            <nav aria-label="Days" id="days" data-live>
              <a href="/?day=${format.date(state.dayBefore)}" data-nav data-focus="before">day before</a>
              <a href="/?day=${format.date(state.today)}" data-nav data-focus="today">today</a>
              <a href="/?day=${format.date(state.dayAfter)}" data-nav data-focus="after">day after</a>
              <a href="/activity?day=${format.date(state.today)}">what changed today</a>
              <a href="/activity?visit=${date}">history of this day</a>
            </nav>
          </div>
          <div id="said" data-live>
            ${state.week ? html`${daySentences(state.summaries, state, format)}${outdatedLine(state, format)}` : UNREACHABLE}
          </div>
          <div class="find">
            <form method="get" action="/" class="act">
              <label>Day <input type="date" name="day" value="${date}" /></label><button class="plain">Go</button>
            </form>
            <form method="get" action="/" class="act" role="search">
              <input type="hidden" name="day" value="${date}" />
              <label
                >Find <input name="q" placeholder="customer or id" value="${state.words ?? ''}" maxlength="100"
              /></label>
              <button class="plain">Find</button>
            </form>
          </div>
          <div id="found" data-live>${foundView(state, bays, format)}</div>
          <div id="week" data-live>${state.week ? weekView(state.week, day, state.today, format) : UNREACHABLE}</div>
          ${legend(parts.timeZone)}
          <div id="board" data-live>
            ${pairs ? dayView({ ...view, pairs, isKnown: isKnownDay(state) }) : UNREACHABLE}
          </div>
        </section>
        <div class="beside">
          ${chosenPanel(state, playing, sandbox)} ${attentionCard(state, { bays, format, forms })}
        </div>
        <div class="below">
          <section class="card" aria-labelledby="chart-title">
            <h2 id="chart-title">How fast changes arrive (latency)</h2>
            <div id="chart" data-live>${propagationChart(state.propagations, format, parts.startedAt)}</div>
          </section>
          <section class="card" aria-labelledby="feeds-title">
            <h2 id="feeds-title">Last reading of each side</h2>
            <div id="feeds" data-live>
              ${status ? feedPanel(status, { now, bays, format, back, push: parts.push }) : UNREACHABLE}
            </div>
          </section>
        </div>
      </main>`,
  );
}

/** Renders the sign-in page. */
export function signInPage(problem: string | null): string {
  return frame(
    'Sign in · Loft calendar sync',
    html`<main class="sign-in">
      <form method="post" action="/console/sign-in" class="card">
        <h1>Loft calendar sync</h1>
        ${problem === null ? '' : html`<p class="bad" role="alert" id="problem">${problem}</p>`}
        <!-- For those who keep passwords: they ask whose it is. -->
        <input type="text" name="username" value="admin" autocomplete="username" hidden />
        <p class="quiet" id="where">
          It is the ADMIN_TOKEN, or one of the ADMIN_TOKENS, that the service was started with. The person who runs the
          service has it.
        </p>
        <label for="token">Admin token</label>
        <input
          id="token"
          name="token"
          type="password"
          required
          autocomplete="current-password"
          autofocus
          aria-describedby="where"
        />
        <button>Sign in</button>
      </form>
    </main>`,
  );
}
