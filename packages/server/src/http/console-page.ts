import type { Bay, BookingEventMap, DeadLetter, EngineStatus, Instant, Readiness } from '@loft/sync-core';
import { Html, html } from './html.js';
import type { ZonedFormat } from './zoned-format.js';

/** What the page shows; `null` where the store could not be asked. */
export interface ConsoleState {
  readonly now: Instant;
  /** First instant of the day that is shown, and of the days beside it. */
  readonly day: Instant;
  readonly dayBefore: Instant;
  readonly dayAfter: Instant;
  readonly bays: readonly Bay[];
  readonly readiness: Readiness;
  readonly status: EngineStatus | null;
  readonly maps: readonly BookingEventMap[] | null;
  readonly deadLetters: readonly DeadLetter[] | null;
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c1c1c }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top }
th { border-bottom: 1px solid #bbb } .bays { display: flex; gap: 2rem; flex-wrap: wrap } .bays > section { flex: 1 1 18rem }
.bad { color: #a3120a } .good { color: #176b2c } .canceled { color: #777; text-decoration: line-through } small { color: #555 }`;

function since(now: Instant, instant: Instant | null): string {
  if (instant === null) return 'not yet';
  const seconds = Math.max(0, Math.round((now - instant) / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}

function readinessLine({ ready, reasons }: Readiness): Html {
  if (ready) return html`<p class="good">Ready: everything runs.</p>`;
  return html`<p class="bad">Not ready:</p>
    <ul class="bad">
      ${reasons.map((reason) => html`<li>${reason}</li>`)}
    </ul>`;
}

function feedState(feed: EngineStatus['feeds'][number]): Html {
  if (feed.stopped) return html`<span class="bad">stopped: ${feed.stopped.reason}</span>`;
  if (feed.lastError) return html`<span class="bad">${feed.lastError.message}</span>`;
  if (feed.warnings.length > 0) return html`<span class="bad">${feed.warnings.join('; ')}</span>`;
  return html`<span class="good">well</span>`;
}

function feedTable(status: EngineStatus, now: Instant, bays: readonly Bay[]): Html {
  const rows = status.feeds.map((feed) => {
    const bay = bays.find(({ bay: name }) => name === feed.bay);
    const name = bay ? `Calendar of ${bay.name}` : 'Bookings';
    const cells = html`<td>${feed.elsewhere ? 'on another replica' : since(now, feed.lastSuccessAt)}</td>
      <td>${feed.everySeconds} s</td>
      <td>${feedState(feed)}</td>`;
    return html`<tr>
      <td>${name}</td>
      ${cells}
    </tr>`;
  });
  const { due, waiting, claimed } = status.tasks;
  return html`<table>
      <tr>
        <th>Feed</th>
        <th>last ran well</th>
        <th>every</th>
        <th>state</th>
      </tr>
      ${rows}
    </table>
    <p>Tasks: ${due} due, ${waiting} waiting, ${claimed} worked on.</p>`;
}

function bookingRow(map: BookingEventMap, format: ZonedFormat): Html {
  const { start, end, title } = map.base;
  const source = map.lastSource === 'USCHEDULE' ? 'from USchedule' : 'from the calendar';
  return html`<tr class="${map.status === 'CANCELED' ? 'canceled' : 'active'}">
    <td>${format.time(start)}–${format.time(end)}</td>
    <td>${title}<br /><small>${map.uscheduleAppointmentId}, ${source}</small></td>
  </tr>`;
}

function dayOfBay(bay: Bay, maps: readonly BookingEventMap[], format: ZonedFormat): Html {
  const own = maps.filter((map) => map.base.bay === bay.bay).sort((a, b) => a.base.start - b.base.start);
  const rows = own.map((map) => bookingRow(map, format));
  return html`<section>
    <h3>${bay.name}</h3>
    <table>
      ${
        rows.length > 0
          ? rows
          : html`<tr>
              <td>no bookings</td>
            </tr>`
      }
    </table>
  </section>`;
}

function deadLetterTable(letters: readonly DeadLetter[]): Html {
  if (letters.length === 0) return html`<p>None.</p>`;
  const rows = letters.map(
    ({ appointmentId, reason, attempts, error }) =>
      html`<tr>
        <td>${appointmentId}</td>
        <td>${reason ?? ''}</td>
        <td>${attempts}</td>
        <td>${error.message}</td>
      </tr>`,
  );
  return html`<table>
    <tr>
      <th>Appointment</th>
      <th>reason</th>
      <th>attempts</th>
      <th>error</th>
    </tr>
    ${rows}
  </table>`;
}

/** The page at `/`: feeds, the day per bay, and what is parked. It renews itself every few seconds. */
export function consolePage(state: ConsoleState, format: ZonedFormat): string {
  const { bays, day, dayAfter, dayBefore, deadLetters, maps, now, readiness, status } = state;
  const unknown = html`<p class="bad">The store cannot be reached.</p>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="refresh" content="5" />
        <meta name="viewport" content="width=device-width" />
        <title>Loft calendar sync</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <h1>Loft calendar sync</h1>
        ${readinessLine(readiness)} ${status ? feedTable(status, now, bays) : unknown}
        <h2>${format.day(day)}</h2>
        <p>
          <a href="/?day=${format.date(dayBefore)}">day before</a> · <a href="/">today</a> ·
          <a href="/?day=${format.date(dayAfter)}">day after</a>
        </p>
        <div class="bays">${maps ? bays.map((bay) => dayOfBay(bay, maps, format)) : unknown}</div>
        <h2>Dead letters</h2>
        ${deadLetters ? deadLetterTable(deadLetters) : unknown}
      </body>
    </html>`.text;
}
