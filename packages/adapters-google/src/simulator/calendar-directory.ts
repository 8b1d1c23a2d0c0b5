import { Err, Ok, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import { parseObject, type JsonObject } from './json.js';

/** Role of the service account in a calendar. `none`: the calendar is not shared. */
export type AccessRole = 'none' | 'reader' | 'writer' | 'owner';

/** The properties of a calendar. */
export interface CalendarInfo {
  readonly id: string;
  /** Its name. */
  readonly summary: string;
  readonly description: string;
  /** Its IANA zone: the one in which Google writes the times of its events. */
  readonly timeZone: string;
  readonly role: AccessRole;
  /** Number of the last change of this entry in the list of calendars. */
  readonly revision: number;
}

const ROLES: readonly AccessRole[] = ['none', 'reader', 'writer', 'owner'];
const USUAL_PER_PAGE = 100;
const MOST_PER_PAGE = 250;
const CONFERENCES: JsonObject = { allowedConferenceSolutionTypes: ['hangoutsMeet'] };

function etagOf({ revision }: CalendarInfo): string {
  return `"${1_700_000_000_000_000 + revision * 1000}"`;
}

function about({ summary, description }: CalendarInfo): JsonObject {
  return { summary, ...(description === '' ? {} : { description }) };
}

/** The answer of `calendars.get`. */
export function showCalendar(info: CalendarInfo): JsonObject {
  const { id, timeZone } = info;
  const kind = 'calendar#calendar';
  return { kind, etag: etagOf(info), id, ...about(info), timeZone, conferenceProperties: CONFERENCES };
}

/** An entry of `calendarList`. A calendar that is no longer shared is shown as deleted. */
export function showListEntry(info: CalendarInfo): JsonObject {
  const { id, timeZone, role } = info;
  const kind = 'calendar#calendarListEntry';
  if (role === 'none') return { kind, etag: etagOf(info), id, deleted: true };
  return {
    kind,
    etag: etagOf(info),
    id,
    ...about(info),
    timeZone,
    colorId: '14',
    backgroundColor: '#9fe1e7',
    foregroundColor: '#000000',
    selected: true,
    accessRole: role,
    defaultReminders: [],
    conferenceProperties: CONFERENCES,
  };
}

/** The calendars and the role of the service account in each. */
export class CalendarDirectory {
  readonly #calendars = new Map<string, CalendarInfo>();
  readonly #timeZone: string;
  #revision = 0;

  /** `timeZone`: that of a calendar without one of its own. */
  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** Adds a calendar, or changes the given properties of an existing one. */
  put(id: string, change: Partial<Omit<CalendarInfo, 'id' | 'revision'>>): void {
    const usual = { summary: id, description: '', timeZone: this.#timeZone, role: 'none' as const };
    const old = this.#calendars.get(id) ?? usual;
    this.#calendars.set(id, { ...old, ...change, id, revision: ++this.#revision });
  }

  get(id: string): CalendarInfo | null {
    return this.#calendars.get(id) ?? null;
  }

  roleOf(id: string): AccessRole {
    return this.get(id)?.role ?? 'none';
  }

  zoneOf(id: string): string {
    return this.get(id)?.timeZone ?? this.#timeZone;
  }

  /** `calendarList.list`: in full, or what changed since a sync token. */
  list(query: URLSearchParams): Result<JsonObject, ApiError> {
    const token = query.get('syncToken') ?? query.get('pageToken');
    const since = token === null ? { after: 0, upTo: null } : decode(token);
    if (since === null) return Err(apiErrors.invalidToken(query.has('syncToken') ? 'syncToken' : 'pageToken'));
    const least = ROLES.indexOf((query.get('minAccessRole') ?? 'reader') as AccessRole);
    if (query.has('syncToken') && query.has('minAccessRole')) {
      return Err(apiErrors.badRequest('minAccessRole cannot be used with syncToken.'));
    }
    const isIncremental = query.has('syncToken') || since.isIncremental === true;
    const showDeleted = isIncremental || query.get('showDeleted') === 'true';
    const asked = Number(query.get('maxResults') ?? USUAL_PER_PAGE) || USUAL_PER_PAGE;
    const size = Math.max(1, Math.min(asked, MOST_PER_PAGE));
    const upTo = since.upTo ?? this.#revision;
    const rest = [...this.#calendars.values()]
      .filter(({ revision, role }) => revision > since.after && (role === 'none' ? showDeleted : true))
      .filter(({ role }) => role === 'none' || ROLES.indexOf(role) >= least)
      .toSorted((a, b) => a.revision - b.revision);
    const page = rest.slice(0, size);
    const last = page.at(-1);
    const tokens =
      last && rest.length > size
        ? { nextPageToken: encode({ after: last.revision, upTo, isIncremental }) }
        : { nextSyncToken: encode({ after: upTo, upTo: null }) };
    const etag = `"p${upTo.toString(32).padStart(16, '0')}"`;
    return Ok({ kind: 'calendar#calendarList', etag, ...tokens, items: page.map(showListEntry) });
  }
}

interface Since {
  /** Changes after this revision are listed. */
  readonly after: number;
  /** Revision at the first page, where the next incremental list begins; null in a sync token. */
  readonly upTo: number | null;
  readonly isIncremental?: boolean;
}

function encode(since: Since): string {
  return Buffer.from(JSON.stringify(since)).toString('base64url');
}

function decode(token: string): Since | null {
  const { after, upTo = null, isIncremental } = parseObject(Buffer.from(token, 'base64url').toString()) ?? {};
  if (typeof after !== 'number' || (upTo !== null && typeof upTo !== 'number')) return null;
  return { after, upTo, isIncremental: isIncremental === true };
}
