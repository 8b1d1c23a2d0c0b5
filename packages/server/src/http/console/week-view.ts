import type { Instant } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import { bayAnchor } from './bay-anchor.js';
import { daySentence } from './day-sentence.js';
import type { DayCount, Week } from './week.js';

function stateOf({ attention, booked, missed, notKnown, syncing }: DayCount, isKnown: boolean): string {
  if (attention > 0) return 'dead-letter';
  if (syncing > 0) return 'on-its-way';
  if (notKnown > 0) return 'not-known';
  if (booked === 0) return isKnown ? 'none' : 'not-known';
  return missed === booked ? 'none' : 'in-step';
}

type Row = Week['bays'][number];

/** The visible content of a cell. A day whose bookings are unknown has no number. */
function shownOf({ attention, booked, notKnown, syncing }: DayCount, isKnown: boolean): Html {
  if (booked === 0) return html`${isKnown ? '0' : '?'}`;
  const marks = [
    ...(notKnown > 0 ? ['?'] : []),
    ...(attention > 0 ? [`${attention}!`] : []),
    ...(syncing > 0 ? [`${syncing}…`] : []),
  ];
  return html`${booked}${marks.length === 0 ? '' : html` <small>${marks.join(' ')}</small>`}`;
}

function cell(count: DayCount, { bay, name }: Row, day: Instant, isKnown: boolean, format: ZonedFormat): Html {
  const known = isKnown || count.cancelled > 0;
  const said = `${name}, ${format.day(day)}: ${daySentence(count, known)}`;
  return html`<td>
    <a
      class="count ${stateOf(count, known)}"
      href="/?day=${format.date(day)}#${bayAnchor(bay)}"
      data-nav
      title="${said}"
      ><span aria-hidden="true">${shownOf(count, known)}</span><span class="unseen">${said}</span></a
    >
  </td>`;
}

/** Renders seven days of every bay: the number of bookings, and whether they are synced. */
export function weekView(week: Week, shown: Instant, today: Instant, format: ZonedFormat): Html {
  const heads = week.days.map((day) => {
    const current = day === shown ? html` aria-current="date"` : html``;
    return html`<th scope="col" ${current}>
      <a href="/?day=${format.date(day)}" data-nav data-focus="week-${format.date(day)}">${format.shortDay(day)}</a>${
        day === today ? html` <span class="tag">today</span>` : ''
      }
    </th>`;
  });
  const rows = week.bays.map((row) => {
    const { bay, counts, isUnread, name } = row;
    const trouble = html` <a class="bad" href="#${bayAnchor(bay)}" title="The calendar of ${name} cannot be used"
      ><span aria-hidden="true">!</span><span class="unseen">Its calendar cannot be used: see why</span></a
    >`;
    return html`<tr>
      <th scope="row">${name}${isUnread ? trouble : ''}</th>
      ${counts.map((count, index) => cell(count, row, week.days[index] ?? shown, week.known[index] ?? false, format))}
    </tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The week">
      <table class="week">
        <thead>
          <tr>
            <td></td>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    <p class="quiet">Number of bookings by bay and day. ! needs attention, … syncing, ? not known.</p>`;
}
