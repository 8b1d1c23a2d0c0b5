/** One request, complete. */
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

/** A complete answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The decoded body. */
  readonly text: string;
}

/**
 * Sends requests over kept connections, a bounded number for each origin; what has no free connection waits in order.
 *
 * Redirects are not followed, since the secrets in the headers would follow them. Nothing is repeated.
 */
export interface HttpClient {
  /**
   * Sends one request. A request whose deadline has passed is never sent.
   *
   * @returns the answer, whatever its status
   * @throws `DeadlineExceeded` when there is no complete answer in time; an `Error` with a `code` when the connection fails
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The proxy that requests to this address go through, without its credentials. @returns null if there is none */
  proxyFor(url: string | URL): string | null;
  /** Ends all connections, those in use too. */
  close(): Promise<void>;
}

/** There was no complete answer before the deadline. The request may have taken effect, unless `sent` is false. */
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
