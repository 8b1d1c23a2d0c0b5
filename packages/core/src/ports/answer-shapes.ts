/**
 * Checks the shape of the answers of both systems. Adapters may be written in plain JavaScript, and one malformed record
 * must not end the process of the host. Optional fields are not checked.
 */
type Shape = (value: unknown) => boolean;

const isText: Shape = (value) => typeof value === 'string';
const isId: Shape = (value) => typeof value === 'string' && value !== '';
const isTime: Shape = (value) => typeof value === 'number' && Number.isFinite(value);
const isObject: Shape = (value) => typeof value === 'object' && value !== null;

function orNull(shape: Shape): Shape {
  return (value) => value === null || shape(value);
}

function oneOf(...values: readonly string[]): Shape {
  return (value) => typeof value === 'string' && values.includes(value);
}

function listOf(shape: Shape): Shape {
  return (value) => Array.isArray(value) && value.every(shape);
}

function objectWith(fields: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(fields);
  return (value) =>
    typeof value === 'object' && value !== null && entries.every(([key, shape]) => shape(Reflect.get(value, key)));
}

const isUnitId: Shape = (value) => isId(value) || isTime(value);

const isStatus: Shape = oneOf('live', 'dead', 'unknown');

/** Without a loop over the fields, because a poll checks thousands of bookings. */
export const isBooking: Shape = (value) => {
  if (typeof value !== 'object' || value === null) return false;
  const { appointmentId, status, resourceUnitId, start, end, customerName, notes }: Partial<Record<string, unknown>> =
    value;
  return (
    isId(appointmentId) &&
    isStatus(status) &&
    isUnitId(resourceUnitId) &&
    isTime(start) &&
    isTime(end) &&
    isText(customerName) &&
    isText(notes)
  );
};

export const isBookingList: Shape = objectWith({
  bookings: listOf(isBooking),
  unreadable: listOf(objectWith({ appointmentId: orNull(isText), problem: isText })),
});

export const isTimeList: Shape = listOf(isTime);

export const isAppointmentId: Shape = isId;

export const isEvent: Shape = objectWith({
  calendarId: isId,
  eventId: isId,
  etag: isText,
  state: oneOf('live', 'gone'),
  shape: oneOf('timed', 'all-day', 'recurring'),
  start: orNull(isTime),
  end: orNull(isTime),
  title: isText,
  description: isText,
  marks: isObject,
});

export const isEventPage: Shape = objectWith({
  events: listOf(isEvent),
  nextPageToken: orNull(isText),
  nextSyncToken: orNull(isText),
});

/** A record of the store with the text that identifies it. */
function recordWith(key: string): Shape {
  return objectWith({ [key]: isId });
}

export const isMap: Shape = recordWith('uscheduleAppointmentId');
export const isMapOrNull: Shape = orNull(isMap);
export const isMapList: Shape = listOf(isMap);
export const isTaskList: Shape = listOf(recordWith('appointmentId'));
export const isDeadLetterOrNull: Shape = orNull(recordWith('appointmentId'));
export const isFeedStateOrNull: Shape = orNull(recordWith('feed'));
export const isLeaseOrNull: Shape = orNull(recordWith('name'));
export const isLeaseList: Shape = listOf(recordWith('name'));
export const isChannelList: Shape = listOf(recordWith('channelId'));
export const isRecordList: Shape = listOf(isObject);
export const isTimeOrNull: Shape = orNull(isTime);
export const isFlag: Shape = (value) => typeof value === 'boolean';
export const isCompletion: Shape = oneOf('done', 'again');
export const isTaskCounts: Shape = objectWith({ due: isTime, waiting: isTime, claimed: isTime });

export const isWatchGrant: Shape = objectWith({ resourceId: isText, expiresAt: isTime });
