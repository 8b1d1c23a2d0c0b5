import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  type Bay,
  type BookingEventMap,
  type Instant,
  type SyncEngine,
  type SyncEvent,
} from '@loft/sync-core';
import type { SyncStore, TimePlace } from '@loft/sync-core/store';
import type { CancelTimer } from '@loft/sync-core/adapters';
import type { ActionEvent } from '@loft/sync-core/reports';
import { isRevertingRow } from '../journal/activity-kind.js';
import { bookingData, bookingSignals, heardOf, sessionSignals, type Heard } from './booking-signals.js';
import type { CustomerMemory } from './customer-memory.js';
import { Deliverer, type DelivererParts } from './deliverer.js';
import { Outbox } from './outbox.js';
import type { Signal, SignalReceiver } from './signal-types.js';

/** Interval of deliveries from the outbox, in ms. */
const DELIVER_EVERY_MS: number = SECOND;
/** Interval of the checks of sessions and readiness, in ms. */
const WATCH_EVERY_MS: number = 5 * SECOND;
/** Interval of the comparison of all maps with the announced states, in ms. */
const COMPARE_EVERY_MS: number = MINUTE;
/** Retention of delivered signals, so that one occurrence is announced once. */
const KEEP_MS: number = 30 * DAY;
/** Maximum age of a session's moment that is announced. */
const LATE_MS: number = 5 * MINUTE;
/** The record of the store with the time of the last comparison. Stored in the form of a feed's state. */
const RECORD = 'signals/compared';

/** The sources of signals. */
export interface SignalParts extends DelivererParts {
  readonly store: DelivererParts['store'] &
    Pick<SyncStore, 'addSignals' | 'forgetSignals' | 'getFeedState' | 'getMap' | 'listMaps' | 'putFeedState'>;
  readonly engine: Pick<SyncEngine, 'events' | 'readiness'>;
  readonly receivers: readonly SignalReceiver[];
  readonly customers: CustomerMemory;
  readonly bays: readonly Bay[];
  readonly cancellationHours: number;
}

/**
 * Announces changes to webhooks (docs/signals.md). The engine's events are announced at once. Signals that a crash
 * prevented are found by a comparison of the maps with the announced states. The engine never waits for a receiver.
 *
 * ```
 * new ──start──▶ running ──stop──▶ stopped
 * ```
 */
export class Signals {
  readonly #parts: SignalParts;
  readonly #outbox: Outbox;
  readonly #deliverers: readonly Deliverer[];
  readonly #heard = new Map<string, Heard>();
  readonly #timers = new Map<string, CancelTimer>();
  #read: TimePlace | null = null;
  /** The readiness that was announced last. */
  #isReady = true;
  #watchedAt: Instant;
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: SignalParts) {
    this.#parts = parts;
    this.#outbox = new Outbox(parts.store, parts.clock, parts.receivers);
    this.#deliverers = parts.receivers.map((receiver) => new Deliverer(receiver, parts));
    this.#watchedAt = parts.clock.now() - LATE_MS;
  }

  /** Continues from the stored state of the last process. */
  start(): void {
    if (this.#parts.receivers.length === 0) return;
    this.#queue(() => this.#compare());
    // Ends with the engine's events.
    this.#parts.engine.events.subscribe((event) => this.#onEvent(event));
    this.#every('deliver', DELIVER_EVERY_MS, () => {
      for (const deliverer of this.#deliverers) void deliverer.run();
    });
    this.#every('watch', WATCH_EVERY_MS, () => this.#queue(() => this.#watch()));
    this.#every('compare', COMPARE_EVERY_MS, () => this.#queue(() => this.#compare()));
  }

  /** Stores pending signals. Undelivered ones are delivered after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#timers.values()) cancel();
    await this.#working;
  }

  #every(name: string, intervalMs: number, work: () => void): void {
    if (this.#stopped) return;
    const again = (): void => {
      work();
      this.#every(name, intervalMs, work);
    };
    this.#timers.set(name, this.#parts.clock.setTimer(intervalMs, again));
  }

  /** Runs jobs one after the other, so that two of them never change the announced states concurrently. */
  #queue(work: () => Promise<void>): void {
    const { log } = this.#parts;
    this.#working = this.#working
      .then(work)
      .catch((error: unknown) => log.error({ problem: String(error) }, 'signals met a bug'));
  }

  #onEvent(event: SyncEvent): void {
    if (event.type === 'action') this.#queue(() => this.#onAction(event));
    else if (event.type === 'task' && event.outcome === 'dead-letter') {
      const { appointmentId, at, attempt, error } = event;
      const data = { appointmentId, attempts: attempt, problem: error?.message ?? null };
      this.#announce({
        key: `booking.needs-attention.${appointmentId}.${at}`,
        type: 'booking.needs-attention',
        subject: appointmentId,
        data,
      });
    } else if (event.type === 'feed' && event.outcome === 'stopped') {
      const { at, detail, feed } = event;
      this.#announce({
        key: `guard.stopped.${feed}.${at}`,
        type: 'guard.stopped',
        subject: feed,
        data: { feed, reason: detail },
      });
    }
  }

  #announce(signal: Signal): void {
    this.#queue(async () => void (await this.#outbox.add([signal])));
  }

  async #onAction({ appointmentId, at, direction, error, outcome, reason, successor }: ActionEvent): Promise<void> {
    if (outcome !== 'ok') return;
    for (const id of successor === null ? [appointmentId] : [appointmentId, successor]) {
      const map = await this.#parts.store.getMap(id);
      if (map.err || map.val === null) continue;
      await this.#announceMap(map.val);
      if (id !== appointmentId || direction !== 'USCHEDULE_TO_GCAL' || !isRevertingRow(reason)) continue;
      const data = { ...this.#dataOf(map.val), reason, problem: error?.message ?? null };
      await this.#outbox.add([{ key: `edit.reverted.${id}.${at}`, type: 'edit.reverted', subject: id, data }]);
    }
  }

  #dataOf(map: BookingEventMap): Signal['data'] {
    const { bays, customers } = this.#parts;
    return bookingData(map, customers.factsOf(map.uscheduleAppointmentId), bays);
  }

  async #announceMap(map: BookingEventMap): Promise<void> {
    const { cancellationHours, clock } = this.#parts;
    const id = map.uscheduleAppointmentId;
    const circumstances = { now: clock.now(), cancellationHours, data: this.#dataOf(map) };
    const signals = bookingSignals(map, this.#heard.get(id) ?? null, circumstances);
    const added = await this.#outbox.add(signals);
    if (added.ok) this.#heard.set(id, heardOf(map));
  }

  /** Reads the signals that this or another replica has announced since the last read. */
  async #readAnnounced(): Promise<boolean> {
    const { store } = this.#parts;
    const announced = await store.listSignals(this.#read === null ? {} : { after: this.#read });
    if (announced.err) return false;
    // The last readiness signal of an earlier process: it may have ended while it was not ready.
    const readiness = announced.val.findLast(({ type }) => type === 'service.ready' || type === 'service.not-ready');
    if (this.#read === null && readiness) this.#isReady = readiness.type === 'service.ready';
    for (const { at, body, id, subject, type } of announced.val) {
      this.#read = { at, id };
      if (!type.startsWith('booking.') || type === 'booking.needs-attention') continue;
      const { data } = JSON.parse(body) as { readonly data: Heard };
      const { bay, customerName, end, start, status } = data;
      this.#heard.set(subject, { bay, customerName, end, start, status });
    }
    return true;
  }

  /** Announces the unannounced states of maps that changed since the last comparison. */
  async #compare(): Promise<void> {
    const { clock, store } = this.#parts;
    const compared = await store.getFeedState(RECORD);
    if (compared.err || !(await this.#readAnnounced())) return;
    const now = clock.now();
    const maps = await store.listMaps({});
    if (maps.err) return;
    // At the very first start all maps count as announced.
    const since = compared.val === null ? Infinity : compared.val.savedAt - 2 * MINUTE;
    for (const map of maps.val) {
      if (map.lastSyncedAt >= since) await this.#announceMap(map);
      else if (!this.#heard.has(map.uscheduleAppointmentId)) this.#heard.set(map.uscheduleAppointmentId, heardOf(map));
    }
    const state = { feed: RECORD, syncToken: null, tokenParameters: null, stopped: null, resumed: false, savedAt: now };
    await store.putFeedState(state);
    await store.forgetSignals(now - KEEP_MS);
  }

  /** Announces the moments of sessions, and changes of readiness. */
  async #watch(): Promise<void> {
    const { clock, engine, receivers, store } = this.#parts;
    const now = clock.now();
    const longestLead = Math.max(...receivers.map(({ leadMinutes }) => leadMinutes)) * MINUTE;
    const period = { from: now - DAY - HOUR, to: now + longestLead + MINUTE };
    const maps = await store.listMaps({ status: 'ACTIVE', period });
    if (maps.ok) {
      const after = Math.max(this.#watchedAt, now - LATE_MS);
      for (const receiver of receivers) {
        const { leadMinutes } = receiver;
        const signals = maps.val.flatMap((map) =>
          sessionSignals(map, this.#dataOf(map), { after, until: now, leadMinutes }),
        );
        const added = await this.#outbox.add(signals, [receiver]);
        if (added.err) return;
      }
      this.#watchedAt = now;
    }
    const { ready, reasons } = await engine.readiness();
    if (ready === this.#isReady) return;
    const type = ready ? 'service.ready' : 'service.not-ready';
    const added = await this.#outbox.add([
      { key: `${type}.${now}`, type, subject: 'service', data: { ready, reasons } },
    ]);
    if (added.ok) this.#isReady = ready;
  }
}
