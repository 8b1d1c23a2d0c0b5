import type { Bay, SyncEvent, TimeZones } from '@loft/sync-core';
import type { ActionEvent } from '@loft/sync-core/reports';
import type { Reason } from '@loft/sync-core/rules';
import type { StudioBooking } from '@loft/sync-core/testing';
import { zonedFormat, type ZonedFormat } from '../http/zoned-format.js';
import { conflictWinner } from '../journal/words.js';

/** The texts of a row (docs/decision-table.md#rows): what happened, and the service's action. */
const STORIES: Readonly<Partial<Record<Reason, readonly [string, string]>>> = {
  'new-booking': ['booked', 'event created'],
  adopt: ['has an event already', 'event adopted'],
  'booking-changed': ['changed in USchedule', 'event updated'],
  'booking-moved-bay': ['moved to this bay in USchedule', 'event moved over'],
  'booking-cancelled': ['cancelled in USchedule', 'event removed'],
  'event-moved': ['moved in Google Calendar', 'booking rescheduled'],
  'event-moved-bay': ["moved to this bay's calendar", 'booking moved over'],
  'event-deleted': ['deleted in Google Calendar', 'booking cancelled'],
  'conflict-restore': ['changed in USchedule and deleted in Google Calendar', 'event restored'],
  'unsupported-edit': ['edited in a way that is impossible for a booking', 'event reverted'],
  'edit-refused': ['edited, but USchedule refuses', 'event reverted'],
  'dead-stays-dead': ['cancelled before, and its event came back', 'event removed again'],
  'booking-revived': ['active again in USchedule', 'event restored'],
};

function storyOf({ action, direction, reason }: ActionEvent): readonly [string, string] {
  if (reason === 'conflict') return ['changed on both sides', conflictWinner(direction)];
  return STORIES[reason] ?? [reason, action];
}

function ending(event: ActionEvent, done: string): string {
  const problem = event.error?.message ?? 'no reason given';
  switch (event.outcome) {
    case 'ok':
      return done;
    case 'retry':
      return `failed, will be retried (${problem})`;
    case 'dead-letter':
      return `failed, stored as a dead letter (${problem})`;
  }
}

/** Describes the service's actions in words. */
export class Narrator {
  readonly #say: (line: string) => void;
  readonly #format: ZonedFormat;
  #actions = 0;

  constructor(timeZone: string, timeZones: TimeZones, say: (line: string) => void) {
    this.#format = zonedFormat(timeZone, timeZones);
    this.#say = say;
  }

  /** Number of reported actions. */
  get actions(): number {
    return this.#actions;
  }

  /** `09:00 Bay 1 · Ana R.` */
  describe(booking: Pick<StudioBooking, 'start' | 'unit' | 'customerName'>, bays: readonly Bay[]): string {
    const bay = bays.find(({ resourceUnitId }) => resourceUnitId === booking.unit);
    return `${this.#format.time(booking.start)} ${bay?.name ?? `unit ${booking.unit}`} · ${booking.customerName}`;
  }

  /** @param bookingOf reads the current booking of an appointment */
  report(event: SyncEvent, bookingOf: (appointmentId: string) => StudioBooking | null, bays: readonly Bay[]): void {
    if (event.type === 'action') {
      const [happened, done] = storyOf(event);
      const booking = bookingOf(event.appointmentId);
      const who = booking ? this.describe(booking, bays) : `appointment ${event.appointmentId}`;
      this.#say(`  ${who} ${happened} → ${ending(event, done)}`);
      this.#actions++;
    } else if (event.type === 'feed' && (event.outcome === 'failed' || event.outcome === 'stopped')) {
      this.#say(`  ! ${event.feed}: ${event.detail ?? event.error?.message ?? event.outcome}`);
    } else if (event.type === 'notice' && event.level !== 'info') {
      this.#say(`  ! ${event.message}`);
    }
  }
}
