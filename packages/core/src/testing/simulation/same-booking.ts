/** Appointment ids that stand for one and the same booking: a moved booking may go on under another id. */
export class SameBooking {
  readonly #parent = new Map<string, string>();

  /** One id for all that stand for the same booking. */
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
