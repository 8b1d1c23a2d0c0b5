import type { Bay } from '../domain/bay.js';
import type { BookingEventMap, MirrorFlags, SyncIntent, IntentKind } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { sameText, type Content } from '../domain/content.js';
import type { EventFields, EventWrite, RoutedContent } from './decision.js';
import { textDigest } from './event-marks.js';
import { isBookable, isMarkedCanceled } from './rules.js';

/** A text of an event. */
export type TextField = 'title' | 'description';

/** Both texts of an event, or of a booking. */
export type Texts = Readonly<Record<TextField, string>>;

/**
 * Did we write this text (docs/decision-table.md#whose-text)? It matches its digest, or equals the text that we would write
 * now. Without a digest it is ours if it shows the content of the last agreement, or is empty.
 *
 * @param wanted the text that we would write now
 * @param base content of the last agreement; null if there is none
 */
function isOurText(field: TextField, event: CalendarEvent, wanted: Texts, base: Texts | null): boolean {
  return sameText(event[field], wanted[field]) || isOurEarlierText(field, event, base);
}

/** Did we write this text, which is not the one that we would write now? */
function isOurEarlierText(field: TextField, event: CalendarEvent, base: Texts | null): boolean {
  const text = event[field];
  const digest = field === 'title' ? event.marks.titleDigest : event.marks.descriptionDigest;
  if (digest !== null) return digest === textDigest(text);
  return sameText(text, '') || (base !== null && sameText(text, base[field]));
}

/** Returns our texts of the event that differ from the booking now: they are still to be written. */
export function ownTextsOf(event: CalendarEvent, wanted: Texts): Partial<Texts> {
  const isOutdated = (field: TextField): boolean =>
    !sameText(event[field], wanted[field]) && isOurEarlierText(field, event, null);
  return {
    ...(isOutdated('title') ? { title: event.title } : {}),
    ...(isOutdated('description') ? { description: event.description } : {}),
  };
}

/** Returns which texts of the event a user wrote. */
export function flagsOf(event: CalendarEvent, wanted: Texts, base: Texts | null): MirrorFlags | undefined {
  const flags: MirrorFlags = {
    ...(isOurText('title', event, wanted, base) ? {} : { ownTitle: true as const }),
    ...(isOurText('description', event, wanted, base) ? {} : { ownDescription: true as const }),
  };
  return Object.keys(flags).length > 0 ? flags : undefined;
}

/** The target of a booking's content. */
export interface Target {
  readonly bay: Bay;
  readonly base: RoutedContent;
}

interface MirrorWriteOptions {
  /** The customer of the booking. Null: the titles show no customer. Default: unknown. */
  readonly customerName?: string | null | undefined;
  /** The calendar of the mirror belongs to no bay: another time of the event is no edit and is overwritten. */
  readonly isClosed?: boolean;
}

/** Does the former title name this customer? Then another template, bay or note has changed the title. */
function namesCustomer(title: string, customerName: string): boolean {
  const wordsOf = (text: string): string => {
    const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
    return ` ${words.join(' ')} `;
  };
  return wordsOf(customerName).trim() !== '' && wordsOf(title).includes(wordsOf(customerName));
}

function timeFields(event: CalendarEvent, base: RoutedContent): EventFields {
  if (isBookable(event) && event.start === base.start && event.end === base.end) return {};
  return { start: base.start, end: base.end, ...(event.shape === 'recurring' ? { single: true as const } : {}) };
}

function timeOf({ start, end }: Pick<Content, 'start' | 'end'> | CalendarEvent): EventWrite['assumed'] {
  return { start, end };
}

function isEmpty(write: EventWrite): boolean {
  return write.moveTo === null && Object.keys(write.fields).length === 0 && write.stamp === undefined;
}

/**
 * Returns the changes of a mirror that make it show the booking. Time and calendar are compared with the event (or with the
 * base, if the event was not observed). A text is written only if the booking's text has changed, or over an outdated text of
 * ours; a description only over one of ours, and a title over a user's only for another customer
 * (docs/decision-table.md#whose-text).
 *
 * @returns null if there is no change
 */
export function mirrorWrite(
  map: BookingEventMap,
  event: CalendarEvent | null,
  target: Target,
  { customerName = '', isClosed = false }: MirrorWriteOptions = {},
): EventWrite | null {
  const { base, bay } = target;
  const calendarId = event?.calendarId ?? map.googleCalendarId;
  const time = event
    ? timeFields(event, base)
    : map.base.start === base.start && map.base.end === base.end && !isClosed
      ? {}
      : { start: base.start, end: base.end };
  const outdated = event ? ownTextsOf(event, base) : {};
  // No title of ours is blank but for a booking without a name: it may have lacked the name since the event was made.
  const isOutdated = (field: TextField): boolean =>
    outdated[field] !== undefined && (field === 'description' || base.title.trim() !== '');
  const hasChanged = (field: TextField): boolean =>
    isOutdated(field) || (!sameText(map.base[field], base[field]) && !(event && sameText(event[field], base[field])));
  const flags = event ? flagsOf(event, base, map.base) : map.flags;
  const isSameCustomer = customerName === null || namesCustomer(map.base.title, customerName);
  const keepsTitle = flags?.ownTitle === true && isSameCustomer;
  const moveTo = calendarId === bay.calendarId ? null : bay.calendarId;
  const write: EventWrite = {
    calendarId,
    eventId: map.googleEventId,
    moveTo,
    fields: {
      ...time,
      ...(hasChanged('title') && !keepsTitle ? { title: base.title } : {}),
      ...(hasChanged('description') && flags?.ownDescription !== true ? { description: base.description } : {}),
    },
    ifMatch: event ? event.etag : map.etag,
    assumed: isClosed && !event ? null : timeOf(event ?? map.base),
    base,
    ...(map.base.bay !== base.bay && map.googleCalendarId === bay.calendarId ? { stamp: true as const } : {}),
  };
  return isEmpty(write) ? null : write;
}

/**
 * Returns the changes of an event without an active map that make it show the booking: time and bay, and a text only if it
 * is ours and outdated. An event without our marks, or with the marks of another bay, gets new marks.
 *
 * @param agreed texts of the last agreement; null if there is none
 * @returns null if there is no change
 */
export function fullWrite(event: CalendarEvent, target: Target, agreed: Texts | null = null): EventWrite | null {
  const { base, bay } = target;
  const isMark = isMarkedCanceled(event);
  const follows = (field: TextField): boolean =>
    !sameText(event[field], base[field]) && isOurEarlierText(field, event, agreed);
  const { managed, bay: markedBay } = event.marks;
  const write: EventWrite = {
    calendarId: event.calendarId,
    eventId: event.eventId,
    moveTo: event.calendarId === bay.calendarId ? null : bay.calendarId,
    fields: {
      ...timeFields(event, base),
      ...(isMark || follows('title') ? { title: base.title } : {}),
      ...(follows('description') ? { description: base.description } : {}),
      ...(isMark ? { free: false } : {}),
    },
    ifMatch: event.etag,
    assumed: timeOf(event),
    base,
    ...(!managed || (markedBay !== null && markedBay !== base.bay) ? { stamp: true as const } : {}),
  };
  return isEmpty(write) ? null : write;
}

/** Returns a write of our marks only. */
export function marksWrite(event: CalendarEvent, base: RoutedContent): EventWrite {
  const { calendarId, eventId, etag: ifMatch } = event;
  return { calendarId, eventId, moveTo: null, fields: {}, ifMatch, assumed: timeOf(event), base, stamp: true };
}

/** The texts of an event that a change writes. */
export interface WrittenTexts {
  readonly title: boolean;
  readonly description: boolean;
}

export function textsOf(kind: IntentKind): WrittenTexts {
  return {
    title: kind === 'write-title' || kind === 'write-text',
    description: kind === 'write-description' || kind === 'write-text',
  };
}

/** Returns the kind of a write to an event. An earlier write without a known result counts as still in progress. */
export function writeKind({ title, description }: WrittenTexts, earlier: SyncIntent | null): IntentKind {
  const before = earlier ? textsOf(earlier.kind) : { title: false, description: false };
  const writes = { title: title || before.title, description: description || before.description };
  if (writes.title && writes.description) return 'write-text';
  if (writes.title) return 'write-title';
  return writes.description ? 'write-description' : 'write-event';
}
