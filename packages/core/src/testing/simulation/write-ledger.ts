import type { UnitId } from '../../domain/bay.js';
import type { Act } from './act.js';
import type { Refusal } from './refusals.js';
import type { SameBooking } from './same-booking.js';

/** Writes that took effect, on either side. */
export interface Writes {
  readonly calendar: number;
  readonly booking: number;
}

export interface LedgerOptions {
  readonly same: SameBooking;
  /** Was an edit refused? */
  readonly refusalOf: (act: Act) => Refusal;
  /** Is it the unit of a bay? */
  readonly isRouted: (unit: UnitId) => boolean;
  /** A moved booking is booked anew, and the old one cancelled. */
  readonly rebook: boolean;
  /** The event of a booking that left stays where it was, marked, and is moved when the booking comes back elsewhere. */
  readonly marks: boolean;
  /** An old answer may be shown, and put right, once for each act. */
  readonly everStale: boolean;
  /** Nothing ever fails. */
  readonly faultless: boolean;
}

interface Account {
  readonly acts: Act[];
  calendar: number;
  booking: number;
  /** We gave the booking another id. */
  renamed: boolean;
  /** A write was given up whose answer may have been lost: nobody knows that it was made. */
  parked: boolean;
  /** Calendar writes that took effect when who had sent them was dead, and another one was at work perhaps. */
  orphaned: number;
}

const NONE: Writes = { calendar: 0, booking: 0 };
/** No single act is worth more, not even in a race: a change of bay is a move and a patch, a rebooking two calls. */
const MOST_PER_ACT: Writes = { calendar: 2, booking: 2 };
/** Where its answer is lost, an event is stamped with its new id once more. */
const COST_OF_NEW_ID = 2;
/** An event that stands elsewhere without our marks, and recurs by now, is made single, moved and patched. */
const COST_OF_DISPLACED = 3;
/** What was given up and tried anew is written once more. */
const COST_OF_PARKING = 1;
/** Calendar writes that an old answer may cost: what it said, and back again. Each of them is two for a change of bay. */
const COST_OF_OLD_ANSWER = 2;
const COST_OF_OLD_BAY = 4;

/**
 * Counts the writes between two rests against the acts of people, booking by booking. docs/decision-table.md says
 * exactly
 * how many there are: one on the other side for each change, none for what asks for none, and none that nobody asked
 * for. Faults make it no more, since what is repeated finds that it is done, but for three: a booking system that serves
 * old answers may cost a write and its correction, an event is stamped again when the answer to its stamp was lost, and
 * what was given up after that is written again.
 */
export class WriteLedger {
  readonly #options: LedgerOptions;
  readonly #accounts = new Map<string, Account>();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  act(act: Act): void {
    if (act.appointmentId === null) return;
    this.#account(act.appointmentId).acts.push(act);
  }

  wrote(side: keyof Writes, appointmentId: string): void {
    this.#account(appointmentId)[side]++;
  }

  renamed(appointmentId: string): void {
    this.#account(appointmentId).renamed = true;
  }

  parked(appointmentId: string): void {
    this.#account(appointmentId).parked = true;
  }

  /** A calendar write whose sender is dead. */
  orphaned(appointmentId: string): void {
    this.#account(appointmentId).orphaned++;
  }

  /** Acts that were the only one on their booking. */
  singleActs(): readonly Act[] {
    return [...this.#merged().values()].flatMap(({ acts }) => (acts.length === 1 ? acts : []));
  }

  /** Closes the books: what does not add up, in words. */
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
    const account = { acts: [], calendar: 0, booking: 0, renamed: false, parked: false, orphaned: 0 };
    this.#accounts.set(appointmentId, account);
    return account;
  }

  #merge(merged: Map<string, Account>, id: string, account: Account): void {
    const known = merged.get(id);
    if (!known) return void merged.set(id, { ...account, acts: [...account.acts] });
    known.acts.push(...account.acts);
    known.calendar += account.calendar;
    known.booking += account.booking;
    known.renamed ||= account.renamed;
    known.parked ||= account.parked;
    known.orphaned += account.orphaned;
  }

  #verdict(id: string, account: Account): readonly string[] {
    const { acts, calendar, booking, renamed, parked, orphaned } = account;
    const [only] = acts;
    const words = acts.map((act) => act.words).join(', ') || 'nobody did anything';
    const { everStale, faultless } = this.#options;
    const old = acts.reduce((sum, { kind }) => sum + (kind === 'changeBay' ? COST_OF_OLD_BAY : COST_OF_OLD_ANSWER), 0);
    const slack =
      (everStale ? old : 0) +
      (renamed && !faultless ? acts.length * COST_OF_NEW_ID : 0) +
      (parked ? COST_OF_PARKING : 0) +
      orphaned;
    const found = `${calendar} calendar and ${booking} booking writes`;
    if (acts.length <= 1) {
      const answers = only ? this.#askedFor(only, account) : [NONE];
      // After a move that was interrupted nothing is left to patch.
      const least = (asked: Writes): number => (faultless ? asked.calendar : Math.min(asked.calendar, 1));
      const right = answers.some(
        (asked) => calendar >= least(asked) && calendar <= asked.calendar + slack && booking === asked.booking,
      );
      const wanted = answers.map((asked) => `${asked.calendar} and ${asked.booking}`).join(', or ');
      return right ? [] : [`${found} instead of ${wanted} for ${id}: ${words}`];
    }
    const eventActs = acts.filter(({ side }) => side === 'event').length;
    // A record that takes another one's place is an act on each of them.
    const records = acts.length + acts.filter(({ renamedTo }) => renamedTo !== undefined).length;
    // A rebooking that nobody saw, and that a customer cancels before anybody does, is made once more.
    const mostBooking = MOST_PER_ACT.booking + (this.#options.rebook && !faultless ? 1 : 0);
    const displaced = acts.filter((act) => act.displaced).length * (COST_OF_DISPLACED - MOST_PER_ACT.calendar);
    const tooMany = calendar > records * MOST_PER_ACT.calendar + displaced + slack || booking > eventActs * mostBooking;
    return tooMany ? [`${found} for ${id}: ${words}`] : [];
  }

  /** What the table asks for; more than one answer where nobody can know which of them it is. */
  #askedFor(act: Act, { renamed }: Account): readonly Writes[] {
    if (act.idle) return [NONE];
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
    const mayStand = refusal === 'yes' ? [] : [accepted];
    if (refusal === 'no') return mayStand;
    const putBack = this.#putBack(act);
    // Made under a list that did not show it: the new booking is cancelled again.
    const undone = this.#options.rebook && !this.#options.faultless ? [{ ...putBack, booking: 2 }] : [];
    return [...mayStand, putBack, ...undone];
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
        // Stamped with the new id where the booking got one.
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

  /** A copy has taken the place of a deleted mirror, and its time is the booking's or the booking's time is its; or not. */
  #replaced(): readonly Writes[] {
    const moved = this.#options.rebook ? 2 : 1;
    return [0, 1, moved].flatMap((booking) => upTo(MOST_PER_ACT.calendar).map((calendar) => ({ calendar, booking })));
  }

  #comesBack({ kind, units }: Act): boolean {
    const { marks, isRouted } = this.#options;
    return marks && kind === 'changeBay' && units !== undefined && units.before !== null && !isRouted(units.before);
  }

  /** A change of bay is put back by a move and a patch. */
  #putBack({ kind }: Act): Writes {
    return { calendar: kind === 'otherBay' ? 2 : 1, booking: 0 };
  }

  /** Calendar writes that show what the desk did. */
  #mirroring({ kind, units, renamedTo }: Act): number {
    const shows = (unit: UnitId | null | undefined): boolean =>
      unit !== undefined && unit !== null && this.#options.isRouted(unit);
    const before = shows(units?.before);
    const after = shows(units?.after);
    // Another record: its event is made, the old one's goes.
    if (renamedTo !== undefined || !before || !after) return Number(before) + Number(after);
    return kind === 'changeBay' ? 2 : 1;
  }
}

function upTo(most: number): readonly number[] {
  return Array.from({ length: most + 1 }, (_, count) => count);
}
