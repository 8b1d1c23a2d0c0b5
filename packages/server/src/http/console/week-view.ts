import type { Instant } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import { bayAnchor } from './bay-anchor.js';
import type { DayCount, Week } from './week.js';

function words({ attention, booked, cancelled, notKnown, synced, syncing }: DayCount): string {
  const parts = [`${booked} booked`, `${synced} synced`];
  if (notKnown > 0) parts.push(`${notKnown} not known`);
  if (syncing > 0) parts.push(`${syncing} syncing`);
  if (attention > 0) parts.push(attention === 1 ? '1 needs attention' : `${attention} need attention`);
  if (cancelled > 0) parts.push(`${cancelled} cancelled`);
  return parts.join(', ');
}

function stateOf({ attention, booked, notKnown, syncing }: DayCount): string {
  if (attention > 0) return 'dead-letter';
  if (syncing > 0) return 'on-its-way';
  if (notKnown > 0) return 'not-known';
  return booked > 0 ? 'in-step' : 'none';
}

type Row = Week['bays'][number];

function cell(count: DayCount, { bay, name }: Row, day: Instant, format: ZonedFormat): Html {
  const { attention, booked, cancelled, notKnown, syncing } = count;
  const marks = [
    ...(notKnown > 0 ? ['?'] : []),
    ...(attention > 0 ? [`${attention}!`] : []),
    ...(syncing > 0 ? [`${syncing}…`] : []),
    ...(cancelled > 0 ? [`−${cancelled}`] : []),
  ];
  const said = `${name}, ${format.day(day)}: ${words(count)}`;
  return html`<td>
    <a class="count ${stateOf(count)}" href="/?day=${format.date(day)}#${bayAnchor(bay)}" data-nav title="${said}"
      ><span aria-hidden="true">${booked}${marks.length === 0 ? '' : html` <small>${marks.join(' ')}</small>`}</span
      ><span class="unseen">${said}</span></a
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
      ${counts.map((count, index) => cell(count, row, week.days[index] ?? shown, format))}
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
    <p class="quiet">Bookings by bay and day. ! needs attention, … syncing, − cancelled, ? not known.</p>`;
}
