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
      const options = { host: '127.0.0.1', port, method, path, headers, timeout: ANSWER_TIMEOUT_MS };
      const onward = request(options, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('timeout', () => onward.destroy());
      onward.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(503).end()));
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
