import { Err, Ok, type Instant, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import { eventTypeOf } from './event-fields.js';
import { instantOfParameter, spanOf } from './event-times.js';
import { isObject, textOf, type JsonObject, type JsonValue } from './json.js';
import { isCancelled, type StoredEvent } from './stored-event.js';

/** Selection and order of a list. */
export interface EventQuery {
  readonly timeMin: Instant | null;
  readonly timeMax: Instant | null;
  readonly updatedMin: Instant | null;
  /** Instances instead of series. */
  readonly singleEvents: boolean;
  readonly showDeleted: boolean;
  readonly orderBy: 'startTime' | 'updated' | null;
  /** Words that must all occur. */
  readonly words: readonly string[];
  readonly iCalUID: string | null;
  readonly eventTypes: readonly string[];
  readonly privateProperties: readonly Property[];
  readonly sharedProperties: readonly Property[];
}

interface Property {
  readonly key: string;
  readonly value: string;
}

const EVENT_TYPES = new Set(['birthday', 'default', 'focusTime', 'fromGmail', 'outOfOffice', 'workingLocation']);

/** `2027-01-20T11:00:00-07:00`, or an error that names the parameter. */
function timeOf(query: URLSearchParams, name: string): Result<Instant | null, ApiError> {
  const text = query.get(name);
  if (text === null) return Ok(null);
  const instant = instantOfParameter(text);
  return instant === null ? Err(apiErrors.invalidParameter(name, 'Bad Request')) : Ok(instant);
}

function flagOf(query: URLSearchParams, name: string): boolean {
  return query.get(name) === 'true';
}

function propertiesOf(query: URLSearchParams, name: string): Result<readonly Property[], ApiError> {
  const properties: Property[] = [];
  for (const text of query.getAll(name)) {
    const at = text.indexOf('=');
    if (at < 1) return Err(apiErrors.invalidParameter(name, 'Invalid value. It has the form propertyName=value.'));
    properties.push({ key: text.slice(0, at), value: text.slice(at + 1) });
  }
  return Ok(properties);
}

function orderOf(query: URLSearchParams): Result<EventQuery['orderBy'], ApiError> {
  const orderBy = query.get('orderBy');
  if (orderBy === null) return Ok(null);
  if (orderBy !== 'startTime' && orderBy !== 'updated') {
    return Err(apiErrors.invalidParameter('orderBy', `Invalid value '${orderBy}'.`));
  }
  if (orderBy === 'startTime' && !flagOf(query, 'singleEvents')) {
    return Err(apiErrors.badRequest('The requested ordering is not available for the particular query.'));
  }
  return Ok(orderBy);
}

/** Reads the selection parameters of `events.list` and `events.instances`. */
export function readEventQuery(query: URLSearchParams): Result<EventQuery, ApiError> {
  const timeMin = timeOf(query, 'timeMin');
  if (timeMin.err) return timeMin;
  const timeMax = timeOf(query, 'timeMax');
  if (timeMax.err) return timeMax;
  const updatedMin = timeOf(query, 'updatedMin');
  if (updatedMin.err) return updatedMin;
  const orderBy = orderOf(query);
  if (orderBy.err) return orderBy;
  const privateProperties = propertiesOf(query, 'privateExtendedProperty');
  if (privateProperties.err) return privateProperties;
  const sharedProperties = propertiesOf(query, 'sharedExtendedProperty');
  if (sharedProperties.err) return sharedProperties;
  const eventTypes = query.getAll('eventTypes');
  const unknown = eventTypes.find((type) => !EVENT_TYPES.has(type));
  if (unknown !== undefined) return Err(apiErrors.invalidParameter('eventTypes', `Invalid value '${unknown}'.`));
  if (timeMin.val !== null && timeMax.val !== null && timeMin.val >= timeMax.val)
    return Err(apiErrors.timeRangeEmpty());
  return Ok({
    timeMin: timeMin.val,
    timeMax: timeMax.val,
    updatedMin: updatedMin.val,
    singleEvents: flagOf(query, 'singleEvents'),
    showDeleted: flagOf(query, 'showDeleted'),
    orderBy: orderBy.val,
    words: (query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean),
    iCalUID: query.get('iCalUID'),
    eventTypes,
    privateProperties: privateProperties.val,
    sharedProperties: sharedProperties.val,
  });
}

function searchedText({ fields, creatorEmail }: StoredEvent): string {
  const attendees: readonly JsonValue[] = Array.isArray(fields['attendees']) ? fields['attendees'] : [];
  const people = attendees.filter(isObject).flatMap(({ displayName, email }) => [displayName, email]);
  const texts = [fields['summary'], fields['description'], fields['location'], creatorEmail, ...people];
  return texts
    .map((text) => textOf(text) ?? '')
    .join('\n')
    .toLowerCase();
}

function hasProperties(fields: JsonObject, scope: string, wanted: readonly Property[]): boolean {
  if (wanted.length === 0) return true;
  const extended = fields['extendedProperties'];
  const properties = isObject(extended) ? extended[scope] : undefined;
  return isObject(properties) && wanted.every(({ key, value }) => properties[key] === value);
}

function isInTime(event: StoredEvent, { timeMin, timeMax }: EventQuery): boolean {
  if (timeMin === null && timeMax === null) return true;
  const { start, end } = spanOf(event.fields);
  const isAfter = timeMin === null || end > timeMin || (start === end && start >= timeMin);
  return isAfter && (timeMax === null || start < timeMax);
}

/** Does a full list with these parameters show the event? The time of a series is checked by its instances. */
export function isWanted(event: StoredEvent, query: EventQuery): boolean {
  const { fields, id, updatedAt } = event;
  const { words, iCalUID, eventTypes, updatedMin } = query;
  if (updatedMin !== null && updatedAt < updatedMin) return false;
  // Events that were deleted since `updatedMin` are shown without a request for them.
  if (isCancelled(event) && !query.showDeleted && updatedMin === null) return false;
  if (fields['recurrence'] === undefined && !isInTime(event, query)) return false;
  if (iCalUID !== null && iCalUID !== `${textOf(fields['recurringEventId']) ?? id}@google.com`) return false;
  if (eventTypes.length > 0 && !eventTypes.includes(eventTypeOf(fields))) return false;
  if (!hasProperties(fields, 'private', query.privateProperties)) return false;
  if (!hasProperties(fields, 'shared', query.sharedProperties)) return false;
  if (words.length === 0) return true;
  const text = searchedText(event);
  return words.every((word) => text.includes(word));
}
