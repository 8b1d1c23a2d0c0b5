/**
 * The HTTP client that the adapters share.
 * @module @loft/sync-http
 */
export { createHttpClient, type HttpClientOptions } from './create-http-client.js';
export { DeadlineExceeded, type HttpAnswer, type HttpClient, type HttpRequest } from './http-client.js';
export { parseProxy, readProxies, withoutCredentials, type Proxies } from './proxies.js';
