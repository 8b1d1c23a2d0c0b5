import { MINUTE } from '@loft/sync-core';
import type { Studio, StudioBooking } from '@loft/sync-core/testing';

/** A reservation as the club's API shows it. */
export interface Reservation {
  readonly ref: string;
  readonly state: 'CONFIRMED' | 'DRAFT' | 'WITHDRAWN';
  /** `north`, `south`. */
  readonly lane: string;
  /** ISO 8601, in UTC. */
  readonly from: string;
  readonly minutes: number;
  readonly guest: { readonly no: string; readonly name: string };
  readonly remark: string;
  readonly made: string;
}

export interface LaneSlot {
  /** `north`, `south`. */
  readonly lane: string;
  readonly from: string;
  readonly minutes: number;
}

/** An answer of the club: its own status number, and a body or a problem. */
export type ClubAnswer<T> =
  { readonly status: 200; readonly body: T } | { readonly status: 404 | 409 | 503; readonly problem: string };

/**
 * The API of Tee Time Club, a booking system that does not exist. The `Studio` of the testing entry keeps its state.
 * The adapter uses only this interface.
 */
export interface ClubApi {
  reservations(fromDay: string, toDay: string): Promise<ClubAnswer<readonly Reservation[]>>;
  reservation(ref: string): Promise<ClubAnswer<Reservation>>;
  openings(lane: string, day: string): Promise<ClubAnswer<readonly string[]>>;
  reserve(slot: LaneSlot, guestNo: string | null, remark: string): Promise<ClubAnswer<{ readonly ref: string }>>;
  change(ref: string, slot: LaneSlot): Promise<ClubAnswer<{ readonly ref: string }>>;
  withdraw(ref: string): Promise<ClubAnswer<null>>;
}

/** The simulated club. */
export class ImaginaryClub implements ClubApi {
  readonly #studio: Studio;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  async reservations(fromDay: string, toDay: string): Promise<ClubAnswer<readonly Reservation[]>> {
    const all = this.#studio.bookings().map(reservationOf);
    const body = all.filter(({ from }) => this.#dayOf(from) >= fromDay && this.#dayOf(from) <= toDay);
    return { status: 200, body };
  }

  async reservation(ref: string): Promise<ClubAnswer<Reservation>> {
    const booking = this.#studio.booking(ref);
    return booking ? { status: 200, body: reservationOf(booking) } : unknownRef(ref);
  }

  async openings(lane: string, day: string): Promise<ClubAnswer<readonly string[]>> {
    const { serviceLengthMinutes } = this.#studio.rules;
    const starts = this.#studio.freeSlots(lane, Date.parse(`${day}T12:00:00-07:00`), serviceLengthMinutes);
    return { status: 200, body: starts.map((start) => new Date(start).toISOString()) };
  }

  async reserve(slot: LaneSlot, guestNo: string | null, remark: string): Promise<ClubAnswer<{ readonly ref: string }>> {
    return refOrProblem(this.#studio.bookOnline(studioSlot(slot), { customerId: guestNo, notes: remark }));
  }

  async change(ref: string, slot: LaneSlot): Promise<ClubAnswer<{ readonly ref: string }>> {
    return refOrProblem(this.#studio.rescheduleOnline(ref, studioSlot(slot)));
  }

  async withdraw(ref: string): Promise<ClubAnswer<null>> {
    const answer = refOrProblem(this.#studio.cancelOnline(ref));
    return answer.status === 200 ? { status: 200, body: null } : answer;
  }

  /** The club's days are those of its own zone, which has no daylight saving. */
  #dayOf(instant: string): string {
    return new Date(Date.parse(instant) - 7 * 60 * MINUTE).toISOString().slice(0, 10);
  }
}

function reservationOf(booking: StudioBooking): Reservation {
  const states = { live: 'CONFIRMED', checkout: 'DRAFT', abandoned: 'DRAFT' } as const;
  const { id, state, unit, start, end, customerId, customerName, notes, createdAt } = booking;
  return {
    ref: id,
    state: state in states ? states[state as keyof typeof states] : 'WITHDRAWN',
    lane: String(unit),
    from: new Date(start).toISOString(),
    minutes: (end - start) / MINUTE,
    guest: { no: customerId, name: customerName },
    remark: notes,
    made: new Date(createdAt).toISOString(),
  };
}

function studioSlot({ lane, from, minutes }: LaneSlot): { unit: string; start: number; end: number } {
  const start = Date.parse(from);
  return { unit: lane, start, end: start + minutes * MINUTE };
}

function unknownRef(ref: string): ClubAnswer<never> {
  return { status: 404, problem: `There is no reservation ${ref}.` };
}

function refOrProblem(
  answer: string | { readonly refused: string; readonly reason: string },
): ClubAnswer<{ ref: string }> {
  if (typeof answer === 'string') return { status: 200, body: { ref: answer } };
  return { status: answer.refused === 'unknown-appointment' ? 404 : 409, problem: answer.reason };
}
