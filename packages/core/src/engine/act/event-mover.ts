import type { CalendarEvent, EventPatch } from '../../domain/calendar-event.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import { Err, Ok, type Result } from '../../result.js';
import type { EventWrite } from '../../rules/decision.js';
import { isBookable, isMarkedCanceled, isMarkedFor } from '../../rules/rules.js';
import { isAbsent } from '../observe/event-reader.js';

type Moved = Promise<Result<CalendarEvent, SyncError>>;

/**
 * Takes an event to another bay's calendar, under its id. Under the same id something may stand in the way there: the
 * mark of an earlier cancellation, which goes; what an earlier move from there has left, where the calendar gives its
 * place to no other event; or our own work, half done.
 */
export class EventMover {
  readonly #calendars: CalendarSystem;
  readonly #system: SyncSystem;

  constructor(calendars: CalendarSystem, system: SyncSystem) {
    this.#system = system;
    this.#calendars = calendars;
  }

  /** Answers the event as it is there. `conflict` when it shows another time than the write assumes. */
  async move(appointmentId: string, write: EventWrite, moveTo: string): Moved {
    const { eventId } = write;
    let { assumed } = write;
    if (write.fields.single) {
      // Only single events can be moved for certain.
      const patch: EventPatch = { single: true, appointmentId, bay: write.base.bay };
      const single = await this.#calendars.patchEvent(write.calendarId, eventId, patch, write.ifMatch);
      if (single.err) return single;
      assumed = single.val;
    }
    const moved = await this.#move(appointmentId, write, moveTo);
    if (moved.err) return moved;
    const { start, end } = moved.val;
    return start === assumed.start && end === assumed.end ? moved : Err(editedMeanwhile(this.#system, eventId));
  }

  async #move(appointmentId: string, write: EventWrite, moveTo: string): Moved {
    const { calendarId, eventId } = write;
    const moved = await this.#calendars.moveEvent(calendarId, eventId, moveTo);
    if (moved.ok || moved.val.kind !== 'conflict') return moved;
    const inTheWay = await this.#calendars.getEvent(moveTo, eventId);
    if (inTheWay.err) return moved;
    if (inTheWay.val.state === 'gone') return this.#recreateInTarget(appointmentId, write, moveTo);
    if (isMarkedCanceled(inTheWay.val)) {
      const removed = await this.#remove(moveTo, eventId);
      return removed.err ? removed : this.#move(appointmentId, write, moveTo);
    }
    if (!isMarkedFor(inTheWay.val, appointmentId)) return moved;
    const removed = await this.#remove(calendarId, eventId);
    return removed.err ? removed : inTheWay;
  }

  /** Brings the deleted event there back as the one here is, which goes. */
  async #recreateInTarget(appointmentId: string, { calendarId, eventId, base }: EventWrite, moveTo: string): Moved {
    const here = await this.#calendars.getEvent(calendarId, eventId);
    if (here.err) return here;
    if (!isBookable(here.val)) return Err(editedMeanwhile(this.#system, eventId));
    const { start, end, title, description, free } = here.val;
    const patch: EventPatch = { start, end, title, description, free, appointmentId, bay: base.bay, revive: true };
    const there = await this.#calendars.patchEvent(moveTo, eventId, patch, null);
    if (there.err) return there;
    const removed = await this.#remove(calendarId, eventId);
    return removed.err ? removed : there;
  }

  /** Gone already is fine. */
  async #remove(calendarId: string, eventId: string): Promise<Result<void, SyncError>> {
    const removed = await this.#calendars.deleteEvent(calendarId, eventId);
    return removed.err && isAbsent(removed.val) ? Ok.EMPTY : removed;
  }
}

/** Somebody changed it before it was moved: it has to be decided anew, from where it is now. */
function editedMeanwhile(system: SyncSystem, eventId: string): SyncError {
  const message = `event ${eventId} was edited before it was moved`;
  return { kind: 'conflict', system, method: 'moveEvent', message };
}
