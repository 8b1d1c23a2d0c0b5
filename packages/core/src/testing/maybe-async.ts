/**
 * The same methods, each of which may answer a promise: people who act in a vendor's sandbox do so over HTTP, those of a
 * fake at once.
 */
export type MaybeAsync<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer Args) => infer Answer
    ? (...args: Args) => Answer | Promise<Answer>
    : T[K];
};
