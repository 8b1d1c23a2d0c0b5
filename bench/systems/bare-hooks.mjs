import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('bare-hooks-process.mjs', import.meta.url));

/** Starts a bare Koa process that takes hints and notifications, checks who they are from, and does nothing about them. */
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
