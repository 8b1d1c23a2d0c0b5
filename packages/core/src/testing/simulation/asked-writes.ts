import type { UnitId } from '../../domain/bay.js';
import type { Act } from './act.js';
import type { Refusal } from './refusals.js';

/** Number of writes that took effect, on either side. */
export interface Writes {
  readonly calendar: number;
  readonly booking: number;
}

/** Facts of a world that determine the writes of an act. */
export interface AskedOptions {
  /** Was an edit refused? */
  readonly refusalOf: (act: Act) => Refusal;
  /** Does the unit belong to a bay? */
  readonly isRouted: (unit: UnitId) => boolean;
  /** Does the unit belong to a bay that was removed from the settings? A cancellation may still delete its event. */
  readonly isClosed: (unit: UnitId) => boolean;
  /** A moved booking is booked again, and the old one cancelled. */
  readonly rebook: boolean;
  /** The event of a booking without a route is marked and kept. It moves when the booking returns to another bay. */
  readonly marks: boolean;
  /** No faults occur. */
  readonly faultless: boolean;
}

export type NotedAct = Act & { readonly shownInClosed: boolean };

/** The outcome of the acts on a booking. */
export interface Outcome {
  /** We gave the booking another id. */
  readonly renamed: boolean;
  /** An edit could not be delivered, and was reverted. */
  readonly undelivered: boolean;
}

export const NONE: Writes = { calendar: 0, booking: 0 };
/** Maximum writes of a single act, even with a race condition: a change of bay is a move and a patch, a rebooking two calls. */
export const MOST_PER_ACT: Writes = { calendar: 2, booking: 2 };
/** A recurring event at another place without our marks is made single, moved and patched. */
export const COST_OF_DISPLACED = 3;

/** The writes that docs/decision-table.md requires for one act. */
export class AskedWrites {
  readonly #options: AskedOptions;

  constructor(options: AskedOptions) {
    this.#options = options;
  }

  /** Returns the numbers of writes that the table requires: several if the order of events is ambiguous. */
  of(act: NotedAct, { renamed, undelivered }: Outcome): readonly Writes[] {
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
    if (undelivered && act.side === 'event') return this.#replayed(act, accepted);
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

  /** The edit was reverted as undelivered. A replay may execute it, and the event is written again. */
  #replayed(act: Act, accepted: Writes): readonly Writes[] {
    const reverted = this.#reverted(act);
    const calendar = accepted.calendar + 2 * reverted.calendar;
    return [accepted, reverted, { ...accepted, calendar }];
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
