import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A webhook of the sandbox that receives signals. */
export interface SandboxReceiver {
  readonly url: string;
  /** The secret of the signatures, created for this run. */
  readonly secret: string;
  close(): Promise<void>;
}

/** A received signal, with the fields that the sandbox shows. */
export interface ArrivedSignal {
  readonly type: string;
  readonly data: { readonly customerName?: string; readonly bayName?: string | null };
}

/** Opens a webhook on loopback. It verifies each signal with the library of the convention, and passes it on. */
export async function openSandboxReceiver(onSignal: (signal: ArrivedSignal) => void): Promise<SandboxReceiver> {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const webhook = new Webhook(secret);
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      try {
        onSignal(webhook.verify(body, request.headers as Record<string, string>) as ArrivedSignal);
        response.writeHead(204).end();
      } catch {
        response.writeHead(401).end();
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    secret,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
