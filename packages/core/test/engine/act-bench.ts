import {
  HOUR,
  intlTimeZones,
  MemoryStore,
  type BookingSystem,
  type CalendarSystem,
  type Result,
  type SyncError,
  type SyncErrorKind,
  type SyncEvent,
} from '@loft/sync-core';
import type { ClaimedTask, SyncStore } from '@loft/sync-core/store';
import type { SyncSystem } from '@loft/sync-core/adapters';
import { joinParts } from '#src/engine/create-parts.js';
import type { EngineParts } from '#src/engine/engine-parts.js';
import { CallQuota, quotaLimits } from '#src/engine/ports/call-quota.js';
import { Circuits } from '#src/engine/ports/circuit-breakers.js';
import { createRules } from '#src/rules/rules.js';
import { MemoryBookings, MemoryCalendars, VirtualClock, type MemoryBookingsOptions } from '#src/testing/index.js';
import { overridden } from './overridden.js';
import { BAYS, settingsWith, type Overrides } from './world.js';

export function failure(system: SyncSystem, kind: SyncErrorKind, change: Partial<SyncError> = {}): SyncError {
  return { kind, system, method: 'it', message: `${system} says ${kind}`, ...change };
}

/** A result without the stack of its error, to compare. */
export function plain<T>(result: Result<T, SyncError>): { readonly ok: T } | { readonly error: SyncError } {
  return result.ok ? { ok: result.val } : { error: result.val };
}

/** Methods of the ports that answer as a test wants. */
export interface Answers {
  readonly bookings?: Partial<BookingSystem>;
  readonly calendars?: Partial<CalendarSystem>;
  readonly store?: Partial<SyncStore>;
}

/** What one write works with: both systems in memory, a store, a clock, and the calls to the calendars by name. */
export class ActBench {
  readonly clock = new VirtualClock();
  readonly store = new MemoryStore();
  readonly bookings: MemoryBookings;
  readonly calendars = new MemoryCalendars({ clock: this.clock, calendars: BAYS.map((bay) => bay.calendarId) });
  readonly events: SyncEvent[] = [];
  /** The names of the calls to the calendars, in their order. */
  readonly calls: string[] = [];

  constructor(studio: Partial<MemoryBookingsOptions> = {}) {
    this.bookings = new MemoryBookings({ clock: this.clock, ...studio });
  }

  parts(overrides: Overrides = {}, answers: Answers = {}): EngineParts {
    const settings = settingsWith(overrides);
    const timeZones = intlTimeZones();
    const answering = overridden<CalendarSystem>(this.calendars, answers.calendars ?? {});
    const calendars = new Proxy(answering, {
      get: (target, name): unknown => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          this.calls.push(String(name));
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
    return joinParts(undefined, {
      bookings: overridden<BookingSystem>(this.bookings, answers.bookings ?? {}),
      calendars,
      calendarsFor: () => calendars,
      unthrottledCalendars: calendars,
      store: overridden<SyncStore>(this.store, answers.store ?? {}),
      clock: this.clock,
      settings,
      timeZones,
      rules: createRules(settings, undefined, timeZones),
      quota: new CallQuota(this.clock, quotaLimits(null, undefined)),
      circuits: new Circuits(this.clock, settings.retry),
      random: () => 0.5,
      emit: (event) => void this.events.push(event),
      owner: 'me',
      leaseMs: HOUR,
    });
  }

  /** A task of the appointment whose lease is held. */
  task(appointmentId: string): ClaimedTask {
    const now = this.clock.now();
    return {
      appointmentId,
      trigger: 'hint',
      event: null,
      createdAt: now,
      attempts: 0,
      claims: 1,
      mark: 1,
      fence: 1,
      owner: 'me',
      leaseUntil: now + HOUR,
    };
  }

  /** The full hour that begins `hours` after the current one. */
  hour(hours: number): number {
    const now = this.clock.now();
    return now - (now % HOUR) + hours * HOUR;
  }
}
