import type { Dispatcher, Pool as PoolType } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { exchange } from './exchange.js';
import type { HttpAnswer, HttpClient, HttpRequest } from './http-client.js';
import { proxyOf, readProxies, withoutCredentials, type Proxies } from './proxies.js';

/** Default maximum of connections to one origin. */
const DEFAULT_CONNECTIONS = 16;

/** Options of an HTTP client. */
export interface HttpClientOptions {
  /** Default: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of this process. */
  readonly proxies?: Proxies;
  /** Maximum of connections to one origin. Default 16. */
  readonly connections?: number;
}

class UndiciClient implements HttpClient {
  readonly #proxies: Proxies;
  readonly #pooling: PoolType.Options;
  readonly #direct: Dispatcher;
  /** By address, credentials included. */
  readonly #byProxy = new Map<string, Promise<Dispatcher>>();

  constructor(options: HttpClientOptions) {
    this.#proxies = options.proxies ?? readProxies(process.env);
    // The whole exchange has one deadline.
    this.#pooling = { connections: options.connections ?? DEFAULT_CONNECTIONS, headersTimeout: 0, bodyTimeout: 0 };
    this.#direct = new Agent(this.#pooling);
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    const target = typeof request.url === 'string' ? new URL(request.url) : request.url;
    const proxy = proxyOf(this.#proxies, target);
    return exchange(proxy ? await this.#through(proxy) : this.#direct, target, request);
  }

  proxyFor(url: string | URL): string | null {
    const proxy = proxyOf(this.#proxies, new URL(url));
    return proxy && withoutCredentials(proxy);
  }

  async close(): Promise<void> {
    const proxied = await Promise.all(this.#byProxy.values());
    await Promise.all([this.#direct, ...proxied].map((dispatcher) => dispatcher.destroy()));
  }

  #through(proxy: URL): Promise<Dispatcher> {
    let dispatcher = this.#byProxy.get(proxy.href);
    if (!dispatcher) this.#byProxy.set(proxy.href, (dispatcher = this.#open(proxy)));
    return dispatcher;
  }

  async #open(proxy: URL): Promise<Dispatcher> {
    // Loaded only if there is a proxy. Tunnels need all of undici, not only its agent.
    // In the bundle a CommonJS module that is loaded later has its default export only.
    const { default: undici } = await import('undici');
    const { username, password } = proxy;
    const login = `${decoded(username)}:${decoded(password)}`;
    return new undici.ProxyAgent({
      ...this.#pooling,
      uri: withoutCredentials(proxy),
      ...(username !== '' && { token: `Basic ${Buffer.from(login).toString('base64')}` }),
      // Plain HTTP is forwarded, since proxies commonly refuse a tunnel to any port but 443.
      proxyTunnel: false,
      // Bounds the connections to the proxy itself, too.
      factory: (origin, options) => new Pool(origin, Object.assign(options, this.#pooling)),
    });
  }
}

/** Decodes the escapes of a text. A percent sign that begins none stays: passwords are often not encoded. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
}

/**
 * Creates a client. It connects at the first request. Idle connections do not keep the process alive.
 *
 * @example
 * ```ts
 * const http = createHttpClient({ proxies: { https: 'http://proxy.example:3128', no: 'localhost' } });
 * const answer = await http.send({
 *   url: 'https://example.com/',
 *   method: 'GET',
 *   headers: {},
 *   deadline: performance.now() + 15_000,
 * });
 * ```
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  return new UndiciClient(options);
}
