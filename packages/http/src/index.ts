/**
 * The HTTP client that the adapters share.
 *
 * @example
 * ```ts
 * const http = createHttpClient();
 * const answer = await http.send({ url, method: 'GET', headers: {}, deadline: performance.now() + 15_000 });
 * await http.close();
 * ```
 * @module @loft/sync-http
 */
export { createHttpClient, type HttpClientOptions } from './create-http-client.js';
export { DeadlineExceeded, type HttpAnswer, type HttpClient, type HttpRequest } from './http-client.js';
export { parseProxy, readProxies, withoutCredentials, type Proxies } from './proxies.js';
