/** After so many polls it is an appointment's turn again … */
const AGAIN_AFTER_POLLS = 10;
/** … and no more than so many have their turn in one poll, unless the caller allows for more. */
const TURNS_PER_POLL = 24;

/** A wait that is longer than any, and does not grow. */
const NEVER_YET = Number.MAX_VALUE;

/**
 * Which appointments are read by their id in a poll: one that is new at once, then every tenth poll for as long as it is
 * still named; when there are many, those that have waited longest.
 */
export class RecheckRotation {
  /** Polls since each had its turn. */
  #pollsSince: ReadonlyMap<string, number> = new Map();

  /** Of those that are to be looked after, the ones whose turn it is. Who is not named any more is forgotten. */
  next(appointmentIds: readonly string[], atMost: number = TURNS_PER_POLL): ReadonlySet<string> {
    const waited = (id: string): number => this.#pollsSince.get(id) ?? NEVER_YET;
    const due = appointmentIds.filter((id) => waited(id) >= AGAIN_AFTER_POLLS);
    const inTurn = due.toSorted((a, b) => waited(b) - waited(a));
    const turn = new Set(inTurn.slice(0, atMost));
    this.#pollsSince = new Map(appointmentIds.map((id) => [id, turn.has(id) ? 1 : waited(id) + 1]));
    return turn;
  }

  /** Has had its turn in an earlier poll, and is still named. */
  hadTurn(appointmentId: string): boolean {
    const polls = this.#pollsSince.get(appointmentId) ?? NEVER_YET;
    return polls > 1 && polls < NEVER_YET;
  }
}
