import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('simulators-process.mjs', import.meta.url));

/**
 * The values that the simulators' process sent at its start, and the call for its commands.
 *
 * @typedef {object} Simulators
 * @property {readonly string[]} calendarIds One for each bay.
 * @property {string} bareCalendarId
 * @property {number} bareUnit
 * @property {readonly number[]} units One for each bay.
 * @property {string} googleRootUrl
 * @property {string} serviceAccountKey
 * @property {string} accessToken
 * @property {import('@loft/sync-uschedule/simulator').SimulatorConnection} uschedule
 * @property {(command: string, ...args: readonly unknown[]) => Promise<any>} ask A command of simulators-process.mjs.
 * @property {() => Promise<void>} close
 */

/** Starts both simulators in a separate process. @param {{ bays: number }} options @returns {Promise<Simulators>} */
export async function startSimulators(options) {
  const child = fork(PROGRAM, [JSON.stringify(options)], { serialization: 'advanced', execArgv: [] });
  const [started] = await once(child, 'message');
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let nextId = 0;
  child.on('message', (message) => {
    const { id, value, error } = /** @type {{ id: number, value?: unknown, error?: string }} */ (message);
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) waiter?.resolve(value);
    else waiter?.reject(new Error(error));
  });
  const ended = once(child, 'exit');
  return {
    ...started,
    ask: (command, ...args) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        child.send({ id, command, args });
      }),
    close: async () => {
      child.disconnect();
      await ended;
    },
  };
}
