import { startOfDay, type DeadLetter, type EngineStatus, type Instant, type Readiness } from '@loft/sync-core';
import type { BookingEventMap } from '@loft/sync-core';
import { appointmentStory, type AppointmentStory } from '../../journal/appointment-story.js';
import type { AppParts } from '../app-parts.js';
import { dayNamed } from '../day-named.js';
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
  readonly propagations: readonly Propagation[];
  /** The appointment that was chosen; null: none, or nothing is known of it. */
  readonly story: AppointmentStory | null;
  readonly chosen: string | null;
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

/** Asks for everything the page shows, of one day and of one appointment. */
export async function consoleState(
  parts: AppParts,
  board: LiveBoard,
  asked: { readonly day: string | null; readonly appointment: string | null },
): Promise<ConsoleState> {
  const { clock, engine, sandbox, timeZone, timeZones } = parts;
  const now = clock.now();
  const day = dayNamed(asked.day, now, parts);
  const dayAfter = startOfDay(day, timeZone, timeZones, 1);
  const [readiness, status, maps, letters, story] = await Promise.all([
    readinessOf(parts),
    engine.status(),
    engine.maps({ period: { from: day, to: dayAfter } }),
    engine.deadLetters({ limit: LETTERS }),
    asked.appointment === null ? null : appointmentStory(asked.appointment, parts),
  ]);
  const parked = letters.ok ? letters.val : [];
  const circumstances: Circumstances = {
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
  return {
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
    propagations: board.propagations,
    story: story?.ok ? story.val : null,
    chosen: asked.appointment,
  };
}
