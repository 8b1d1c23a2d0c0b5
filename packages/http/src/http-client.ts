/** One complete request. */
export interface HttpRequest {
  /** An absolute `http:` or `https:` address. */
  readonly url: string | URL;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * When the exchange must be complete, body included, on the clock of `performance.now()`, in milliseconds. A clock
   * that is set does not move it.
   */
  readonly deadline: number;
}

/** A complete answer with any status. */
export interface HttpAnswer {
  readonly status: number;
  /** The headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The decoded body. */
  readonly text: string;
}

/**
 * Sends requests over persistent connections, with a maximum for each origin. Requests without a free connection wait in
 * order.
 *
 * Redirects are not followed, because the secrets in the headers would be sent to the new address. No request is repeated.
 */
export interface HttpClient {
  /**
   * Sends one request. A request whose deadline has passed is never sent.
   *
   * @returns the answer with any status
   * @throws `DeadlineExceeded` if there is no complete answer in time; an `Error` with a `code` if the connection fails
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The proxy that requests to this address go through, without its credentials. @returns null if there is none */
  proxyFor(url: string | URL): string | null;
  /** Closes all connections, including those in use. */
  close(): Promise<void>;
}

/** No complete answer arrived before the deadline. The request may have taken effect, unless `sent` is false. */
export class DeadlineExceeded extends Error {
  /** The name that a timed-out `fetch` has. */
  override readonly name = 'TimeoutError';
  readonly code = 'DEADLINE_EXCEEDED';
  /** Whether a connection was given the request. */
  readonly sent: boolean;

  constructor(sent: boolean) {
    super('no complete answer in time');
    this.sent = sent;
  }
}
