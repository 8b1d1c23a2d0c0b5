import type { EventPatch } from '../../domain/calendar-event.js';

interface Stamp {
  readonly appointmentId: string;
  readonly bay: string | null;
}

/** The marks that we wrote last to each event. */
export class LastStamps {
  readonly #stamps = new Map<string, Stamp>();

  /**
   * Notes a write.
   *
   * @returns whether it corrects only the bay in the marks. A person who moves an event to another bay leaves the former one
   *   there, and the next observed change of the event corrects it, at any time.
   */
  note(eventId: string, appointmentId: string, patch: EventPatch | null): boolean {
    const last = this.#stamps.get(eventId);
    this.#stamps.set(eventId, { appointmentId, bay: patch?.bay ?? last?.bay ?? null });
    if (!last || patch?.appointmentId !== last.appointmentId) return false;
    const { appointmentId: _id, bay, write: _write, ...fields } = patch;
    return bay !== undefined && bay !== last.bay && Object.keys(fields).length === 0;
  }

  /** Returns the appointment of the last marks. */
  ownerOf(eventId: string): string | undefined {
    return this.#stamps.get(eventId)?.appointmentId;
  }
}
