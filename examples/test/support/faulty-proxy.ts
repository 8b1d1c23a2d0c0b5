import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer that replaces the server's. */
export interface FaultyAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * What happens to a request.
 *
 * - an answer: nothing reaches the server.
 * - `hang`: nothing reaches the server, and no answer comes.
 * - `cut`: nothing reaches the server, and the connection ends.
 * - `lose-answer`: the server does it, and the connection ends before the answer.
 * - `half`: the server does it, and the answer arrives up to its middle, with a fitting length.
 * - `cut-in-body`: the same, with the whole length announced, and the connection ends.
 * - a function: changes the body of the server's answer.
 */
export type Fault = FaultyAnswer | 'hang' | 'cut' | 'lose-answer' | 'half' | 'cut-in-body' | ((body: string) => string);

/** A proxy in front of a server, with faults that a test injects. */
export class FaultyProxy {
  readonly #target: URL;
  readonly #server: Server;
  /** Chooses the fault of a request; null: none. */
  choose: (method: string, path: string) => Fault | null = () => null;
  /** Number of faults so far. */
  faults = 0;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  static async open(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(new URL(target));
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  /** The address of the target, through the proxy. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#target.pathname}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fault = this.choose(method, url);
    if (fault !== null) this.faults++;
    if (fault === 'hang') return;
    if (fault === 'cut') return void response.destroy();
    if (fault !== null && typeof fault === 'object') {
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    const sent = Object.entries(headers).filter(
      ([name]) => !/^(host|connection|content-length|transfer-encoding)$/.test(name),
    );
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
    const answer = await fetch(new URL(url, this.#target), {
      method,
      headers: sent.map(([name, value]): [string, string] => [name, String(value)]),
      redirect: 'manual',
      ...body,
    });
    const text = await answer.text();
    if (fault === 'lose-answer') return void response.destroy();
    const kept = [...answer.headers].filter(
      ([name]) => !/^(connection|content-length|content-encoding|transfer-encoding)$/.test(name),
    );
    response.writeHead(answer.status, Object.fromEntries(kept));
    if (typeof fault === 'function') response.end(fault(text));
    else if (fault === 'half') response.end(text.slice(0, text.length / 2));
    else if (fault === 'cut-in-body') response.write(text.slice(0, text.length / 2), () => response.destroy());
    else response.end(text);
  }
}
