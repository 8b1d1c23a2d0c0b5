/** The answer of a method. A string body is sent as plain text, any other body as JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type ApiBody = Readonly<Record<string, unknown>>;

export function answer(body: unknown): ApiAnswer {
  return { status: 200, body };
}

export function refuse(reason: string, status = 400): ApiAnswer {
  return { status, body: reason };
}

/** The web server's answer for an address that the API does not have. */
export function noSuchMethod(path: string): ApiAnswer {
  return { status: 404, body: { Message: `No HTTP resource was found that matches the request URI '${path}'.` } };
}
