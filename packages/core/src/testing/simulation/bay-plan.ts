import { isSameUnit, type Bay, type UnitId } from '../../domain/bay.js';
import type { SeededRandom } from './seeded-random.js';

/** The bays of every world at its start. */
export const BAYS: readonly Bay[] = [1, 2, 3].map((number) => ({
  bay: `${number}`,
  name: `Bay ${number}`,
  resourceUnitId: 5520 + number,
  calendarId: `bay-${number}`,
}));
/** Minimum number of bays that stay open. */
const FEWEST_OPEN = 2;

/** A property of a bay that two bays may exchange. */
type Exchanged = 'resourceUnitId' | 'calendarId' | 'bay';

/** The bays in the settings of the next start. Every change takes effect when the processes start again. */
export class BayPlan {
  #open: readonly Bay[] = BAYS;
  #closed: Bay | null = null;
  /** A deleted calendar that is not replaced yet. */
  deleted: string | null = null;
  #changes = 0;
  /** Calendars that belonged to a bay once. */
  readonly #calendarIds = new Set<string>();
  /** Every unit that each name ever had. */
  readonly #unitsOf = new Map<string, Set<UnitId>>();

  constructor() {
    this.#set(BAYS);
  }

  get open(): readonly Bay[] {
    return this.#open;
  }

  get isAnyClosed(): boolean {
    return this.#closed !== null;
  }

  /** The open bays whose calendars exist. */
  get shown(): readonly Bay[] {
    return this.#open.filter(({ calendarId }) => calendarId !== this.deleted);
  }

  /** Includes the calendar of a closed bay. */
  get calendarIds(): readonly string[] {
    return [...this.#open, ...(this.#closed ? [this.#closed] : [])].map(({ calendarId }) => calendarId);
  }

  isRouted(unit: UnitId): boolean {
    return this.#open.some(({ resourceUnitId }) => isSameUnit(resourceUnitId, unit));
  }

  get closedCalendarIds(): readonly string[] {
    return [...this.#calendarIds].filter((calendarId) => this.unitOfCalendar(calendarId) === null);
  }

  unitOfCalendar(calendarId: string): UnitId | null {
    return this.#open.find((bay) => bay.calendarId === calendarId)?.resourceUnitId ?? null;
  }

  /** Returns the unit of a bay's name, if the name never had another one. */
  unitOfName(name: string | null): UnitId | null {
    const units = [...(this.#unitsOf.get(name ?? '') ?? [])];
    return units.length === 1 ? (units[0] ?? null) : null;
  }

  /** Gives a bay another name. */
  rename(random: SeededRandom): string {
    const name = `${'ABC'[random.int(0, 2)]}${++this.#changes}`;
    return `bay ${this.#change(random, (bay) => ({ ...bay, bay: name }))} is named ${name}`;
  }

  /** Gives a bay another calendar: the bay of `old`, or any. Returns the old calendar and the new one. */
  replaceCalendar(random: SeededRandom, old?: string): { readonly from: string; readonly to: string } {
    const to = `calendar-${++this.#changes}`;
    let from = to;
    this.deleted = null;
    this.#change(
      random,
      (bay) => {
        from = bay.calendarId;
        return { ...bay, calendarId: to };
      },
      old,
    );
    return { from, to };
  }

  /** Takes a bay out of the settings, or returns the one that was taken out. */
  closeOrOpen(random: SeededRandom): string {
    if (this.deleted !== null) return 'no bay is closed';
    if (this.#closed) {
      const opened = this.#closed;
      this.#closed = null;
      this.#set([...this.#open, opened]);
      return `bay ${opened.bay} is in the settings again`;
    }
    const closed = random.pick(this.#open);
    if (!closed || this.#open.length <= FEWEST_OPEN) return 'no bay is closed';
    this.#closed = closed;
    this.#set(this.#open.filter((bay) => bay !== closed));
    return `bay ${closed.bay} is taken out of the settings`;
  }

  /** Exchanges the units, the calendars or the names of two bays. */
  swap(random: SeededRandom): string {
    if (this.deleted !== null) return 'nothing is exchanged';
    const what = random.pick<Exchanged>(['resourceUnitId', 'calendarId', 'bay']) ?? 'bay';
    const first = random.pick(this.#open);
    const second = random.pick(this.#open.filter((bay) => bay !== first));
    if (!first || !second) return 'nothing is exchanged';
    this.#set(
      this.#open.map((bay) => {
        if (bay === first) return { ...bay, [what]: second[what] };
        return bay === second ? { ...bay, [what]: first[what] } : bay;
      }),
    );
    return `bays ${first.bay} and ${second.bay} exchange their ${what}`;
  }

  /** Changes one open bay. Returns its name before. */
  #change(random: SeededRandom, change: (bay: Bay) => Bay, calendarId?: string): string {
    const chosen = random.pick(this.#open.filter((bay) => (calendarId ?? bay.calendarId) === bay.calendarId));
    this.#set(this.#open.map((bay) => (bay === chosen ? change(bay) : bay)));
    return chosen?.bay ?? '?';
  }

  #set(bays: readonly Bay[]): void {
    this.#open = bays;
    for (const { bay, resourceUnitId, calendarId } of bays) {
      this.#calendarIds.add(calendarId);
      this.#unitsOf.set(bay, (this.#unitsOf.get(bay) ?? new Set()).add(resourceUnitId));
    }
  }
}
