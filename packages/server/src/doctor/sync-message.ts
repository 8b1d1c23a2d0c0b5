import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { AdminClient } from '../cli/client/admin-client.js';

/** Tells whether Google's `sync` message of a channel arrives at the public address. */
export interface SyncMessages {
  /** Who waits for them, for a person. */
  readonly by: string;
  /** Waits for the message of a channel. false: it did not arrive in time. */
  arrives(channelId: string, token: string): Promise<boolean>;
  close(): Promise<void>;
}

/** How long a message may take, in ms. */
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

/** After one message that did not arrive, the next ones are given less time, so that the check ends. */
function shrinkingWait(waitMs: number): (arrived: boolean) => number {
  let wait = waitMs;
  return (arrived) => (wait = arrived ? waitMs : Math.min(wait, 1000));
}

/** The running service remembers the messages of the doctor's channels, and says so in `/admin/status`. */
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

/** Listens on the service's port itself. null: the port cannot be had. */
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
 * Finds a way to see the messages: the running service, else the port that it would listen on.
 *
 * @param client reaches the running service; null without a token for it
 * @param port 0: any, which no public address leads to
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
