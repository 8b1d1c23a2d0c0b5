import { createObject, davRequest, deleteObject, updateObject, type DAVResponse } from 'tsdav';
import { DavFailure } from './dav-error.js';

/** The account of the service on the CalDAV server. */
export interface DavAccount {
  /** Address of the account's calendar home: the collection that contains its calendars. */
  readonly home: string;
  readonly username: string;
  readonly password: string;
}

/** An iCalendar object as the server stores it. */
export interface StoredObject {
  readonly eventId: string;
  readonly etag: string;
  /** Time of the last change by the server's clock. */
  readonly updatedAt: number | null;
  readonly text: string;
}

/** A calendar with all its objects. */
export interface StoredCalendar {
  readonly name: string | null;
  /** Whether we may write. null: the server does not say. */
  readonly writable: boolean | null;
  readonly objects: readonly StoredObject[];
}

const EXTENSION = '.ics';
const MULTISTATUS = 207;
/** The end tag, or one tag for an empty list. */
const MULTISTATUS_END = /<(?:\/(?:[\w.-]+:)?multistatus\s*|(?:[\w.-]+:)?multistatus\b[^<>]*\/)>\s*$/;
const NAMESPACES = { 'xmlns:c': 'urn:ietf:params:xml:ns:caldav', 'xmlns:d': 'DAV:' };
const PROPERTIES = {
  'd:displayname': {},
  'd:current-user-privilege-set': {},
  'd:getetag': {},
  'd:getlastmodified': {},
};
const ALL_EVENTS = {
  'c:comp-filter': { _attributes: { name: 'VCALENDAR' }, 'c:comp-filter': { _attributes: { name: 'VEVENT' } } },
};
const ICALENDAR = { 'content-type': 'text/calendar; charset=utf-8' };

/**
 * The requests of one call of the port; all of them together end within the time of the call. A request that fails throws a
 * `DavFailure`.
 */
export class DavSession {
  readonly #account: DavAccount;
  readonly #signal: AbortSignal;

  constructor(account: DavAccount, timeoutMs: number) {
    this.#account = account;
    this.#signal = AbortSignal.timeout(timeoutMs);
  }

  /**
   * Reads a calendar: its properties and the times of changes with one request, the contents with another. A server may
   * omit the time of a change in the report (Radicale does). Objects without the usual extension are ignored: they are
   * never ours.
   */
  async list(calendarId: string): Promise<StoredCalendar> {
    const url = this.#calendar(calendarId);
    const propfind = { 'd:propfind': { _attributes: NAMESPACES, 'd:prop': PROPERTIES } };
    const wanted = { 'd:getetag': {}, 'c:calendar-data': {} };
    const query = { 'c:calendar-query': { _attributes: NAMESPACES, 'd:prop': wanted, 'c:filter': ALL_EVENTS } };
    const [described, found] = await Promise.all([
      this.#ask('PROPFIND', url, propfind),
      this.#ask('REPORT', url, query),
    ]);
    const properties = new Map(described.map(({ href, props }) => [nameOf(href), propertiesOf(props)]));
    const { displayname, currentUserPrivilegeSet } = properties.get('') ?? {};
    const objects = found
      .filter(({ href }) => nameOf(href).endsWith(EXTENSION))
      .map(({ href, props }) => storedObject(nameOf(href), { ...properties.get(nameOf(href)) }, propertiesOf(props)));
    return { name: textOf(displayname) || null, writable: mayWrite(currentUserPrivilegeSet), objects };
  }

  async read(calendarId: string, eventId: string): Promise<StoredObject> {
    // A proxy that compresses the answer would change its etag.
    const headers = { 'accept-encoding': 'identity' };
    const response = await this.#fetch(this.#object(calendarId, eventId), { headers });
    const [etag, changedAt] = [response.headers.get('etag'), response.headers.get('last-modified')];
    if (etag === null) throw new Error(`the server tells no etag of ${eventId}`);
    return { eventId, etag, updatedAt: instantOf(changedAt), text: await response.text() };
  }

  /** Stores an object: a new one, or a replacement of the one with the etag. @returns the new etag, if the server returns one */
  async put(calendarId: string, eventId: string, text: string, replacedEtag: string | null): Promise<string | null> {
    const request = { url: this.#object(calendarId, eventId).href, data: text, fetch: this.#fetch };
    const response =
      replacedEtag === null
        ? await createObject({ ...request, headers: { ...ICALENDAR, 'if-none-match': '*' } })
        : await updateObject({ ...request, headers: ICALENDAR, etag: replacedEtag });
    await response.text();
    return response.headers.get('etag');
  }

  async delete(calendarId: string, eventId: string, etag: string | null): Promise<void> {
    const url = this.#object(calendarId, eventId).href;
    const response = await deleteObject({ url, fetch: this.#fetch, ...(etag === null ? {} : { etag }) });
    await response.text();
  }

  #calendar(calendarId: string): URL {
    return new URL(`${encodeURIComponent(calendarId)}/`, this.#account.home);
  }

  #object(calendarId: string, eventId: string): URL {
    return new URL(encodeURIComponent(eventId) + EXTENSION, this.#calendar(calendarId));
  }

  /**
   * Sends a request whose answer is a multistatus. Any other answer is refused. An answer with a failed part is
   * refused, too, because an incomplete list would look like deleted events.
   */
  async #ask(method: 'PROPFIND' | 'REPORT', url: URL, body: object): Promise<readonly DAVResponse[]> {
    const init = { method, headers: { depth: '1' }, body };
    const responses = await davRequest({ url: url.href, init, fetch: this.#fetch });
    const whole: unknown = responses[0]?.raw;
    if (typeof whole !== 'object' || whole === null || !('multistatus' in whole)) {
      throw new Error(`the answer to ${method} is not a multistatus`);
    }
    const failed = responses.find(({ ok }) => !ok);
    if (failed) throw new DavFailure(failed.status);
    return responses.filter(({ href }) => href !== undefined);
  }

  /** Adds credentials and the deadline, and turns a refusal into a `DavFailure`. */
  readonly #fetch: typeof fetch = async (input, init = {}) => {
    const { username, password } = this.#account;
    const headers = new Headers(init.headers);
    // In UTF-8 (RFC 7617); the helper of tsdav accepts only Latin-1.
    headers.set('authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
    const response = await fetch(input, { ...init, headers, signal: this.#signal });
    if (response.status === MULTISTATUS) return wholeMultistatus(response);
    if (response.ok) return response;
    throw new DavFailure(response.status, await response.text(), response.headers.get('retry-after'));
  };
}

/** tsdav also reads XML that ends early, and an incomplete list would look like deleted events. */
async function wholeMultistatus(response: Response): Promise<Response> {
  const text = await response.text();
  if (!MULTISTATUS_END.test(text)) throw new Error('the multistatus of the server is not complete');
  const { status, headers } = response;
  return new Response(text, { status, headers });
}

type Properties = Readonly<Record<string, unknown>>;

function propertiesOf(props: DAVResponse['props']): Properties {
  return props ?? {};
}

/** Name of an object in its collection; empty for the collection itself. */
function nameOf(href: unknown): string {
  const path = String(href);
  return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
}

/** An object of a report, with the time of its last change if the other properties are those of the same version. */
function storedObject(name: string, described: Properties, { getetag, calendarData }: Properties): StoredObject {
  const [etag, text] = [textOf(getetag), textOf(calendarData)];
  if (text === '' || etag === '') throw new Error(`the server does not return the content of ${name}`);
  const isSame = textOf(described['getetag']) === etag;
  const updatedAt = isSame ? instantOf(textOf(described['getlastmodified'])) : null;
  return { eventId: name.slice(0, -EXTENSION.length), etag, updatedAt, text };
}

function instantOf(date: string | null): number | null {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? null : at;
}

/** Text of an element: tsdav turns numbers into `number`, and wraps CDATA in an object. */
function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && '_cdata' in value) return String(value['_cdata']);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Do the privileges include writing? null: the server does not say. */
function mayWrite(set: unknown): boolean | null {
  if (typeof set !== 'object' || set === null) return null;
  const privileges = 'privilege' in set ? [set.privilege].flat() : [];
  const names = privileges.flatMap((it) => (typeof it === 'object' && it !== null ? Object.keys(it) : []));
  return names.some((name) => name === 'write' || name === 'writeContent' || name === 'all');
}
