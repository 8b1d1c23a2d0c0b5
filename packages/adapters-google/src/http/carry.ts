import type { HttpAnswer, HttpClient, HttpRequest } from '@loft/sync-http';
import type { MethodOptions } from 'googleapis/build/src/apis/calendar/index.js';

/** The type of the `fetch` replacement that Google's library takes. */
export type Carrier = NonNullable<MethodOptions['adapter']>;

type Prepared = Parameters<Carrier>[0];

const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies readonly HttpRequest['method'][];

function isMethod(method: string): method is HttpRequest['method'] {
  return METHODS.includes(method);
}

function requestOf(options: Prepared, deadline: number): HttpRequest {
  const { method = 'GET', url, body } = options;
  if (!isMethod(method)) throw new Error(`a request with the method ${method} is not expected`);
  const headers: Record<string, string> = Object.fromEntries(options.headers);
  if (body === undefined || body === null) return { url, method, headers, deadline };
  if (typeof body === 'string') return { url, method, headers, body, deadline };
  if (!(body instanceof URLSearchParams)) throw new Error('a request with a body that is no text is not expected');
  headers['content-type'] ??= 'application/x-www-form-urlencoded;charset=UTF-8';
  return { url, method, headers, body: body.toString(), deadline };
}

/** Reads a body as the library does: JSON if it can be parsed, otherwise text. */
function dataOf({ status, text, headers }: HttpAnswer, responseType: string | undefined): unknown {
  const mayBeJson = responseType === 'json' || /\bjson\b/i.test(headers['content-type'] ?? '');
  if (status === 204 || !mayBeJson) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Sends a request of Google's library with our HTTP client. The library's own time limit is not used. */
function carrier(http: HttpClient, deadline: number): Carrier {
  return async (options) => {
    const answer = await http.send(requestOf(options, deadline));
    const { status } = answer;
    const response: unknown = {
      config: options,
      status,
      statusText: '',
      ok: status >= 200 && status < 300,
      headers: new Headers(answer.headers),
      data: dataOf(answer, options.responseType),
      // The library drops the data of a failure whose body was not read.
      bodyUsed: true,
    };
    return response as Awaited<ReturnType<Carrier>> as never;
  };
}

/** Matches every address. */
const EVERY_ADDRESS = /^/;

/**
 * The options of a request by Google's library that our HTTP client sends. The library would read the proxy variables as well, and
 * fail with an address that is written without `http://`.
 */
export function carriedBy(http: HttpClient, timeoutMs: number): { adapter: Carrier; noProxy: RegExp[] } {
  return { adapter: carrier(http, performance.now() + timeoutMs), noProxy: [EVERY_ADDRESS] };
}
