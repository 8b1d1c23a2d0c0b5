import {
  createServer,
  request as sendRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A request to the proxy. */
export interface ProxiedRequest {
  readonly manner: 'tunnel' | 'forward';
  /** `host:port`. */
  readonly target: string;
  /** The credentials of the request. */
  readonly login: string | null;
}

/** A company's forward proxy: tunnels by CONNECT, and forwards requests in absolute form. */
export class ForwardProxy {
  readonly requests: ProxiedRequest[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Requests without this login are answered 407. null: no login is required. */
  #login: string | null = null;

  private constructor() {
    this.#server = createServer((request, response) => this.#forward(request, response));
    this.#server.on('connect', (request, socket, head) => this.#tunnel(request, socket as Socket, head));
    this.#server.on('connection', (socket) => this.#keep(socket));
  }

  static async open(login: string | null = null): Promise<ForwardProxy> {
    const proxy = new ForwardProxy();
    proxy.#login = login;
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Number of requests to an address; a tunnel counts once. */
  countTo(address: string): number {
    return this.requests.filter(({ target }) => target === new URL(address).host).length;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
  }

  /** Records a request. @returns whether it is allowed */
  #note(manner: ProxiedRequest['manner'], target: string, request: IncomingMessage): boolean {
    const header = /^Basic (.+)$/.exec(request.headers['proxy-authorization'] ?? '')?.[1];
    const login = header === undefined ? null : Buffer.from(header, 'base64').toString();
    this.requests.push({ manner, target, login });
    return this.#login === null || login === this.#login;
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const target = new URL(request.url ?? '');
    if (!this.#note('forward', target.host, request)) {
      response.writeHead(407).end();
      return;
    }
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const sent = sendRequest(target, { method: request.method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    sent.on('error', () => response.destroy());
    request.pipe(sent);
  }

  #tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const target = request.url ?? '';
    if (!this.#note('tunnel', target, request)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host = '', port = ''] = target.split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    this.#keep(onward);
    onward.on('error', () => socket.destroy());
  }
}
