import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server for one test, with its number of connections. */
export class RawServer {
  connections = 0;
  readonly #server: Server;

  private constructor(listener: RequestListener) {
    this.#server = createServer(listener);
    this.#server.on('connection', () => this.connections++);
  }

  static async open(listener: RequestListener): Promise<RawServer> {
    const server = new RawServer(listener);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
