/**
 * A part of the service that could not be created, with one sentence for the operator. Thrown, because a container has
 * no other way to report a failed binding; `start-service.ts` turns it into a value again.
 */
export class StartFailure extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'StartFailure';
  }
}

/** Finds the failure inside an error of the container. @returns null for a bug */
export function startFailureOf(error: unknown): StartFailure | null {
  let inner = error;
  while (inner instanceof Error && !(inner instanceof StartFailure)) inner = inner.cause;
  return inner instanceof StartFailure ? inner : null;
}
