/* oxlint-disable typescript/only-throw-error, typescript/prefer-promise-reject-errors, unicorn/no-thenable -- adapters may throw anything */
/**
 * A host's program whose ports do something else than their work, in every method of every port. It prints a line for each
 * fault and has to live.
 */
import { Err, Ok } from '@loft/sync-core';
import { broken, engineOf, HALF, inTime, live, runProbes, secretive, without, world } from './probe-world.js';

/** What a method of a port does instead of its work. */
const FAULTS: Readonly<Record<string, () => unknown>> = {
  'throws an object without a text': () => {
    throw without();
  },
  'rejects with nothing': () => Promise.reject(undefined),
  'rejects with an object without a text': () => Promise.reject(without()),
  'never answers': () => new Promise(() => {}),
  'answers nothing': () => undefined,
  'answers an error of nothing': async () => Err(undefined),
  'answers an error that is a text': async () => Err('out of order'),
  'answers an object whose fields throw': async () => Ok(secretive()),
  'answers a Result whose fields throw': async () => secretive(),
  'answers a text': async () => Ok('nonsense'),
  'answers an empty record': async () => Ok({}),
  'answers a list of nothing': async () => Ok([null]),
  'answers a record of which most is missing': async () => Ok(HALF),
  'answers a list of records of which most is missing': async () => Ok([HALF]),
  'answers a promise of its own kind that throws': () => ({
    then: () => {
      throw without();
    },
  }),
};

/** The names of the methods of a port, its own and those of its classes. */
function methodsOf(port: object): readonly string[] {
  const names = new Set<string>();
  for (let level = port; level !== Object.prototype; level = Object.getPrototypeOf(level) as object) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (name !== 'constructor' && typeof Reflect.get(port, name) === 'function') names.add(name);
    }
  }
  return [...names];
}

const PORTS = ['bookings', 'calendars', 'store'] as const;

async function survives(port: (typeof PORTS)[number], method: string, instead: () => unknown): Promise<string> {
  const given = world();
  const engine = engineOf({ ...given, [port]: broken(given[port], method, instead) });
  await inTime(live(given, engine), 'hangs');
  return (await inTime(engine.stop(), 'does not stop')) ?? 'stops';
}

const probes: Record<string, () => Promise<string>> = {};
for (const port of PORTS) {
  for (const method of methodsOf(world()[port])) {
    for (const [how, instead] of Object.entries(FAULTS)) {
      probes[`${port}.${method} ${how}`] = () => survives(port, method, instead);
    }
  }
}

await runProbes(probes);
