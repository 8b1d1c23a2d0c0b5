import type { OutgoingSignal } from '../../domain/outgoing-signal.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { assertEqual, assertOk } from '../assert.js';
import { handles, type SyncStoreSuiteContext } from './context.js';
import { AWKWARD_TEXT, newSignal, NOW } from './fixtures.js';

/** The outbox: each signal once, in order, kept until it is delivered or given up. */
export function signalSuite({ describe, it, factory }: SyncStoreSuiteContext): void {
  describe('the outbox of signals', () => {
    it('keeps signals whole', async (store) => {
      const full = newSignal('s1', { body: AWKWARD_TEXT, problem: AWKWARD_TEXT, attempts: 3, dueAt: NOW + 5 });
      assertOk(await store.addSignals([]));
      assertOk(await store.addSignals([full]));
      assertEqual(await list(store), [full], 'the signals');
    });

    it('keeps a signal that is added twice once, as it was added first', async (store) => {
      const [one, other] = await handles(store, factory);
      assertOk(await one.addSignals([newSignal('s1', { body: 'first' })]));
      assertOk(await other.addSignals([newSignal('s1', { body: 'second' }), newSignal('s2')]));
      assertEqual(
        (await list(store)).map(({ id, body }) => [id, body]),
        [
          ['s1', 'first'],
          ['s2', '{}'],
        ],
        'ids and bodies',
      );
    });

    it('lists signals by time and id, in pages', async (store) => {
      const signals = [newSignal('c'), newSignal('a', { at: NOW + 1 }), newSignal('b')];
      assertOk(await store.addSignals(signals));
      assertEqual(ids(await list(store)), ['b', 'c', 'a'], 'all');
      assertEqual(ids(assertOk(await store.listSignals({ limit: 2 }))), ['b', 'c'], 'the first page');
      const rest = assertOk(await store.listSignals({ after: { at: NOW, id: 'b' }, limit: 9 }));
      assertEqual(ids(rest), ['c', 'a'], 'the page after the first signal');
    });

    it('lists signals by receiver and state', async (store) => {
      await add(store, newSignal('s1'), newSignal('s2', { receiver: 'door' }), newSignal('s3', { state: 'dead' }));
      assertEqual(ids(assertOk(await store.listSignals({ receiver: 'home' }))), ['s1', 's3'], 'of a receiver');
      assertEqual(ids(assertOk(await store.listSignals({ state: 'waiting' }))), ['s1', 's2'], 'in a state');
      const both = assertOk(await store.listSignals({ receiver: 'home', state: 'dead' }));
      assertEqual(ids(both), ['s3'], 'of a receiver in a state');
    });

    it('replaces a signal by its id', async (store) => {
      await add(store, newSignal('s1'), newSignal('s2'));
      const tried = newSignal('s1', { state: 'delivered', attempts: 1, dueAt: NOW + 9, problem: 'it answered 500' });
      assertOk(await store.putSignal(tried));
      assertEqual(await list(store), [tried, newSignal('s2')], 'the signals');
    });

    it('removes old signals, but none that is waiting', async (store) => {
      await add(
        store,
        newSignal('old-waiting', { at: NOW - 1 }),
        newSignal('old-delivered', { at: NOW - 1, state: 'delivered' }),
        newSignal('old-dead', { at: NOW - 1, state: 'dead' }),
        newSignal('new-delivered', { state: 'delivered' }),
      );
      assertOk(await store.forgetSignals(NOW));
      assertEqual(ids(await list(store)), ['old-waiting', 'new-delivered'], 'what is left');
    });
  });
}

async function add(store: SyncStore, ...signals: readonly OutgoingSignal[]): Promise<void> {
  assertOk(await store.addSignals(signals), 'could not add signals');
}

async function list(store: SyncStore): Promise<readonly OutgoingSignal[]> {
  return assertOk(await store.listSignals({}), 'could not list signals');
}

function ids(signals: readonly OutgoingSignal[]): readonly string[] {
  return signals.map(({ id }) => id);
}
