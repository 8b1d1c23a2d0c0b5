import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { AdminClient } from '../cli/client/admin-client.js';

/** Reports whether Google's `sync` message of a channel arrives at the public address. */
export interface SyncMessages {
  /** The listener, as a person calls it. */
  readonly by: string;
  /** Waits for the message of a channel. @returns false if it did not arrive in time */
  arrives(channelId: string, token: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Maximum wait for a message, in ms. */
export const SYNC_WAIT_MS = 15_000;

const LOOK_EVERY_MS = 200;

async function within(waitMs: number, holds: () => Promise<boolean> | boolean): Promise<boolean> {
  const until = performance.now() + waitMs;
  for (;;) {
    if (await holds()) return true;
    if (performance.now() >= until) return false;
    await pause(LOOK_EVERY_MS);
  }
}

/** Maximum wait after one message was missing, in ms, so that the check ends soon. */
function shrinkingWait(waitMs: number): (arrived: boolean) => number {
  let wait = waitMs;
  return (arrived) => (wait = arrived ? waitMs : Math.min(wait, 1000));
}

/** Asks the running service, which records the messages of the doctor's channels in `/admin/status`. */
function throughService(client: AdminClient, waitMs: number): SyncMessages {
  const next = shrinkingWait(waitMs);
  let wait = waitMs;
  return {
    by: 'the running service',
    arrives: async (channelId) => {
      const arrived = await within(wait, async () => {
        const status = await client.get('/admin/status');
        const heard: unknown = status.ok ? status.value['doctorChannels'] : null;
        return Array.isArray(heard) && heard.includes(channelId);
      });
      wait = next(arrived);
      return arrived;
    },
    close: () => Promise.resolve(),
  };
}

/** Listens on the service's port. @returns null if the port is in use */
async function throughPort(port: number, waitMs: number): Promise<SyncMessages | null> {
  const heard = new Set<string>();
  const server = createServer((request, response) => {
    const { 'x-goog-channel-id': id, 'x-goog-channel-token': token } = request.headers;
    heard.add(`${String(id)} ${String(token)}`);
    request.resume();
    response.writeHead(204, { Connection: 'close' }).end();
  });
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => resolve(true));
  });
  if (!listens) return null;
  const next = shrinkingWait(waitMs);
  let wait = waitMs;
  return {
    by: `port ${port}`,
    arrives: async (channelId, token) => {
      const arrived = await within(wait, () => heard.has(`${channelId} ${token}`));
      wait = next(arrived);
      return arrived;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Finds a way to receive the messages: the running service, else the service's port.
 *
 * @param client reaches the running service; null without a token for it
 * @param port 0: any free port, which no public address reaches
 * @returns null if there is no way
 */
export async function syncMessages(
  client: AdminClient | null,
  port: number,
  waitMs: number = SYNC_WAIT_MS,
): Promise<SyncMessages | null> {
  const status = client === null ? null : await client.get('/admin/status');
  if (client !== null && status?.ok && Array.isArray(status.value['doctorChannels']))
    return throughService(client, waitMs);
  return port === 0 ? null : throughPort(port, waitMs);
}
