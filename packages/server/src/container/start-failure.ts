/**
 * A part of the service that cannot be made, with one sentence for a person. It is thrown, since a container knows
 * no other way for a binding to fail, and becomes a value again in `start-service.ts`.
 */
export class StartFailure extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'StartFailure';
  }
}

/** The failure behind whatever the container made of it; null for a bug. */
export function startFailureOf(error: unknown): StartFailure | null {
  let inner = error;
  while (inner instanceof Error && !(inner instanceof StartFailure)) inner = inner.cause;
  return inner instanceof StartFailure ? inner : null;
}
