import type { CalendarEvent } from '../../domain/calendar-event.js';
import { HOUR, MINUTE, SECOND, type Instant } from '../../domain/instant.js';
import type { Clock } from '../../ports/clock.js';
import type { Act } from './act.js';
import type { Faults } from './faults.js';
import type { People } from './people.js';
import type { SeededRandom } from './seeded-random.js';
import type { BurstKind } from './simulation-options.js';

/** An event with a time. */
type TimedEvent = CalendarEvent & { readonly start: Instant; readonly end: Instant };

/** Interval at which a tool repeats its edit. */
const FIGHTS_EVERY_MS = 5 * SECOND;

export interface BurstsOptions {
  readonly people: People;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Receives each act. */
  readonly onAct: (act: Act) => void;
}

/** Acts of users and other tools on several events, or several acts on one. */
export class Bursts {
  readonly #options: BurstsOptions;

  constructor(options: BurstsOptions) {
    this.#options = options;
  }

  strike(kind: BurstKind, random: SeededRandom): void {
    switch (kind) {
      case 'many-edits':
        return this.#editMany(random);
      case 'dependent-edits':
        return this.#editChain(random);
      case 'undo':
        return this.#deleteAndUndo(random);
      case 'fighting-tool':
        return this.#fight(random);
      case 'past-edit':
        return this.#editPast(random);
      case 'wiped-properties':
        return this.#wipe(random);
      case 'copied-elsewhere':
        return this.#copyElsewhere(random);
      case 'off-grid':
        return this.#actOffGrid(random);
    }
  }

  #note(act: Act | null): void {
    if (act) this.#options.onAct(act);
  }

  /** Returns the mirrors of future visits. */
  #coming(): readonly TimedEvent[] {
    const { people, clock } = this.#options;
    return people.events
      .mirrors()
      .filter(isTimed)
      .filter(({ start }) => start > clock.now() + HOUR);
  }

  /** Another tool deletes or moves many events: all by the same length, or each differently. */
  #editMany(random: SeededRandom): void {
    const { people } = this.#options;
    const events = take(this.#coming(), random.int(3, 9), random);
    const way = random.pick(['delete', 'shift', 'scatter']);
    const shift = random.int(1, 3) * HOUR;
    for (const event of events) {
      if (way === 'delete') this.#note(people.users.remove(event));
      else this.#note(people.users.drag(event, moved(event, way === 'shift' ? shift : random.int(1, 40) * HOUR)));
    }
  }

  /** Each event moves to the place of the next one, and the last one elsewhere or to the first; in any order. */
  #editChain(random: SeededRandom): void {
    const { people } = this.#options;
    const [first] = take(this.#coming(), 1, random);
    if (!first) return;
    const chain = take(
      this.#coming().filter(({ calendarId }) => calendarId === first.calendarId),
      random.int(2, 4),
      random,
    );
    const isCircle = random.chance(0.3);
    const to = chain.map((event, index) => chain[index + 1] ?? (isCircle ? chain[0] : null) ?? moved(event, 50 * HOUR));
    const edits = chain.map((event, index) => ({ event, to: to[index] ?? event }));
    for (const { event, to: slot } of take(edits, edits.length, random)) this.#note(people.users.drag(event, slot));
  }

  #deleteAndUndo(random: SeededRandom): void {
    const { people, clock } = this.#options;
    const [event] = take(this.#coming(), 1, random);
    if (!event) return;
    this.#note(people.users.remove(event));
    clock.setTimer(random.int(1, 30) * SECOND, () =>
      this.#note(people.users.undelete(event.calendarId, event.eventId)),
    );
  }

  /** A tool repeats the same edit after each revert. */
  #fight(random: SeededRandom): void {
    const { people, clock, faults } = this.#options;
    const [event] = take(this.#coming(), 1, random);
    if (!event) return;
    const until = clock.now() + random.int(1, 8) * MINUTE;
    const insist = (): void => {
      if (clock.now() > until || !faults.enabled('fighting-tool')) return;
      const now = people.events.mirrors().find(({ eventId }) => eventId === event.eventId);
      if (!now) return;
      if (now.shape === 'timed') this.#note(people.users.makeAllDay(now));
      clock.setTimer(FIGHTS_EVERY_MS, insist);
    };
    insist();
  }

  /** A past visit is edited, a future one is dragged into the past, or a visit starts soon and ends during the test. */
  #editPast(random: SeededRandom): void {
    const { people, clock } = this.#options;
    const now = clock.now();
    const [past] = take(
      people.events
        .mirrors()
        .filter(isTimed)
        .filter(({ end }) => end <= now - MINUTE),
      1,
      random,
    );
    if (past) {
      this.#note({
        ...(random.chance(0.5) ? people.users.remove(past) : people.users.drag(past, moved(past, 26 * HOUR))),
        kind: 'ofPast',
        expect: null,
      });
      return;
    }
    const [event] = take(this.#coming(), 1, random);
    if (event && random.chance(0.4)) {
      const act = people.users.drag(
        event,
        moved(event, Math.floor((now - event.end) / HOUR) * HOUR - random.int(0, 30) * HOUR),
      );
      this.#note({ ...act, kind: 'toPast', expect: null });
      return;
    }
    this.#note(people.customers.bookNextHour(random));
  }

  /** A visit of an unusual time and length is booked, or an event is dragged to one. */
  #actOffGrid(random: SeededRandom): void {
    const { people } = this.#options;
    if (random.chance(0.5)) return this.#note(people.customers.bookOffGrid(random));
    const [event] = take(this.#coming(), 1, random);
    if (!event) return;
    const start = event.start + random.int(1, 40) * 5 * MINUTE;
    this.#note(people.users.drag(event, { start, end: start + random.int(2, 30) * 5 * MINUTE }));
  }

  /** A user copies an event to another bay, and deletes the original at once or later. */
  #copyElsewhere(random: SeededRandom): void {
    const { people, clock, faults } = this.#options;
    const [event] = take(this.#coming(), 1, random);
    if (!event) return;
    this.#note(people.users.copyToBay(event, random));
    clock.setTimer(random.int(0, 15) * MINUTE, () => {
      if (!faults.enabled('copied-elsewhere')) return;
      const original = people.events.mirrors().find(({ eventId }) => eventId === event.eventId);
      if (original) this.#note(people.users.remove(original));
    });
  }

  /** Another program, or an import, removes our marks from the events of a calendar. */
  #wipe(random: SeededRandom): void {
    const { people } = this.#options;
    const calendarId = random.pick(this.#coming())?.calendarId;
    for (const event of this.#coming()) if (event.calendarId === calendarId) this.#note(people.users.strip(event));
  }
}

function isTimed(event: CalendarEvent): event is TimedEvent {
  return event.start !== null && event.end !== null;
}

function moved({ start, end }: TimedEvent, ms: number): { readonly start: Instant; readonly end: Instant } {
  return { start: start + ms, end: end + ms };
}

/** Returns some of the items, in any order. */
function take<T>(items: readonly T[], count: number, random: SeededRandom): readonly T[] {
  const rest = [...items];
  const taken: T[] = [];
  while (taken.length < count && rest.length > 0) taken.push(...rest.splice(random.int(0, rest.length - 1), 1));
  return taken;
}
