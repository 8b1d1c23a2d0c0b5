import type { DeadLetter, EngineStatus, HeldCheckout, HeldEdit, Instant, Readiness } from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import type { BookingEventMap } from '@loft/sync-core';
import { aboutAppointments, type About } from './about.js';
import { warnedAppointments } from './warning-lines.js';
import { appointmentStory, type AppointmentStory } from '../../journal/appointment-story.js';
import type { AppParts } from '../app-parts.js';
import { dayNamed } from '../day-named.js';
import { safeEventLink } from '../event-link.js';
import { findBookings, type FoundBookings } from '../find-bookings.js';
import { bayTroubles, type BayTrouble } from './bay-trouble.js';
import { summaryOf, type DaySummary } from './day-sentence.js';
import { weekAround, type Week, type WeekContext } from './week.js';
import { readinessOf } from '../readiness.js';
import type { Propagation } from '../live-board.js';
import { pendingAppointments } from '../pending-appointments.js';
import { isWithin, pairOf, sidesOf, unfinishedOfHeld, type Circumstances, type Pair } from './pairs.js';

/** The content of the page; `null` if the store cannot be read. */
export interface ConsoleState {
  readonly now: Instant;
  /** First instants of the displayed day, and of the days before and after it. */
  readonly day: Instant;
  readonly dayBefore: Instant;
  readonly dayAfter: Instant;
  readonly yesterday: Instant;
  readonly today: Instant;
  readonly tomorrow: Instant;
  /** The sentences of yesterday, today and the displayed day. */
  readonly summaries: readonly DaySummary[];
  readonly readiness: Readiness;
  readonly status: EngineStatus | null;
  readonly pairs: readonly Pair[] | null;
  readonly cancelled: readonly BookingEventMap[];
  readonly deadLetters: readonly DeadLetter[] | null;
  /** Edits that the guard holds. */
  readonly held: readonly HeldEdit[] | null;
  readonly checkouts: readonly HeldCheckout[];
  readonly propagations: readonly Propagation[];
  /** The selected appointment; null: none, or it is unknown. */
  readonly story: AppointmentStory | null;
  readonly chosen: string | null;
  /** Address of the chosen appointment's event; null: it has none, or it is not safe to link to. */
  readonly eventLink: string | null;
  readonly week: Week | null;
  readonly troubles: readonly BayTrouble[];
  /** The appointments that need attention, or have a warning. */
  readonly about: ReadonlyMap<string, About>;
  /** The result of the search; null: no search. */
  readonly words: string | null;
  readonly found: FoundBookings;
  /** The appointments with a dead letter, or with a change that waits for a decision. */
  readonly attention: ReadonlySet<string>;
}

const LETTERS = 100;

function isReadOnce({ elsewhere, lastSuccessAt }: EngineStatus['feeds'][number]): boolean {
  return elsewhere || lastSuccessAt !== null;
}

/** @returns the displayed day: the named one, else that of the selected appointment, else today */
async function dayAsked(
  { day, appointment }: { readonly day: string | null; readonly appointment: string | null },
  now: Instant,
  parts: AppParts,
): Promise<Instant> {
  if (day !== null || appointment === null) return dayNamed(day, now, parts);
  const map = await parts.store.getMap(appointment);
  const unfinished = parts.board.unfinished(appointment);
  const start =
    (map.ok ? map.val?.base.start : undefined) ??
    unfinished?.after?.start ??
    unfinished?.before?.start ??
    parts.engine.latestBooking(appointment)?.start ??
    now;
  return startOfDay(start, parts.timeZone, parts.timeZones);
}

/** Reads the content of the page for one day and one appointment. */
export async function consoleState(
  parts: AppParts,
  asked: {
    readonly day: string | null;
    readonly appointment: string | null;
    readonly words?: string | null;
    readonly locale: string;
  },
): Promise<ConsoleState> {
  const { board, clock, engine, sandbox, timeZone, timeZones } = parts;
  const now = clock.now();
  const day = await dayAsked(asked, now, parts);
  const dayAfter = startOfDay(day, timeZone, timeZones, 1);
  const [readiness, status, maps, letters, held, story] = await Promise.all([
    readinessOf(parts),
    engine.status(),
    engine.maps({ period: { from: day, to: dayAfter } }),
    engine.deadLetters({ limit: LETTERS }),
    engine.heldEdits(),
    asked.appointment === null ? null : appointmentStory(asked.appointment, { ...parts, locale: asked.locale }),
  ]);
  const deadLetters = letters.ok ? letters.val : [];
  const troubles = status.ok ? bayTroubles(parts, status.val) : [];
  const heldEdits = held.ok ? held.val : [];
  const stopped = status.ok ? status.val.feeds.flatMap((feed) => feed.stopped?.items ?? []) : [];
  const heldChanges = new Map(heldEdits.map((edit) => [edit.appointmentId, unfinishedOfHeld(edit)]));
  const circumstances: Circumstances = {
    unreadBays: new Set(troubles.map(({ bay }) => bay)),
    attention: new Set([...deadLetters, ...heldEdits, ...stopped].map(({ appointmentId }) => appointmentId)),
    unfinished: (id) => heldChanges.get(id) ?? board.unfinished(id),
    wasReverted: (id) => board.wasReverted(id),
  };
  const pairs = async (allMaps: readonly BookingEventMap[]): Promise<readonly Pair[]> => {
    const active = allMaps.filter((map) => map.status === 'ACTIVE');
    const stored = active.map((map) => sidesOf(map, circumstances.unfinished(map.uscheduleAppointmentId)));
    const mapped = new Set(allMaps.map((map) => map.uscheduleAppointmentId));
    const query = { letters: deadLetters, mapped, period: { from: day, to: dayAfter } };
    const sides = sandbox?.sides() ?? [...stored, ...(await pendingAppointments(query, parts))];
    return sides.filter((pair) => isWithin(pair, day, dayAfter)).map((pair) => pairOf(pair, circumstances));
  };
  const isRead = status.ok && status.val.feeds.some((feed) => feed.bay === null && isReadOnce(feed));
  const context: WeekContext = { letters: deadLetters, now, isRead, ...circumstances };
  const week = await weekAround(day, parts, context);
  const [yesterday, today, tomorrow] = [-1, 0, 1].map((offset) => startOfDay(now, timeZone, timeZones, offset)) as [
    Instant,
    Instant,
    Instant,
  ];
  const isNear = week.ok && [yesterday, today].every((one) => week.val.days.includes(one));
  const current = isNear ? week : await weekAround(today, parts, context);
  const summaries = [...new Set([yesterday, today, day])].flatMap((one) => {
    const summary = (current.ok ? summaryOf(one, current.val) : null) ?? (week.ok ? summaryOf(one, week.val) : null);
    return summary ?? [];
  });
  const words = asked.words ?? null;
  const map = story?.ok ? story.val?.map : null;
  const found = words === null ? null : await findBookings(words, 20, parts);
  return {
    week: week.ok ? week.val : null,
    troubles,
    about: await aboutAppointments(
      [...deadLetters.map(({ appointmentId }) => appointmentId), ...warnedAppointments(readiness.warnings)],
      parts,
    ),
    words,
    attention: circumstances.attention,
    found: found?.ok ? found.val : { maps: [], pending: [] },
    now,
    day,
    dayBefore: startOfDay(day, timeZone, timeZones, -1),
    dayAfter,
    yesterday,
    today,
    tomorrow,
    summaries,
    readiness,
    status: status.ok ? status.val : null,
    pairs: maps.ok ? await pairs(maps.val) : null,
    cancelled: maps.ok ? maps.val.filter((map) => map.status === 'CANCELED' && map.supersededBy === null) : [],
    deadLetters: letters.ok ? letters.val : null,
    held: held.ok ? held.val : null,
    checkouts: engine.heldCheckouts(),
    propagations: board.propagations,
    story: story?.ok ? story.val : null,
    chosen: asked.appointment,
    eventLink: map?.status === 'ACTIVE' && map.supersededBy === null ? safeEventLink(map, parts.calendarRootUrl) : null,
  };
}
