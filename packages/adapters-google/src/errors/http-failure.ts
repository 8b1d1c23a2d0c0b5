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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function answerOf(response: unknown): HttpAnswer | null {
  if (!isRecord(response) || typeof response['status'] !== 'number') return null;
  const headers = response['headers'];
  return {
    status: response['status'],
    retryAfter: headers instanceof Headers ? headers.get('retry-after') : null,
    body: response['data'],
  };
}

/** Several copies of the library may be loaded, so its errors are known by their fields and not by their class. */
export function readFailure(error: unknown): HttpFailure {
  if (!isRecord(error)) return { message: String(error), answer: null, requested: false };
  return {
    message: typeof error['message'] === 'string' ? error['message'] : 'unknown failure',
    answer: answerOf(error['response']),
    requested: isRecord(error['config']),
  };
}
