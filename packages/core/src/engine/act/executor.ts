import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { EditRecord } from '../../domain/event-record.js';
import { sameTexts } from '../../domain/content.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import type { Action, RoutedContent } from '../../rules/decision.js';
import { writeKind } from '../../rules/intent-kind.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent } from '../observe/event-reader.js';
import { copyOf } from './copy-record.js';
import { EventWriter, type WrittenEvent } from './event-writer.js';
import { BookingExecutor } from './booking-executor.js';
import { MapWriter, mapOf, markCanceled, withoutBay } from './map-writer.js';
import { nextCopy } from './next-copy.js';

/** What an action has left. */
export interface Executed {
  /** The map as it is stored now; null: there is none. */
  readonly map: BookingEventMap | null;
  /** What to decide about next; null: the row is complete. */
  readonly next: Situation | null;
  /** The other side was changed. */
  readonly wrote: boolean;
}

type Stored = Promise<Result<BookingEventMap | null, SyncError>>;

export type ActionOf<K extends Action['do']> = Extract<Action, { do: K }>;

/**
 * Carries a decision out: at most one change on the other side, then the map. A process that ends between the two leaves
 * something that the next attempt recognises (docs/decision-table.md#crash-safe-writes).
 */
export class Executor {
  readonly #parts: EngineParts;
  readonly #events: EventWriter;
  readonly #maps: MapWriter;
  readonly #bookings: BookingExecutor;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#events = new EventWriter(parts);
    this.#maps = new MapWriter(parts);
    this.#bookings = new BookingExecutor(parts, this.#events, this.#maps);
  }

  async execute(action: Action, situation: Situation, task: ClaimedTask): Promise<Result<Executed, SyncError>> {
    switch (action.do) {
      case 'nothing':
        return Ok({ map: situation.map, next: null, wrote: false });
      case 'note':
        return this.#note(action.map, { ...situation, event: action.event ?? situation.event }, task);
      case 'record-edits':
        return this.#recordEdits(action.edits, situation);
      case 'forget-edit':
        return this.#recorded(
          await this.#parts.store.deleteEventRecords([{ kind: 'edit', id: action.appointmentId }]),
          situation,
        );
      case 'record-copy': {
        const copy = copyOf(task.appointmentId, action.copy, this.#parts.clock.now());
        return this.#recorded(await this.#parts.store.putEventRecords([copy]), situation);
      }
      case 'remove-copy':
        return this.#removeCopy(action, situation, task);
      case 'reschedule-booking':
        return this.#bookings.reschedule(action, situation, task);
      case 'finish-reschedule':
        return this.#bookings.finishReschedule(action, situation, task);
      case 'cancel-booking':
        return this.#bookings.cancel(action, situation, task);
      default: {
        const stored = await this.#mirror(action, situation, task);
        if (stored.err) return stored;
        // An insert of ours that was edited before its map was stored: the edit is decided about now.
        const goesOn = action.do === 'adopt-event' && action.event.etag === '';
        const left = action.do === 'cancel-event' ? await nextCopy(stored.val, situation, this.#parts) : null;
        const event = situation.event ?? situation.derived ?? null;
        const next = goesOn ? { ...situation, map: stored.val, event } : left;
        return Ok({ map: stored.val, next, wrote: action.do !== 'store-map' });
      }
    }
  }

  /** The actions that change the event, or only the map. */
  async #mirror(
    action: Exclude<
      Action,
      {
        readonly do:
          | 'nothing'
          | 'note'
          | `record-${string}`
          | 'forget-edit'
          | 'remove-copy'
          | `${string}-reschedule`
          | `${string}-booking`;
      }
    >,
    situation: Situation,
    task: ClaimedTask,
  ): Stored {
    switch (action.do) {
      case 'create-event':
        return this.#create(action, situation, task);
      case 'adopt-event':
        return this.#adopt(action, situation, task);
      case 'write-event':
        return this.#write(action, situation, task);
      case 'restore-event':
        return this.#restore(action, situation, task);
      case 'cancel-event':
        return this.#cancelEvent(action, situation, task);
      case 'store-map':
        return this.#maps.put(action.map, task);
    }
  }

  async #recordEdits(edits: readonly EditRecord[], situation: Situation): Promise<Result<Executed, SyncError>> {
    const stored = await this.#parts.store.putEventRecords(edits);
    if (stored.err) return stored;
    const changed = new Set(edits.map(({ id }) => id));
    const others = (situation.edits ?? []).filter(({ id }) => !changed.has(id));
    return Ok({ map: situation.map, next: { ...situation, edits: [...others, ...edits] }, wrote: false });
  }

  #recorded(stored: Result<void, SyncError>, { map }: Situation): Result<Executed, SyncError> {
    return stored.err ? stored : Ok({ map, next: null, wrote: false });
  }

  /** The map is right before a double of its event is deleted. */
  async #removeCopy(
    { event, mirrorMap }: ActionOf<'remove-copy'>,
    situation: Situation,
    task: ClaimedTask,
  ): Promise<Result<Executed, SyncError>> {
    const { map } = situation;
    const { calendarId, eventId, etag } = event;
    const stored = mirrorMap ? await this.#maps.put(mirrorMap, task) : Ok(map);
    if (stored.err) return stored;
    const removed = await this.#parts.calendars.deleteEvent(calendarId, eventId, etag || null);
    if (removed.err && !isAbsent(removed.val)) return removed;
    await this.#parts.store.deleteEventRecords([{ kind: 'copy', id: `${calendarId} ${eventId}` }]);
    const next = mirrorMap ? null : await nextCopy(stored.val, situation, this.#parts);
    return Ok({ map: stored.val, next, wrote: true });
  }

  async #note(map: BookingEventMap, situation: Situation, task: ClaimedTask): Promise<Result<Executed, SyncError>> {
    const noted = await this.#maps.put(map, task);
    if (noted.err) return noted;
    return Ok({ map: noted.val, next: { ...situation, map: noted.val }, wrote: false });
  }

  /** Stores the map after the event was made to show the booking. */
  async #show(written: Result<WrittenEvent, SyncError>, { map }: Situation, task: ClaimedTask): Stored {
    if (written.err) return written;
    return this.#maps.put(mapOf(task.appointmentId, map, written.val, 'USCHEDULE'), task);
  }

  async #create({ bay, base }: ActionOf<'create-event'>, situation: Situation, task: ClaimedTask): Stored {
    const { appointmentId, createdAt } = task;
    const created = await this.#events.create({ appointmentId, createdAt, isFirst: situation.map === null }, bay, base);
    return this.#show(created, situation, task);
  }

  async #adopt(action: ActionOf<'adopt-event'>, situation: Situation, task: ClaimedTask): Stored {
    const { event, base, write } = action;
    const written = write ? await this.#events.write(task.appointmentId, write) : Ok({ event, base });
    return this.#show(written, situation, task);
  }

  /**
   * A change of place or of text leaves nothing behind that tells it from a person's, so it is announced in the map.
   * Putting the event back to where the map has it needs no announcement.
   */
  async #write({ write }: ActionOf<'write-event'>, situation: Situation, task: ClaimedTask): Stored {
    let map = this.#maps.current(situation, write.base);
    const { start, title, description } = write.fields;
    const moves = map && (write.moveTo !== null || start !== undefined) && this.#isNewPlace(write.base, map);
    const texts = { title: title !== undefined, description: description !== undefined };
    if (map && (moves || texts.title || texts.description)) {
      const begun = await this.#maps.begin(writeKind(texts, map.intent), map, write.base, task);
      if (begun.err) return begun;
      map = begun.val;
    }
    const written = await this.#events.write(task.appointmentId, write, map?.intent?.write ?? null);
    return this.#show(written, { ...situation, map }, task);
  }

  async #restore({ bay, base }: ActionOf<'restore-event'>, situation: Situation, task: ClaimedTask): Stored {
    const map = this.#maps.current(situation, base);
    if (!map) return this.#show(await this.#events.create(task, bay, base), situation, task);
    const words = !sameTexts(base, map.base);
    const kind = words ? 'write-text' : 'write-event';
    const begun = words || this.#isNewPlace(base, map) ? await this.#maps.begin(kind, map, base, task) : Ok(map);
    if (begun.err) return begun;
    return this.#show(
      await this.#events.restore(begun.val, bay, base, task.createdAt),
      { ...situation, map: begun.val },
      task,
    );
  }

  #isNewPlace({ start, end, bay }: RoutedContent, { base, googleCalendarId }: BookingEventMap): boolean {
    const stays = this.#parts.rules.routing.ofBay(bay)?.calendarId === googleCalendarId;
    return !stays || start !== base.start || end !== base.end;
  }

  async #cancelEvent({ event }: ActionOf<'cancel-event'>, { map, booking }: Situation, task: ClaimedTask): Stored {
    const at = event ?? (map && { calendarId: map.googleCalendarId, eventId: map.googleEventId });
    const ifMatch = (event?.etag ?? map?.etag) || null;
    const left = at ? await this.#events.cancel(task.appointmentId, at, event, ifMatch) : Ok(null);
    if (left.err) return left;
    if (!map) return Ok(null);
    return this.#maps.put(markCanceled(this.#hasRoute(booking) ? map : withoutBay(map), 'USCHEDULE', left.val), task);
  }

  /** A booking that lives where no bay of ours is was not cancelled. */
  #hasRoute(reading: Situation['booking']): boolean {
    if (!reading?.booking || reading.life === 'dead') return true;
    return this.#parts.rules.routing.ofUnit(reading.booking.resourceUnitId) !== null;
  }
}
