import { randomBytes } from 'node:crypto';
import type { CalendarPerson } from '@loft/sync-core/testing';
import { CalendarApi } from './calendar-api.js';
import { CalendarDirectory, type AccessRole } from './calendar-directory.js';
import type { HeldRead } from './calendar-events.js';
import { CallLog, type LoggedCall } from './call-log.js';
import type { Channel } from './channel.js';
import { Channels } from './channels.js';
import { EventResources, type EventResource, type ShownIn } from './event-resource.js';
import { EventStore } from './event-store.js';
import { Faults, type Fault } from './faults.js';
import { HttpServer } from './http-server.js';
import type { JsonObject } from './json.js';
import { Notifier, type SentNotification } from './notifier.js';
import { Pauses } from './pauses.js';
import { QuotaMeter, type Quota } from './quota.js';
import { RequestHandler } from './request-handler.js';
import { TOKEN_PATH } from './routes.js';
import { SimulatedPerson } from './simulated-person.js';
import type { SimulatedCalendar, SimulatorOptions } from './simulator-options.js';
import { isCancelled } from './stored-event.js';
import { SyncLog } from './sync-log.js';
import { TokenIssuer } from './token-issuer.js';
import { createZoneOffset } from './zone-times.js';

/** A person who can also change any field the API has. */
export interface GooglePerson extends CalendarPerson {
  /** Sets any fields of the API's event. */
  editEvent(calendarId: string, eventId: string, fields: JsonObject): void;
  /** Creates an event of any fields of the API, including `id`. @returns its id */
  addEvent(calendarId: string, fields: JsonObject): string;
}

/** A Google Calendar on loopback: the API over HTTP for a service, and the methods below for a test or a person. */
export interface GoogleSimulator {
  /** Origin of the API, for the adapter's `rootUrl`. */
  readonly rootUrl: string;
  /** The JSON text of a service account key for this simulator; its `token_uri` is the simulator's own. */
  serviceAccountKey(): string;

  /** A new access token, as a platform hands one to what runs on it; for the calendar and its events by default. */
  issueAccessToken(scopes?: readonly string[]): string;

  /** A person with a calendar app. */
  readonly person: GooglePerson;

  /** Makes a calendar, shared with the service account as `role` (default `writer`). */
  addCalendar(calendar: string | SimulatedCalendar, role?: AccessRole): void;
  /** Changes the role of the service account. `none` ends the share. */
  shareCalendar(calendarId: string, role: AccessRole): void;
  /** The events of a calendar that are not deleted. */
  events(calendarId: string): readonly EventResource[];
  /** One event, deleted or not; a deleted one is shown with all it had. null: the calendar never had the id. */
  event(calendarId: string, eventId: string): EventResource | null;

  /** Every call of the service and every act of a person, in order. */
  readonly calls: readonly LoggedCall[];
  /** The calls that write to events: insert, patch, update, delete, move. */
  readonly writes: readonly LoggedCall[];
  /** Forgets `calls` and `writes`. */
  clearCalls(): void;

  /** Sets a fault for matching calls. If several match, the first one applies. */
  addFault(fault: Fault): void;
  /** Removes all faults. */
  clearFaults(): void;
  /**
   * All sync tokens and page tokens are answered `410 fullSyncRequired`. Full lists no longer contain the events that
   * are deleted now, unless `forgetDeleted` is false.
   */
  expireSyncTokens(options?: { readonly forgetDeleted?: boolean }): void;
  /**
   * Freezes this kind of read: it shows the calendar as it is now, also after writes, until the returned function is
   * called. Lists and single reads of the real service can disagree for some time, too.
   */
  holdReads(calendarId: string, read: HeldRead): () => void;
  /** Revokes all access tokens: they are answered 401. */
  revokeAccessTokens(): void;
  /** Changes the quota; null: no limit. */
  setQuota(quota: Quota | null): void;

  /** The open watch channels. */
  readonly channels: readonly Channel[];
  /** Every notification with its result. */
  readonly notifications: readonly SentNotification[];
  /** The next `count` notifications are lost. */
  dropNotifications(count: number): void;
  /** Ends all watch channels: no further notification is sent. */
  expireChannels(): void;
  /** Resolves when every notification has been delivered or abandoned. */
  idle(): Promise<void>;

  /** TCP connections accepted so far. */
  readonly connections: number;
  /** Closes the server, all sockets and all timers. */
  close(): Promise<void>;
}

/** The characters of an event id. */
const BASE32HEX = '0123456789abcdefghijklmnopqrstuv';

function newEventId(): string {
  return [...randomBytes(26)].map((byte) => BASE32HEX[byte % 32]).join('');
}

/** Starts a simulator. It listens when this answers. */
export async function startGoogleSimulator(options: SimulatorOptions = {}): Promise<GoogleSimulator> {
  const now = options.now ?? Date.now;
  let rootUrl = '';
  const tokenUri = (): string => `${rootUrl}${TOKEN_PATH}`;
  const pauses = new Pauses();
  const calls = new CallLog();
  const faults = new Faults();
  const quota = new QuotaMeter(options.quota ?? null, now);
  const notifier = new Notifier({ now, retryDelayMs: options.notificationRetryMs ?? 100, maxTries: 6 });
  const maxTtlSeconds = options.maxChannelTtlSeconds ?? 30 * 24 * 3600;
  const channels = new Channels({ now, notifier, maxTtlSeconds });
  const account = options.clientEmail ?? 'sync-bot@simulator.example';
  const offset = options.zoneOffset ?? createZoneOffset();
  const directory = new CalendarDirectory(options.timeZone ?? 'UTC');
  const resources = new EventResources(offset, options.tombstones ?? 'full');
  const store = new EventStore({ now, newId: newEventId, onChange: (calendarId) => channels.changed(calendarId) });
  const log = new SyncLog(store, options.pageSize ?? Number.POSITIVE_INFINITY, now);
  const api = new CalendarApi({
    store,
    log,
    channels,
    directory,
    resources,
    offset,
    account,
    rootUrl: () => rootUrl,
  });
  const issuer = await TokenIssuer.create({
    now,
    clientEmail: account,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
  });
  const handler = new RequestHandler({
    api,
    issuer,
    faults,
    quota,
    log: calls,
    now,
    tokenUri,
    otherwise: options.manner === 'other',
    pause: (ms) => pauses.pause(ms),
  });
  const server = new HttpServer((request) => handler.handle(request));

  const addCalendar = (calendar: string | SimulatedCalendar, role: AccessRole = 'writer'): void => {
    const { id, ...about } = typeof calendar === 'string' ? { id: calendar } : calendar;
    store.addCalendar(id);
    directory.put(id, { role, ...about });
  };
  for (const calendar of options.calendars ?? []) addCalendar(calendar);
  const shownIn = (calendarId: string): ShownIn => {
    const summary = directory.get(calendarId)?.summary ?? calendarId;
    return { calendarId, summary, timeZone: directory.zoneOf(calendarId) };
  };
  rootUrl = `http://127.0.0.1:${await server.listen(options.port ?? 0)}`;

  return {
    rootUrl,
    serviceAccountKey: () => issuer.keyJson(tokenUri()),
    issueAccessToken: (scopes) => issuer.issue(scopes),
    person: new SimulatedPerson(store, calls, now, { email: options.personEmail ?? 'person@simulator.example' }),
    addCalendar,
    shareCalendar: (calendarId, role) => directory.put(calendarId, { role }),
    events: (calendarId) =>
      store
        .all(calendarId)
        .filter((event) => !isCancelled(event))
        .map((event) => resources.show(event, shownIn(calendarId), 'full')),
    event: (calendarId, eventId) => {
      const event = store.get(calendarId, eventId);
      return event.ok ? resources.show(event.val, shownIn(calendarId), 'full') : null;
    },
    get calls() {
      return calls.calls;
    },
    get writes() {
      return calls.writes;
    },
    clearCalls: () => calls.clear(),
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    expireSyncTokens: ({ forgetDeleted = true } = {}) => {
      log.expireTokens();
      if (forgetDeleted) store.forgetDeleted();
    },
    holdReads: (calendarId, read) => {
      store.hold(calendarId, read);
      return () => store.release(calendarId, read);
    },
    revokeAccessTokens: () => issuer.revokeAll(),
    setQuota: (wanted) => quota.set(wanted),
    get channels() {
      return channels.open();
    },
    get notifications() {
      return notifier.sent;
    },
    dropNotifications: (count) => notifier.drop(count),
    expireChannels: () => channels.expireAll(),
    idle: () => notifier.idle(),
    get connections() {
      return server.connections;
    },
    close: async () => {
      pauses.end();
      await notifier.close();
      await server.close();
    },
  };
}
