import type { GoogleMethod } from './call-log.js';

/** A request, by what it asks for. */
export interface Route {
  readonly method: GoogleMethod;
  readonly calendarId: string | null;
  readonly eventId: string | null;
}

export const TOKEN_PATH = '/token';
/** What an access token is worth; at the token endpoint's server. */
export const TOKEN_INFO_PATH = '/tokeninfo';
const CALENDARS = '/calendar/v3/calendars/';

const ON_EVENTS: Readonly<Record<string, GoogleMethod>> = { GET: 'events.list', POST: 'events.insert' };

const ON_EVENT: Readonly<Record<string, GoogleMethod>> = {
  GET: 'events.get',
  PATCH: 'events.patch',
  PUT: 'events.update',
  DELETE: 'events.delete',
};

/** null: there is nothing at this address. */
export function routeOf(httpMethod: string, path: string): Route | null {
  const nothing = { calendarId: null, eventId: null };
  if (path === TOKEN_PATH) return httpMethod === 'POST' ? { method: 'oauth2.token', ...nothing } : null;
  if (path === '/calendar/v3/channels/stop') {
    return httpMethod === 'POST' ? { method: 'channels.stop', ...nothing } : null;
  }
  if (!path.startsWith(CALENDARS)) return null;
  const [calendar = '', collection, event, action, ...more] = path.slice(CALENDARS.length).split('/').map(decode);
  if (collection !== 'events' || more.length > 0) return null;
  const method = methodOf(httpMethod, event, action);
  const eventId = event === undefined || method === 'events.watch' ? null : event;
  return method && { method, calendarId: calendar, eventId };
}

function methodOf(httpMethod: string, event: string | undefined, action: string | undefined): GoogleMethod | null {
  if (event === undefined) return ON_EVENTS[httpMethod] ?? null;
  if (httpMethod === 'POST' && event === 'watch' && action === undefined) return 'events.watch';
  if (action !== undefined) return httpMethod === 'POST' && action === 'move' ? 'events.move' : null;
  return ON_EVENT[httpMethod] ?? null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
