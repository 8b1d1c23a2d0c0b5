import { Err, HOUR, MemoryStore, Ok, type Booking, type BookingEventMap, type SyncError } from '@loft/sync-core';
import type { LivenessRecord, SyncStore } from '@loft/sync-core/store';
import type { EngineParts } from '#src/engine/engine-parts.js';
import { InferredStatuses } from '#src/engine/observe/inferred-status.js';
import { aBooking, aMap, ID } from '../rules/situations.js';
import { ActBench, failure } from './act-bench.js';
import { overridden } from './overridden.js';
import type { Overrides } from './world.js';

const BLIND: Overrides = { uschedule: { status: 'blind' } };
export const FAILS = failure('uschedule', 'transient');
export const STORE_FAILS = failure('store', 'transient');

/** A blind studio whose lists and free slots a test sets. */
export class BlindBench {
  readonly act = new ActBench();
  readonly store: MemoryStore;
  readonly parts: EngineParts;
  /** The free slots of every unit-day; an error is the answer to each call. */
  free: readonly number[] | SyncError = [];
  listed: readonly Booking[] = [];
  /** The calls for free slots: unit, day, minutes. */
  readonly asked: (readonly [unit: unknown, day: number, minutes: number | undefined])[] = [];

  constructor({
    isShared = false,
    store = {},
    settings = {},
  }: {
    readonly isShared?: boolean;
    readonly store?: Partial<SyncStore>;
    readonly settings?: Overrides['uschedule'];
  } = {}) {
    this.store = new MemoryStore({ shared: isShared });
    const inherited = this.act.parts(
      { ...BLIND, uschedule: { status: 'blind', ...settings } },
      {
        bookings: {
          listFreeSlots: async (unit, day, minutes) => {
            this.asked.push([unit, day, minutes]);
            return 'kind' in this.free ? Err(this.free) : Ok(this.free);
          },
          listBookings: async () => Ok({ bookings: this.listed, unreadable: [] }),
        },
      },
    );
    this.parts = { ...inherited, store: overridden<SyncStore>(this.store, store) };
  }

  get now(): number {
    return this.act.clock.now();
  }

  /** A booking that starts in `hours`, made two hours ago. */
  booking(hours = 48, change: Partial<Booking> = {}): Booking {
    const start = this.act.hour(hours);
    return aBooking({ status: 'unknown', start, end: start + HOUR, createdAt: this.now - 2 * HOUR, ...change });
  }

  map(booking: Booking, change: Partial<BookingEventMap> = {}): BookingEventMap {
    const { appointmentId, start, end } = booking;
    const base = { ...aMap().base, start, end };
    return aMap({ uscheduleAppointmentId: appointmentId, base, version: 0, ...change });
  }

  async put(...maps: readonly BookingEventMap[]): Promise<void> {
    for (const map of maps) (await this.store.putMap(map)).unwrap();
  }

  statuses(): InferredStatuses {
    return new InferredStatuses(this.parts);
  }
}

export function aRecord(change: Partial<LivenessRecord> = {}): LivenessRecord {
  return { appointmentId: ID, freeReadings: 0, dead: false, end: 0, updatedAt: 0, ...change };
}
