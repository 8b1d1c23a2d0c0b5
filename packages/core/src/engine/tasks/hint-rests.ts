import { MINUTE, SECOND, type Instant } from '../../domain/instant.js';

/** After a hint that had something to tell, the next one of the same appointment waits so long … */
const SHORTEST_GAP_MS: number = SECOND / 2;
/** … and twice as long each time if there was nothing but what we knew, up to this. */
const LONGEST_GAP_MS: number = 3 * SECOND;
/** Whenever there are so many more, those that are over long ago are forgotten. */
const MANY = 1000;

interface Rest {
  gapMs: number;
  until: Instant;
  begunAt: Instant;
  /** How often its appointment's work was begun. */
  begins: number;
  /** A hint is stored whose work is not begun. */
  waiting: boolean;
  /** Something else than a hint came while it was worked on. */
  urgent: boolean;
}

/**
 * Turns the hints of one appointment into few reads, as `Nudges` does with the notifications of a calendar: the first
 * is followed at once; after that the appointment rests, and what comes meanwhile is one read when the rest is over.
 *
 * ```
 * quiet ──hint──▶ waiting ──begins──▶ worked on ──ends──▶ resting ──hint──▶ waiting for the end of the rest
 *   ▲                                                        │
 *   └──────────────────────rest over─────────────────────────┘
 * ```
 */
export class HintRests {
  readonly #rests = new Map<string, Rest>();

  /** Appointments that are kept in mind. */
  get size(): number {
    return this.#rests.size;
  }

  /** A hint is stored, and whatever it is about will be read after now: one more changes nothing. */
  isWaiting(appointmentId: string): boolean {
    return this.#rests.get(appointmentId)?.waiting ?? false;
  }

  /** When a hint that comes now is due. */
  dueAt(appointmentId: string, now: Instant): Instant {
    return Math.max(now, this.#rests.get(appointmentId)?.until ?? now);
  }

  /** A hint is about to be stored. Answers what to call when it is. */
  storing(appointmentId: string, now: Instant): () => void {
    const rest = this.#restOf(appointmentId, now);
    const { begins } = rest;
    return () => {
      // What was begun while it was being stored may have read before it came.
      if (rest.begins === begins) rest.waiting = true;
    };
  }

  /** Something else than a hint asks for attention: that does not wait. */
  hurry(appointmentId: string): void {
    const rest = this.#rests.get(appointmentId);
    if (rest) rest.urgent = true;
  }

  begins(appointmentId: string, now: Instant): void {
    const rest = this.#rests.get(appointmentId);
    if (!rest) return;
    rest.begins++;
    rest.begunAt = now;
    rest.waiting = false;
    rest.urgent = false;
  }

  /** Its work is done. `news`: there was something to do. */
  ends(appointmentId: string, news: boolean, now: Instant): void {
    const rest = this.#rests.get(appointmentId);
    if (!rest) return;
    const storm = rest.begunAt < rest.until + rest.gapMs;
    rest.gapMs = news || !storm ? SHORTEST_GAP_MS : Math.min(LONGEST_GAP_MS, 2 * rest.gapMs);
    rest.until = now + rest.gapMs;
  }

  /** When what came while it was worked on is due. */
  againAt(appointmentId: string, now: Instant): Instant {
    const rest = this.#rests.get(appointmentId);
    return !rest || rest.urgent ? now : Math.max(now, rest.until);
  }

  #restOf(appointmentId: string, now: Instant): Rest {
    const known = this.#rests.get(appointmentId);
    if (known) return known;
    if (this.#rests.size > 0 && this.#rests.size % MANY === 0) this.#forgetOld(now);
    const rest = { gapMs: 0, until: now, begunAt: now, begins: 0, waiting: false, urgent: false };
    this.#rests.set(appointmentId, rest);
    return rest;
  }

  #forgetOld(now: Instant): void {
    for (const [appointmentId, { until, waiting }] of this.#rests) {
      if (!waiting && until + MINUTE < now) this.#rests.delete(appointmentId);
    }
  }
}
