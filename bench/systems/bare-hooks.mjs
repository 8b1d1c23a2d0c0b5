import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('bare-hooks-process.mjs', import.meta.url));

/** Starts a bare Koa process that accepts hints and notifications, authenticates them, and does nothing else. */
export async function startBareHooks() {
  const child = fork(PROGRAM, [], { execArgv: [] });
  const [address] = await once(child, 'message');
  const ended = once(child, 'exit');
  return {
    port: /** @type {{ port: number }} */ (address).port,
    close: async () => {
      child.disconnect();
      await ended;
    },
  };
}
