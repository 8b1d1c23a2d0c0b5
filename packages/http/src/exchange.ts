import type { Dispatcher } from 'undici';
import { decodeBody } from './decode-body.js';
import { DeadlineExceeded, type HttpAnswer, type HttpRequest } from './http-client.js';

/**
 * One request and its answer.
 *
 * ```
 * waiting ──connection free──▶ sent ──complete──▶ answered
 *    └───────────deadline────────┴──deadline, connection lost──▶ failed
 * ```
 */
export function exchange(dispatcher: Dispatcher, target: URL, request: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const leftMs = request.deadline - performance.now();
    // A negated comparison, because a deadline of NaN has passed, too.
    if (!(leftMs > 0)) return reject(new DeadlineExceeded(false));
    const chunks: Buffer[] = [];
    let controller: Dispatcher.DispatchController | null = null;
    let status = 0;
    let headers: Readonly<Record<string, string>> = {};
    let timer: NodeJS.Timeout | null = setTimeout(() => {
      timer = null;
      const error = new DeadlineExceeded(controller !== null);
      // A request that waits for a connection has no controller yet. It is aborted when it gets one.
      controller?.abort(error);
      reject(error);
    }, leftMs);
    const end = (): void => {
      if (timer) clearTimeout(timer);
      timer = null;
    };
    dispatcher.dispatch(
      {
        origin: target.origin,
        path: `${target.pathname}${target.search}`,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
      },
      {
        onRequestStart: (given) => {
          // After a pause of the process, a free connection can be reported before the timer runs.
          if (timer === null || performance.now() >= request.deadline) given.abort(new DeadlineExceeded(false));
          else controller = given;
        },
        onResponseStart: (_controller, answered, fields) => {
          status = answered;
          headers = flat(fields);
        },
        onResponseData: (_controller, chunk) => {
          chunks.push(chunk);
        },
        onResponseEnd: () => {
          end();
          decodeBody(chunks, headers['content-encoding']).then((text) => {
            // The pool frees the connection one turn later. A request before that would open another connection.
            setImmediate(resolve, { status, headers, text });
          }, reject);
        },
        onResponseError: (_controller, error) => {
          end();
          reject(error);
        },
      },
    );
  });
}

function flat(fields: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return headers;
}
