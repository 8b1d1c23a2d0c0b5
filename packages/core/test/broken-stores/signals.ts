import { Ok, type Instant } from '@loft/sync-core';
import type { OutgoingSignal, SignalQuery, StoreResult } from '@loft/sync-core/store';
import { Breakable, type BrokenStores } from './breakable.js';

/** Stores that go wrong about the outbox of signals. */
export const brokenSignals: BrokenStores = {
  'a second signal with the same id replaces the first': class extends Breakable {
    override async addSignals(signals: readonly OutgoingSignal[]): StoreResult<void> {
      for (const signal of signals) this.data.signals.set(signal.id, signal);
      return Ok.EMPTY;
    }
  },
  'signals are listed in the order of their arrival': class extends Breakable {
    override async listSignals(query: SignalQuery): StoreResult<readonly OutgoingSignal[]> {
      const found = (await super.listSignals(query)).unwrap();
      return Ok([...this.data.signals.values()].filter((signal) => found.includes(signal)));
    }
  },
  'signals of all receivers are listed': class extends Breakable {
    override async listSignals({ receiver: _any, ...query }: SignalQuery): StoreResult<readonly OutgoingSignal[]> {
      return super.listSignals(query);
    }
  },
  'signals in any state are listed': class extends Breakable {
    override async listSignals({ state: _any, ...query }: SignalQuery): StoreResult<readonly OutgoingSignal[]> {
      return super.listSignals(query);
    }
  },
  'every page of signals starts at the first signal': class extends Breakable {
    override async listSignals({ after: _any, ...query }: SignalQuery): StoreResult<readonly OutgoingSignal[]> {
      return super.listSignals(query);
    }
  },
  'a change of a signal is not stored': class extends Breakable {
    override async putSignal(): StoreResult<void> {
      return Ok.EMPTY;
    }
  },
  'waiting signals are removed when they are old': class extends Breakable {
    override async forgetSignals(before: Instant): StoreResult<void> {
      for (const { id, at } of this.data.signals.values()) if (at < before) this.data.signals.delete(id);
      return Ok.EMPTY;
    }
  },
  'old signals are never removed': class extends Breakable {
    override async forgetSignals(): StoreResult<void> {
      return Ok.EMPTY;
    }
  },
};
