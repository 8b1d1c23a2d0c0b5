import type { Clock } from '@loft/sync-core';

const NEVER: Promise<never> = new Promise(() => {});

/**
 * Decorates the ports of an engine, so that the engine can die during a call: from that call on
 * no call is sent and none is answered. The call itself has taken effect; its answer is lost. The engine can also
 * be suspended during a call, as a process by SIGSTOP: all its calls wait until it is resumed.
 */
export class KillableEngine {
  /** The calls made since the count began. */
  calls: string[] = [];
  #callsLeft = Infinity;
  #fatal: string | null = null;
  #sleep: { readonly call: number; readonly wake: () => Promise<void> } | null = null;
  #asleep: Promise<void> | null = null;

  /** Restarts the count, and dies in the call of that number. */
  dieOf(call: number): void {
    this.calls = [];
    this.#callsLeft = call;
  }

  /** Dies in the next call of that method. */
  dieOfNext(method: string): void {
    this.#fatal = method;
  }

  /** Restarts the count, and is suspended in the call of that number for longer than its lease. */
  sleepWith(call: number, clock: Clock, ms: number): void {
    this.calls = [];
    this.#sleep = { call, wake: () => new Promise((resolve) => clock.setTimer(ms, resolve)) };
  }

  get dead(): boolean {
    return this.#callsLeft <= 0;
  }

  /** All three ports of an engine, until it dies. */
  ports<T extends Record<'bookings' | 'calendars' | 'store', object>>({ bookings, calendars, store }: T): T {
    return { bookings: this.port(bookings), calendars: this.port(calendars), store: this.port(store) } as T;
  }

  /** The port, until it dies. */
  port<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name): unknown => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]): unknown => {
          if (this.dead) return NEVER;
          if (this.#asleep) return this.#asleep.then(() => Reflect.apply(member, target, args));
          this.calls.push(String(name));
          this.#callsLeft = name === this.#fatal ? 0 : this.#callsLeft - 1;
          const answer: unknown = Reflect.apply(member, target, args);
          if (this.dead) return Promise.resolve(answer).then(() => NEVER);
          if (this.calls.length !== this.#sleep?.call) return answer;
          this.#asleep = this.#sleep.wake();
          void this.#asleep.then(() => (this.#asleep = null));
          return this.#asleep.then(() => answer);
        };
      },
    });
  }
}
