import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { ChannelNotification } from '@loft/sync-core';

export interface ReceivedNotification {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A webhook: receives notifications and answers with the given status. */
export interface NotificationSink {
  readonly address: string;
  readonly received: readonly ReceivedNotification[];
  /** Statuses of the next answers; 204 after them. */
  answer(...statuses: number[]): void;
  close(): Promise<void>;
}

export async function startNotificationSink(): Promise<NotificationSink> {
  const received: ReceivedNotification[] = [];
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (typeof bound !== 'object' || bound === null) throw new Error('the sink does not listen');
  return {
    address: `http://127.0.0.1:${bound.port}/webhook/gcal`,
    received,
    answer: (...next) => statuses.push(...next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The fields of a notification that the engine receives. */
export function asNotification({ headers }: ReceivedNotification): ChannelNotification {
  const header = (name: string): string => String(headers[name] ?? '');
  return {
    channelId: header('x-goog-channel-id'),
    token: header('x-goog-channel-token'),
    resourceId: header('x-goog-resource-id'),
    resourceState: header('x-goog-resource-state'),
  };
}
