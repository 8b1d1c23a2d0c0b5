import {
  createSyncEngine,
  DEFAULT_SETTINGS,
  Err,
  intlTimeZones,
  MemoryStore,
  type Bay,
  type DeadLetter,
  type SyncEngine,
  type SyncSettings,
} from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { Journal } from '@loft/sync-core/reports';
import { MemoryBookings, MemoryCalendars, VirtualClock } from '@loft/sync-core/testing';
import type { AppParts } from '#src/http/app-parts.js';
import { channelTokens } from '#src/http/channel-token.js';
import { createApp } from '#src/http/create-app.js';
import { liveBoard } from '#src/http/live-board.js';
import { signHint } from '#src/http/hint-signature.js';
import { listen, type HttpHost } from '#src/http/http-host.js';
import { ActionCounts } from '#src/observe/action-counts.js';
import { PushMonitor } from '#src/http/push-monitor.js';
import { createLogger } from '#src/observe/logger.js';
import { LogObserver } from '#src/observe/log-observer.js';
import { createMetrics } from '#src/observe/metrics.js';
import { MetricsObserver } from '#src/observe/metrics-observer.js';
import { minimalFile } from './settings-fixture.js';
import type { AdminToken } from '#src/http/admins.js';

export const ADMIN_TOKEN = 'the-admin-token';
const WEBHOOK_SECRET = 'the-webhook-secret';
const BAYS: readonly Bay[] = minimalFile.bays;
const SETTINGS: SyncSettings = { ...minimalFile, ...DEFAULT_SETTINGS };

/** The token with the role act. */
export const ANA: AdminToken = { name: 'Ana', role: 'act', token: 'token-of-ana' };
/** The token with the role read. */
export const DISPLAY: AdminToken = { name: 'display', role: 'read', token: 'token-of-the-display' };

/** A store whose calls all fail while a test asks for it. */
class FailingStore {
  down = false;
  readonly store: SyncStore;

  constructor(inner: SyncStore) {
    this.store = new Proxy(inner, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]): unknown => {
          if (!this.down) return Reflect.apply(member, target, args);
          const error = { kind: 'transient', system: 'store', method: String(name), message: 'the disk is gone' };
          return Promise.resolve(Err(error));
        };
      },
    });
  }
}

/** The complete answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array>;
  /** How redirects are handled. Default: followed. */
  readonly redirect?: 'manual';
}

/** The HTTP application on a real port, on an engine with both systems and the store in memory. */
export class HttpWorld {
  readonly clock = new VirtualClock();
  readonly bookings = new MemoryBookings({ clock: this.clock });
  readonly calendars = new MemoryCalendars({ clock: this.clock, calendars: BAYS.map(({ calendarId }) => calendarId) });
  readonly bays: readonly Bay[] = BAYS;
  readonly logLines: string[] = [];
  readonly engine: SyncEngine;
  readonly journal: Journal;
  readonly #failing = new FailingStore(new MemoryStore());
  #host: HttpHost | null = null;

  readonly #change: Partial<AppParts>;

  constructor(change: Partial<AppParts> = {}) {
    this.#change = change;
    const log = createLogger({ logLevel: 'debug' }, [], { write: (line: string) => void this.logLines.push(line) });
    const metrics = createMetrics();
    const counts = new ActionCounts();
    this.journal = new Journal({ store: this.store, clock: this.clock });
    this.engine = createSyncEngine({
      bookings: this.bookings,
      calendars: this.calendars,
      store: this.store,
      clock: this.clock,
      settings: SETTINGS,
      push: { address: 'https://sync.example.com/webhook/gcal', tokenOf: channelTokens('channel-secret') },
      observers: [new LogObserver(log), new MetricsObserver(metrics), counts, this.journal],
    }).unwrap();
    this.parts = {
      engine: this.engine,
      store: this.store,
      journal: this.journal,
      clock: this.clock,
      log,
      metrics,
      counts,
      startedAt: this.clock.now(),
      timeZone: SETTINGS.timeZone,
      timeZones: intlTimeZones(),
      zoneNotices: { warnings: () => [] },
      bays: BAYS,
      windowDays: SETTINGS.uschedule,
      googleAccount: null,
      board: liveBoard(this.engine, this.clock),
      calendarRootUrl: 'https://calendar.example',
      canMoveBookings: () => true,
      admins: [{ name: 'admin', role: 'act', token: ADMIN_TOKEN }],
      webhookSecret: WEBHOOK_SECRET,
      push: true,
      channelToken: channelTokens('channel-secret'),
      pushMonitor: new PushMonitor(this.clock),
      consoleAccess: 'token',
      sandbox: null,
      tickIdentity: null,
      trustedProxies: 0,
      tracing: null,
    };
  }

  readonly parts: AppParts;

  get store(): SyncStore {
    return this.#failing.store;
  }

  /** Makes every call of the store fail, or succeed again. */
  set storeDown(down: boolean) {
    this.#failing.down = down;
  }

  /** Listens, and starts the engine by default. */
  async start(engine: 'running' | 'still' = 'running'): Promise<this> {
    const host = await listen(createApp({ ...this.parts, ...this.#change }), { port: 0, hostname: '127.0.0.1' });
    if (host.err) throw new Error(host.val);
    this.#host = host.val;
    if (engine === 'running') {
      await this.engine.start();
      await this.clock.advance(10);
    }
    return this;
  }

  async close(): Promise<void> {
    await this.engine.stop();
    await this.journal.stop();
    await this.#host?.close(0);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#host?.port ?? 0}`;
  }

  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      redirect: options.redirect ?? 'follow',
      headers: { Connection: 'close', ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body, duplex: 'half' }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
    const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: answer.status, headers: answer.headers, text, json };
  }

  /** A request with the admin token. */
  admin(method: string, path: string): Promise<Answer> {
    return this.request(method, path, { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } });
  }

  /** Sends a hint, by default with a valid signature. */
  hint(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const timestamp = String(Math.floor(this.clock.now() / 1000));
    const signed = { 'X-Loft-Timestamp': timestamp, 'X-Loft-Signature': signHint(WEBHOOK_SECRET, timestamp, body) };
    return this.request('POST', '/webhook/uschedule', { headers: { ...signed, ...headers }, body });
  }

  /** Dead-letters an appointment, as the engine does after a permanent failure. */
  async park(appointmentId: string): Promise<DeadLetter> {
    const now = this.clock.now();
    const letter: DeadLetter = {
      appointmentId,
      calendarId: BAYS[0]?.calendarId ?? null,
      eventId: `loft${appointmentId}`,
      reason: 'new-booking',
      attempts: 8,
      error: { kind: 'invalid', system: 'google', method: 'insertEvent', message: 'The time range is empty.' },
      at: now,
      fingerprint: null,
      retryAt: null,
      revivals: 0,
    };
    await this.store.addTasks([{ appointmentId, dueAt: now, trigger: 'poll', event: null }], now);
    const claimed = await this.store.claimTasks({ owner: 'test', now, leaseMs: 1000, limit: 1, only: [appointmentId] });
    const task = claimed.ok ? claimed.val[0] : undefined;
    if (task) await this.store.deadLetterTask(task, letter);
    return letter;
  }
}
