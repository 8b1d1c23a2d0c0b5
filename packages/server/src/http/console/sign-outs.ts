import type { Clock, Instant } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import * as z from 'zod';
import type { Session } from './session.js';

/** The record of the store with the ended sessions. It has the form of a feed's state, but belongs to no feed. */
const RECORD = 'console/sign-outs';

const endedSchema = z.record(z.string(), z.number());

type Ended = Readonly<Record<string, Instant>>;

/**
 * The sessions that were signed out before they expired. They are stored until they would have expired, so that a
 * copied cookie is invalid on every replica and after a restart.
 */
export class SignOuts {
  readonly #store: Pick<SyncStore, 'getFeedState' | 'putFeedState'>;
  readonly #clock: Pick<Clock, 'now'>;
  /** The same sessions in memory, for the time in which the store cannot be reached. */
  readonly #ended = new Map<string, Instant>();

  constructor(store: Pick<SyncStore, 'getFeedState' | 'putFeedState'>, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Ends a session. */
  async end({ id, until }: Pick<Session, 'id' | 'until'>): Promise<void> {
    this.#ended.set(id, until);
    // Read again before the write, because another replica may have written.
    for (let attempt = 0; attempt < 3; attempt++) {
      const now = this.#clock.now();
      const stored = await this.#stored();
      if (stored === null || id in stored) return;
      const kept = Object.entries({ ...stored, [id]: until }).filter(([, end]) => end > now);
      const syncToken = JSON.stringify(Object.fromEntries(kept));
      const state = { feed: RECORD, syncToken, tokenParameters: null, stopped: null, resumed: false, savedAt: now };
      await this.#store.putFeedState(state);
    }
  }

  /** Whether a session was signed out. */
  async isEnded(id: string): Promise<boolean> {
    if (this.#ended.has(id)) return true;
    const stored = await this.#stored();
    return stored !== null && id in stored;
  }

  /** @returns null if the store cannot be read */
  async #stored(): Promise<Ended | null> {
    const state = await this.#store.getFeedState(RECORD);
    if (state.err) return null;
    try {
      return endedSchema.parse(JSON.parse(state.val?.syncToken ?? '{}'));
    } catch {
      return {};
    }
  }
}
