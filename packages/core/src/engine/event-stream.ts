import { Observable, Subject, Subscriber, type Observer, type Subscription } from 'rxjs';
import type { SyncEvent } from '../domain/sync-event.js';
import type { SyncObserver } from '../ports/sync-observer.js';
import type { Clock } from '../ports/clock.js';
import { thrownText } from '../ports/thrown-text.js';

type Consumer = Partial<Observer<SyncEvent>> | ((event: SyncEvent) => void) | null;

/**
 * Delivers the engine's events. A fault of one observer reaches neither the engine nor the process: it becomes one `notice`
 * event, and the observer still receives events.
 */
export class EventStream {
  readonly events: Observable<SyncEvent>;
  readonly #subject = new Subject<SyncEvent>();
  readonly #clock: Clock;
  /** Observers whose fault was reported. */
  readonly #reported = new WeakSet<object>();

  constructor(clock: Clock, observers: readonly SyncObserver[]) {
    this.#clock = clock;
    this.events = new IsolatedEvents(this.#subject, (consumer, thrown) => this.#report(consumer, thrown));
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
      at: this.#clock.now(),
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
    // Also handles the promises of other libraries.
    Promise.resolve(call()).catch(onFault);
  } catch (thrown) {
    onFault(thrown);
  }
}

/** Catches errors of consumers. rxjs would throw them in a timer, which ends the process. */
class IsolatedEvents extends Observable<SyncEvent> {
  readonly #onFault: (consumer: object, thrown: unknown) => void;

  constructor(source: Observable<SyncEvent>, onFault: (consumer: object, thrown: unknown) => void) {
    super((subscriber) => source.subscribe(subscriber));
    this.#onFault = onFault;
  }

  override subscribe(
    consumer?: Consumer,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // Operators subscribe with their own subscriber, which passes a fault on to its own subscriber.
    if (consumer instanceof Subscriber) return super.subscribe(consumer);
    const given = typeof consumer === 'function' || !consumer ? { next: consumer, error, complete } : consumer;
    const isolated = (call: () => unknown): void => guarded(call, (thrown) => this.#onFault(consumer ?? this, thrown));
    return super.subscribe({
      next: (event) => isolated(() => given.next?.(event)),
      error: (thrown: unknown) => isolated(() => given.error?.(thrown)),
      complete: () => isolated(() => given.complete?.()),
    });
  }
}
