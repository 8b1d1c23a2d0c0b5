import type { BookingEventMap } from '../domain/booking-event-map.js';
import { DAY, type Instant, type Period } from '../domain/instant.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import type { SyncError } from '../domain/sync-error.js';
import type { DecisionEvent, SyncEvent } from '../domain/sync-event.js';
import { BookingSource } from '../engine/sources/booking-source.js';
import { CalendarSource } from '../engine/sources/calendar-source.js';
import { CallQuota, quotaLimits } from '../engine/ports/call-quota.js';
import { Circuits } from '../engine/ports/circuit-breakers.js';
import { joinParts } from '../engine/create-parts.js';
import { systemNames, type EngineParts } from '../engine/engine-parts.js';
import type { SourceRun } from '../engine/sources/source.js';
import { execute } from '../engine/act/executor.js';
import { rescheduleIsOff } from '../engine/act/rescheduler.js';
import type { Execute } from '../engine/reconcile/outcome.js';
import { Reconciler } from '../engine/reconcile/reconciler.js';
import { engineBookings, engineCalendars } from '../engine/ports/engine-ports.js';
import { TaskQueue } from '../engine/queue/task-queue.js';
import { Worker } from '../engine/queue/worker.js';
import type { BookingSystem } from '../ports/booking-system.js';
import type { CalendarSystem } from '../ports/calendar-system.js';
import type { Clock } from '../ports/clock.js';
import { decoratePort, type CallDecorator } from '../ports/decorate-port.js';
import { BOOKING_PORT, CALENDAR_PORT } from '../ports/port-methods.js';
import type { TimeZones } from '../ports/time-zones.js';
import { Err, Ok, type Result } from '../result.js';
import { canMoveEvents } from '../ports/capabilities.js';
import { createRules } from '../rules/rules.js';
import { supportedSettings } from '../rules/supported-settings.js';
import type { SyncSettings } from '../rules/settings.js';
import { pollWindow } from '../rules/window.js';
import { MemoryStore } from '../store/memory-store.js';
import { intlTimeZones } from '../time-zones/intl-time-zones.js';
import { isInternal, planEntry, type PlanEntry } from './plan-entry.js';

/** What a plan is made of: only the reading half of the two systems is called. */
export interface PlanOptions {
  /** As in `SyncEngineOptions`. */
  readonly account?: string | undefined;
  readonly bookings: BookingSystem;
  readonly calendars: CalendarSystem;
  readonly clock: Clock;
  readonly settings: SyncSettings;
  /** Default `intlTimeZones()`. */
  readonly timeZones?: TimeZones;
  /** What a store remembers; nothing of it is changed. Empty lists: as after a loss of the store. */
  readonly maps: readonly BookingEventMap[];
  readonly liveness: readonly LivenessRecord[];
}

/** What the next sync would do. */
export interface SyncPlan {
  readonly at: Instant;
  /** The bookings that were looked at. */
  readonly window: Period;
  readonly bookingsRead: number;
  readonly eventsRead: number;
  /** What would be written, in the order of time. */
  readonly entries: readonly PlanEntry[];
  /** Rows that write nothing and should be known all the same. */
  readonly notes: readonly Pick<DecisionEvent, 'appointmentId' | 'reason' | 'detail'>[];
  /** Appointments of which nothing can be said yet: it is too early, or one side could not be read. */
  readonly undecided: readonly { readonly appointmentId: string; readonly detail: string }[];
  /** Guards that would hold cancellations back, in words: what they hold back is not among the entries. */
  readonly stops: readonly string[];
  /** What was odd about the two systems, in words. */
  readonly warnings: readonly string[];
}

/** As many appointments are worked on side by side. */
const CONCURRENCY = 8;

/**
 * What a sync that lists everything, as after a start, would do: the engine's own feeds, judges, guards and decisions,
 * on a copy of what the store remembers, with nothing carried out. What only an attempt can tell is not foreseen: that
 * USchedule refuses a change.
 *
 * The error is that of a side that could not be listed at all; a calendar that is not shared is a warning.
 */
export async function planSync(options: PlanOptions): Promise<Result<SyncPlan, SyncError>> {
  const { clock } = options;
  // A plan is made once: a deletion does not wait until it can not be undone any more.
  const supported = supportedSettings(options.settings, options.bookings);
  const settings = { ...supported, google: { ...supported.google, deleteGraceSeconds: 0 } };
  const store = await copyOf(options);
  const told: SyncEvent[] = [];
  const circuits = new Circuits(clock, settings.retry);
  const parts = partsOf({ ...options, settings }, { store, circuits, emit: (event) => told.push(event) });
  const entries = new Map<string, PlanEntry>();
  const record: Execute = async (decided, task) => {
    const { action, situation } = decided;
    // What only changes the store is done, on the copy.
    if (isInternal(action)) return execute(action, situation, task, parts);
    const refused = action.do === 'reschedule-booking' && settings.uschedule.reschedule === 'off';
    if (refused) return Err(rescheduleIsOff(parts.systems.bookings));
    const entry = planEntry(decided, parts.rules, settings.google.cancel);
    if (entry) entries.set(entry.appointmentId, entry);
    return Ok({ map: situation.map, next: null, wrote: false });
  };
  const reconciler = new Reconciler(parts, record);
  const queue = new TaskQueue(parts);
  const worker = new Worker({ parts, queue, reconciler, concurrency: CONCURRENCY });

  const at = clock.now();
  const swept = await sweep(parts, queue);
  if (swept.err) return swept;
  const polled = await new BookingSource(parts, queue).run(null);
  if (polled.err) return polled;
  worker.start();
  worker.open();
  await worker.drain();
  await worker.stop();

  const { runs, unreadable } = swept.val;
  const undecided = await undecidedOf(store, at, told);
  for (const { appointmentId, calendarId } of entries.values()) {
    if (unreadable.has(calendarId ?? '')) undecided.set(appointmentId, `calendar ${calendarId} cannot be read`);
  }
  return Ok({
    at,
    window: pollWindow(at, settings.timeZone, parts.timeZones, settings.uschedule),
    bookingsRead: polled.val.read,
    eventsRead: runs.reduce((sum, { read }) => sum + read, 0),
    entries: [...entries.values()].filter(({ appointmentId }) => !undecided.has(appointmentId)).toSorted(inOrder),
    notes: told.flatMap((event) => (event.type === 'decision' && event.detail !== null ? [noteOf(event)] : [])),
    undecided: [...undecided].map(([appointmentId, detail]) => ({ appointmentId, detail })),
    stops: [polled.val, ...runs].flatMap(({ stopped }) => stopped?.reason ?? []),
    warnings: [
      ...unreadable.values(),
      ...[polled.val, ...runs].flatMap(({ warnings, notes }) => [...warnings, ...notes]),
    ],
  });
}

interface Swept {
  readonly runs: readonly SourceRun[];
  /** What is wrong with them, by calendar. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** Lists every calendar in full. One that is not shared does not keep the others from being planned. */
async function sweep(parts: EngineParts, queue: TaskQueue): Promise<Result<Swept, SyncError>> {
  const runs: SourceRun[] = [];
  const unreadable = new Map<string, string>();
  for (const bay of parts.rules.routing.bays) {
    const run = await new CalendarSource(bay, parts, queue).run(null);
    if (run.ok) runs.push(run.val);
    else if (run.val.kind === 'forbidden') {
      unreadable.set(bay.calendarId, `calendar ${bay.calendarId} of bay ${bay.bay}: ${run.val.message}`);
    } else return run;
  }
  return Ok({ runs, unreadable });
}

async function copyOf({ maps, liveness }: Pick<PlanOptions, 'maps' | 'liveness'>): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const map of maps) await store.putMap({ ...map, version: 0 });
  await store.putLiveness(liveness);
  return store;
}

function partsOf(
  options: PlanOptions,
  made: { readonly store: MemoryStore; readonly circuits: Circuits; readonly emit: EngineParts['emit'] },
): EngineParts {
  const { clock, settings, timeZones = intlTimeZones() } = options;
  const rules = createRules(
    settings,
    systemNames(options.bookings, options.calendars),
    timeZones,
    (text) => options.bookings.isAppointmentId?.(text) ?? true,
    canMoveEvents(options.calendars),
  );
  const decoration = { ...made, clock, settlesWithinMs: rules.timing.portSettlesMs };
  const calendars = decoratePort(engineCalendars(options.calendars, decoration), CALENDAR_PORT, onlyReading);
  return joinParts(options.account, {
    ...made,
    bookings: decoratePort(engineBookings(options.bookings, decoration), BOOKING_PORT, onlyReading),
    calendars,
    calendarsFor: () => calendars,
    unthrottledCalendars: calendars,
    clock,
    settings,
    timeZones,
    rules,
    // A plan makes a few calls: nothing waits for its turn.
    quota: new CallQuota(clock, quotaLimits(null, undefined)),
    random: () => 0.5,
    owner: 'plan',
    leaseMs: DAY,
  });
}

/** Sends no call that changes anything. One is met only where a change that was begun earlier has to be finished. */
const onlyReading: CallDecorator = async ({ system, method, effect }, send) => {
  if (effect === 'read') return send();
  const message = 'a change that was begun earlier is finished first';
  return Err<SyncError>({ kind: 'transient', system, method, message, unsent: true });
};

/** Appointments whose task was put off or given up, and why. */
async function undecidedOf(store: MemoryStore, now: Instant, told: readonly SyncEvent[]): Promise<Map<string, string>> {
  const everything = { owner: 'plan', now: now + 365 * DAY, leaseMs: DAY, limit: Number.MAX_SAFE_INTEGER };
  const left = await store.claimTasks(everything);
  const waiting = left.ok ? left.val.map(({ appointmentId }) => appointmentId).toSorted() : [];
  const undecided = new Map(waiting.map((appointmentId) => [appointmentId, 'it is too early to say']));
  for (const event of told) {
    if (event.type === 'task' && event.error) undecided.set(event.appointmentId, event.error.message);
  }
  return undecided;
}

function noteOf({ appointmentId, reason, detail }: DecisionEvent): SyncPlan['notes'][number] {
  return { appointmentId, reason, detail };
}

function inOrder(a: PlanEntry, b: PlanEntry): number {
  return timeOf(a) - timeOf(b) || (a.appointmentId < b.appointmentId ? -1 : 1);
}

function timeOf({ before, after }: PlanEntry): Instant {
  return (after ?? before)?.start ?? 0;
}
