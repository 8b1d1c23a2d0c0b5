import type { Act } from './people.js';
import type { SameBooking } from './same-booking.js';

/** Writes that took effect, on either side. */
export interface Writes {
  readonly calendar: number;
  readonly booking: number;
}

export interface LedgerOptions {
  readonly same: SameBooking;
  /** Is it the unit of a bay? */
  readonly isRouted: (unit: number) => boolean;
  /** A moved booking is booked anew, and the old one cancelled. */
  readonly rebook: boolean;
}

interface Account {
  readonly acts: Act[];
  calendar: number;
  booking: number;
  /** An edit was refused, and put back. */
  refused: boolean;
  /** We gave the booking another id. */
  renamed: boolean;
}

const NONE: Writes = { calendar: 0, booking: 0 };
/** No single act is worth more, not even in a race: a change of bay is a move and a patch, a rebooking two calls. */
const MOST_PER_ACT: Writes = { calendar: 2, booking: 2 };

/**
 * Counts the writes between two rests against the acts of people, booking by booking. Where nothing fails, the
 * decision table says exactly how many there are: one on the other side for each change, none for what asks for none,
 * and none that nobody asked for.
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

  refused(appointmentId: string): void {
    this.#account(appointmentId).refused = true;
  }

  renamed(appointmentId: string): void {
    this.#account(appointmentId).renamed = true;
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
    const account = { acts: [], calendar: 0, booking: 0, refused: false, renamed: false };
    this.#accounts.set(appointmentId, account);
    return account;
  }

  #merge(merged: Map<string, Account>, id: string, account: Account): void {
    const known = merged.get(id);
    if (!known) return void merged.set(id, { ...account, acts: [...account.acts] });
    known.acts.push(...account.acts);
    known.calendar += account.calendar;
    known.booking += account.booking;
    known.refused ||= account.refused;
    known.renamed ||= account.renamed;
  }

  #verdict(id: string, account: Account): readonly string[] {
    const { acts, calendar, booking } = account;
    const [only] = acts;
    const words = acts.map((act) => act.words).join(', ');
    if (only === undefined || acts.length === 1) {
      const asked = only === undefined ? NONE : this.#askedFor(only, account);
      if (calendar === asked.calendar && booking === asked.booking) return [];
      const found = `${calendar} calendar and ${booking} booking writes`;
      return [
        `${found} instead of ${asked.calendar} and ${asked.booking} for ${id}: ${words || 'nobody did anything'}`,
      ];
    }
    const eventActs = acts.filter(({ side }) => side === 'event').length;
    const tooMany = calendar > acts.length * MOST_PER_ACT.calendar || booking > eventActs * MOST_PER_ACT.booking;
    return tooMany ? [`${calendar} calendar and ${booking} booking writes for ${id}: ${words}`] : [];
  }

  #askedFor(act: Act, account: Account): Writes {
    if (act.idle) return NONE;
    switch (act.kind) {
      case 'book':
      case 'move':
      case 'changeBay':
      case 'notes':
      case 'cancel':
        return { calendar: this.#mirroring(act), booking: 0 };
      case 'drag':
      case 'otherBay':
        // Put back where it was refused; stamped with the new id where the booking got one.
        if (account.refused) return { calendar: act.kind === 'drag' ? 1 : 2, booking: 0 };
        return { calendar: account.renamed ? 1 : 0, booking: this.#options.rebook ? 2 : 1 };
      case 'remove':
        return account.refused ? { calendar: 1, booking: 0 } : { calendar: 0, booking: 1 };
      case 'allDay':
      case 'recurring':
      case 'undelete':
        return { calendar: 1, booking: 0 };
      default:
        return NONE;
    }
  }

  /** Calendar writes that show what the desk did. */
  #mirroring({ kind, units, renamedTo }: Act): number {
    const shows = (unit: number | null | undefined): boolean =>
      typeof unit === 'number' && this.#options.isRouted(unit);
    const before = shows(units?.before);
    const after = shows(units?.after);
    // Another record: its event is made, the old one's goes.
    if (renamedTo !== undefined || !before || !after) return Number(before) + Number(after);
    return kind === 'changeBay' ? 2 : 1;
  }
}
