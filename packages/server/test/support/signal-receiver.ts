import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A signal whose signature the library has verified. */
export interface ReceivedSignal {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the receiver does with a request: accept it, answer a status, or never answer. */
type Manner = 'accept' | 'hang' | number;

/** The webhook of another program. It verifies every signal with the library of the convention, as docs/signals.md says. */
export class SignalReceiver {
  static readonly secret = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;

  manner: Manner = 'accept';
  /** Number of requests that did not verify. */
  forged = 0;
  attempts = 0;
  readonly #received: ReceivedSignal[] = [];
  readonly #webhook = new Webhook(SignalReceiver.secret);
  readonly #now: () => number;
  #server: Server | null = null;
  #port = 0;

  /** @param now the clock by which a signal is fresh or a replay */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Listens: at the same port as before, after `close`. */
  async open(): Promise<this> {
    const server = createServer((request, response) => void this.#receive(request, response));
    await new Promise<void>((resolve) => {
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    return this;
  }

  /** Ends all connections and refuses new ones. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** For the settings file. */
  settings(more: object = {}): object {
    return { url: `http://127.0.0.1:${this.#port}/`, secretEnv: 'SIGNAL_SECRET', ...more };
  }

  /** The accepted signals in their order. A repeated one counts once: its id is the same. */
  get signals(): readonly ReceivedSignal[] {
    return this.#received.filter(({ id }, index) => this.#received.findIndex((one) => one.id === id) === index);
  }

  /** The accepted types about one appointment. */
  typesOf(appointmentId: string): readonly string[] {
    return this.signals.filter(({ data }) => data['appointmentId'] === appointmentId).map(({ type }) => type);
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.attempts++;
    const manner = this.manner;
    if (manner === 'hang') return;
    const signal = this.#verified(body, request.headers as Record<string, string>);
    if (signal === null) this.forged++;
    else if (manner === 'accept') this.#received.push(signal);
    response.writeHead(signal === null ? 400 : manner === 'accept' ? 204 : manner).end();
  }

  #verified(body: string, headers: Record<string, string>): ReceivedSignal | null {
    const systemNow = Date.now;
    const now = this.#now();
    // The library reads no other clock.
    Date.now = () => now;
    try {
      const signal = this.#webhook.verify(body, headers) as Omit<ReceivedSignal, 'id'>;
      return { ...signal, id: headers['webhook-id'] ?? '' };
    } catch {
      return null;
    } finally {
      Date.now = systemNow;
    }
  }
}
