import { DAY, MINUTE, SECOND, type Clock } from '@loft/sync-core';
import type { SyncStore, OutgoingSignal } from '@loft/sync-core/store';
import type { HttpClient } from '@loft/sync-http';
import type { Logger } from 'pino';
import { Webhook } from 'standardwebhooks';
import type { SignalReceiver } from './signal-types.js';

/** Time limit of a receiver's answer, in ms. */
const TIMEOUT_MS: number = 10 * SECOND;

/** Maximum age of a signal, in ms; after that it is abandoned. */
const GIVE_UP_MS: number = 3 * DAY;

/** Delays between the attempts of one signal, in ms. */
const FIRST_PAUSE_MS: number = 2 * SECOND;
const LONGEST_PAUSE_MS: number = 10 * MINUTE;

/** Maximum concurrent requests to one receiver. There is at most one for each subject. */
const CONCURRENCY = 4;

/** Signals read from the store in one call. */
const BATCH = 500;

/** The parts of a deliverer. */
export interface DelivererParts {
  readonly store: Pick<SyncStore, 'acquireLease' | 'listSignals' | 'putSignal' | 'releaseLease'>;
  readonly clock: Clock;
  readonly http: Pick<HttpClient, 'send'>;
  readonly log: Logger;
  /** Name of this replica. */
  readonly owner: string;
}

/**
 * Delivers the signals of one receiver at least once, in order for each subject: a later one waits until the earlier
 * one was accepted or abandoned. One replica at a time delivers (lease). A receiver that is down delays no other.
 */
export class Deliverer {
  readonly #receiver: SignalReceiver;
  readonly #parts: DelivererParts;
  readonly #webhook: Webhook;
  #running: Promise<void> | null = null;

  constructor(receiver: SignalReceiver, parts: DelivererParts) {
    this.#receiver = receiver;
    this.#parts = parts;
    this.#webhook = new Webhook(receiver.secret);
  }

  /** Sends the due signals. A call during a run joins that run. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    const { clock, store } = this.#parts;
    const heads = await this.#due();
    if (heads.length === 0) return;
    const until = clock.now() + MINUTE;
    const lease = { name: `signals/${this.#receiver.id}`, owner: this.#parts.owner, until };
    const ours = await store.acquireLease(lease, clock.now());
    if (ours.err || !ours.val) return;
    // Read again, because the replica with the previous lease may have sent some of them.
    const queue = [...(await this.#due())];
    const send = async (): Promise<void> => {
      // A request that could outlast the lease waits for the next run, because another replica may deliver by then.
      while (clock.now() < until - TIMEOUT_MS) {
        const head = queue.shift();
        if (!head) return;
        await this.#send(head);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, send));
  }

  /** @returns the first waiting signal of each subject, if it is due */
  async #due(): Promise<readonly OutgoingSignal[]> {
    const { clock, store } = this.#parts;
    const waiting = await store.listSignals({ receiver: this.#receiver.id, state: 'waiting', limit: BATCH });
    if (waiting.err) return [];
    const heads = new Map<string, OutgoingSignal>();
    for (const signal of waiting.val) if (!heads.has(signal.subject)) heads.set(signal.subject, signal);
    return [...heads.values()].filter(({ dueAt }) => dueAt <= clock.now());
  }

  async #send(signal: OutgoingSignal): Promise<void> {
    const { clock, log, store } = this.#parts;
    const problem = await this.#post(signal);
    const attempts = signal.attempts + 1;
    const now = clock.now();
    if (problem === null) {
      await store.putSignal({ ...signal, state: 'delivered', attempts, problem: null });
      return;
    }
    const isOver = now - signal.at >= GIVE_UP_MS;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20));
    const dueAt = now + pause * (0.5 + Math.random() / 2);
    await store.putSignal({ ...signal, state: isOver ? 'dead' : 'waiting', attempts, dueAt, problem });
    const fields = { signal: signal.type, subject: signal.subject, receiver: this.#receiver.id, attempts, problem };
    if (isOver) log.error(fields, 'a signal was abandoned');
    else log[attempts === 1 ? 'warn' : 'debug'](fields, 'a signal was not accepted and will be retried');
  }

  /** @returns null if the receiver accepted the signal; else the reason, without the address, which may be a secret */
  async #post({ body, id }: OutgoingSignal): Promise<string | null> {
    // The signature has the time of the attempt: receivers refuse an old one as a replay.
    const sentAt = new Date(this.#parts.clock.now());
    try {
      const answer = await this.#parts.http.send({
        url: this.#receiver.url,
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
          'webhook-signature': this.#webhook.sign(id, sentAt, body),
        },
        body,
        deadline: performance.now() + TIMEOUT_MS,
      });
      return answer.status >= 200 && answer.status < 300 ? null : `it answered ${answer.status}`;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no connection';
      return `it could not be reached (${code})`;
    }
  }
}
