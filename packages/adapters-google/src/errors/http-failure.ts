/** The fields of an error of Google's client library. */
export interface HttpFailure {
  readonly message: string;
  /** null: there was no complete answer. */
  readonly answer: HttpAnswer | null;
  /** Did the failure occur in a request, not in our or the library's code before the request? */
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

/** Reads a header. The headers object comes from the fetch library in use, which may not be Node's `Headers`. */
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
  // The message is empty if several addresses were tried.
  return typeof code === 'string' ? code : 'unknown failure';
}

/** Reads an error by its fields, not by its class, because several copies of the library may be loaded. */
export function readFailure(error: unknown): HttpFailure {
  if (!isRecord(error)) return { message: String(error), answer: null, requested: false };
  return {
    message: messageOf(error),
    answer: answerOf(error['response']),
    requested: isRecord(error['config']),
  };
}
