import type { GoogleMethod } from './call-log.js';

/** A parsed request. */
export interface Route {
  readonly method: GoogleMethod;
  readonly calendarId: string | null;
  readonly eventId: string | null;
}

export const TOKEN_PATH = '/token';
/** Information about an access token, at the token endpoint's server. */
export const TOKEN_INFO_PATH = '/tokeninfo';
const API = '/calendar/v3/';

/** A pattern of a path below the API, `:c` a calendar and `:e` an event, with the methods that it takes. */
type Pattern = readonly [pattern: string, methods: Readonly<Record<string, GoogleMethod>>];

/** The first matching pattern is used: an event has no id `watch`. */
const PATTERNS: readonly Pattern[] = [
  ['channels/stop', { POST: 'channels.stop' }],
  ['freeBusy', { POST: 'freebusy.query' }],
  ['users/me/calendarList', { GET: 'calendarList.list' }],
  ['users/me/calendarList/:c', { GET: 'calendarList.get' }],
  ['calendars/:c', { GET: 'calendars.get' }],
  ['calendars/:c/events', { GET: 'events.list', POST: 'events.insert' }],
  ['calendars/:c/events/watch', { POST: 'events.watch' }],
  [
    'calendars/:c/events/:e',
    { GET: 'events.get', PATCH: 'events.patch', PUT: 'events.update', DELETE: 'events.delete' },
  ],
  ['calendars/:c/events/:e/instances', { GET: 'events.instances' }],
  ['calendars/:c/events/:e/move', { POST: 'events.move' }],
];

const SPLIT_PATTERNS = PATTERNS.map(([pattern, methods]) => ({ parts: pattern.split('/'), methods }));

/** Every method of the API that the simulator has. */
export const API_METHODS: readonly GoogleMethod[] = PATTERNS.flatMap(([, methods]) => Object.values(methods));

/** Is it an address of the API, implemented here or not? */
export function isApiPath(path: string): boolean {
  return path.startsWith(API) || path.startsWith('/batch/calendar/');
}

/** @returns null if the simulator has no such method at this address */
export function routeOf(httpMethod: string, path: string): Route | null {
  if (path === TOKEN_PATH) {
    return httpMethod === 'POST' ? { method: 'oauth2.token', calendarId: null, eventId: null } : null;
  }
  if (!path.startsWith(API)) return null;
  const parts = path.slice(API.length).split('/');
  for (const { parts: pattern, methods } of SPLIT_PATTERNS) {
    const method = methods[httpMethod];
    if (method === undefined || pattern.length !== parts.length || !fits(pattern, parts)) continue;
    const valueOf = (name: string): string | null => {
      const index = pattern.indexOf(name);
      return index < 0 ? null : decode(parts[index] ?? '');
    };
    return { method, calendarId: valueOf(':c'), eventId: valueOf(':e') };
  }
  return null;
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return pattern.every((part, index) => (part.startsWith(':') ? parts[index] !== '' : part === parts[index]));
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
