import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { EventPatch } from '../../domain/calendar-event.js';
import { MINUTE } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { BookingSlot, BookRequest } from '../../ports/booking-system.js';
import { replacedAppointment } from '../../rules/rebook-marker.js';
import type { StudioBooking } from '../studio-booking.js';
import { BookingHistory, isAsWeLeftIt, type ShownTime } from './booking-history.js';
import { faultOfRemovedCopy } from './copy-check.js';
import type { DoneCall } from './faulty-port.js';
import { STALEST_MS } from './recorded-bookings.js';
import { mapOfEvent } from './rest-check.js';
import { LastStamps } from './last-stamps.js';
import type { SameBooking } from './same-booking.js';
import { LEASE_MS, type SimulationWorld } from './simulation-world.js';
import { overSlackOf, SlowWrites } from './slow-writes.js';
import { TitleCheck } from './title-check.js';
import type { WriteLedger } from './write-ledger.js';

const EVENT_WRITES: ReadonlySet<string> = new Set(['insertEvent', 'patchEvent', 'deleteEvent', 'moveEvent']);
const BOOKING_WRITES: ReadonlySet<string> = new Set(['cancelBooking', 'rescheduleBooking', 'book']);

export interface WriteCheckOptions {
  readonly world: SimulationWorld;
  readonly same: SameBooking;
  readonly ledger: WriteLedger;
  readonly violate: (words: string) => void;
  readonly areEditsLost: () => boolean;
  /** Called after a write that was made because of a slow clock. */
  readonly onSlowClock: () => void;
}

/** Checks every write when it takes effect: did a user request it, and does it affect only our own data? */
export class WriteCheck {
  readonly #options: WriteCheckOptions;
  readonly #history: BookingHistory;
  readonly #stamps = new LastStamps();
  /** All bookings after the last change. */
  #previous: ReadonlyMap<string, StudioBooking> = new Map();
  /** Bookings that were replaced, and their replacements. A customer's note may have overwritten the marker since. */
  readonly #rebooked = new Set<string>();
  readonly #slowWrites: SlowWrites;
  readonly #titles = new TitleCheck();

  constructor(options: WriteCheckOptions) {
    this.#options = options;
    this.#history = new BookingHistory(options.same);
    this.#slowWrites = new SlowWrites(options.same);
  }

  get #overSlack(): number {
    return overSlackOf(this.#options.world);
  }

  /** Does the visit seem to be in the future to a process with a slow clock? Such a process still applies its edits. */
  #seemsToCome({ end }: { readonly end: number }): boolean {
    const seems = this.#overSlack > MINUTE && end <= this.#options.world.clock.now();
    if (seems) this.#options.onSlowClock();
    return seems;
  }

  /** Call after every change of a booking. */
  remember(by: 'people' | 'us'): void {
    const { bookings, clock, served } = this.#options.world;
    const all = bookings.user.bookings();
    this.#history.record(all, by, clock.now());
    this.#previous = new Map(all.map((booking) => [booking.id, { ...booking }]));
    void served.remember();
  }

  onDone(system: SyncSystem, { method, args, result, sentAt, orphaned }: DoneCall): void {
    if (result.err) return;
    if (system === 'google' && EVENT_WRITES.has(method)) this.#onEventWritten(method, args, sentAt, orphaned);
    if (system === 'uschedule' && BOOKING_WRITES.has(method)) this.#onBookingWritten(method, args, result.val, sentAt);
    if (system === 'store' && method === 'putMap') this.#onMapStored(args[0] as BookingEventMap);
  }

  /** Only a process with a slow clock asks for a change of a visit that is over. It reverts the refused edit. */
  onRefused(appointmentId: string): void {
    const booking = this.#previous.get(appointmentId);
    if (booking) this.#seemsToCome(booking);
  }

  /** A map with an intent belongs to a change in progress. Without one, both sides are synchronized. */
  #onMapStored({ uscheduleAppointmentId, intent, lastSyncedAt, bookingWrittenAt }: BookingEventMap): void {
    this.#slowWrites.onMapStored(uscheduleAppointmentId, bookingWrittenAt);
    if (intent === null) {
      // A clock that is ahead stores a time in the future.
      this.#history.synced(uscheduleAppointmentId, Math.min(lastSyncedAt, this.#options.world.clock.now()));
    }
  }

  #onEventWritten(method: string, args: readonly unknown[], sentAt: number, orphaned: boolean): void {
    const { world, ledger, violate } = this.#options;
    const eventId = String(args[1]);
    if (!eventId.startsWith('loft') && !world.people.edits.copies.has(eventId))
      violate(`${method} touched ${eventId}, which is not ours`);
    const patch = method === 'insertEvent' || method === 'patchEvent' ? (args[2] as EventPatch) : null;
    const appointmentId = patch?.appointmentId ?? this.#ownerOf(eventId);
    const isCorrection = this.#stamps.note(eventId, appointmentId, patch);
    if (method === 'deleteEvent' && this.#isCopyOf(eventId, appointmentId)) {
      const fault = faultOfRemovedCopy(world, String(args[0]), eventId);
      return fault === null ? undefined : violate(fault);
    }
    if (!isCorrection) ledger.wrote('calendar', appointmentId);
    if (orphaned) ledger.orphaned(appointmentId);
    // The customer name of a created or restored event may be unknown.
    if (method === 'insertEvent' || patch?.revive === true) this.#titles.forget(eventId);
    if (method === 'insertEvent') this.#noteRecreated(eventId, appointmentId);
    const { faults, clock, lostMaps } = world;
    const now = clock.now();
    const titleFault = this.#titles.faultOf(eventId, patch?.title, lostMaps.areOutdated(now));
    if (titleFault !== null) violate(titleFault);
    // A request that was in transit for longer than a lease cannot be stopped, so it is not checked.
    if (patch?.start === undefined || patch.end === undefined || now >= sentAt + LEASE_MS) return;
    const shown = { appointmentId, start: patch.start, end: patch.end };
    if (this.#overSlack > MINUTE && this.#slowWrites.mayBePutBack(appointmentId, now, faults.clockSetAt)) return;
    if (patch.revive === true && this.#isShownElsewhere(eventId, patch)) return;
    if (world.served.lackedEnd && this.#mayLackEnd(method, shown)) return;
    const fault = this.#history.faultOf(shown, this.#slack);
    if (fault !== null && !isAsWeLeftIt(this.#mapsOf(appointmentId), shown, now)) violate(fault);
  }

  /** May the event keep its own length, because the record of the booking has no end? */
  #mayLackEnd(method: string, shown: ShownTime): boolean {
    if (this.#options.areEditsLost() && this.#history.startsAt(shown)) return true;
    return this.#history.mayLackEnd(shown, method === 'insertEvent');
  }

  /** Does another calendar show the event at this time? An event that cannot be moved is first copied without a change. */
  #isShownElsewhere(eventId: string, { start, end }: EventPatch): boolean {
    const { calendars, plan } = this.#options.world;
    const events = plan.calendarIds.flatMap((calendarId) => calendars.events(calendarId));
    return events.some((event) => event.eventId === eventId && event.start === start && event.end === end);
  }

  /**
   * Returns the maximum age of an answer. A second installation adopts an event by its own readings
   * (docs/decision-table.md#row-4) and does not know the writes of the first one.
   */
  get #slack(): number {
    const { second, faults, served } = this.#options.world;
    if (second.maps.size + second.feedStates.size > 0) return Infinity;
    // To a clock that is ahead a visit seems over: its event is reverted even if its booking was moved.
    if (served.wasFrozen || faults.lasts('clock-ahead')) return Infinity;
    return faults.everStale ? STALEST_MS : 0;
  }

  #noteRecreated(eventId: string, appointmentId: string): void {
    const { edits } = this.#options.world.people;
    for (const former of this.#mapsOf(appointmentId)) edits.noteRecreated(eventId, former.googleEventId);
  }

  #isCopyOf(eventId: string, appointmentId: string): boolean {
    const maps = this.#mapsOf(appointmentId);
    const isMirror = maps.some(({ googleEventId }) => googleEventId === eventId);
    const { edits } = this.#options.world.people;
    return (edits.copies.has(eventId) || (edits.wasUndeleted(eventId) && maps.length > 0)) && !isMirror;
  }

  /** Returns the maps of an appointment in the stores of all installations. */
  #mapsOf(appointmentId: string): readonly BookingEventMap[] {
    const { data, second } = this.#options.world;
    return [data, second].flatMap(({ maps }) => maps.get(appointmentId) ?? []);
  }

  #ownerOf(eventId: string): string {
    const map = mapOfEvent(this.#options.world.data, eventId);
    return (
      map?.uscheduleAppointmentId ??
      this.#stamps.ownerOf(eventId) ??
      this.#options.world.people.edits.copies.get(eventId) ??
      eventId
    );
  }

  #onBookingWritten(method: string, args: readonly unknown[], answer: unknown, sentAt: number): void {
    const { ledger, violate } = this.#options;
    const before = this.#previous;
    this.remember('us');
    if (method === 'book') {
      const request = args[0] as BookRequest;
      const old = replacedAppointment(request.notes);
      if (old === null) return violate(`booking ${String(answer)} was made without a booking to replace`);
      this.#checkReschedule(old, request, before.get(old), sentAt);
      this.#rebooked.add(old).add(String(answer));
      this.#slowWrites.onWritten(String(answer), this.#options.world.clock.now());
      ledger.wrote('booking', old);
      return this.#renamed(old, String(answer));
    }
    const id = String(args[0]);
    this.#slowWrites.onWritten(id, this.#options.world.clock.now());
    ledger.wrote('booking', id);
    if (method === 'cancelBooking') return this.#checkCancel(id, before.get(id), sentAt);
    this.#checkReschedule(id, args[1] as BookingSlot, before.get(id), sentAt);
    if (answer !== id) this.#renamed(id, String(answer));
  }

  /** The id belongs to another booking from now on. */
  recycled(appointmentId: string): void {
    this.#rebooked.delete(appointmentId);
    this.#titles.recycled(this.#mapsOf(appointmentId));
    this.#options.same.recycle(appointmentId);
  }

  #renamed(from: string, to: string): void {
    this.#options.same.join(from, to);
    this.#options.ledger.renamed(from);
  }

  /** A booking is cancelled only if a user cancelled it. */
  #checkCancel(appointmentId: string, before: StudioBooking | undefined, sentAt: number): void {
    const { world, violate } = this.#options;
    const maps = world.lostMaps.orOfCancellation(this.#mapsOf(appointmentId), appointmentId, sentAt);
    const events = maps.map(({ googleEventId }) => googleEventId);
    const overSince = world.clock.now() - this.#overSlack;
    const what = `booking ${appointmentId} was cancelled`;
    if (before && before.end <= overSince) return violate(`${what}, and was over`);
    // Cancelled as the old booking of a rebooking, or as the new one if the old one is kept.
    if (this.#rebooked.has(appointmentId)) return;
    const isBack = (eventId: string): boolean =>
      world.clock.now() - (world.people.edits.undeletedAt.get(eventId) ?? Infinity) > LEASE_MS;
    if (events.some(isBack)) return violate(`${what}, but its event had been restored from the trash`);
    const isWanted = events.some((eventId) => world.people.edits.deleted.has(eventId));
    if ((before && this.#seemsToCome(before)) || isWanted) return;
    violate(`${what}, but its event was not deleted`);
  }

  /** A booking moves only to a place of its event, or stays at its customer's latest place. */
  #checkReschedule(appointmentId: string, to: BookingSlot, before: StudioBooking | undefined, sentAt: number): void {
    const { world, violate } = this.#options;
    const maps = world.lostMaps.orOfMove(this.#mapsOf(appointmentId), appointmentId, to, sentAt);
    if (maps.length === 0) return violate(`booking ${appointmentId} was moved, and has no map`);
    if (before && before.end <= world.clock.now() - this.#overSlack)
      return violate(`booking ${appointmentId} was moved, and was over`);
    if (maps.some((map) => this.#isWanted(map, to, before))) return void (before && this.#seemsToCome(before));
    // A second installation, or we before the backup, may have put the event there: it seems to be an edit.
    const isUnknown = this.#slack === Infinity || world.lostMaps.areOutdated(world.clock.now());
    if ((isUnknown && this.#history.wasAt({ ...to, appointmentId })) || this.#seemsToCome(to)) return;
    violate(`booking ${appointmentId} was moved to a place to which no user had moved its event`);
  }

  #isWanted({ googleEventId, base }: BookingEventMap, to: BookingSlot, before: StudioBooking | undefined): boolean {
    const { people, plan } = this.#options.world;
    const keepsTime = [base, before].some((it) => it?.start === to.start && it.end === to.end);
    const keepsUnit = [plan.unitOfName(base.bay), before?.unit].includes(to.resourceUnitId);
    const timeWanted = keepsTime || people.edits.putToTime(googleEventId, to.start, to.end);
    return timeWanted && (keepsUnit || people.edits.putToUnit(googleEventId, to.resourceUnitId));
  }
}
