import type { UnitId } from '../../domain/bay.js';
import type { EventDraft } from '../../domain/calendar-event.js';
import { SECOND } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { SyncEvent } from '../../domain/sync-event.js';
import { derivedEventId } from '../../rules/event-marks.js';
import type { DoneCall } from './faulty-port.js';
import type { Act } from './act.js';
import { heldEdits } from './held-edits.js';
import type { StudioBooking } from '../studio-booking.js';
import { Refusals } from './refusals.js';
import { discrepancies, slotWords, type Discrepancy } from './rest-check.js';
import { SameBooking } from './same-booking.js';
import { UNROUTED_UNIT, type SimulationWorld } from './simulation-world.js';
import type { Trace } from './trace.js';
import { WriteCheck } from './write-check.js';
import { WriteLedger } from './write-ledger.js';

/** Maximum number of decisions about one appointment in the last minutes of a quiescent state. */
const MOST_DECISIONS = 3;
/** The same if its dead letter may be retried in these minutes. */
const MOST_OF_DEAD_LETTER = 6;

/** The invariants: of every write at any time, and of both sides when the world is quiescent. */
export class Invariants {
  readonly violations: string[] = [];
  readonly #world: SimulationWorld;
  readonly #trace: Trace;
  readonly #same = new SameBooking();
  readonly #ledger: WriteLedger;
  readonly #writes: WriteCheck;
  readonly #refusals: Refusals;
  /** Number of decisions about each appointment since `beginQuiet`. */
  readonly #decided = new Map<string, number>();
  /** Appointments with a dead letter since the last quiescent state. */
  readonly #deadLettered = new Set<string>();
  #countsWrites = true;
  #keepsEdits = true;

  constructor(world: SimulationWorld, trace: Trace) {
    this.#world = world;
    this.#trace = trace;
    this.#refusals = new Refusals(world, this.#same);
    this.#ledger = new WriteLedger({
      same: this.#same,
      refusalOf: (act) => this.#refusals.of(act),
      isRouted: (unit) => world.plan.isRouted(unit),
      isClosed: (unit) => isClosed(unit, world),
      isShownInClosed: (appointmentId) => this.#isShownInClosed(appointmentId),
      rebook: world.settings.uschedule.reschedule === 'rebook',
      marks: world.settings.google.cancel === 'mark',
      everStale: world.faults.everStale,
      faultless: world.faults.none,
    });
    this.#writes = new WriteCheck({
      world,
      same: this.#same,
      ledger: this.#ledger,
      violate: (words) => this.#violate(words),
      areEditsLost: () => !this.#keepsEdits,
      onSlowClock: () => this.onDisrupted('edits-kept'),
    });
  }

  // -- all along --------------------------------------------------------------------------------------------------
  onAct(act: Act): void {
    const { appointmentId, renamedTo, recycled } = act;
    if (appointmentId !== null && recycled) this.#writes.recycled(appointmentId);
    if (appointmentId !== null && renamedTo !== undefined) this.#same.join(appointmentId, renamedTo);
    this.#writes.remember('people');
    this.#ledger.act(act);
  }

  /** The store lost data, or the settings changed: until the next quiescent state, writes are not counted. */
  onDisrupted(edits: 'edits-kept' | 'edits-lost'): void {
    this.#countsWrites = false;
    if (edits === 'edits-lost') this.#keepsEdits = false;
  }

  onDone(system: SyncSystem, call: DoneCall): void {
    this.#writes.onDone(system, call);
    if (call.method === 'insertEvent') this.#noteRefusedId(String(call.args[1]), call.args[2] as EventDraft);
    const refused = this.#refusals.onDone(system, call);
    if (refused !== null) this.#writes.onRefused(refused);
  }

  #noteRefusedId(eventId: string, { appointmentId }: EventDraft): void {
    if (eventId !== derivedEventId(appointmentId)) this.#ledger.idRefused(appointmentId);
  }

  onEvent(event: SyncEvent): void {
    this.#refusals.onEvent(event);
    if (event.type === 'task' && event.outcome === 'dead-letter') {
      this.#ledger.deadLettered(event.appointmentId);
      this.#deadLettered.add(event.appointmentId);
    }
    if (event.type === 'action' && event.reason === 'edit-undelivered') this.#ledger.undelivered(event.appointmentId);
    // An edit waits for its slot for ten minutes at most.
    if (event.type === 'decision' && event.reason !== 'edit-refused')
      this.#decided.set(event.appointmentId, (this.#decided.get(event.appointmentId) ?? 0) + 1);
  }

  // -- quiescent --------------------------------------------------------------------------------------------------
  /** Every difference is still being retried, is reported as a failure, or was stopped by a guard. */
  checkAccounted(): void {
    const { tasks, deadLetters, feedStates } = this.#world.data;
    for (const { appointmentId, error } of deadLetters.values()) {
      const unread = error.system === 'uschedule' && error.kind === 'invalid';
      if (unread) this.#violate(`${appointmentId} is still a dead letter, although its record can be read again`);
    }
    if ([...feedStates.values()].some((state) => state.stopped !== null)) return;
    const held = heldEdits(this.#world.data).map(({ appointmentId }) => appointmentId);
    const accounted = new Set([...tasks.keys(), ...deadLetters.keys(), ...held].map((id) => this.#same.of(id)));
    for (const { appointmentId, words } of this.#discrepancies) {
      if (!accounted.has(this.#same.of(appointmentId))) this.#violate(`${words}, and nothing accounts for it`);
    }
  }

  /** The last minutes before `checkRest`: no appointment is decided about at every poll. */
  beginQuiet(): void {
    this.#decided.clear();
  }

  /** Nothing is pending, both sides agree, the users' acts have their results, and no other write was made. */
  checkRest(): void {
    const { data, clock } = this.#world;
    const { tasks, deadLetters } = data;
    for (const { appointmentId, trigger, dueAt } of tasks.values()) {
      const due = Math.round((dueAt - clock.now()) / SECOND);
      this.#violate(`a task of ${appointmentId} (${trigger}, due in ${due} s) is pending in a quiescent state`);
    }
    if (deadLetters.size > 0) this.#violate(`${deadLetters.size} dead letters remain after a replay`);
    for (const { appointmentId } of heldEdits(this.#world.data))
      this.#violate(`the edit of ${appointmentId} is held still, though a person has decided about it`);
    for (const { words } of this.#discrepancies) this.#violate(words);
    for (const [appointmentId, count] of this.#decided) {
      if (count > (this.#deadLettered.has(appointmentId) ? MOST_OF_DEAD_LETTER : MOST_DECISIONS))
        this.#violate(`${appointmentId} was decided about ${count} times while nothing changed`);
    }
    for (const act of this.#ledger.singleActs()) {
      if (act.side === 'booking' || this.#keepsEdits) this.#checkWanted(act);
    }
    const unpaid = this.#ledger.close();
    if (this.#countsWrites) for (const words of unpaid) this.#violate(words);
    this.#countsWrites = true;
    this.#keepsEdits = true;
    this.#refusals.clear();
    this.#deadLettered.clear();
  }

  get #discrepancies(): readonly Discrepancy[] {
    const { people, bookings, data, clock, settings, plan, calendars, faults, isReportedCopy } = this.#world;
    const eventIdOf = ({ id }: StudioBooking): string => data.maps.get(id)?.googleEventId ?? '';
    return discrepancies({
      people,
      bookings: bookings.user.bookings(),
      data,
      bays: plan.open,
      isClosed: (unit) => isClosed(unit, this.#world),
      isStrippedInClosed: (booking) =>
        people.edits.stripped.has(eventIdOf(booking)) && this.#isShownInClosed(booking.id),
      isUnseenDeletion: (booking) =>
        (faults.counts['clock-ahead'] ?? 0) > 0 && people.edits.deleted.has(eventIdOf(booking)),
      inClosed: (eventId) =>
        plan.closedCalendarIds.flatMap((id) => calendars.events(id)).filter((event) => event.eventId === eventId),
      isReportedCopy,
      now: clock.now(),
      google: settings.google,
    });
  }

  /** Is the event of the booking in the calendar of a bay that was taken out of the settings? */
  #isShownInClosed(appointmentId: string): boolean {
    const { data, plan, calendars } = this.#world;
    const shown = data.maps.get(appointmentId)?.googleEventId ?? '';
    return plan.closedCalendarIds.some((calendarId) =>
      calendars.events(calendarId).some(({ eventId }) => eventId === shown),
    );
  }

  /** The only act on a booking since the last quiescent state must have its result, unless it was refused. */
  #checkWanted(act: Act): void {
    const { appointmentId, expect, words } = act;
    if (appointmentId === null || expect === null || this.#refusals.mayBeReverted(act)) return;
    const id = this.#same.of(appointmentId);
    const isIt = (other: string): boolean => this.#same.of(other) === id;
    const live = this.#world.bookings.user.liveBookings().filter((booking) => isIt(booking.id));
    const there =
      expect.state === 'gone'
        ? live.length === 0
        : live.length === 1 &&
          live.every(({ start, end, unit }) => start === expect.start && end === expect.end && unit === expect.unit);
    if (there) return;
    const now = live.length === 0 ? 'it is not live' : `it is in ${live.map(slotWords).join(' and in ')}`;
    this.#violate(`${words}, to ${expect.state === 'gone' ? 'be gone' : slotWords(expect)}, but ${now}`);
  }

  #violate(words: string): void {
    this.violations.push(words);
    this.#trace.say(() => `VIOLATION: ${words}`);
  }
}

/** Does the unit belong to a bay that was taken out of the settings? */
function isClosed(unit: UnitId, { plan }: SimulationWorld): boolean {
  return unit !== UNROUTED_UNIT && !plan.isRouted(unit);
}
