import type { GoogleMethod } from './call-log.js';

const AUTH = 'https://www.googleapis.com/auth/';

const EVENTS_WRITE = ['calendar', 'calendar.app.created', 'calendar.events', 'calendar.events.owned'];
const EVENTS_READ = [
  ...EVENTS_WRITE,
  'calendar.events.freebusy',
  'calendar.events.owned.readonly',
  'calendar.events.public.readonly',
  'calendar.events.readonly',
  'calendar.readonly',
];
const CALENDARS = [
  'calendar',
  'calendar.app.created',
  'calendar.calendars',
  'calendar.calendars.readonly',
  'calendar.readonly',
];
const LIST = ['calendar', 'calendar.calendarlist', 'calendar.calendarlist.readonly', 'calendar.readonly'];

/** The scopes that permit each method, as Google's discovery document names them. */
const SCOPES: Readonly<Record<Exclude<GoogleMethod, 'oauth2.token'>, readonly string[]>> = {
  'events.list': EVENTS_READ,
  'events.get': EVENTS_READ,
  'events.instances': EVENTS_READ,
  'events.watch': EVENTS_READ,
  'events.insert': EVENTS_WRITE,
  'events.patch': EVENTS_WRITE,
  'events.update': EVENTS_WRITE,
  'events.delete': EVENTS_WRITE,
  'events.move': EVENTS_WRITE.filter((name) => name !== 'calendar.app.created'),
  'channels.stop': [...EVENTS_READ, ...LIST],
  'calendarList.list': LIST,
  'calendarList.get': [...LIST, 'calendar.app.created'],
  'calendars.get': CALENDARS,
  'freebusy.query': ['calendar', 'calendar.events.freebusy', 'calendar.freebusy', 'calendar.readonly'],
};

/** The scopes that permit a method, as full addresses. */
export function scopesOf(method: GoogleMethod): readonly string[] {
  return method === 'oauth2.token' ? [] : SCOPES[method].map((name) => AUTH + name);
}
