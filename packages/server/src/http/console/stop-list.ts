import { stopVersion, type FeedStop } from '@loft/sync-core/store';
import { html, type Html } from '../html.js';
import type { ZonedFormat } from '../zoned-format.js';

/**
 * What a stopped feed would do, one by one, and the version that its form sends, so that a list which has grown is not
 * let go on unseen.
 */
export function stopList(stop: FeedStop, format: ZonedFormat): Html {
  const { items = [] } = stop;
  const lines = items.map(
    ({ appointmentId, bay, customerName, start, would }) =>
      html`<li>
        ${customerName}, ${format.day(start)} ${format.time(start)}${bay === null ? '' : `, bay ${bay}`}: ${would}
        <span class="quiet">appointment ${appointmentId}</span>
      </li>`,
  );
  return items.length === 0
    ? html``
    : html`<ul>
        ${lines}
      </ul>`;
}

/** The hidden field that names the list of a stop. */
export function versionField(stop: FeedStop): Html {
  return html`<input type="hidden" name="version" value="${stopVersion(stop)}" />`;
}
