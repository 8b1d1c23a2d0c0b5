import type { Act } from './act.js';
import {
  AskedWrites,
  COST_OF_DISPLACED,
  MOST_PER_ACT,
  NONE,
  type AskedOptions,
  type NotedAct,
  type Writes,
} from './asked-writes.js';
import type { SameBooking } from './same-booking.js';

export type { Writes } from './asked-writes.js';

export interface LedgerOptions extends AskedOptions {
  readonly same: SameBooking;
  /** Is the event of the booking in the calendar of a removed bay? Its booking may be on a unit without a bay since. */
  readonly isShownInClosed: (appointmentId: string) => boolean;
  /** Outdated answers occur. Each act may cause one write of an outdated answer, and its correction. */
  readonly everStale: boolean;
}

interface Account {
  readonly acts: NotedAct[];
  calendar: number;
  booking: number;
  /** We gave the booking another id. */
  renamed: boolean;
  /** A write failed permanently although it may have taken effect. */
  deadLettered: boolean;
  /** An edit could not be delivered, and was reverted. A replay may execute it. */
  undelivered: boolean;
  /** Calendar writes that faults may have added. */
  extra: number;
}

/** A lost answer costs one more write of the marks with the new id. */
const COST_OF_NEW_ID = 2;
/** A retry after a dead letter costs one more write. */
const COST_OF_DEAD_LETTER = 1;
/** Calendar writes of an outdated answer: its content and the correction. Each needs two writes for a change of bay. */
const COST_OF_OLD_ANSWER = 2;
const COST_OF_OLD_BAY = 4;

/**
 * Compares the writes between two quiescent states with the users' acts, for each booking. docs/decision-table.md defines
 * their exact number: one on the other side for each change, and none without a request. Faults do not increase it, because
 * a repetition finds its result, with three exceptions: an outdated answer may cost a write and its correction, a lost
 * answer may cost another write of the marks, and a retry after a dead letter may cost another write.
 */
export class WriteLedger {
  readonly #options: LedgerOptions;
  readonly #asked: AskedWrites;
  readonly #accounts = new Map<string, Account>();

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#asked = new AskedWrites(options);
  }

  act(act: Act): void {
    if (act.appointmentId === null) return;
    const shownInClosed = this.#options.isShownInClosed(act.appointmentId);
    this.#account(act.appointmentId).acts.push({ ...act, shownInClosed });
  }

  wrote(side: keyof Writes, appointmentId: string): void {
    this.#account(appointmentId)[side]++;
  }

  renamed(appointmentId: string): void {
    this.#account(appointmentId).renamed = true;
  }

  deadLettered(appointmentId: string): void {
    this.#account(appointmentId).deadLettered = true;
  }

  undelivered(appointmentId: string): void {
    this.#account(appointmentId).undelivered = true;
  }

  /** Counts a calendar write of a dead sender, while another process may have been working. */
  orphaned(appointmentId: string): void {
    this.#account(appointmentId).extra++;
  }

  /** An event id was refused, and the next one taken. If that answer is lost and the first one is free again, a duplicate is removed. */
  idRefused(appointmentId: string): void {
    this.#account(appointmentId).extra += 2;
  }

  /** Returns each act that was the only one on its booking. */
  singleActs(): readonly Act[] {
    return [...this.#merged().values()].flatMap(({ acts }) => (acts.length === 1 ? acts : []));
  }

  /** Returns the differences, as sentences, and starts again. */
  close(): readonly string[] {
    const faults = [...this.#merged()].flatMap(([id, account]) => this.#verdict(id, account));
    this.#accounts.clear();
    return faults;
  }

  #merged(): ReadonlyMap<string, Account> {
    const merged = new Map<string, Account>();
    for (const [id, account] of this.#accounts) this.#merge(merged, this.#options.same.of(id), account);
    return merged;
  }

  #account(appointmentId: string): Account {
    const found = this.#accounts.get(appointmentId);
    if (found) return found;
    const account = {
      acts: [],
      calendar: 0,
      booking: 0,
      renamed: false,
      deadLettered: false,
      undelivered: false,
      extra: 0,
    };
    this.#accounts.set(appointmentId, account);
    return account;
  }

  #merge(merged: Map<string, Account>, id: string, account: Account): void {
    const existing = merged.get(id);
    if (!existing) return void merged.set(id, { ...account, acts: [...account.acts] });
    existing.acts.push(...account.acts);
    existing.calendar += account.calendar;
    existing.booking += account.booking;
    existing.renamed ||= account.renamed;
    existing.deadLettered ||= account.deadLettered;
    existing.undelivered ||= account.undelivered;
    existing.extra += account.extra;
  }

  #verdict(id: string, account: Account): readonly string[] {
    const { acts, calendar, booking, renamed, deadLettered, undelivered, extra } = account;
    const [only] = acts;
    const words = acts.map((act) => act.words).join(', ') || 'no act';
    const { everStale, faultless } = this.#options;
    const old = acts.reduce((sum, { kind }) => sum + (kind === 'changeBay' ? COST_OF_OLD_BAY : COST_OF_OLD_ANSWER), 0);
    const slack =
      (everStale ? old : 0) +
      (renamed && !faultless ? acts.length * COST_OF_NEW_ID : 0) +
      (deadLettered ? COST_OF_DEAD_LETTER : 0) +
      extra;
    const found = `${calendar} calendar and ${booking} booking writes`;
    if (acts.length <= 1) {
      const answers = only ? this.#asked.of(only, account) : [NONE];
      // After an interrupted move no patch may be needed, so one write is enough.
      const least = (asked: Writes): number => (faultless ? asked.calendar : Math.min(asked.calendar, 1));
      const right = answers.some(
        (asked) => calendar >= least(asked) && calendar <= asked.calendar + slack && booking === asked.booking,
      );
      const wanted = answers.map((asked) => `${asked.calendar} and ${asked.booking}`).join(', or ');
      return right ? [] : [`${found} instead of ${wanted} for ${id}: ${words}`];
    }
    const eventActs = acts.filter(({ side }) => side === 'event').length;
    // An act that gives the booking a new id counts for both records.
    const records = acts.length + acts.filter(({ renamedTo }) => renamedTo !== undefined).length;
    // If a customer cancels the new booking of a rebooking before it was observed, the rebooking is repeated.
    const mostBooking = MOST_PER_ACT.booking + (this.#options.rebook && !faultless ? 1 : 0);
    const displaced = acts.filter((act) => act.displaced).length * (COST_OF_DISPLACED - MOST_PER_ACT.calendar);
    const replayed = undelivered ? MOST_PER_ACT.calendar : 0;
    const tooMany =
      calendar > records * MOST_PER_ACT.calendar + displaced + replayed + slack || booking > eventActs * mostBooking;
    return tooMany ? [`${found} for ${id}: ${words}`] : [];
  }
}
