/* oxlint-disable typescript/only-throw-error, typescript/prefer-promise-reject-errors, unicorn/no-thenable -- adapters may throw anything */
/**
 * A host's program with rarer mistakes than those of `run-probes.ts`: of its observers, of its settings, of the order of
 * its calls. It prints a line for each and has to live.
 */
import { createSyncEngine, Ok, type SyncEngine, type SyncEngineOptions, type SyncEvent } from '@loft/sync-core';
import {
  BAYS,
  broken,
  engineOf,
  frozen,
  HALF,
  inTime,
  live,
  runProbes,
  settings,
  without,
  world,
} from './probe-world.js';

function faultsOf(change: object): string {
  const made = createSyncEngine(world(change));
  return made.err ? made.val.map(({ where }) => where).join(', ') : 'made';
}

/** The notices of an engine with an observer. */
async function noticesWith(onEvent: (event: SyncEvent, engine: SyncEngine) => unknown): Promise<string> {
  const notices: string[] = [];
  const holder: { engine?: SyncEngine } = {};
  const given = world({
    observers: [
      { onEvent: (event: SyncEvent) => (holder.engine ? onEvent(event, holder.engine) : undefined) },
      { onEvent: (event: SyncEvent) => void (event.type === 'notice' && notices.push(event.message)) },
    ],
  });
  const engine = engineOf(given);
  holder.engine = engine;
  await live(given, engine);
  const stopped = (await inTime(engine.stop(), 'does not stop')) ?? 'stops';
  const mirrored = given.calendars.events(BAYS[0]?.calendarId ?? '').length > 0 ? 'mirrors' : 'mirrors nothing';
  return `${mirrored}, ${stopped}, ${notices.filter((it) => it.startsWith('an observer')).length} reported`;
}

const throwing = (name: string): object => ({
  get [name](): unknown {
    throw new Error('out of order');
  },
});

const probes: Record<string, () => Promise<string> | string> = {
  'observer: rejects': () => noticesWith(() => Promise.reject(new Error('out of order'))),
  'observer: rejects with an object without a text': () => noticesWith(() => Promise.reject(without())),
  'observer: throws an object without a text': () =>
    noticesWith(() => {
      throw without();
    }),
  'observer: answers a promise of its own kind that rejects': () =>
    noticesWith(() => ({
      then: (_: unknown, reject: (reason: unknown) => void) => reject(without()),
    })),
  'observer: stops the engine': () =>
    noticesWith((event, engine) => (event.type === 'action' ? void engine.stop() : undefined)),
  'observer: waits for the stop': () =>
    noticesWith((event, engine) => (event.type === 'action' ? engine.stop() : undefined)),
  'observer: calls the engine': () =>
    noticesWith((event, engine) => (event.type === 'action' ? engine.syncNow() : undefined)),

  'ports: frozen objects': async () => {
    const given = world();
    const { bookings, calendars, store, clock } = given;
    const ports = { bookings: frozen(bookings), calendars: frozen(calendars), store: frozen(store) };
    const engine = engineOf({ ...given, ...ports, clock: Object.freeze(clock), settings: Object.freeze(settings) });
    await live(given, engine);
    const stopped = (await inTime(engine.stop(), 'does not stop')) ?? 'stops';
    return `${calendars.events(BAYS[0]?.calendarId ?? '').length > 0 ? 'mirrors' : 'mirrors nothing'}, ${stopped}`;
  },

  'options: none': () => {
    const made = createSyncEngine(undefined as never);
    return made.err ? made.val.map(({ where }) => where).join(', ') : 'made';
  },
  'options: a field that throws': () => faultsOfObject(throwing('bookings')),
  'options: settings that throw': () => faultsOf({ settings: throwing('timeZone') }),
  'options: a bay that throws': () => faultsOf({ settings: { ...settings, bays: [throwing('name')] } }),
  'options: a method that throws when it is read': () => faultsOf({ calendars: throwing('listEvents') }),
  'options: supports that throws': () =>
    faultsOf({ calendars: Object.assign(world().calendars, {}), bookings: throwing('supports') }),
  'options: a circular zone': () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    return faultsOf({ settings: { ...settings, timeZone: circle } });
  },
  'options: a big integer': () =>
    faultsOf({ settings: { ...settings, uschedule: { ...settings.uschedule, pollSeconds: 5n } } }),
  'options: an unknown zone': () => faultsOf({ settings: { ...settings, timeZone: 'America/Phoenixx' } }),
  'options: observers that are no list': () => faultsOf({ observers: { onEvent: () => {} } }),
  'options: a bay without a unit': () =>
    faultsOf({ settings: { ...settings, bays: [{ ...BAYS[0], resourceUnitId: Number.NaN }] } }),
  'options: a clock without hands': () => faultsOf({ clock: { now: () => Number.NaN } }),
  'options: a random that is no function': () => faultsOf({ random: 0.5 }),
  'options: concurrency': () =>
    ['0', 'NaN', 'Infinity', '1.5'].map((it) => faultsOf({ concurrency: Number(it) })).join(', '),
  'options: a lease': () => ['0', 'NaN', 'Infinity'].map((it) => faultsOf({ leaseMs: Number(it) })).join(', '),

  'order: start twice': async () => {
    const given = world();
    const engine = engineOf(given);
    const started = await Promise.all([engine.start(), engine.start()]);
    await live(given, engine);
    const stopped = (await inTime(engine.stop(), 'does not stop')) ?? 'stops';
    const inserts = new Set(given.calendars.events(BAYS[0]?.calendarId ?? '').map(({ marks }) => marks.appointmentId));
    return `${started.map(({ ok }) => ok).join(' ')}, ${inserts.size} events, ${stopped}`;
  },
  'order: stop twice': async () => {
    const given = world();
    const engine = engineOf(given);
    await live(given, engine);
    const both = Promise.all([engine.stop(), engine.stop()]).then(() => 'both');
    await inTime(both, 'does not stop');
    return inTime(
      engine.stop().then(() => 'a third time, too'),
      'does not stop',
    );
  },
  'order: stop before start': async () => {
    const engine = engineOf(world());
    await inTime(engine.stop(), 'does not stop');
    const started = await engine.start();
    return started.err ? started.val.message : 'started';
  },
  'order: stop during start': async () => {
    const engine = engineOf(world());
    const starting = engine.start();
    const stopped = await inTime(
      engine.stop().then(() => 'stops'),
      'does not stop',
    );
    await starting;
    const { running } = (await engine.status()).unwrap();
    return `${stopped}, ${running ? 'runs' : 'does not run'}`;
  },
  'order: start after stop': async () => {
    const engine = engineOf(world());
    await engine.start();
    await engine.stop();
    const again = await engine.start();
    return again.err ? `${again.val.kind}: ${again.val.message}` : 'started';
  },
  'order: calls after stop': async () => {
    const engine = engineOf(world());
    await engine.start();
    await engine.stop();
    const hinted = await inTime(engine.hint('700001'), 'hangs');
    const ticked = await inTime(engine.tick(), 'hangs');
    await inTime(engine.syncNow(), 'hangs');
    return `${typeof hinted}, ${typeof ticked}`;
  },
  'store: no method ever answers': async () => {
    const given = world();
    const silent = new Proxy(given.store, {
      get: (target, name): unknown => {
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? () => new Promise(() => {}) : member;
      },
    });
    const engine = engineOf({ ...given, store: silent });
    await inTime(live(given, engine), 'hangs');
    const { ready, reasons } = (await engine.readiness()) as { ready: boolean; reasons: readonly string[] };
    const stopped = (await inTime(engine.stop(), 'does not stop')) ?? 'stops';
    return `${ready ? 'ready' : 'not ready'}, ${reasons[0] ?? 'no reason'}, ${stopped}`;
  },
};

probes['store: a record of which most is missing'] = async () => {
  const said: string[] = [];
  const onEvent = (event: SyncEvent): void => {
    if ('error' in event && event.error) said.push(event.error.message);
    if (event.type === 'notice') said.push(event.message);
  };
  const given = world({ observers: [{ onEvent }] });
  const engine = engineOf({ ...given, store: broken(given.store, 'getMap', async () => Ok(HALF)) });
  await live(given, engine);
  const stopped = (await inTime(engine.stop(), 'does not stop')) ?? 'stops';
  return `${said.find((message) => message.includes('bug')) ?? 'nothing said'}, ${stopped}`;
};

function faultsOfObject(options: object): string {
  const made = createSyncEngine(options as SyncEngineOptions);
  return made.err ? made.val.map(({ where }) => where).join(', ') : 'made';
}

for (const [group, values] of Object.entries(settings)) {
  if (typeof values !== 'object' || Array.isArray(values)) continue;
  for (const [name, usual] of Object.entries(values as Record<string, unknown>)) {
    if (typeof usual !== 'number') continue;
    probes[`number: ${group}.${name}`] = () =>
      [Number.NaN, Infinity, -Infinity, -1]
        .map((value) => faultsOf({ settings: { ...settings, [group]: { ...(values as object), [name]: value } } }))
        .join(', ');
  }
}

await runProbes(probes);
