import type { Instant } from '../../domain/instant.js';
import type { ClaimedTask } from '../../domain/task.js';

/** What this process has stored about one appointment since its task was last finished here. */
interface Pending {
  /** Of its last news. */
  readonly fingerprint: string | null;
  readonly storedAt: Instant;
  /** When the first of it was stored, or the task last went on; and how often it was marked by us. */
  readonly since: Instant;
  readonly marks: number;
}

export interface PendingNewsOptions {
  /** Others work on the tasks too, and do not say when they are done. */
  readonly shared: boolean;
  /** In a shared store the same news is stored again after so many milliseconds: it may long be done. */
  readonly forgetMs: number;
  /** Nothing that was found out about the appointment waits for its task any more. */
  readonly onForgotten: (appointmentId: string) => void;
}

/** Whenever there are so many more, those that are old are looked for. */
const MANY = 1000;

/** Appointments whose task this process has stored and not yet finished, with the fingerprint of their news. */
export class PendingNews {
  readonly #options: PendingNewsOptions;
  readonly #pending = new Map<string, Pending>();

  constructor(options: PendingNewsOptions) {
    this.#options = options;
  }

  /** Something was stored, and is not done yet for all we know. */
  has(appointmentId: string, now: Instant): boolean {
    const known = this.#pending.get(appointmentId);
    return known !== undefined && !this.#isOld(known, now);
  }

  /** The same was stored before, and is not done yet for all we know. */
  isKnown(appointmentId: string, fingerprint: string, now: Instant): boolean {
    return this.#pending.get(appointmentId)?.fingerprint === fingerprint && this.has(appointmentId, now);
  }

  stored(appointmentId: string, fingerprint: string | null, now: Instant): void {
    const { since = now, marks = 0 } = this.#pending.get(appointmentId) ?? {};
    this.#pending.set(appointmentId, { fingerprint, storedAt: now, since, marks: marks + 1 });
    if (this.#options.shared && this.#pending.size % MANY === 0) this.#forgetOld(now);
  }

  /** What the polls have told and the last one does not tell any more is done, here or elsewhere. */
  keepTold(appointmentIds: ReadonlySet<string>): void {
    for (const [appointmentId, { fingerprint }] of this.#pending) {
      if (fingerprint !== null && !appointmentIds.has(appointmentId)) this.forget(appointmentId);
    }
  }

  /** Every mark of the task is ours: whatever it is about was seen by this process. */
  isOurs({ appointmentId, mark, createdAt }: ClaimedTask): boolean {
    if (!this.#options.shared) return true;
    const known = this.#pending.get(appointmentId);
    return known !== undefined && known.marks === mark && known.since === createdAt;
  }

  /** The task was finished, and goes on with the marks made meanwhile, as if it were new. */
  goesOn(appointmentId: string, now: Instant): void {
    const known = this.#pending.get(appointmentId);
    if (known) this.#pending.set(appointmentId, { ...known, since: now });
  }

  fingerprintOf(appointmentId: string): string | null | undefined {
    return this.#pending.get(appointmentId)?.fingerprint;
  }

  forget(appointmentId: string): void {
    this.#pending.delete(appointmentId);
    this.#options.onForgotten(appointmentId);
  }

  #isOld({ storedAt }: Pending, now: Instant): boolean {
    return this.#options.shared && now >= storedAt + this.#options.forgetMs;
  }

  /** What others have finished, without our being told. */
  #forgetOld(now: Instant): void {
    for (const [appointmentId, known] of this.#pending) if (this.#isOld(known, now)) this.forget(appointmentId);
  }
}
