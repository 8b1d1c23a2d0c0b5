import type { Instant, TimeZones } from '@loft/sync-core';
import type { StudioBooking } from '@loft/sync-core/testing';
import type { GoogleSimulator } from '@loft/sync-google/simulator';

interface Routed {
  readonly bay: string;
  readonly resourceUnitId: number;
  readonly calendarId: string;
}

/** The calendars that the studio's first service writes to, and its time zone. */
export interface FirstServiceOptions {
  readonly google: GoogleSimulator;
  readonly bays: readonly Routed[];
  readonly timeZone: string;
  readonly timeZones: TimeZones;
}

/**
 * The studio's first service as docs/uschedule.md#the-service-that-this-one-replaces describes it. It writes by HTTP with
 * the service account's own key, remembers which event it made for which booking, and replaces a whole event at each write.
 */
export class FirstService {
  readonly #options: FirstServiceOptions;
  readonly #events = new Map<string, { readonly calendarId: string; readonly eventId: string }>();
  #written = 0;

  constructor(options: FirstServiceOptions) {
    this.#options = options;
  }

  /** Its successful writes. */
  get written(): number {
    return this.#written;
  }

  /** Creates an event for a booking, as the first service does. @returns the id that Google generated */
  async insert(booking: StudioBooking): Promise<string> {
    const { calendarId } = this.#bayOf(booking);
    const inserted = await this.#call('POST', calendarId, '', this.#body(booking));
    const { id } = inserted as { id: string };
    this.#events.set(booking.id, { calendarId, eventId: id });
    return id;
  }

  /** One round: creates the events of live bookings, and deletes the others. */
  async sync(live: readonly StudioBooking[]): Promise<void> {
    const gone = [...this.#events].filter(([id]) => !live.some((booking) => booking.id === id));
    for (const [id, { calendarId, eventId }] of gone) {
      await this.#call('DELETE', calendarId, `/${eventId}`, null);
      this.#events.delete(id);
    }
    for (const booking of live) {
      const known = this.#events.get(booking.id);
      if (!known) await this.insert(booking);
      else await this.#call('PUT', known.calendarId, `/${known.eventId}`, this.#body(booking));
    }
  }

  /** Forgets which events it has created. */
  loseStore(): void {
    this.#events.clear();
  }

  #bayOf({ unit }: StudioBooking): Routed {
    const bay = this.#options.bays.find(({ resourceUnitId }) => resourceUnitId === unit);
    if (!bay) throw new Error(`no bay has unit ${unit}`);
    return bay;
  }

  #body(booking: StudioBooking): object {
    const { id, customerName, notes, start, end } = booking;
    const lines = ['Loft-managed booking', `uSchedule appointmentId: ${id}`, ...(notes ? [`Notes: ${notes}`] : [])];
    return {
      summary: customerName || 'Customer',
      description: lines.join('\n'),
      start: this.#localTime(start),
      end: this.#localTime(end),
      extendedProperties: {
        private: { uscheduleAppointmentId: id, loftSyncManaged: 'true', bay: this.#bayOf(booking).bay },
      },
    };
  }

  #localTime(at: Instant): object {
    const { timeZone, timeZones } = this.#options;
    const local = new Date(at + timeZones.offsetAt(at, timeZone)).toISOString().slice(0, 19);
    return { dateTime: local, timeZone };
  }

  async #call(method: string, calendarId: string, path: string, body: object | null): Promise<unknown> {
    const { google } = this.#options;
    const url = `${google.rootUrl}/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events${path}`;
    const answer = await fetch(url, {
      method,
      headers: {
        Authorization: `Bearer ${google.issueAccessToken()}`,
        'Content-Type': 'application/json',
        Connection: 'close',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    // It ignores failures: the event may not exist any more, and it never checks its writes.
    if (!answer.ok && answer.status !== 410 && answer.status !== 404) throw new Error(`${answer.status}: ${text}`);
    if (answer.ok) this.#written++;
    return text === '' ? null : JSON.parse(text);
  }
}
