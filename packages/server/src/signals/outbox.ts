import type { Clock, Instant, Result, SyncError } from '@loft/sync-core';
import type { SyncStore, OutgoingSignal } from '@loft/sync-core/store';
import { Ok } from '@loft/sync-core';
import type { Signal, SignalReceiver } from './signal-types.js';

/** Stores signals, one for each receiver that subscribes to their type. */
export class Outbox {
  readonly #store: Pick<SyncStore, 'addSignals'>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #receivers: readonly SignalReceiver[];
  /** Increases within this process, so that signals of the same instant keep their order. */
  #lastAt: Instant = 0;

  constructor(store: Pick<SyncStore, 'addSignals'>, clock: Pick<Clock, 'now'>, receivers: readonly SignalReceiver[]) {
    this.#store = store;
    this.#clock = clock;
    this.#receivers = receivers;
  }

  /** Stores signals. After Ok they are in the outbox, and are delivered even if the process ends. */
  async add(
    signals: readonly Signal[],
    receivers: readonly SignalReceiver[] = this.#receivers,
  ): Promise<Result<void, SyncError>> {
    const addressed = signals.flatMap(({ data, key, subject, type }): readonly OutgoingSignal[] => {
      const at = Math.max(this.#clock.now(), this.#lastAt + 1);
      this.#lastAt = at;
      const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
      return receivers
        .filter(({ types }) => types === null || types.includes(type))
        .map(({ id: receiver }) => ({
          id: `${receiver}.${key}`,
          receiver,
          subject,
          type,
          at,
          body,
          state: 'waiting',
          attempts: 0,
          dueAt: this.#clock.now(),
          problem: null,
        }));
    });
    return addressed.length === 0 ? Ok(undefined) : this.#store.addSignals(addressed);
  }
}
