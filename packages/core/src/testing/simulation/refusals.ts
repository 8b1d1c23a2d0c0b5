import { HOUR } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { SyncEvent } from '../../domain/sync-event.js';
import type { BookRequest } from '../../ports/booking-system.js';
import { replacedAppointment } from '../../rules/rebook-marker.js';
import type { DoneCall } from './faulty-port.js';
import type { Act } from './act.js';
import type { SameBooking } from './same-booking.js';
import type { SimulationWorld } from './simulation-world.js';

/** Rows that put an edit back: the person does not get what they wanted. */
const PUT_BACK: ReadonlySet<string> = new Set([
  'edit-refused',
  'conflict',
  'unsupported-edit',
  'edit-held',
  'past-edit',
]);

/** Was an edit refused? `perhaps`: it could have been, and a crash may have come before anybody said so. */
export type Refusal = 'yes' | 'no' | 'perhaps';

/** Which edits were refused since the last rest: as the engines tell it, and as the world knows it. */
export class Refusals {
  readonly #world: SimulationWorld;
  readonly #same: SameBooking;
  readonly #told = new Set<string>();
  readonly #putBack = new Set<string>();
  /** The guard of people's edits has held it: a person may have put it back since. */
  readonly #held = new Set<string>();
  /** The booking system has said no to a write. It also does so to the repeat of one that went through. */
  readonly #answered = new Set<string>();

  constructor(world: SimulationWorld, same: SameBooking) {
    this.#world = world;
    this.#same = same;
  }

  onEvent(event: SyncEvent): void {
    if (event.type !== 'decision' && event.type !== 'action') return;
    // An edit that waits for its slot is refused for now: it may be carried out yet.
    if (event.type === 'decision' && event.reason === 'edit-refused' && event.quiet) {
      this.#answered.add(event.appointmentId);
      return;
    }
    const isDone = event.type === 'decision' || event.outcome === 'ok';
    if (event.reason === 'edit-held') this.#held.add(event.appointmentId);
    // What could not be put back may be accepted when it is tried again: the slot is free by then.
    if (event.reason === 'edit-refused' && isDone) this.#told.add(event.appointmentId);
    if (event.type === 'action' && PUT_BACK.has(event.reason)) this.#putBack.add(event.appointmentId);
  }

  onDone(system: SyncSystem, { method, args, result }: DoneCall): void {
    if (system !== 'uschedule' || result.ok || result.val.kind !== 'refused') return;
    const replaced = method === 'book' ? replacedAppointment((args[0] as BookRequest).notes) : String(args[0]);
    if (replaced !== null) this.#answered.add(replaced);
  }

  /** To be asked at rest. */
  of(act: Act): Refusal {
    if (act.appointmentId === null || act.side !== 'event') return 'no';
    if (this.#has(this.#told, act.appointmentId)) return 'yes';
    if (this.#has(this.#held, act.appointmentId)) return 'perhaps';
    return this.#has(this.#answered, act.appointmentId) || this.#isRefusedUnasked(act) ? 'perhaps' : 'no';
  }

  /** The person may not have got what they wanted. */
  mayBePutBack(act: Act): boolean {
    return act.appointmentId !== null && (this.#has(this.#putBack, act.appointmentId) || this.of(act) !== 'no');
  }

  clear(): void {
    this.#told.clear();
    this.#putBack.clear();
    this.#answered.clear();
    this.#held.clear();
  }

  #has(ids: ReadonlySet<string>, appointmentId: string): boolean {
    const root = this.#same.of(appointmentId);
    return [...ids].some((id) => this.#same.of(id) === root);
  }

  /** The engine does not ask where bookings are not moved at all, or could not be cancelled after they were made anew. */
  #isRefusedUnasked({ kind, appointmentId, expect }: Act): boolean {
    const { settings, bookings, clock } = this.#world;
    const { reschedule, cancellationHours } = settings.uschedule;
    if ((kind !== 'drag' && kind !== 'otherBay') || reschedule === 'method') return false;
    if (reschedule === 'off') return true;
    const booking = bookings.desk.bookings().find(({ id }) => id === appointmentId);
    const start = Math.min(booking?.start ?? Infinity, expect?.start ?? Infinity);
    return start - clock.now() < cancellationHours * HOUR;
  }
}
