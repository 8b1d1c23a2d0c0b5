const NEVER: Promise<never> = new Promise(() => {});

/**
 * What stands between an engine and its ports, so that the engine can die in the middle: after the call it dies of
 * nothing is sent and nothing answers any more. That call has still taken effect, its answer is lost.
 */
export class Mortal {
  /** The calls made since the count began. */
  calls: string[] = [];
  #callsLeft = Infinity;

  /** Begins to count anew; dies of the call of that number. */
  dieOf(call: number): void {
    this.calls = [];
    this.#callsLeft = call;
  }

  get dead(): boolean {
    return this.#callsLeft <= 0;
  }

  /** The port, for as long as it lives. */
  port<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name): unknown => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]): unknown => {
          if (this.dead) return NEVER;
          this.calls.push(String(name));
          this.#callsLeft--;
          const answer: unknown = Reflect.apply(member, target, args);
          return this.dead ? Promise.resolve(answer).then(() => NEVER) : answer;
        };
      },
    });
  }
}
