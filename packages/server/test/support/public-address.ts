import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Timeout of a request to a replica, as load balancers have one. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * A reverse proxy in front of the service. It gives the service a public address before
 * the service has a port, and keeps the address over a restart.
 */
export class PublicAddress {
  /** Ports that requests are passed to in turn; 503 while there is none. */
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
      // A new connection for each request: the service might close a kept one just when it is reused.
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
    // Longer than clients keep an idle connection, so that this side never closes one that is reused.
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
