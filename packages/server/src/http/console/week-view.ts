import type { Instant } from '@loft/sync-core';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';
import type { DayCount, Week } from './week.js';

function words({ attention, booked, cancelled, synced, syncing }: DayCount): string {
  const parts = [`${booked} booked`, `${synced} synced`];
  if (syncing > 0) parts.push(`${syncing} syncing`);
  if (attention > 0) parts.push(attention === 1 ? '1 needs attention' : `${attention} need attention`);
  if (cancelled > 0) parts.push(`${cancelled} cancelled`);
  return parts.join(', ');
}

function stateOf({ attention, booked, syncing }: DayCount): string {
  if (attention > 0) return 'dead-letter';
  if (syncing > 0) return 'on-its-way';
  return booked > 0 ? 'in-step' : 'none';
}

function cell(count: DayCount, name: string, day: Instant, format: ZonedFormat): Html {
  const { attention, booked, cancelled, syncing } = count;
  const marks = [
    ...(attention > 0 ? [`${attention}!`] : []),
    ...(syncing > 0 ? [`${syncing}…`] : []),
    ...(cancelled > 0 ? [`−${cancelled}`] : []),
  ];
  const said = `${name}, ${format.day(day)}: ${words(count)}`;
  return html`<td>
    <a class="count ${stateOf(count)}" href="/?day=${format.date(day)}" data-nav title="${said}"
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
  const rows = week.bays.map(
    ({ counts, name }) =>
      html`<tr>
        <th scope="row">${name}</th>
        ${counts.map((count, index) => cell(count, name, week.days[index] ?? shown, format))}
      </tr>`,
  );
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
    <p class="quiet">Bookings by bay and day. ! needs attention, … syncing, − cancelled.</p>`;
}
