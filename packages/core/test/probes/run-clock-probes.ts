/**
 * A host's program whose clock, random numbers, tokens and rxjs operators fail while an engine runs, and which passes any value to
 * every method. It prints a line for each and has to live.
 */
import { createSyncEngine, Ok, systemClock, type SyncEngineOptions, type SyncEvent } from '@loft/sync-core';
import { filter, map } from 'rxjs';
import { broken, engineOf, inTime, live, runProbes, world } from './probe-world.js';

const CLOCK = systemClock();
const outOfOrder = (): never => {
  throw new Error('out of order');
};

/** Answers as `first`, and after some calls as a broken function. */
function later(fault: () => unknown, calls: number, first: () => unknown = () => CLOCK.now()): () => unknown {
  let count = 0;
  return () => (++count > calls ? fault() : first());
}

interface Watched {
  readonly observers: SyncEngineOptions['observers'];
  readonly notices: readonly string[];
}

function watched(): Watched {
  const notices: string[] = [];
  const onEvent = (event: SyncEvent): void => void (event.type === 'notice' && notices.push(event.message));
  return { observers: [{ onEvent }], notices };
}

/** The faults of options. */
function faultsOf(change: object): string {
  const made = createSyncEngine(world(change));
  return made.err ? made.val.map(({ where, problem }) => `${where} ${problem}`).join(', ') : 'made';
}

/** What an engine reports of a broken clock. */
async function throughClock(change: object): Promise<string> {
  const { observers, notices } = watched();
  const given = world({ clock: { ...CLOCK, ...change }, observers });
  const engine = engineOf(given);
  await live(given, engine);
  const stopped = (await inTime(engine.stop(), 'does not stop')) ?? 'stops';
  return [...notices.filter((it) => it.startsWith('the clock')), stopped].join('; ');
}

const ANY = [undefined, null, 5, '', '__proto__', 'x'.repeat(100_000), '\ud800\0', Symbol('x'), {}, []];
const METHODS = ['hint', 'notify', 'feedStop', 'resumeFeed', 'undoChange', 'mirrorNow', 'decideHeldEdits', 'replay'];

await runProbes({
  'clock: now throws': () => throughClock({ now: later(outOfOrder, 100) }),
  'clock: now answers nothing': () => throughClock({ now: later(() => undefined, 100) }),
  'clock: setTimer throws': () => throughClock({ setTimer: outOfOrder }),
  'clock: setTimer answers no function': async () => {
    const cancels: (() => void)[] = [];
    const setTimer = (ms: number, fire: () => void): void => void cancels.push(CLOCK.setTimer(ms, fire));
    const reported = await throughClock({ setTimer });
    // These timers would keep the process alive.
    for (const cancel of cancels) cancel();
    return reported;
  },
  'clock: the cancel function throws': () =>
    throughClock({
      setTimer: (ms: number, fire: () => void) => {
        const cancel = CLOCK.setTimer(ms, fire);
        return () => {
          cancel();
          outOfOrder();
        };
      },
    }),

  'random: throws, answers nothing, answers no number': async () => {
    const owners = new Set<string>();
    for (const random of [outOfOrder, () => undefined, () => Number.NaN, () => 'x']) {
      const given = world({ random });
      const claimTasks = async ({ owner }: { readonly owner: string }): Promise<unknown> => {
        owners.add(owner);
        return Ok([]);
      };
      const engine = engineOf({ ...given, store: broken(given.store, 'claimTasks', claimTasks as () => unknown) });
      await live(given, engine);
      await engine.stop();
    }
    return `${owners.size} names`;
  },

  'push: the function of the tokens fails later': async () => {
    const tokenOf = later(outOfOrder, 1, () => 'a token');
    const given = world({ push: { address: 'https://sync.example/webhook', tokenOf } });
    const engine = engineOf(given);
    await live(given, engine);
    const notified = await engine.notify({ channelId: 'c', token: 't' } as never);
    const { warnings } = await engine.readiness();
    const stopped = (await inTime(engine.stop(), 'does not stop')) ?? 'stops';
    return `${notified.err ? notified.val.message : 'ok'}; ${warnings[0] ?? 'no warning'}; ${stopped}`;
  },

  'call: of any method with any value': async () => {
    const engine = engineOf(world());
    await engine.start();
    const faults: string[] = [];
    for (const method of METHODS) {
      const call = Reflect.get(engine, method) as (...args: readonly unknown[]) => Promise<unknown>;
      for (const value of ANY) {
        const called = Promise.resolve()
          .then(() => Reflect.apply(call, engine, [value, value, value]))
          .then(
            () => '',
            (thrown: unknown) => `${method} threw ${String(thrown)}`,
          );
        faults.push(await inTime(called, `${method} hangs`));
      }
    }
    await engine.stop();
    return faults.filter((fault) => fault !== '').join('; ') || 'no throw';
  },

  'events: operators and consumers behind operators that throw': async () => {
    const { observers, notices } = watched();
    const given = world({ observers });
    const running = engineOf(given);
    const heard: unknown[] = [];
    let delivered = 0;
    running.events.pipe(map(outOfOrder)).subscribe();
    running.events.pipe(map(outOfOrder)).subscribe({ error: (thrown) => void heard.push(thrown) });
    running.events.pipe(filter(() => true)).subscribe(outOfOrder);
    running.events.pipe(map(({ type }) => type)).subscribe(() => void delivered++);
    await live(given, running);
    await running.stop();
    const reported = notices.filter((message) => message.startsWith('an observer'));
    const others = delivered > 10 ? 'others are served' : 'no others';
    return `${reported.length} reported, ${heard.length} handled, ${others}`;
  },

  'options: push of null': () => faultsOf({ push: null }),
  'options: a clock that throws': () => faultsOf({ clock: { ...CLOCK, now: outOfOrder } }),
  'options: a clock of dates': () => faultsOf({ clock: { ...CLOCK, now: () => new Date() } }),
});
