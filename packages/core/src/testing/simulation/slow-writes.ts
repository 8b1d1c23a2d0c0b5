import { MINUTE, type Instant } from '../../domain/instant.js';
import { STALEST_MS } from './recorded-bookings.js';
import type { SameBooking } from './same-booking.js';
import { LEASE_MS, MOST_SKEW, MOST_SKEW_OF_REPLICAS, type SimulationWorld } from './simulation-world.js';

/** Returns the time after its end in which a visit may still be changed: longer if a process has had a slow clock. */
export function overSlackOf({ faults, shared }: SimulationWorld): number {
  const isSlow = (faults.counts['clock-jump'] ?? 0) > 0;
  return MINUTE + (isSlow ? (shared ? MOST_SKEW_OF_REPLICAS : MOST_SKEW) : 0);
}

/**
 * Our writes to bookings by processes whose clock was slow. Such a process stores a write time that is too early. The
 * process that replaces it then regards the echo window as closed, so it may revert the edit by an outdated answer of the
 * booking system. The next poll applies the edit again. The same applies if the clock of a process is set back after a write:
 * the time of the write is then in the future, as that of a clock that was ahead.
 */
export class SlowWrites {
  readonly #same: SameBooking;
  /** By booking: when we last wrote to it. */
  readonly #writtenAt = new Map<string, Instant>();
  readonly #slow = new Set<string>();

  constructor(same: SameBooking) {
    this.#same = same;
  }

  onWritten(appointmentId: string, now: Instant): void {
    const id = this.#same.of(appointmentId);
    this.#writtenAt.set(id, now);
    this.#slow.delete(id);
  }

  /** @param storedAt the time of the write, as the process stored it */
  onMapStored(appointmentId: string, storedAt: Instant | null): void {
    const id = this.#same.of(appointmentId);
    const writtenAt = this.#writtenAt.get(id);
    if (writtenAt !== undefined && storedAt !== null && storedAt < writtenAt - STALEST_MS) this.#slow.add(id);
  }

  /** @param setAt when a clock was last set */
  mayBePutBack(appointmentId: string, now: Instant, setAt: Instant): boolean {
    const id = this.#same.of(appointmentId);
    const writtenAt = this.#writtenAt.get(id) ?? -Infinity;
    return (this.#slow.has(id) || setAt >= writtenAt) && now - writtenAt < LEASE_MS;
  }
}
