import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An address that stands before the service and passes everything on: the service can be told its public address before
 * it has a port, and keep it over a restart.
 */
export class PublicAddress {
  /** Where to pass requests on to; 503 while nobody is there. */
  target: number | null = null;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      if (this.target === null) {
        outgoing.writeHead(503).end();
        return;
      }
      const { method, headers, url: path } = incoming;
      const onward = request({ host: '127.0.0.1', port: this.target, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.writeHead(503).end());
      incoming.pipe(onward);
    });
  }

  static async open(): Promise<PublicAddress> {
    const address = new PublicAddress();
    await new Promise<void>((resolve) => {
      address.#server.listen(0, '127.0.0.1', resolve);
    });
    return address;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}
