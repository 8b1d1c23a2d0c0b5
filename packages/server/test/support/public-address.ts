import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As load balancers do, it gives up on one that does not answer. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * An address that stands before the service and passes everything on: the service can be told its public address before
 * it has a port, and keep it over a restart.
 */
export class PublicAddress {
  /** Ports to pass requests on to, in turn; 503 while there is none. */
  targets: readonly number[] = [];
  readonly #server: Server;
  #turn = 0;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      const port = this.targets[this.#turn++ % this.targets.length];
      if (port === undefined) {
        outgoing.writeHead(503).end();
        return;
      }
      const { method, headers, url: path } = incoming;
      // A connection of its own for each: one that was kept might be ended by the service just as it is used again.
      const own = { agent: false, headers: { ...headers, connection: 'close' } };
      const options = { host: '127.0.0.1', port, method, path, timeout: ANSWER_TIMEOUT_MS, ...own };
      const onward = request(options, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('timeout', () => onward.destroy());
      onward.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(503).end()));
      incoming.pipe(onward);
    });
    // Longer than any client keeps an idle connection, so that it is never this side that ends one just in use.
    this.#server.keepAliveTimeout = 60_000;
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
