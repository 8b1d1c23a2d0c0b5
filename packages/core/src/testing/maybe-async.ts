/** Unifies methods that may return a promise: users of a vendor's sandbox act over HTTP, users of a fake synchronously. */
export type MaybeAsync<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer Args) => infer Answer
    ? (...args: Args) => Answer | Promise<Answer>
    : T[K];
};
