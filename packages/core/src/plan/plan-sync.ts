import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { StopItem } from '../domain/feed-state.js';
import { DAY, type Instant, type Period } from '../domain/instant.js';
import type { EventRecord } from '../domain/event-record.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import type { SyncError } from '../domain/sync-error.js';
import type { DecisionEvent, SyncEvent } from '../domain/sync-event.js';
import { listHeldEdits, type HeldEdit } from '../engine/held-edits.js';
import { BookingSource } from '../engine/sources/booking-source.js';
import { CalendarSource } from '../engine/sources/calendar-source.js';
import { CallQuota, quotaLimits } from '../engine/ports/call-quota.js';
import { Circuits } from '../engine/ports/circuit-breakers.js';
import { joinParts, rulesOf } from '../engine/create-parts.js';
import type { EngineParts } from '../engine/engine-parts.js';
import type { SourceRun } from '../engine/sources/source.js';
import { execute } from '../engine/act/executor.js';
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
import { rescheduleIsOff } from '../rules/rebook-terms.js';
import { type SyncSettings, supportedSettings } from '../rules/settings.js';
import { pollWindow } from '../rules/window.js';
import { MemoryStore } from '../store/memory-store.js';
import { intlTimeZones } from '../time-zones/intl-time-zones.js';
import { isInternal, planEntry, type PlanEntry } from './plan-entry.js';

/** The inputs of a plan. Only the reading methods of the two systems are called. */
export interface PlanOptions {
  /** As in `SyncEngineOptions`. */
  readonly account?: string | undefined;
  readonly bookings: BookingSystem;
  readonly calendars: CalendarSystem;
  readonly clock: Clock;
  readonly settings: SyncSettings;
  /** Default `intlTimeZones()`. */
  readonly timeZones?: TimeZones;
  /** The stored state. The plan does not change it. Empty lists: as after a loss of the store. */
  readonly maps: readonly BookingEventMap[];
  readonly liveness: readonly LivenessRecord[];
  /** The stored records of edits and copies: a held edit stays held in the plan. Default: none. */
  readonly records?: readonly EventRecord[];
}

/** The result of a plan: the actions of the next sync. */
export interface SyncPlan {
  readonly at: Instant;
  /** The period of the bookings that were read. */
  readonly window: Period;
  readonly bookingsRead: number;
  readonly eventsRead: number;
  /** The planned writes, in time order. */
  readonly entries: readonly PlanEntry[];
  /** Edits that the guard of edits holds, or would hold, until a person releases or reverts them. */
  readonly held: readonly HeldEdit[];
  /** Other decisions without a write that an administrator should know. */
  readonly notes: readonly Pick<DecisionEvent, 'appointmentId' | 'reason' | 'detail'>[];
  /** Appointments without a decision: it is too early, or one side could not be read. */
  readonly undecided: readonly { readonly appointmentId: string; readonly detail: string }[];
  /** The guards that would hold back cancellations, as sentences. Held cancellations are not among the entries. */
  readonly stops: readonly string[];
  /** The changes that these guards would hold back, one by one. */
  readonly stopped: readonly StopItem[];
  /** Warnings about the two systems, as sentences. */
  readonly warnings: readonly string[];
}

/** Number of appointments that are processed in parallel. */
const CONCURRENCY = 8;

/**
 * Plans a sync with full lists, as after a start. Uses the engine's own feeds, status resolution, guards and decisions on a
 * copy of the stored state, and executes nothing. The plan cannot foresee refusals by USchedule.
 *
 * @returns the error of a system whose list failed as a whole; a calendar that is not shared is only a warning
 */
export async function planSync(options: PlanOptions): Promise<Result<SyncPlan, SyncError>> {
  const { clock } = options;
  // The plan runs once, so it does not wait until a deletion can no longer be undone.
  const supported = supportedSettings(options.settings, options.bookings);
  const settings = { ...supported, google: { ...supported.google, deleteGraceSeconds: 0 } };
  const store = await copyOf(options);
  const events: SyncEvent[] = [];
  const circuits = new Circuits(clock, settings.retry);
  const parts = partsOf({ ...options, settings }, { store, circuits, emit: (event) => events.push(event) });
  const entries = new Map<string, PlanEntry>();
  const record: Execute = async (decided, task) => {
    const { action, situation } = decided;
    // Actions on the store alone are executed on the copy.
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
  const listed = await listCalendars(parts, queue);
  if (listed.err) return listed;
  const polled = await new BookingSource(parts, queue).run(null);
  if (polled.err) return polled;
  worker.start();
  worker.open();
  await worker.drain();
  await worker.stop();

  const held = await listHeldEdits({ store });
  if (held.err) return held;
  const { runs, unreadable } = listed.val;
  const stops = [polled.val, ...runs].flatMap(({ stopped }) => stopped ?? []);
  const undecided = await undecidedOf(store, at, events);
  for (const { appointmentId, calendarId } of entries.values()) {
    if (unreadable.has(calendarId ?? '')) undecided.set(appointmentId, `calendar ${calendarId} cannot be read`);
  }
  return Ok({
    at,
    window: pollWindow(at, settings.timeZone, parts.timeZones, settings.uschedule),
    bookingsRead: polled.val.read,
    eventsRead: runs.reduce((sum, { read }) => sum + read, 0),
    entries: [...entries.values()].filter(({ appointmentId }) => !undecided.has(appointmentId)).toSorted(inOrder),
    held: held.val,
    notes: events.flatMap((event) => (isNoted(event) ? [noteOf(event)] : [])),
    undecided: [...undecided].map(([appointmentId, detail]) => ({ appointmentId, detail })),
    stops: stops.map(({ reason }) => reason),
    stopped: stops.flatMap(({ items = [] }) => items),
    warnings: [
      ...unreadable.values(),
      ...[polled.val, ...runs].flatMap(({ warnings, notes }) => [...warnings, ...notes]),
    ],
  });
}

interface CalendarLists {
  readonly runs: readonly SourceRun[];
  /** Descriptions of the faults, by calendar. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** Lists every calendar in full. A calendar that is not shared does not stop the plan of the others. */
async function listCalendars(parts: EngineParts, queue: TaskQueue): Promise<Result<CalendarLists, SyncError>> {
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

async function copyOf({ maps, liveness, records = [] }: PlanOptions): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const map of maps) await store.putMap({ ...map, version: 0 });
  await store.putLiveness(liveness);
  await store.putEventRecords(records);
  return store;
}

function partsOf(
  options: PlanOptions,
  made: { readonly store: MemoryStore; readonly circuits: Circuits; readonly emit: EngineParts['emit'] },
): EngineParts {
  const { clock, settings, timeZones = intlTimeZones() } = options;
  const rules = rulesOf(options, settings, timeZones);
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
    // A plan makes few calls, so it needs no rate limit.
    quota: new CallQuota(clock, quotaLimits(null, undefined)),
    random: () => 0.5,
    owner: 'plan',
    leaseMs: DAY,
  });
}

/** Blocks all calls that change data. The plan reaches one only if an earlier change has to be completed. */
const onlyReading: CallDecorator = async ({ system, method, effect }, send) => {
  if (effect === 'read') return send();
  const message = 'a change that was begun earlier is finished first';
  return Err<SyncError>({ kind: 'transient', system, method, message, unsent: true });
};

/** Returns the appointments whose task was deferred or failed, with the cause. */
async function undecidedOf(
  store: MemoryStore,
  now: Instant,
  events: readonly SyncEvent[],
): Promise<Map<string, string>> {
  const everything = { owner: 'plan', now: now + 365 * DAY, leaseMs: DAY, limit: Number.MAX_SAFE_INTEGER };
  const left = await store.claimTasks(everything);
  const waiting = left.ok ? left.val.map(({ appointmentId }) => appointmentId).toSorted() : [];
  const undecided = new Map(waiting.map((appointmentId) => [appointmentId, 'its decision needs a later reading']));
  for (const event of events) {
    if (event.type === 'task' && event.error) undecided.set(event.appointmentId, event.error.message);
  }
  return undecided;
}

function isNoted(event: SyncEvent): event is DecisionEvent {
  return event.type === 'decision' && event.detail !== null && event.reason !== 'edit-held';
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
