import {
  byAppointment,
  hasMovedToUnroutedUnit,
  type BookingEventMap,
  type MapsByAppointment,
} from '../../domain/booking-event-map.js';
import type { Booking } from '../../domain/booking.js';
import { DAY, MINUTE, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import { heldUntil, inferLiveness, type LivenessVerdict, type SlotReading } from '../../rules/liveness.js';
import { cancelledRecord, isCancelledFor, isIdReused, isKnownDead } from '../../rules/reused-id.js';
import type { Existence } from '../../rules/situation.js';
import { claimOf, lostClaims, type Competitor, type SlotClaim } from '../../rules/slot-claims.js';
import type { UnitDay } from '../../rules/unit-days.js';
import { Availability, type InferringParts } from './availability.js';
import { resolvedStatus, type StatusResolver, type ResolvedStatus, type ListedStatuses } from './observe-booking.js';
import { LivenessRecords, EmptyStart } from './liveness-records.js';
import { MovedBookings } from './moved-bookings.js';

/** Age from which the records are read again for one booking: another replica may have written since. */
const RELOAD_MS: number = MINUTE;

/**
 * Infers statuses in blind mode: collects the evidence, applies the pure rules, and stores the state that must survive a
 * restart. Reads availability only for the unit-days of mirrored or candidate bookings.
 */
export class InferredStatuses implements StatusResolver {
  readonly #parts: InferringParts;
  readonly #availability: Availability;
  readonly #records: LivenessRecords;
  readonly #moves: MovedBookings;
  readonly #emptyStart = new EmptyStart();

  constructor(parts: InferringParts) {
    this.#parts = parts;
    this.#records = new LivenessRecords(parts);
    this.#availability = new Availability(parts);
    this.#moves = new MovedBookings(parts.rules);
  }

  /** One reading can prove that a booking is live. Several consecutive readings are needed to prove it dead. */
  async read(booking: Booking): Promise<Result<ResolvedStatus, SyncError>> {
    const loaded = await this.#records.load(RELOAD_MS);
    if (loaded.err) return loaded;
    const map = await this.#parts.store.getMap(booking.appointmentId);
    if (map.err) return map;
    const record = this.#records.of(booking.appointmentId);
    const given = {
      now: this.#parts.clock.now(),
      booking,
      record,
      mirrored: map.val?.status === 'ACTIVE',
      lostTo: null,
      emptyStartAt: this.#emptyStart.at,
    };
    const infer = (slot: SlotReading): LivenessVerdict =>
      inferLiveness({ ...given, slot }, this.#parts.settings.uschedule);
    const first = infer('unseen');
    // A candidate is not read if no answer could make it a booking.
    const reused = isIdReused(booking, record);
    const candidate = map.val === null || hasMovedToUnroutedUnit(map.val) || reused;
    if (!candidate || infer('not-free').status !== 'live') return Ok(resolvedStatus(first, reused));
    const competitor = await this.#competitorOf(booking);
    if (competitor.err) return competitor;
    if (competitor.val !== null) return Ok({ status: 'unknown', sure: false });
    if (first.status === 'live') return Ok(resolvedStatus(first, reused));
    const slot = await this.#availability.askFor(booking);
    return Ok(resolvedStatus(slot.ok && slot.val === 'not-free' ? infer('not-free') : first, reused));
  }

  async existence(booking: Booking): Promise<Result<Existence, SyncError>> {
    const { store, clock, settings } = this.#parts;
    const { cancelConfirmations, urgentMinutes } = settings.uschedule;
    const loaded = await this.#records.load(RELOAD_MS);
    if (loaded.err) return loaded;
    const map = await store.getMap(booking.appointmentId);
    if (map.err) return map;
    if (this.#isKnownDead(booking, map.val)) return Ok('gone');
    const competitor = await this.#competitorOf(booking);
    if (competitor.err) return competitor;
    if (competitor.val === 'newer') return Ok('gone');
    if (booking.start - clock.now() <= urgentMinutes * MINUTE) return Ok('unclear');
    for (let reading = 0; reading < cancelConfirmations; reading++) {
      const slot = await this.#availability.askFor(booking);
      if (slot.err) return slot;
      if (slot.val === 'unseen') return Ok('unclear');
      if (slot.val === 'not-free') return Ok('exists');
    }
    return Ok('gone');
  }

  async noteCanceled(appointmentId: string, end: Instant): Promise<Result<void, SyncError>> {
    const updatedAt = this.#parts.clock.now();
    return this.#records.put([{ appointmentId, freeReadings: 0, dead: true, end, updatedAt }]);
  }

  async list(
    bookings: readonly Booking[],
    maps: readonly BookingEventMap[],
    now: Instant,
  ): Promise<Result<ListedStatuses, SyncError>> {
    const loaded = await this.#records.load(0);
    if (loaded.err) return loaded;
    const mapOf = byAppointment(maps);
    this.#emptyStart.note(this.#records.all, maps.length + this.#records.all.size === 0, now);
    this.#moves.note(bookings, mapOf, now);
    const undead = this.#undead(bookings, mapOf);
    const lost = lostClaims(undead.map((booking) => this.#claimOf(booking, mapOf, now)));
    const { read, warnings, notes } = await this.#availability.ask(this.#worthAsking(undead, mapOf, lost, now));
    const verdicts = new Map<string, LivenessVerdict>();
    const slots = { read: 0, free: 0 };
    for (const booking of bookings) {
      const { appointmentId } = booking;
      const record = this.#records.of(appointmentId);
      const mirrored = mapOf.get(appointmentId)?.status === 'ACTIVE';
      const slot = this.#availability.slotOf(booking, read);
      const lostTo = lost.get(appointmentId) ?? null;
      const evidence = { now, booking, record, mirrored, lostTo, slot, emptyStartAt: this.#emptyStart.at };
      verdicts.set(appointmentId, inferLiveness(evidence, this.#parts.settings.uschedule));
      if (!mirrored || slot === 'unseen' || booking.end <= now) continue;
      slots.read++;
      if (slot === 'free') slots.free++;
    }
    return Ok({
      of: (booking) => {
        const { appointmentId } = booking;
        const verdict = verdicts.get(appointmentId) ?? { status: 'unknown', record: null };
        return resolvedStatus(verdict, isIdReused(booking, this.#records.of(appointmentId)));
      },
      remember: async (exceptFor, historyBefore) => {
        const underWay = bookings.some(({ start, end }) => start <= now && end > now);
        const remembered = await this.#remember(bookings, verdicts, { exceptFor, mapOf, underWay, now });
        return remembered.err ? remembered : this.#records.forget(historyBefore);
      },
      slots,
      warnings,
      notes,
    });
  }

  /** Returns the competitor for the slot of a booking, from a list of its day. */
  async #competitorOf(booking: Booking): Promise<Result<Competitor | null, SyncError>> {
    const { bookings, store } = this.#parts;
    const period = { from: booking.start - DAY, to: booking.end };
    const now = this.#parts.clock.now();
    const list = await bookings.listBookings(period);
    if (list.err) return list;
    const maps = await store.listMaps({ period });
    if (maps.err) return maps;
    const mapOf = byAppointment(maps.val);
    const others = list.val.bookings.filter(({ appointmentId }) => appointmentId !== booking.appointmentId);
    const claims = [booking, ...this.#undead(others, mapOf)].map((it) => this.#claimOf(it, mapOf, now));
    return Ok(lostClaims(claims).get(booking.appointmentId) ?? null);
  }

  #undead(bookings: readonly Booking[], mapOf: MapsByAppointment): readonly Booking[] {
    return bookings.filter((booking) => !this.#isKnownDead(booking, mapOf.get(booking.appointmentId) ?? null));
  }

  #isKnownDead(booking: Booking, map: BookingEventMap | null): boolean {
    return isKnownDead(booking, map, this.#records.of(booking.appointmentId));
  }

  #claimOf(booking: Booking, mapOf: MapsByAppointment, now: Instant): SlotClaim {
    const { appointmentId } = booking;
    const movedAt = this.#moves.since(appointmentId);
    return claimOf(booking, mapOf.get(appointmentId) ?? null, this.#records.of(appointmentId), movedAt, now);
  }

  /** Returns the unit-days of mirrored bookings that are not over, and of candidates. */
  #worthAsking(
    bookings: readonly Booking[],
    mapOf: MapsByAppointment,
    lost: ReadonlyMap<string, Competitor>,
    now: Instant,
  ): readonly UnitDay[] {
    const { settings, rules } = this.#parts;
    const unitDays = new Map<string, UnitDay>();
    for (const booking of bookings) {
      if (booking.end <= now || lost.has(booking.appointmentId)) continue;
      const mirrored = mapOf.get(booking.appointmentId)?.status === 'ACTIVE';
      const record = this.#records.of(booking.appointmentId);
      const candidate =
        booking.start > now &&
        rules.routing.ofUnit(booking.resourceUnitId) !== null &&
        now >= heldUntil(booking, record, now, settings.uschedule);
      if (!mirrored && !candidate) continue;
      const needsConfirmation = (record?.freeReadings ?? 0) > 0;
      const unitDay = this.#availability.unitDayOf(booking, { needsConfirmation, blocksCreation: !mirrored });
      const known = unitDays.get(unitDay.key);
      unitDays.set(unitDay.key, {
        ...unitDay,
        minutes: Math.min(unitDay.minutes, known?.minutes ?? Infinity),
        needsConfirmation: unitDay.needsConfirmation || (known?.needsConfirmation ?? false),
        blocksCreation: unitDay.blocksCreation || (known?.blocksCreation ?? false),
      });
    }
    return [...unitDays.values()];
  }

  async #remember(
    bookings: readonly Booking[],
    verdicts: ReadonlyMap<string, LivenessVerdict>,
    { exceptFor, mapOf, underWay, now }: RememberOptions,
  ): Promise<Result<void, SyncError>> {
    const updates = underWay ? [...this.#emptyStart.toStore(this.#records.all)] : [];
    for (const booking of bookings) {
      const { appointmentId } = booking;
      const before = this.#records.of(appointmentId);
      const map = mapOf.get(appointmentId);
      const isFinal = map !== undefined && isCancelledFor(booking, map, before);
      // A CANCELED map is a sufficient record, but it does not show when its booking was created.
      const isSufficient = isFinal && (map.supersededBy !== null || booking.createdAt === null);
      const record = isFinal ? cancelledRecord(booking, { record: before, now }) : verdicts.get(appointmentId)?.record;
      if (record && record !== before && !isSufficient && !exceptFor.has(appointmentId)) updates.push(record);
    }
    return this.#records.put(updates);
  }
}

interface RememberOptions {
  readonly exceptFor: ReadonlySet<string>;
  readonly mapOf: MapsByAppointment;
  readonly underWay: boolean;
  readonly now: Instant;
}
