import type { Bay, Instant } from '@loft/sync-core';
import type { ActivityItem, ActivityPage } from '../../journal/activity.js';
import { collapseAttempts } from '../../journal/collapse-attempts.js';
import { ACTIVITY_KINDS } from '../../journal/activity-kind.js';
import type { NamedZone } from '../../time-zones/zoned-formatter.js';
import { dayNamed } from '../day-named.js';
import { html, type Html } from '../html.js';
import { placeText, type ActivityParameters } from '../activity-query.js';
import type { ZonedFormat } from '../zoned-format.js';
import { frame, NOTICE } from './frame.js';

const TONES: Readonly<Record<ActivityItem['kind'], string>> = {
  booked: 'in-step',
  changed: 'in-step',
  cancelled: 'none',
  reverted: 'conflicting',
  failed: 'dead-letter',
  noted: 'none',
  manual: 'on-its-way',
};

function addressOf(parameters: ActivityParameters, path = '/activity'): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters) as [string, string | undefined][]) {
    if (value !== undefined) query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

function line(item: ActivityItem, bays: readonly Bay[], format: ZonedFormat): Html {
  const { appointmentId, bay, customerName, kind, start, steps, time } = item;
  const bayName = bays.find((one) => one.bay === bay)?.name ?? '';
  const date = start === null ? '' : `day=${format.date(start)}&`;
  const who =
    appointmentId === ''
      ? html`<b>The service</b>`
      : html`<a href="/?${date}appointment=${encodeURIComponent(appointmentId)}"
          >${customerName ?? `Appointment ${appointmentId}`}</a
        >`;
  return html`<li class="${TONES[kind]}">
    <span class="when">${time}</span> <span class="tag">${kind}</span>
    <span class="what"
      >${who}${bayName === '' ? '' : html` <span class="quiet">${bayName}</span>`}: ${steps.join(' → ')}</span
    >
  </li>`;
}

function byDay(items: readonly ActivityItem[], bays: readonly Bay[], format: ZonedFormat): Html {
  const days = [...new Set(items.map(({ day }) => day))];
  const sections = days.map(
    (day) =>
      html`<section>
        <h3>${day}</h3>
        <ol class="activity">
          ${items.filter((item) => item.day === day).map((item) => line(item, bays, format))}
        </ol>
      </section>`,
  );
  return html`${sections}`;
}

function choice(value: string, words: string, chosen: string | undefined): Html {
  return value === chosen
    ? html`<option value="${value}" selected>${words}</option>`
    : html`<option value="${value}">${words}</option>`;
}

function filterForm(asked: ActivityParameters, bays: readonly Bay[]): Html {
  return html`<form method="get" action="/activity" class="act filter" role="search">
    <label>Changed on <input type="date" name="day" value="${asked.day ?? ''}" /></label>
    <label>Booked for <input type="date" name="visit" value="${asked.visit ?? ''}" /></label>
    <label
      >Bay
      <select name="bay">
        ${choice('', 'all', asked.bay)}${bays.map(({ bay, name }) => choice(bay, name, asked.bay))}
      </select></label
    >
    <label
      >Kind
      <select name="kind">
        ${choice('', 'all', asked.kind)}${ACTIVITY_KINDS.map((kind) => choice(kind, kind, asked.kind))}
      </select></label
    >
    <label
      >Search
      <input name="q" placeholder="customer, id or text" value="${asked.q ?? ''}" maxlength="200" autocomplete="off"
    /></label>
    <button>Show</button>
  </form>`;
}

/** @returns the board of the day that the list is about */
function backOf({ day, visit }: ActivityParameters): string {
  const date = visit ?? day;
  return date === undefined ? '/' : `/?${new URLSearchParams({ day: date }).toString()}`;
}

/** Says which changes the list shows. */
function titleOf({ day, visit }: ActivityParameters, zone: NamedZone, now: Instant, format: ZonedFormat): string {
  const dayOf = (name: string): string => format.day(dayNamed(name, now, zone));
  const made = day === undefined ? '' : ` made on ${dayOf(day)}`;
  const bookings = visit === undefined ? '' : ` of the bookings for ${dayOf(visit)}`;
  return made === '' && bookings === '' ? 'Activity: all changes' : `Activity: changes${made}${bookings}`;
}

/** The arguments of the page besides the list. */
export interface ActivityParts {
  readonly bays: readonly Bay[];
  readonly format: ZonedFormat;
  readonly now: Instant;
  readonly zone: NamedZone;
}

/** Renders the page at `/activity`: all activity, newest first. */
export function activityPage(
  page: ActivityPage | null,
  asked: ActivityParameters,
  { bays, format, now, zone }: ActivityParts,
): string {
  const list =
    page === null
      ? html`<p class="bad">The store cannot be reached.</p>`
      : html`${byDay(
          collapseAttempts(page.items, ({ appointmentId }) => appointmentId),
          bays,
          format,
        )}
        ${page.items.length === 0 ? html`<p class="quiet">No change matches.</p>` : ''}
        ${
          page.next === null
            ? ''
            : html`<p><a href="${addressOf({ ...asked, after: placeText(page.next) })}">Older</a></p>`
        }`;
  return frame(
    'Activity · Loft calendar sync',
    html`<header class="top">
        <h1><a href="/">Loft calendar sync</a></h1>
        <p id="live" class="live" role="status" data-state="off">not live</p>
      </header>
      ${NOTICE}
      <main class="single" data-token="">
        <section class="card" aria-labelledby="activity-title">
          <div class="bar">
            <h2 id="activity-title">${titleOf(asked, zone, now, format)}</h2>
            <nav aria-label="Activity">
              <a href="${backOf(asked)}">← back to the board</a>
              <a href="${addressOf(asked, '/console/activity.csv')}">Export for a spreadsheet</a>
            </nav>
          </div>
          ${filterForm(asked, bays)}
          <p class="quiet">
            The newest change is first. Each line says where the change came from, then what the service did. Booked,
            changed, cancelled: on both sides. Reverted: an edit was refused, and the event shows the booking again.
            Failed: it is tried again, or needs attention. Times are those of the studio (${zone.timeZone}).
          </p>
          <div id="activity" data-live>${list}</div>
        </section>
      </main>`,
  );
}
