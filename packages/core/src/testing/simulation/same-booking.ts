/** Appointment ids of the same booking: a moved booking may get another id. */
export class SameBooking {
  readonly #parent = new Map<string, string>();

  /** Returns one id for all ids of the same booking. */
  of(appointmentId: string): string {
    let id = appointmentId;
    for (let parent = this.#parent.get(id); parent !== undefined; parent = this.#parent.get(id)) id = parent;
    return id;
  }

  join(a: string, b: string): void {
    const first = this.of(a);
    const second = this.of(b);
    if (first !== second) this.#parent.set(second, first);
  }
}
