import { Err, Ok, type Instant, type Result, type SyncError } from '@loft/sync-core';
import { createHttpClient, type HttpClient } from '@loft/sync-http';
import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { AccessTokens } from '../auth/access-tokens.js';
import { readCredentials, tokensOf } from '../auth/credentials.js';
import { unreadableAnswer } from '../errors/google-error.js';
import { isRecord } from '../errors/http-failure.js';
import { DEFAULT_CALL_TIMEOUT_MS, type GoogleCalendarOptions } from '../google-calendar-options.js';
import { GoogleCaller } from '../google-caller.js';
import { askTokenInfo, type TokenInfo } from './token-info.js';

/** Our access to a calendar. */
export interface CalendarAccess {
  /** `owner` and `writer` may change events; `reader` and `freeBusyReader` may not. */
  readonly role: string;
}

/**
 * Checks our access to Google, so that `doctor` can report what is wrong. It changes nothing and never throws.
 */
export interface GoogleAccessCheck {
  /** Address of the service account, with which calendars are shared; null: the platform's identity, whose address is unknown. */
  account(): Promise<Result<string | null, SyncError>>;
  /** Checks that an access token can be fetched. */
  token(): Promise<Result<void, SyncError>>;
  /** Reads the scopes of the token and the offset of our clock. The clock is also checked if there is no token. */
  tokenInfo(): Promise<Result<TokenInfo, SyncError>>;
  /** Reads our role in a calendar. `not-found` if the calendar is not shared with us or does not exist. */
  calendar(calendarId: string): Promise<Result<CalendarAccess, SyncError>>;
}

const GOOGLE_TOKEN_SERVER = 'https://oauth2.googleapis.com';

class AccessCheck implements GoogleAccessCheck {
  readonly #options: GoogleCalendarOptions;
  readonly #http: HttpClient;
  readonly #api: calendar_v3.Calendar;
  readonly #tokens: AccessTokens;
  readonly #caller: GoogleCaller;
  readonly #timeoutMs: number;
  readonly #now: () => Instant;

  constructor(options: GoogleCalendarOptions) {
    const { credentials, rootUrl, callTimeoutMs: timeoutMs = DEFAULT_CALL_TIMEOUT_MS, now = Date.now } = options;
    const http = options.http ?? createHttpClient();
    this.#options = options;
    this.#http = http;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
    this.#tokens = new AccessTokens(tokensOf(credentials, { http, timeoutMs, now }), now);
    this.#caller = new GoogleCaller({ tokens: this.#tokens, http, timeoutMs, now });
    this.#api = calendar({ version: 'v3', ...(rootUrl === undefined ? {} : { rootUrl }) });
  }

  async account(): Promise<Result<string | null, SyncError>> {
    const key = await readCredentials(this.#options.credentials);
    return key.map((read) => read?.clientEmail ?? null);
  }

  async token(): Promise<Result<void, SyncError>> {
    const token = await this.#tokens.get();
    return token.map(() => undefined);
  }

  async tokenInfo(): Promise<Result<TokenInfo, SyncError>> {
    const key = await readCredentials(this.#options.credentials);
    const server = (key.ok ? key.val?.tokenUri : null) ?? this.#options.rootUrl ?? GOOGLE_TOKEN_SERVER;
    const token = await this.#tokens.get();
    const url = new URL('/tokeninfo', server).href;
    return askTokenInfo(url, token.ok ? token.val : 'none', {
      http: this.#http,
      timeoutMs: this.#timeoutMs,
      now: this.#now,
    });
  }

  async calendar(calendarId: string): Promise<Result<CalendarAccess, SyncError>> {
    const method = 'events.list';
    const params = { calendarId, maxResults: 1 };
    const answer = await this.#caller.call(method, (options) => this.#api.events.list(params, options));
    if (answer.err) return answer;
    const { accessRole: role } = isRecord(answer.val) ? answer.val : {};
    if (typeof role !== 'string') return Err(unreadableAnswer(method, 'it does not say our role', answer.val));
    return Ok({ role });
  }
}

/** Creates the check. No request is made before the first call. */
export function createGoogleAccessCheck(options: GoogleCalendarOptions): GoogleAccessCheck {
  return new AccessCheck(options);
}
