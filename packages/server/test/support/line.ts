import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Connection {
  readonly near: Socket;
  readonly far: Socket;
}

/** A TCP proxy that can fail: it passes all data on to a server until it is cut or stalled. */
export class Line {
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  #state: 'open' | 'stalled' | 'cut' = 'open';

  private constructor(to: { readonly host: string; readonly port: number }) {
    this.#server = createServer((near) => {
      if (this.#state === 'cut') {
        near.destroy();
        return;
      }
      const connection = { near, far: createConnection(to) };
      this.#connections.add(connection);
      this.#join(connection);
    });
  }

  static async open(to: { readonly host: string; readonly port: number }): Promise<Line> {
    const line = new Line(to);
    await new Promise<void>((resolve) => {
      line.#server.listen(0, '127.0.0.1', resolve);
    });
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Passes no data from now on, and keeps connections open, as if the remote machine had stopped. */
  stall(): void {
    this.#state = 'stalled';
    for (const { near, far } of this.#connections) for (const socket of [near, far]) socket.unpipe().pause();
  }

  /** Closes all connections, and refuses new ones from now on. */
  cut(): void {
    this.#state = 'cut';
    for (const { near, far } of this.#connections) for (const socket of [near, far]) socket.destroy();
  }

  mend(): void {
    const stalled = this.#state === 'stalled';
    this.#state = 'open';
    if (stalled) for (const connection of this.#connections) this.#flow(connection);
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #join(connection: Connection): void {
    const { near, far } = connection;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.once('close', () => {
        this.#connections.delete(connection);
        other.destroy();
      });
    }
    if (this.#state === 'open') this.#flow(connection);
  }

  #flow({ near, far }: Connection): void {
    near.pipe(far);
    far.pipe(near);
  }
}
