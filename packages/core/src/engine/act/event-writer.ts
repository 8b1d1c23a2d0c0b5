import type { Bay } from '../../domain/bay.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { CalendarEvent, EventDraft, EventPatch, WrittenMarks } from '../../domain/calendar-event.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { EventRef } from '../../domain/task.js';
import { Err, Ok, type Result } from '../../result.js';
import type { EventWrite, RoutedContent } from '../../rules/decision.js';
import { derivedEventId } from '../../rules/event-id.js';
import { CANCELED_PREFIX } from '../../rules/event-text.js';
import { fullWrite } from '../../rules/event-write.js';
import { textDigest } from '../../rules/text-digest.js';
import { insertWriteId } from '../../rules/write-id.js';
import { isMarkedCanceled, isActiveEvent } from '../../rules/rules.js';
import type { EngineParts } from '../engine-parts.js';
import { EventMover } from './event-mover.js';
import { findElsewhere, isAbsent, proveReadable } from '../observe/event-reader.js';

/** The event as a write left it, and what both sides agree on from now. */
export interface WrittenEvent {
  readonly event: CalendarEvent;
  readonly base: RoutedContent;
}

type Written = Promise<Result<WrittenEvent, SyncError>>;

/** Ids burnt one after another before we give up: each means an event deleted in a way that cannot be undone. */
const MAX_GENERATIONS = 10;

/** Writes to events. Each method is one row of "Writes that survive a crash" and may be repeated at any point. */
export class EventWriter {
  readonly #parts: Pick<EngineParts, 'systems' | 'accounts' | 'calendars' | 'store' | 'clock' | 'rules' | 'settings'>;
  readonly #mover: EventMover;

  constructor(
    parts: Pick<EngineParts, 'systems' | 'accounts' | 'calendars' | 'store' | 'clock' | 'rules' | 'settings'>,
  ) {
    this.#parts = parts;
    this.#mover = new EventMover(parts.calendars, parts.systems.calendars);
  }

  /** Inserts under the derived id. An id that exists is read: ours is adopted, a deleted one brought back. */
  async create(appointmentId: string, bay: Bay, base: RoutedContent): Written {
    const { calendars } = this.#parts;
    const draft = draftOf(appointmentId, base);
    let last: SyncError | null = null;
    for (let generation = 0; generation < MAX_GENERATIONS; generation++) {
      const eventId = derivedEventId(appointmentId, generation);
      const inserted = await calendars.insertEvent(bay.calendarId, eventId, draft);
      if (inserted.ok) {
        this.#parts.accounts.learn(inserted.val.creatorEmail);
        return Ok({ event: inserted.val, base });
      }
      if (inserted.val.kind !== 'conflict') return inserted;
      last = inserted.val;
      const taken = await this.#adoptExisting(appointmentId, bay, base, eventId);
      if (taken.err) return taken;
      if (taken.val) return Ok(taken.val);
    }
    return Err(last ?? invalid(this.#parts.systems.calendars, `no event id is left for appointment ${appointmentId}`));
  }

  /** The id exists. null: it can never be ours again. */
  async #adoptExisting(
    appointmentId: string,
    bay: Bay,
    base: RoutedContent,
    eventId: string,
  ): Promise<Result<WrittenEvent | null, SyncError>> {
    const existing = await this.#readTaken(bay.calendarId, eventId);
    if (existing.err) return isAbsent(existing.val) ? Ok(null) : existing;
    if (existing.val.state === 'gone') return this.#revive(appointmentId, bay.calendarId, eventId, base);
    // An event under a derived id is ours, also where its marks were removed (docs/decision-table.md#row-4).
    const markedFor = existing.val.marks.appointmentId ?? appointmentId;
    if (markedFor !== appointmentId) return Ok(null);
    const write = fullWrite(existing.val, { bay, base });
    return write ? this.write(appointmentId, write) : Ok({ event: existing.val, base });
  }

  /** Not there, though its id is taken: that is only so if it is there no more when the calendar can be read for certain. */
  async #readTaken(calendarId: string, eventId: string): Promise<Result<CalendarEvent, SyncError>> {
    const read = await this.#parts.calendars.getEvent(calendarId, eventId);
    if (read.ok || read.val.kind !== 'not-found') return read;
    const readable = await proveReadable(calendarId, this.#parts);
    return readable.err ? readable : this.#parts.calendars.getEvent(calendarId, eventId);
  }

  /** Brings a deleted event back with all of the booking's content; where it cannot be, a new one is made. */
  async restore(map: BookingEventMap, bay: Bay, base: RoutedContent): Written {
    const appointmentId = map.uscheduleAppointmentId;
    if (map.googleCalendarId === bay.calendarId) {
      const revived = await this.#revive(appointmentId, bay.calendarId, map.googleEventId, base, map.intent?.write);
      if (revived.err) return revived;
      if (revived.val) return Ok(revived.val);
      return this.create(appointmentId, bay, base);
    }
    const left = await this.#proveLeft(map);
    return left.err ? left : this.create(appointmentId, bay, base);
  }

  /** Somebody may just have taken it out of the bin of its old calendar: then it is to be moved from there. */
  async #proveLeft(map: BookingEventMap): Promise<Result<void, SyncError>> {
    const { calendars, rules } = this.#parts;
    if (!rules.routing.ofCalendar(map.googleCalendarId)) return Ok.EMPTY;
    const there = await calendars.getEvent(map.googleCalendarId, map.googleEventId);
    if (there.err) return isAbsent(there.val) ? Ok.EMPTY : there;
    return isActiveEvent(there.val) ? Err(backAgain(this.#parts.systems.calendars, map)) : Ok.EMPTY;
  }

  async #revive(
    appointmentId: string,
    calendarId: string,
    eventId: string,
    base: RoutedContent,
    write?: string,
  ): Promise<Result<WrittenEvent | null, SyncError>> {
    const patch = { ...draftOf(appointmentId, base), ...(write === undefined ? {} : { write }), revive: true as const };
    const revived = await this.#parts.calendars.patchEvent(calendarId, eventId, patch, null);
    if (revived.ok) return revived.val.state === 'live' ? Ok({ event: revived.val, base }) : Ok(null);
    // An event that may not be changed can not be ours again: the next generation takes its place.
    const isBurnt = isAbsent(revived.val) || revived.val.kind === 'invalid' || revived.val.scope === 'event';
    return isBurnt ? Ok(null) : revived;
  }

  /** Moves the event first, where it has to move, then changes its fields and stamps its marks. */
  async write(appointmentId: string, write: EventWrite, writeId: string | null = null): Written {
    let { calendarId, ifMatch } = write;
    if (write.moveTo !== null) {
      const moved = await this.#mover.move(appointmentId, write, write.moveTo);
      if (moved.err) return moved;
      calendarId = write.moveTo;
      ifMatch = moved.val.etag;
    }
    const patch: EventPatch = {
      ...write.fields,
      ...digestsOf(write.fields),
      ...(writeId === null ? {} : { write: writeId }),
      appointmentId,
      bay: write.base.bay,
    };
    const patched = await this.#parts.calendars.patchEvent(calendarId, write.eventId, patch, ifMatch);
    return patched.ok ? Ok({ event: patched.val, base: write.base }) : patched;
  }

  /** Writes only the marks: the event belongs to another appointment id now. */
  async stamp(
    calendarId: string,
    eventId: string,
    appointmentId: string,
    bay: string,
  ): Promise<Result<CalendarEvent, SyncError>> {
    return this.#parts.calendars.patchEvent(calendarId, eventId, { appointmentId, bay }, null);
  }

  /**
   * Deletes the event, or marks it as cancelled. One that is not where it should be is looked for on the other bays;
   * one that is nowhere is done. Answers the event as it was left, null when nothing is left to know.
   */
  async cancel(
    appointmentId: string,
    at: EventRef,
    seen: CalendarEvent | null,
    ifMatch: string | null,
  ): Promise<Result<CalendarEvent | null, SyncError>> {
    if (seen?.state === 'live' && isMarkedCanceled(seen)) return Ok(seen);
    // What was seen of it may only be what a move has left behind.
    const done =
      seen?.state === 'gone'
        ? Err(gone(this.#parts.systems.calendars, at))
        : await this.#cancelAt(appointmentId, at, seen, ifMatch);
    if (done.ok || !isAbsent(done.val)) return done;
    const readable = done.val.kind === 'gone' ? Ok.EMPTY : await proveReadable(at.calendarId, this.#parts);
    if (readable.err) return readable;
    const elsewhere = await findElsewhere(at, this.#parts);
    if (elsewhere.err) return elsewhere;
    if (elsewhere.val === null) return Ok(null);
    const markedFor = elsewhere.val.marks.appointmentId ?? appointmentId;
    if (markedFor !== appointmentId) return Err(otherMarks(this.#parts.systems.calendars, elsewhere.val));
    const again = await this.#cancelAt(appointmentId, elsewhere.val, elsewhere.val, elsewhere.val.etag);
    return again.err && isAbsent(again.val) ? Ok(null) : again;
  }

  async #cancelAt(
    appointmentId: string,
    at: EventRef,
    seen: CalendarEvent | null,
    ifMatch: string | null,
  ): Promise<Result<CalendarEvent | null, SyncError>> {
    const { calendars, settings, rules } = this.#parts;
    if (settings.google.cancel === 'delete') {
      const deleted = await calendars.deleteEvent(at.calendarId, at.eventId, ifMatch);
      return deleted.ok ? Ok(null) : deleted;
    }
    const read = seen ? Ok(seen) : await calendars.getEvent(at.calendarId, at.eventId);
    if (read.err) return read;
    if (read.val.state === 'gone') return Err(gone(this.#parts.systems.calendars, at));
    if (isMarkedCanceled(read.val)) return Ok(read.val);
    const markedFor = read.val.marks.appointmentId ?? appointmentId;
    if (markedFor !== appointmentId) return Err(otherMarks(this.#parts.systems.calendars, read.val));
    const title = canceledTitle(read.val.title);
    const patch: EventPatch = {
      title,
      titleDigest: textDigest(title),
      free: true,
      appointmentId,
      bay: rules.routing.ofCalendar(at.calendarId)?.bay ?? '',
    };
    return calendars.patchEvent(at.calendarId, at.eventId, patch, read.val.etag || null);
  }
}

/** The digests of the texts that a write sets. */
function digestsOf({ title, description }: { readonly title?: string; readonly description?: string }): WrittenMarks {
  return {
    ...(title === undefined ? {} : { titleDigest: textDigest(title) }),
    ...(description === undefined ? {} : { descriptionDigest: textDigest(description) }),
  };
}

function draftOf(appointmentId: string, base: RoutedContent): EventDraft {
  const { start, end, title, description, bay } = base;
  const write = insertWriteId(start, end);
  return { start, end, title, description, free: false, appointmentId, bay, write, ...digestsOf(base) };
}

function gone(system: SyncSystem, { eventId }: EventRef): SyncError {
  return { kind: 'gone', system, method: 'getEvent', message: `event ${eventId} is deleted` };
}

/** It has to be decided anew, with the marks that the event bears. */
function otherMarks(system: SyncSystem, { eventId, marks }: CalendarEvent): SyncError {
  const message = `event ${eventId} bears the marks of appointment ${marks.appointmentId ?? ''}`;
  return { kind: 'conflict', system, method: 'getEvent', message };
}

/** The prefix once, however often the event was marked before. */
function canceledTitle(title: string): string {
  return title.startsWith(CANCELED_PREFIX) ? title : CANCELED_PREFIX + title;
}

/** It has to be decided anew, with the event that is there. */
function backAgain(system: SyncSystem, { googleEventId, googleCalendarId }: BookingEventMap): SyncError {
  const message = `event ${googleEventId} is back in ${googleCalendarId}`;
  return { kind: 'conflict', system, method: 'getEvent', message };
}

function invalid(system: SyncSystem, message: string): SyncError {
  return { kind: 'invalid', system, method: 'insertEvent', message };
}
