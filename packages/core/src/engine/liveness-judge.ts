import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import { MINUTE, type Instant } from '../domain/instant.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import type { SyncError } from '../domain/sync-error.js';
import { startOfDay } from '../domain/zoned-time.js';
import { Ok, type Result } from '../result.js';
import {
  chooseUnitDays,
  isHeld,
  judgeLiveness,
  overlappedClaims,
  type LivenessVerdict,
  type SlotClaim,
  type SlotReading,
  type UnitDay,
} from '../rules/liveness.js';
import type { EngineParts } from './engine-parts.js';
import type { Judge, Judgement, ListJudgement } from './judge.js';

/** Availability calls in one poll, at most: what is left waits for the next polls in turn. */
const CALLS_PER_POLL = 24;
/** What was remembered is read from the store again when it is older: another replica may have judged since. */
const RELOAD_MS: number = MINUTE;
const DAYS_KEPT = 50_000;

type Parts = Pick<EngineParts, 'bookings' | 'store' | 'clock' | 'settings'>;

/** Free starts of the unit-days that were read, by their key. */
type Readings = ReadonlyMap<string, ReadonlySet<Instant>>;

/**
 * Judges by what was seen (blind mode): gathers the evidence, lets the pure rules decide, keeps in the store what must
 * outlast a restart. Availability is asked only for the unit-days that hold a mirrored or a candidate booking.
 */
export class LivenessJudge implements Judge {
  readonly #parts: Parts;
  readonly #askedAt = new Map<string, Instant>();
  readonly #days = new Map<Instant, Instant>();
  #records = new Map<string, LivenessRecord>();
  #loadedAt: Instant | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Without its neighbours no overlap can be seen, and one reading is no row of them: this finds life, never death. */
  async read(booking: Booking): Promise<Result<Judgement, SyncError>> {
    const { store, clock } = this.#parts;
    const loaded = await this.#load();
    if (loaded.err) return loaded;
    const map = await store.getMap(booking.appointmentId);
    if (map.err) return map;
    const mirrored = map.val?.status === 'ACTIVE';
    const record = this.#records.get(booking.appointmentId) ?? null;
    const judge = (slot: SlotReading): LivenessVerdict => {
      const evidence = { now: clock.now(), booking, record, mirrored, overlapped: false, slot };
      return judgeLiveness(evidence, this.#parts.settings.uschedule);
    };
    const first = judge('unseen');
    if (first.life !== 'unknown' || map.val !== null) return Ok(judgementOf(first));
    const readings = await this.#ask([this.#unitDayOf(booking, false)]);
    return Ok(judgementOf(judge(this.#slotOf(booking, readings.read) === 'not-free' ? 'not-free' : 'unseen')));
  }

  async list(
    bookings: readonly Booking[],
    maps: readonly BookingEventMap[],
    now: Instant,
  ): Promise<Result<ListJudgement, SyncError>> {
    const loaded = await this.#load();
    if (loaded.err) return loaded;
    const mapOf = new Map(maps.map((map) => [map.uscheduleAppointmentId, map]));
    const standing = bookings.filter((booking) => !this.#isKnownDead(booking, mapOf));
    const overlapped = overlappedClaims(standing.map((booking) => claimOf(booking, mapOf, now)));
    const { read, warnings } = await this.#ask(this.#worthAsking(standing, mapOf, overlapped, now));
    const verdicts = new Map<string, LivenessVerdict>();
    for (const booking of bookings) {
      const { appointmentId } = booking;
      const record = this.#records.get(appointmentId) ?? null;
      const mirrored = mapOf.get(appointmentId)?.status === 'ACTIVE';
      const slot = this.#slotOf(booking, read);
      const evidence = { now, booking, record, mirrored, overlapped: overlapped.has(appointmentId), slot };
      verdicts.set(appointmentId, judgeLiveness(evidence, this.#parts.settings.uschedule));
    }
    return Ok({
      of: ({ appointmentId }) => judgementOf(verdicts.get(appointmentId) ?? { life: 'unknown', record: null }),
      remember: async (spared, historyBefore) => {
        const remembered = await this.#remember(verdicts, spared, mapOf);
        return remembered.err ? remembered : this.#forget(historyBefore);
      },
      warnings,
    });
  }

  /** Dead for good: judged so before, or cancelled by us. */
  #isKnownDead({ appointmentId, status }: Booking, mapOf: ReadonlyMap<string, BookingEventMap>): boolean {
    const dead = this.#records.get(appointmentId)?.dead ?? false;
    return dead || status === 'dead' || mapOf.get(appointmentId)?.status === 'CANCELED';
  }

  /** The unit-days of what is mirrored, or could be: only in the future does availability say anything. */
  #worthAsking(
    bookings: readonly Booking[],
    mapOf: ReadonlyMap<string, BookingEventMap>,
    overlapped: ReadonlySet<string>,
    now: Instant,
  ): readonly UnitDay[] {
    const unitDays = new Map<string, UnitDay>();
    for (const booking of bookings) {
      if (booking.start <= now || overlapped.has(booking.appointmentId)) continue;
      const mirrored = mapOf.has(booking.appointmentId);
      if (!mirrored && isHeld(booking, now, this.#parts.settings.uschedule)) continue;
      const unitDay = this.#unitDayOf(booking, !mirrored);
      const known = unitDays.get(unitDay.key);
      unitDays.set(unitDay.key, {
        ...unitDay,
        suspicious: unitDay.suspicious || (known?.suspicious ?? false),
        awaited: unitDay.awaited || (known?.awaited ?? false),
      });
    }
    return chooseUnitDays([...unitDays.values()], this.#askedAt, CALLS_PER_POLL);
  }

  #unitDayOf({ appointmentId, resourceUnitId, start }: Booking, awaited: boolean): UnitDay {
    const day = this.#dayOf(start);
    const suspicious = (this.#records.get(appointmentId)?.freeReadings ?? 0) > 0;
    return { key: `${resourceUnitId}:${day}`, resourceUnitId, day, suspicious, awaited };
  }

  /** Local days are slow to work out, and the same starts come with every poll. */
  #dayOf(start: Instant): Instant {
    let day = this.#days.get(start);
    if (day === undefined) {
      if (this.#days.size > DAYS_KEPT) this.#days.clear();
      day = startOfDay(start, this.#parts.settings.timeZone);
      this.#days.set(start, day);
    }
    return day;
  }

  /** One call for each; a call that fails says nothing about anybody. */
  async #ask(unitDays: readonly UnitDay[]): Promise<{ readonly read: Readings; readonly warnings: readonly string[] }> {
    const read = new Map<string, ReadonlySet<Instant>>();
    const failed = new Map<string, number>();
    await Promise.all(
      unitDays.map(async ({ key, resourceUnitId, day }) => {
        const slots = await this.#parts.bookings.listFreeSlots(resourceUnitId, day);
        this.#askedAt.set(key, this.#parts.clock.now());
        if (slots.ok) read.set(key, new Set(slots.val));
        else failed.set(slots.val.message, (failed.get(slots.val.message) ?? 0) + 1);
      }),
    );
    const warnings = [...failed].map(([message, count]) => `availability of ${count} days cannot be read: ${message}`);
    return { read, warnings };
  }

  #slotOf(booking: Booking, readings: Readings): SlotReading {
    if (readings.size === 0) return 'unseen';
    const free = readings.get(this.#unitDayOf(booking, false).key);
    if (!free) return 'unseen';
    return free.has(booking.start) ? 'free' : 'not-free';
  }

  async #remember(
    verdicts: ReadonlyMap<string, LivenessVerdict>,
    spared: ReadonlySet<string>,
    mapOf: ReadonlyMap<string, BookingEventMap>,
  ): Promise<Result<void, SyncError>> {
    const news: LivenessRecord[] = [];
    for (const [appointmentId, { record }] of verdicts) {
      if (record === null || record === this.#records.get(appointmentId)) continue;
      // A map that is CANCELED is memory enough.
      if (mapOf.get(appointmentId)?.status === 'CANCELED' || spared.has(appointmentId)) continue;
      news.push(record);
    }
    if (news.length === 0) return Ok.EMPTY;
    const stored = await this.#parts.store.putLiveness(news);
    if (stored.err) return stored;
    for (const record of news) this.#records.set(record.appointmentId, record);
    return Ok.EMPTY;
  }

  async #load(): Promise<Result<void, SyncError>> {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const fresh = this.#loadedAt !== null && (!store.shared || now - this.#loadedAt < RELOAD_MS);
    if (fresh) return Ok.EMPTY;
    const records = await store.listLiveness();
    if (records.err) return records;
    this.#records = new Map(records.val.map((record) => [record.appointmentId, record]));
    this.#loadedAt = now;
    return Ok.EMPTY;
  }

  /** Records that have left the window cannot come back: what was remembered of them goes. */
  async #forget(endedBefore: Instant): Promise<Result<void, SyncError>> {
    const old = [...this.#records.values()].filter((record) => record.end < endedBefore);
    if (old.length === 0) return Ok.EMPTY;
    const forgotten = await this.#parts.store.forgetLiveness(endedBefore);
    if (forgotten.err) return forgotten;
    for (const record of old) this.#records.delete(record.appointmentId);
    return Ok.EMPTY;
  }
}

function judgementOf({ life }: LivenessVerdict): Judgement {
  return { life, sure: life === 'dead' };
}

/** Since when a record claims its slot: we moved it there, a person has just done so, or it was made there. */
function claimOf(booking: Booking, mapOf: ReadonlyMap<string, BookingEventMap>, now: Instant): SlotClaim {
  const map = mapOf.get(booking.appointmentId);
  if (map && (map.base.start !== booking.start || map.base.end !== booking.end)) return { booking, claimedAt: now };
  const { createdAt } = booking;
  return { booking, claimedAt: createdAt === null ? null : Math.max(createdAt, map?.bookingWrittenAt ?? 0) };
}
