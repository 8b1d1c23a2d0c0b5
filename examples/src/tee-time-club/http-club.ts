import type { ClubAnswer, ClubApi, LaneSlot, Reservation } from './club-api.js';

/** The club's API over HTTP: one POST for each call, to the method's name. It never throws, and every call ends. */
export class HttpClub implements ClubApi {
  readonly #address: string;
  readonly #key: string;
  readonly #timeoutMs: number;

  constructor(address: string, key: string, timeoutMs: number) {
    this.#address = address;
    this.#key = key;
    this.#timeoutMs = timeoutMs;
  }

  reservations(fromDay: string, toDay: string): Promise<ClubAnswer<readonly Reservation[]>> {
    return this.#call('reservations', fromDay, toDay);
  }

  reservation(ref: string): Promise<ClubAnswer<Reservation>> {
    return this.#call('reservation', ref);
  }

  openings(lane: string, day: string): Promise<ClubAnswer<readonly string[]>> {
    return this.#call('openings', lane, day);
  }

  reserve(slot: LaneSlot, guestNo: string | null, remark: string): Promise<ClubAnswer<{ readonly ref: string }>> {
    return this.#call('reserve', slot, guestNo, remark);
  }

  change(ref: string, slot: LaneSlot): Promise<ClubAnswer<{ readonly ref: string }>> {
    return this.#call('change', ref, slot);
  }

  withdraw(ref: string): Promise<ClubAnswer<null>> {
    return this.#call('withdraw', ref);
  }

  async #call<T>(method: string, ...args: readonly unknown[]): Promise<ClubAnswer<T>> {
    try {
      const answer = await fetch(new URL(method, this.#address), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Key ${this.#key}` },
        body: JSON.stringify(args),
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      return (await answer.json()) as ClubAnswer<T>;
    } catch (error) {
      return { status: 503, problem: `the club cannot be reached: ${String(error)}` };
    }
  }
}
