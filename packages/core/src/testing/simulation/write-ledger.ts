import type { UnitId } from '../../domain/bay.js';
import type { Act } from './act.js';
import type { Refusal } from './refusals.js';
import type { SameBooking } from './same-booking.js';

/** Number of writes that took effect, on either side. */
export interface Writes {
  readonly calendar: number;
  readonly booking: number;
}

export interface LedgerOptions {
  readonly same: SameBooking;
  /** Was an edit refused? */
  readonly refusalOf: (act: Act) => Refusal;
  /** Does the unit belong to a bay? */
  readonly isRouted: (unit: UnitId) => boolean;
  /** Does the unit belong to a bay that was removed from the settings? A cancellation may still delete its event. */
  readonly isClosed: (unit: UnitId) => boolean;
  /** Is the event of the booking in the calendar of such a bay? Its booking may be on a unit without a bay since. */
  readonly isShownInClosed: (appointmentId: string) => boolean;
  /** A moved booking is booked again, and the old one cancelled. */
  readonly rebook: boolean;
  /** The event of a booking without a route is marked and kept. It moves when the booking returns to another bay. */
  readonly marks: boolean;
  /** Outdated answers occur. Each act may cause one write of an outdated answer, and its correction. */
  readonly everStale: boolean;
  /** No faults occur. */
  readonly faultless: boolean;
}

type NotedAct = Act & { readonly shownInClosed: boolean };

interface Account {
  readonly acts: NotedAct[];
  calendar: number;
  booking: number;
  /** We gave the booking another id. */
  renamed: boolean;
  /** A write failed permanently although it may have taken effect. */
  deadLettered: boolean;
  /** Calendar writes that took effect after their sender was dead, while another process may have been working. */
  orphaned: number;
}

const NONE: Writes = { calendar: 0, booking: 0 };
/** Maximum writes of a single act, even with a race condition: a change of bay is a move and a patch, a rebooking two calls. */
const MOST_PER_ACT: Writes = { calendar: 2, booking: 2 };
/** A lost answer costs one more write of the marks with the new id. */
const COST_OF_NEW_ID = 2;
/** A recurring event at another place without our marks is made single, moved and patched. */
const COST_OF_DISPLACED = 3;
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
  readonly #accounts = new Map<string, Account>();

  constructor(options: LedgerOptions) {
    this.#options = options;
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

  /** Counts a calendar write of a dead sender. */
  orphaned(appointmentId: string): void {
    this.#account(appointmentId).orphaned++;
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
    const account = { acts: [], calendar: 0, booking: 0, renamed: false, deadLettered: false, orphaned: 0 };
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
    existing.orphaned += account.orphaned;
  }

  #verdict(id: string, account: Account): readonly string[] {
    const { acts, calendar, booking, renamed, deadLettered, orphaned } = account;
    const [only] = acts;
    const words = acts.map((act) => act.words).join(', ') || 'no act';
    const { everStale, faultless } = this.#options;
    const old = acts.reduce((sum, { kind }) => sum + (kind === 'changeBay' ? COST_OF_OLD_BAY : COST_OF_OLD_ANSWER), 0);
    const slack =
      (everStale ? old : 0) +
      (renamed && !faultless ? acts.length * COST_OF_NEW_ID : 0) +
      (deadLettered ? COST_OF_DEAD_LETTER : 0) +
      orphaned;
    const found = `${calendar} calendar and ${booking} booking writes`;
    if (acts.length <= 1) {
      const answers = only ? this.#askedFor(only, account) : [NONE];
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
    const tooMany = calendar > records * MOST_PER_ACT.calendar + displaced + slack || booking > eventActs * mostBooking;
    return tooMany ? [`${found} for ${id}: ${words}`] : [];
  }

  /** Returns the numbers of writes that the table requires: several if the order of events is ambiguous. */
  #askedFor(act: NotedAct, { renamed }: Account): readonly Writes[] {
    if (act.idle) return [NONE];
    if (this.#isInClosedBay(act)) return upTo(MOST_PER_ACT.calendar).map((calendar) => ({ calendar, booking: 0 }));
    if (act.kind === 'ofPast') return upTo(1).map((calendar) => ({ calendar, booking: 0 }));
    if (act.replaceable) return this.#replaced();
    if (act.kind === 'remove' && act.unmarked)
      return [
        { calendar: 1, booking: 0 },
        { calendar: 0, booking: 1 },
      ];
    if (act.displaced) return upTo(COST_OF_DISPLACED).map((calendar) => ({ calendar, booking: 0 }));
    if (act.described) return upTo(1).map((calendar) => ({ calendar, booking: 0 }));
    const refusal = this.#options.refusalOf(act);
    const accepted = this.#accepted(act, renamed);
    if (this.#comesBack(act)) return [accepted, { ...accepted, calendar: accepted.calendar + 1 }];
    const mayRemain = refusal === 'yes' ? [] : [accepted];
    if (refusal === 'no') return mayRemain;
    const reverted = this.#reverted(act);
    // The event was created from a list without the cancellation: the new booking is cancelled again.
    const undone = this.#options.rebook && !this.#options.faultless ? [{ ...reverted, booking: 2 }] : [];
    return [...mayRemain, reverted, ...undone];
  }

  #accepted(act: Act, renamed: boolean): Writes {
    switch (act.kind) {
      case 'book':
      case 'move':
      case 'changeBay':
      case 'notes':
      case 'cancel':
        return { calendar: this.#mirroring(act), booking: 0 };
      case 'drag':
      case 'otherBay':
        // The marks are written with the new id, if there is one.
        return { calendar: renamed ? 1 : 0, booking: this.#options.rebook ? 2 : 1 };
      case 'remove':
        return { calendar: 0, booking: 1 };
      case 'toPast':
      case 'allDay':
      case 'recurring':
      case 'undelete':
        return { calendar: 1, booking: 0 };
      default:
        return NONE;
    }
  }

  /** A copy may have replaced a deleted mirror: then its time becomes the booking's time, or the other way round. */
  #replaced(): readonly Writes[] {
    const moved = this.#options.rebook ? 2 : 1;
    return [0, 1, moved].flatMap((booking) => upTo(MOST_PER_ACT.calendar).map((calendar) => ({ calendar, booking })));
  }

  #comesBack({ kind, units }: Act): boolean {
    const { marks, isRouted } = this.#options;
    return marks && kind === 'changeBay' && units !== undefined && units.before !== null && !isRouted(units.before);
  }

  #isInClosedBay({ side, units, shownInClosed }: NotedAct): boolean {
    const isClosed = (unit: UnitId | null | undefined): boolean =>
      unit !== undefined && unit !== null && this.#options.isClosed(unit);
    return side === 'booking' && (shownInClosed || isClosed(units?.before) || isClosed(units?.after));
  }

  /** A change of bay is reverted by a move and a patch. */
  #reverted({ kind }: Act): Writes {
    return { calendar: kind === 'otherBay' ? 2 : 1, booking: 0 };
  }

  /** Calendar writes that show an act in the booking system. */
  #mirroring({ kind, units, renamedTo }: Act): number {
    const shows = (unit: UnitId | null | undefined): boolean =>
      unit !== undefined && unit !== null && this.#options.isRouted(unit);
    const before = shows(units?.before);
    const after = shows(units?.after);
    // A new record: its event is created, and that of the old one is removed.
    if (renamedTo !== undefined || !before || !after) return Number(before) + Number(after);
    return kind === 'changeBay' ? 2 : 1;
  }
}

function upTo(most: number): readonly number[] {
  return Array.from({ length: most + 1 }, (_, count) => count);
}
