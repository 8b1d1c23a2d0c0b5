/** What can be read from an error of Google's client library, whichever copy of it threw. */
export interface HttpFailure {
  readonly message: string;
  /** null: there was no complete answer. */
  readonly answer: HttpAnswer | null;
  /** The failure came out of a request, and not out of our own or the library's code before there was one. */
  readonly requested: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: unknown;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function answerOf(response: unknown): HttpAnswer | null {
  if (!isRecord(response) || typeof response['status'] !== 'number') return null;
  return {
    status: response['status'],
    retryAfter: headerOf(response['headers'], 'retry-after'),
    body: response['data'],
  };
}

/** The headers are an object of the fetch library in use, which need not be Node's own `Headers`. */
function headerOf(headers: unknown, name: string): string | null {
  return hasHeaders(headers) ? headers.get(name) : null;
}

function hasHeaders(value: unknown): value is Pick<Headers, 'get'> {
  return isRecord(value) && typeof value['get'] === 'function';
}

/** The library's own requests are aborted by their timeout alone; the client also calls a tunnel refused by a proxy aborted. */
function isTimeout(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const isRefusal = 'code' in cause && cause.code === 'UND_ERR_ABORTED';
  return cause.name === 'TimeoutError' || (cause.name === 'AbortError' && !isRefusal);
}

function messageOf(error: Record<string, unknown>): string {
  const { cause } = error;
  if (isTimeout(cause)) return 'no complete answer in time';
  const { message, code } = error;
  if (typeof message === 'string' && message !== '') return message;
  // The message is empty where several addresses were tried.
  return typeof code === 'string' ? code : 'unknown failure';
}

/** Several copies of the library may be loaded, so its errors are known by their fields and not by their class. */
export function readFailure(error: unknown): HttpFailure {
  if (!isRecord(error)) return { message: String(error), answer: null, requested: false };
  return {
    message: messageOf(error),
    answer: answerOf(error['response']),
    requested: isRecord(error['config']),
  };
}
