import type { EventRef } from '../../domain/task.js';
import type { Instant } from '../../domain/instant.js';
import type { UnitId } from '../../domain/bay.js';
import type { MemoryBookings } from '../memory-bookings.js';
import type { MemoryCalendars } from '../memory-calendars.js';
import type { Act } from './act.js';
import type { BayPlan } from './bay-plan.js';
import { CalendarUsers } from './calendar-users.js';
import { Customers } from './customers.js';
import { RandomSlots } from './random-slots.js';
import type { SeededRandom } from './seeded-random.js';
import { ShownEvents } from './shown-events.js';
import { UserEdits } from './user-edits.js';

export interface PeopleOptions {
  readonly bookings: MemoryBookings;
  readonly calendars: MemoryCalendars;
  readonly plan: BayPlan;
  /** Can be booked, and has no calendar. */
  readonly otherUnit: UnitId;
  /** Returns the appointment of an event of ours whose own marks do not name it. */
  readonly ownerOf: (eventId: string) => string | null;
  /** Returns the present id of the booking that had this appointment id. */
  readonly presentId: (appointmentId: string) => string;
  /** Returns the event of an appointment, or null. */
  readonly mirrorOf: (appointmentId: string) => EventRef | null;
  /** Is it an event that no list showed while the store had no map of it, and that is reported as a copy? */
  readonly isReportedCopy: (eventId: string) => boolean;
  readonly now: () => Instant;
}

/** Users of the booking system and users of a calendar app, at random. */
export class People {
  readonly customers: Customers;
  readonly users: CalendarUsers;
  readonly events: ShownEvents;
  readonly edits: UserEdits;
  readonly #plan: BayPlan;
  /** The last touched appointment. */
  #last: string | null = null;

  constructor({ bookings, calendars, plan, otherUnit, now, ...ofStore }: PeopleOptions) {
    const { mirrorOf } = ofStore;
    const edits = new UserEdits(plan);
    const events = new ShownEvents({ calendars, plan, edits, ...ofStore });
    const slots = new RandomSlots({ plan, otherUnit, now });
    this.customers = new Customers({ bookings, slots, events, edits, mirrorOf, now });
    this.users = new CalendarUsers({ bookings, calendars, plan, slots, events, edits, otherUnit, now });
    this.events = events;
    this.edits = edits;
    this.#plan = plan;
  }

  act(random: SeededRandom): Act | null {
    const actors = random.chance(0.55) ? this.customers : this.users;
    const act = actors.act(random, this.#last);
    if (act) this.#last = act.renamedTo ?? act.appointmentId;
    return act;
  }

  /**
   * In a quiescent state no work remains: every later write needs a new act. An edit in a calendar of a closed bay
   * counts when the bay is opened again.
   */
  settled(): void {
    this.customers.settled();
    if (!this.#plan.isAnyClosed) this.edits.settled();
    for (const { eventId, marks } of this.events.mirrors()) {
      if (!marks.managed || !this.edits.stripped.delete(eventId)) continue;
      // Without marks it was not known whose its texts were.
      for (const reworded of Object.values(this.edits.reworded)) reworded.add(eventId);
    }
  }
}
