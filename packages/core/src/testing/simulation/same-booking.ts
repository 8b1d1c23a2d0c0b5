/** Appointment ids of the same booking: a moved booking may get another id. */
export class SameBooking {
  readonly #groups = new Map<string, string>();
  #recycled = 0;

  /** Returns one name for all ids of the same booking. */
  of(appointmentId: string): string {
    return this.#groups.get(appointmentId) ?? appointmentId;
  }

  join(a: string, b: string): void {
    const first = this.of(a);
    const second = this.of(b);
    if (first === second) return;
    for (const [id, group] of this.#groups) if (group === second) this.#groups.set(id, first);
    this.#groups.set(a, first).set(b, first);
  }

  /** The id belongs to another booking from now on. */
  recycle(appointmentId: string): void {
    this.#groups.set(appointmentId, `${appointmentId}#${++this.#recycled}`);
  }
}
