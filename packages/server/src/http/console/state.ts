import type { DeadLetter, EngineStatus, HeldCheckout, HeldEdit, Instant, Readiness } from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import type { BookingEventMap } from '@loft/sync-core';
import { appointmentStory, type AppointmentStory } from '../../journal/appointment-story.js';
import type { AppParts } from '../app-parts.js';
import { dayNamed } from '../day-named.js';
import { findBookings } from '../find-bookings.js';
import { bayTroubles, type BayTrouble } from './bay-trouble.js';
import { weekAround, type Week } from './week.js';
import { readinessOf } from '../readiness.js';
import type { LiveBoard, Propagation } from './live-board.js';
import { isWithin, pairOf, sidesOf, sidesOfUnfinished, type Circumstances, type Pair, type Sides } from './pairs.js';

/** What the page shows; `null` where the store could not be asked. */
export interface ConsoleState {
  readonly now: Instant;
  /** First instant of the day that is shown, and of the days beside it. */
  readonly day: Instant;
  readonly dayBefore: Instant;
  readonly dayAfter: Instant;
  readonly today: Instant;
  readonly readiness: Readiness;
  readonly status: EngineStatus | null;
  readonly pairs: readonly Pair[] | null;
  readonly cancelled: readonly BookingEventMap[];
  readonly deadLetters: readonly DeadLetter[] | null;
  /** Edits that the guard holds. */
  readonly held: readonly HeldEdit[] | null;
  readonly checkouts: readonly HeldCheckout[];
  readonly propagations: readonly Propagation[];
  /** The appointment that was chosen; null: none, or nothing is known of it. */
  readonly story: AppointmentStory | null;
  readonly chosen: string | null;
  readonly week: Week | null;
  readonly troubles: readonly BayTrouble[];
  /** Customers' names of appointments that need attention. */
  readonly names: ReadonlyMap<string, string>;
  /** What was looked for; null: nothing. */
  readonly words: string | null;
  readonly found: readonly BookingEventMap[];
}

const LETTERS = 100;

/** A first event that could not be made has no map: it is known from what was tried. */
function parkedSides(letters: readonly DeadLetter[], known: ReadonlySet<string>, board: LiveBoard): readonly Sides[] {
  return letters.flatMap(({ appointmentId }) => {
    const unfinished = board.unfinished(appointmentId);
    if (known.has(appointmentId) || unfinished === null) return [];
    return [{ appointmentId, title: appointmentId, ...sidesOfUnfinished(unfinished) }];
  });
}

/** The day that is shown: the one that was named, else that of the chosen appointment, else today. */
async function dayAsked(
  { day, appointment }: { readonly day: string | null; readonly appointment: string | null },
  now: Instant,
  parts: AppParts,
  board: LiveBoard,
): Promise<Instant> {
  if (day !== null || appointment === null) return dayNamed(day, now, parts);
  const map = await parts.store.getMap(appointment);
  const unfinished = board.unfinished(appointment);
  const start =
    (map.ok ? map.val?.base.start : undefined) ?? unfinished?.after?.start ?? unfinished?.before?.start ?? now;
  return startOfDay(start, parts.timeZone, parts.timeZones);
}

/** The names of customers, as far as they are known: by the map, or as the booking system said them last. */
async function namesOf(
  letters: readonly DeadLetter[],
  { customers, store }: Pick<AppParts, 'customers' | 'store'>,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const { appointmentId } of letters) {
    const map = await store.getMap(appointmentId);
    const title = map.ok ? map.val?.base.title : undefined;
    const name = title === undefined || title === '' ? customers?.factsOf(appointmentId)?.customerName : title;
    if (name !== undefined && name !== '') names.set(appointmentId, name);
  }
  return names;
}

/** Asks for everything the page shows, of one day and of one appointment. */
export async function consoleState(
  parts: AppParts,
  board: LiveBoard,
  asked: {
    readonly day: string | null;
    readonly appointment: string | null;
    readonly words?: string | null;
    readonly locale: string;
  },
): Promise<ConsoleState> {
  const { clock, engine, sandbox, timeZone, timeZones } = parts;
  const now = clock.now();
  const day = await dayAsked(asked, now, parts, board);
  const dayAfter = startOfDay(day, timeZone, timeZones, 1);
  const [readiness, status, maps, letters, held, story] = await Promise.all([
    readinessOf(parts),
    engine.status(),
    engine.maps({ period: { from: day, to: dayAfter } }),
    engine.deadLetters({ limit: LETTERS }),
    engine.heldEdits(),
    asked.appointment === null ? null : appointmentStory(asked.appointment, { ...parts, locale: asked.locale }),
  ]);
  const parked = letters.ok ? letters.val : [];
  const circumstances: { -readonly [K in keyof Circumstances]: Circumstances[K] } = {
    unreadBays: new Set(),
    letters: new Map(parked.map((letter) => [letter.appointmentId, letter])),
    unfinished: (id) => board.unfinished(id),
    wasPutBack: (id) => board.wasPutBack(id),
  };
  const pairs = (known: readonly BookingEventMap[]): readonly Pair[] => {
    const active = known.filter((map) => map.status === 'ACTIVE');
    const stored = active.map((map) => sidesOf(map, board.unfinished(map.uscheduleAppointmentId)));
    const ids = new Set(known.map((map) => map.uscheduleAppointmentId));
    const sides = sandbox?.sides() ?? [...stored, ...parkedSides(parked, ids, board)];
    return sides.filter((pair) => isWithin(pair, day, dayAfter)).map((pair) => pairOf(pair, circumstances));
  };
  const troubles = status.ok ? bayTroubles(parts.bays, status.val) : [];
  circumstances.unreadBays = new Set(troubles.map(({ bay }) => bay));
  const week = await weekAround(day, parts, board, new Set(circumstances.letters.keys()));
  const words = asked.words ?? null;
  const found = words === null ? null : await findBookings(words, 20, parts);
  return {
    week: week.ok ? week.val : null,
    troubles,
    names: await namesOf(parked, parts),
    words,
    found: found?.ok ? found.val : [],
    now,
    day,
    dayBefore: startOfDay(day, timeZone, timeZones, -1),
    dayAfter,
    today: startOfDay(now, timeZone, timeZones),
    readiness,
    status: status.ok ? status.val : null,
    pairs: maps.ok ? pairs(maps.val) : null,
    cancelled: maps.ok ? maps.val.filter((map) => map.status === 'CANCELED' && map.supersededBy === null) : [],
    deadLetters: letters.ok ? letters.val : null,
    held: held.ok ? held.val : null,
    checkouts: engine.heldCheckouts(),
    propagations: board.propagations,
    story: story?.ok ? story.val : null,
    chosen: asked.appointment,
  };
}
