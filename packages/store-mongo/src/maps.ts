import { Err, Ok, type BookingEventMap, type Instant, type Result, type SyncError } from '@loft/sync-core';
import type { MapQuery } from '@loft/sync-core/store';
import type { Collection, Filter } from 'mongodb';
import { withoutKey, type Stored } from './records.js';
import { isDuplicateKey, storeError } from './store-error.js';

/** The earliest instant. As a lower bound it excludes values that are not numbers. */
const EARLIEST = -8.64e15;

/** The maps: one document each, with the field names of docs/operating-contract.md#stored-data. */
export class Maps {
  readonly #maps: Collection<Stored<BookingEventMap>>;

  constructor(maps: Collection<Stored<BookingEventMap>>) {
    this.#maps = maps;
  }

  async get(appointmentId: string): Promise<BookingEventMap | null> {
    const record = await this.#maps.findOne({ _id: appointmentId });
    return record && withoutKey(record);
  }

  async findByEvent(googleEventId: string): Promise<BookingEventMap | null> {
    // 'ACTIVE' sorts before 'CANCELED'.
    const found = this.#maps.find({ googleEventId }).sort({ status: 1, lastSyncedAt: -1, _id: 1 }).limit(1);
    const [record] = await found.toArray();
    return record ? withoutKey(record) : null;
  }

  async list(query: MapQuery): Promise<readonly BookingEventMap[]> {
    if (query.limit === 0) return [];
    const records = await this.#maps
      .find(mapFilter(query))
      .sort({ _id: 1 })
      .limit(query.limit ?? 0)
      .toArray();
    return records.map((record) => withoutKey(record));
  }

  async put(map: BookingEventMap): Promise<Result<BookingEventMap, SyncError>> {
    const next = { ...map, version: map.version + 1 };
    const stored = map.version === 0 ? await this.#insert(next) : await this.#replace(map, next);
    return stored ? Ok(next) : Err(storeError('putMap', 'conflict', await this.#whyNot(map)));
  }

  async forget(before: Instant): Promise<void> {
    await this.#maps.deleteMany(forgetFilter(before));
  }

  async #insert(map: BookingEventMap): Promise<boolean> {
    try {
      await this.#maps.insertOne({ _id: map.uscheduleAppointmentId, ...map });
      return true;
    } catch (thrown) {
      if (isDuplicateKey(thrown)) return false;
      throw thrown;
    }
  }

  async #replace({ uscheduleAppointmentId, version, fence }: BookingEventMap, next: BookingEventMap): Promise<boolean> {
    const filter = { _id: uscheduleAppointmentId, version, fence: { $lte: fence } };
    return (await this.#maps.replaceOne(filter, next)).matchedCount === 1;
  }

  async #whyNot(map: BookingEventMap): Promise<string> {
    const stored = await this.get(map.uscheduleAppointmentId);
    const subject = `the map of ${map.uscheduleAppointmentId}`;
    if (!stored) return `${subject} is not there, so not at version ${map.version}`;
    if (stored.version !== map.version) return `${subject} is at version ${stored.version}, not ${map.version}`;
    return `${subject} was written under fence ${stored.fence}, above ${map.fence}`;
  }
}

/** The filter of the maps to remove. No visit ends before it starts, and `base.start` has an index. */
export function forgetFilter(before: Instant): Filter<Stored<BookingEventMap>> {
  const isBefore = { $lt: before };
  return { 'base.start': isBefore, 'base.end': isBefore, lastSyncedAt: isBefore, intent: null };
}

/** The filter of a list. */
export function mapFilter(query: MapQuery): Filter<Stored<BookingEventMap>> {
  const { status, calendarId, bay, period, withIntent, after } = query;
  return {
    ...(status !== undefined && { status }),
    ...(calendarId !== undefined && { googleCalendarId: calendarId }),
    ...(bay !== undefined && { 'base.bay': bay }),
    ...(period !== undefined && { 'base.start': { $gte: period.from, $lt: period.to } }),
    ...(withIntent !== undefined && { 'intent.since': { $gte: EARLIEST } }),
    ...(after !== undefined && { _id: { $gt: after } }),
  };
}
