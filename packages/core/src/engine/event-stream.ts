/* oxlint-disable typescript/no-deprecated -- rxjs 7 has no other way to give the result of `pipe` a subclass; Subject does the same */
import { Observable, Subject, Subscriber, type Observer, type Operator, type Subscription } from 'rxjs';
import type { SyncEvent } from '../domain/sync-event.js';
import type { SyncObserver } from '../ports/sync-observer.js';
import type { Clock } from '../ports/clock.js';
import { thrownText } from '../domain/sync-error.js';
import { guardedClock } from './ports/guarded-clock.js';

type Consumer<T> = Partial<Observer<T>> | ((event: T) => void) | null;

/**
 * Delivers the engine's events. A fault of one observer reaches neither the engine nor the process: it becomes one `notice`
 * event, and the observer still receives events.
 */
export class EventStream {
  readonly events: Observable<SyncEvent>;
  readonly #subject = new Subject<SyncEvent>();
  /** The clock, whose faults become one event too. */
  readonly clock: Clock;
  /** Observers whose fault was reported. */
  readonly #reported = new WeakSet<object>();

  constructor(clock: Clock, observers: readonly SyncObserver[]) {
    this.clock = guardedClock(clock, this.emit);
    this.events = new IsolatedEvents(
      (consumer, thrown) => this.#report(consumer, thrown),
      (subscriber) => this.#subject.subscribe(subscriber),
    );
    for (const observer of observers) {
      this.#subject.subscribe((event) =>
        guarded(
          () => observer.onEvent(event),
          (thrown) => this.#report(observer, thrown),
        ),
      );
    }
  }

  readonly emit = (event: SyncEvent): void => this.#subject.next(event);

  complete(): void {
    this.#subject.complete();
  }

  #report(observer: object, thrown: unknown): void {
    if (this.#reported.has(observer)) return;
    this.#reported.add(observer);
    const message = `an observer of the engine's events failed; further faults of it are not reported: ${thrownText(thrown)}`;
    this.emit({
      type: 'notice',
      at: this.clock.now(),
      level: 'error',
      message,
      appointmentId: null,
      calendarId: null,
    });
  }
}

/** Calls an observer. An observer may be an async function, whose rejection is handled here. */
function guarded(call: () => unknown, onFault: (thrown: unknown) => void): void {
  try {
    const answer = call();
    // Also handles the promises of other libraries.
    if (answer !== undefined) Promise.resolve(answer).catch(onFault);
  } catch (thrown) {
    onFault(thrown);
  }
}

/**
 * Catches errors of consumers, also of those behind operators. rxjs would throw them in a timer, which ends the process.
 */
class IsolatedEvents<T> extends Observable<T> {
  readonly #onFault: (consumer: object, thrown: unknown) => void;

  constructor(
    onFault: (consumer: object, thrown: unknown) => void,
    subscribe?: (subscriber: Subscriber<T>) => Subscription,
  ) {
    super(subscribe);
    this.#onFault = onFault;
  }

  /** Called by `pipe` for each operator. */
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new IsolatedEvents<R>(this.#onFault);
    lifted.source = this;
    lifted.operator = operator;
    return lifted;
  }

  override subscribe(
    consumer?: Consumer<T>,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // Operators subscribe with their own subscriber, which passes a fault on to its own subscriber.
    if (consumer instanceof Subscriber) return super.subscribe(consumer);
    const given = typeof consumer === 'function' || !consumer ? { next: consumer, error, complete } : consumer;
    const report = (thrown: unknown): void => this.#onFault(consumer ?? this, thrown);
    const isolated = (call: () => unknown): void => guarded(call, report);
    return super.subscribe({
      next: (event) => isolated(() => given.next?.(event)),
      // An operator failed.
      error: (thrown: unknown) => isolated(() => (given.error ? given.error(thrown) : report(thrown))),
      complete: () => isolated(() => given.complete?.()),
    });
  }
}
