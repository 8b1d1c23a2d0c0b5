/** Interval of the rechecks of an appointment, in polls … */
const AGAIN_AFTER_POLLS = 10;
/** … and maximum number of rechecks per poll, unless the caller allows more. */
const TURNS_PER_POLL = 24;

/** Sentinel: never checked yet. */
const NEVER_YET = Number.MAX_VALUE;

/**
 * Selects the appointments that one poll reads by their id: a new one at once, then every tenth poll while it is still
 * listed. Of many, those with the oldest recheck come first.
 */
export class RecheckRotation {
  /** Number of polls since the last recheck of each. */
  #pollsSince: ReadonlyMap<string, number> = new Map();

  /** Returns the candidates to recheck now. An appointment that is not a candidate any more is removed. */
  next(appointmentIds: readonly string[], atMost: number = TURNS_PER_POLL): ReadonlySet<string> {
    const waited = (id: string): number => this.#pollsSince.get(id) ?? NEVER_YET;
    const due = appointmentIds.filter((id) => waited(id) >= AGAIN_AFTER_POLLS);
    const inTurn = due.toSorted((a, b) => waited(b) - waited(a));
    const turn = new Set(inTurn.slice(0, atMost));
    this.#pollsSince = new Map(appointmentIds.map((id) => [id, turn.has(id) ? 1 : waited(id) + 1]));
    return turn;
  }

  /** Was it rechecked in an earlier poll, and is it still a candidate? */
  hadTurn(appointmentId: string): boolean {
    const polls = this.#pollsSince.get(appointmentId) ?? NEVER_YET;
    return polls > 1 && polls < NEVER_YET;
  }
}
