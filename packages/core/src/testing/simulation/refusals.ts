import { HOUR } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { SyncEvent } from '../../domain/sync-event.js';
import type { BookRequest } from '../../ports/booking-system.js';
import { replacedAppointment } from '../../rules/rebook-marker.js';
import type { DoneCall } from './faulty-port.js';
import type { Act } from './act.js';
import type { SameBooking } from './same-booking.js';
import type { SimulationWorld } from './simulation-world.js';

/** Reasons of rows that revert an edit: the user's act has no effect. */
const REVERTING: ReadonlySet<string> = new Set([
  'edit-refused',
  'conflict',
  'unsupported-edit',
  'edit-held',
  'past-edit',
]);

/** Was an edit refused? `perhaps`: it could have been, and a crash may have come before the report. */
export type Refusal = 'yes' | 'no' | 'perhaps';

/** The edits that were refused since the last quiescent state, by the engines' reports and by the world's state. */
export class Refusals {
  readonly #world: SimulationWorld;
  readonly #same: SameBooking;
  readonly #reported = new Set<string>();
  readonly #reverted = new Set<string>();
  /** The edit guard held the edit: an administrator may have reverted it since. */
  readonly #held = new Set<string>();
  /** A process whose clock may be slow has restored a deleted event: it may have taken the deletion for an earlier move. */
  readonly #restored = new Set<string>();
  /** The booking system has refused a write. It also refuses the repetition of a write that took effect. */
  readonly #answered = new Set<string>();

  constructor(world: SimulationWorld, same: SameBooking) {
    this.#world = world;
    this.#same = same;
  }

  onEvent(event: SyncEvent): void {
    if (event.type !== 'decision' && event.type !== 'action') return;
    // An edit that waits for its slot is refused temporarily: it may still be applied.
    if (event.type === 'decision' && event.reason === 'edit-refused' && event.quiet) {
      this.#answered.add(event.appointmentId);
      return;
    }
    const isDone = event.type === 'decision' || event.outcome === 'ok';
    if (event.reason === 'edit-held') this.#held.add(event.appointmentId);
    // An edit that could not be reverted may be accepted on a retry, if the slot is free by then.
    if (event.reason === 'edit-refused' && isDone) this.#reported.add(event.appointmentId);
    if (event.type === 'action' && REVERTING.has(event.reason)) this.#reverted.add(event.appointmentId);
    const isSlow = (this.#world.faults.counts['clock-jump'] ?? 0) > 0;
    if (event.type === 'action' && event.reason === 'unsupported-edit' && isSlow)
      this.#restored.add(event.appointmentId);
  }

  /** @returns the booking whose change the booking system has refused. Null if the call is none of that kind. */
  onDone(system: SyncSystem, { method, args, result }: DoneCall): string | null {
    if (system !== 'uschedule' || result.ok || result.val.kind !== 'refused') return null;
    const replaced = method === 'book' ? replacedAppointment((args[0] as BookRequest).notes) : String(args[0]);
    if (replaced !== null) this.#answered.add(replaced);
    return replaced;
  }

  /** Call in a quiescent state. */
  of(act: Act): Refusal {
    if (act.appointmentId === null || act.side !== 'event') return 'no';
    if (this.#has(this.#reported, act.appointmentId)) return 'yes';
    if (this.#has(this.#held, act.appointmentId)) return 'perhaps';
    if (act.kind === 'remove' && this.#has(this.#restored, act.appointmentId)) return 'perhaps';
    return this.#has(this.#answered, act.appointmentId) || this.#isRefusedUnasked(act) ? 'perhaps' : 'no';
  }

  /** The user's act may have no effect. */
  mayBeReverted(act: Act): boolean {
    return act.appointmentId !== null && (this.#has(this.#reverted, act.appointmentId) || this.of(act) !== 'no');
  }

  clear(): void {
    this.#reported.clear();
    this.#reverted.clear();
    this.#answered.clear();
    this.#held.clear();
    this.#restored.clear();
  }

  #has(ids: ReadonlySet<string>, appointmentId: string): boolean {
    const root = this.#same.of(appointmentId);
    return [...ids].some((id) => this.#same.of(id) === root);
  }

  /** The engine makes no call if bookings are never moved, or could not be cancelled after a rebooking. */
  #isRefusedUnasked({ kind, appointmentId, expect }: Act): boolean {
    const { settings, bookings, clock } = this.#world;
    const { reschedule, cancellationHours } = settings.uschedule;
    if ((kind !== 'drag' && kind !== 'otherBay') || reschedule === 'method') return false;
    if (reschedule === 'off') return true;
    const booking = bookings.user.bookings().find(({ id }) => id === appointmentId);
    const start = Math.min(booking?.start ?? Infinity, expect?.start ?? Infinity);
    return start - clock.now() < cancellationHours * HOUR;
  }
}
