import { HOUR, type Bay, type BookingEventMap, type Instant } from '@loft/sync-core';
import type { Slot } from '@loft/sync-core/store';
import { Html, html } from '../html.js';
import { bayAnchor } from './bay-anchor.js';
import type { ZonedFormat } from '../zoned-format.js';
import { ROW_MS } from './grid-style.js';
import type { BayTrouble } from './bay-trouble.js';
import type { Pair, PairState } from './pairs.js';
import { sideBySide, type Column } from './side-by-side.js';

export const STATE_WORDS: Readonly<Record<PairState, string>> = {
  'in-step': 'synced',
  'on-its-way': 'syncing',
  conflicting: 'reverted',
  'dead-letter': 'needs attention',
  'not-known': 'not known',
};

/** The mark of a state, also in the week's counts. */
export const STATE_MARKS: Readonly<Record<PairState, string>> = {
  'in-step': '',
  'on-its-way': '…',
  conflicting: '↩',
  'dead-letter': '!',
  'not-known': '?',
};

/** Minimum rows of a block with two lines. */
const TWO_LINES = 9;

/** The content of a day's board. */
export interface DayView {
  readonly day: Instant;
  readonly dayAfter: Instant;
  readonly now: Instant;
  readonly bays: readonly Bay[];
  readonly pairs: readonly Pair[];
  readonly cancelled: readonly BookingEventMap[];
  readonly troubles: readonly BayTrouble[];
  readonly chosen: string | null;
  readonly format: ZonedFormat;
  /** Whether blocks can be dragged: in the sandbox. */
  readonly draggable: boolean;
  /** Whether the bookings of the day are known: an empty lane means that there is none. */
  readonly isKnown: boolean;
}

type Side = 'uschedule' | 'google';

const SIDE_NAMES: Readonly<Record<Side, string>> = { uschedule: 'USchedule', google: 'Google Calendar' };

/** The displayed hours: the studio's usual ones, extended to all bookings. */
function shownHours({ day, dayAfter, pairs }: DayView): { readonly from: Instant; readonly hours: number } {
  const slots = pairs.flatMap(({ google, uschedule }) => [google, uschedule]).filter((slot) => slot !== null);
  const within = slots.filter(({ start }) => start >= day && start < dayAfter);
  const first = Math.min(day + 8 * HOUR, ...within.map(({ start }) => start));
  const last = Math.max(day + 21 * HOUR, ...within.map(({ end }) => end));
  const from = day + Math.floor((first - day) / HOUR) * HOUR;
  return { from, hours: Math.ceil((Math.min(last, dayAfter) - from) / HOUR) };
}

function rowsOf({ start, end }: Slot, from: Instant, hours: number): string {
  const row = Math.max(0, Math.round((start - from) / ROW_MS));
  const height = Math.min(Math.max(3, Math.round((end - start) / ROW_MS)), hours * 12 - row);
  return `r${row} h${height}${height < TWO_LINES ? ' short' : ''}`;
}

function addressOf(view: DayView, appointmentId: string): string {
  return `/?day=${view.format.date(view.day)}&appointment=${encodeURIComponent(appointmentId)}`;
}

interface Hours {
  readonly from: Instant;
  readonly hours: number;
}

/** Renders the state beside the time. If there is no room for the word, only the mark is shown. */
function stateTag(state: PairState): Html {
  if (state === 'in-step') return html``;
  return html` <span class="state" aria-hidden="true" title="${STATE_WORDS[state]}"
    ><b>${STATE_MARKS[state]}</b> <span>${STATE_WORDS[state]}</span></span
  >`;
}

function block(pair: Pair, side: Side, slot: Slot, view: DayView, { from, hours }: Hours, place: Column): Html {
  const { appointmentId, state, title } = pair;
  const { time } = view.format;
  const span = `${time(slot.start)}–${time(slot.end)}`;
  const other = side === 'google' ? pair.uschedule : pair.google;
  const joined =
    state !== 'dead-letter' && other?.start === slot.start && other.end === slot.end && other.bay === slot.bay;
  const current = view.chosen === appointmentId ? new Html(' aria-current="true"') : '';
  const drag = view.draggable ? new Html(` data-drag="${side}"`) : '';
  return html`<li
    class="block ${state} ${joined ? 'joined' : 'apart'} ${rowsOf(slot, from, hours)} k${place.columns} c${place.column}"
    data-appointment="${appointmentId}"
    data-start="${slot.start}"
    ${drag}
  >
    <a
      href="${addressOf(view, appointmentId)}"
      data-nav
      data-focus="${side}-${appointmentId}"
      draggable="false"
      ${current}
    >
      <span class="first"><span class="time">${span}</span>${stateTag(state)}</span>
      <span class="who">${title}</span><span class="unseen">, ${SIDE_NAMES[side]}, ${STATE_WORDS[state]}</span>
    </a>
  </li>`;
}

/** The text of an empty lane. */
function nothing(bay: Bay, side: Side, { isKnown, troubles }: DayView): string {
  if (!isKnown) return 'no data';
  if (side === 'uschedule') return 'no bookings';
  return troubles.some((trouble) => trouble.bay === bay.bay) ? 'not known' : 'no events';
}

function lane(bay: Bay, side: Side, view: DayView, hours: Hours): Html {
  const inLane = view.pairs.filter((pair) => pair[side]?.bay === bay.bay);
  const sorted = inLane.toSorted((a, b) => (a[side]?.start ?? 0) - (b[side]?.start ?? 0));
  const placed = sorted.flatMap((pair) => {
    const slot = pair[side];
    return slot === null ? [] : [{ pair, slot }];
  });
  const columns = sideBySide(placed.map(({ slot }) => slot));
  const blocks = placed.map(({ pair, slot }, index) =>
    block(pair, side, slot, view, hours, columns[index] ?? { column: 0, columns: 1 }),
  );
  return html`<div class="side">
    <h4>${SIDE_NAMES[side]}</h4>
    <ol
      class="lane ${side} n${hours.hours * 12}"
      aria-label="${bay.name}, ${SIDE_NAMES[side]}"
      data-bay="${bay.bay}"
      data-side="${side}"
      data-from="${hours.from}"
    >
      ${blocks}${blocks.length === 0 ? html`<li class="empty">${nothing(bay, side, view)}</li>` : ''}${nowLine(view, hours)}
    </ol>
  </div>`;
}

/** Renders the line of the current time. */
function nowLine({ now }: DayView, { from, hours }: Hours): Html {
  if (now < from || now >= from + hours * HOUR) return new Html('');
  return html`<li class="now r${Math.floor((now - from) / ROW_MS)} h1" aria-hidden="true"></li>`;
}

function axis({ format }: DayView, { from, hours }: Hours): Html {
  const marks = Array.from(
    { length: hours },
    (_, hour) => html`<li class="r${hour * 12} h12">${format.time(from + hour * HOUR)}</li>`,
  );
  return html`<ol class="axis n${hours * 12}" aria-hidden="true">
    ${marks}
  </ol>`;
}

function cancelledOf(bay: Bay, view: DayView): Html {
  const own = view.cancelled.filter((map) => map.base.bay === bay.bay);
  if (own.length === 0) return html``;
  const links = own.map(
    ({ base, uscheduleAppointmentId: id }) =>
      html`<li>
        <a href="${addressOf(view, id)}" data-nav data-focus="cancelled-${id}"
          >${view.format.time(base.start)} ${base.title}</a
        >
      </li>`,
  );
  return html`<div class="cancelled-list">
    <h4>Cancelled</h4>
    <ul>
      ${links}
    </ul>
  </div>`;
}

/** Renders why and since when a bay's calendar cannot be read, and the remedy. */
function troubleOf({ bay, name }: Bay, { format, troubles }: DayView): Html {
  const trouble = troubles.find((one) => one.bay === bay);
  if (!trouble) return html``;
  const { cure, lastReadAt, who, why } = trouble;
  const since =
    lastReadAt === null
      ? 'It was not read since the service started.'
      : `It was last read at ${format.time(lastReadAt)}.`;
  return html`<div class="trouble" role="group" aria-label="Trouble of ${name}">
    <p><b>The calendar of ${name} cannot be used.</b> ${since} ${who} says: ${why}.</p>
    <p>${cure}</p>
  </div>`;
}

/** Renders the day of every bay on a time axis, both sides next to each other. */
export function dayView(view: DayView): Html {
  const hours = shownHours(view);
  const bays = view.bays.map(
    (bay) =>
      html`<section class="bay" aria-labelledby="${bayAnchor(bay.bay)}">
        <h3 id="${bayAnchor(bay.bay)}" tabindex="-1">
          ${bay.name} <a class="up" href="#week" aria-label="From ${bay.name} back to the week">↑ week</a>
        </h3>
        ${troubleOf(bay, view)}
        <div class="lanes">
          ${axis(view, hours)}${lane(bay, 'uschedule', view, hours)}${lane(bay, 'google', view, hours)}
        </div>
        ${cancelledOf(bay, view)}
      </section>`,
  );
  return html`<div class="bays">${bays}</div>`;
}
