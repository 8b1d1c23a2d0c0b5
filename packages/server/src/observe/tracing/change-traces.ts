import {
  context,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type SpanKind,
  type Tracer,
} from '@opentelemetry/api';
import type { Result, SyncError, SyncEvent, SyncObserver } from '@loft/sync-core';
import { BOOKING_FEED, type ClaimedTask, type NewTask } from '@loft/sync-core/store';

/** A pending change: one appointment's task from the time it is stored until it is done or dead-lettered. */
interface Change {
  readonly span: Span;
  readonly context: Context;
  /** Events of the appointment. */
  readonly eventIds: Set<string>;
  /** The running attempt; null while the task waits for the next one. */
  attempt: { readonly span: Span; readonly context: Context } | null;
}

interface FeedRun {
  readonly span: Span;
  readonly context: Context;
}

/** The end of an attempt. `lost`: another replica has the task now. */
export type AttemptEnd = 'done' | 'again' | 'later' | 'dead-letter' | 'lost';

/** The subject of a call, according to its arguments. */
export interface CallTarget {
  readonly appointmentId?: string;
  readonly calendarId?: string;
  readonly eventId?: string;
  /** The call is a read of a feed's run. */
  readonly feed?: string;
}

/** Maximum of recorded triggers. The oldest is evicted; its change then starts a separate trace. */
const REMEMBERED_TRIGGERS = 10_000;
/** Maximum of pending changes. The oldest is evicted; another replica probably has its task. */
const OPEN_CHANGES = 10_000;

function attributesOf({ appointmentId, calendarId, eventId }: CallTarget): Attributes {
  return {
    ...(appointmentId !== undefined && { 'loft.appointment_id': appointmentId }),
    ...(calendarId !== undefined && { 'loft.calendar_id': calendarId }),
    ...(eventId !== undefined && { 'loft.event_id': eventId }),
  };
}

function fail(span: Span, error: SyncError): void {
  span.setAttribute('error.type', error.kind);
  if (error.status !== undefined) span.setAttribute('http.response.status_code', error.status);
  // Records the sentence only: the other system's answer may contain a customer's name.
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.kind });
}

/**
 * Traces each change from its trigger to its write:
 *
 * ```
 * POST /webhook/uschedule            or   feed bookings
 *  └─ sync appointment (until it is done)  ├─ uschedule listBookings
 *      └─ attempt 1                        └─ sync appointment …
 *          ├─ uschedule getBooking
 *          ├─ google insertEvent      (decision and action are events of the attempt's span)
 *          └─ store putMap
 * ```
 *
 * The engine does not depend on it. A call belongs to the change of the appointment or event in its arguments, else to
 * the running feed, else to no span.
 */
export class ChangeTraces implements SyncObserver {
  readonly #tracer: Tracer;
  /** The trigger of an appointment's next task. */
  readonly #triggers = new Map<string, Context>();
  readonly #changes = new Map<string, Change>();
  readonly #byEvent = new Map<string, string>();
  readonly #feeds = new Map<string, FeedRun>();
  /** Feeds whose state was read: their next list starts a run. */
  readonly #looked = new Map<string, Context>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** A feed's state was read: either its run begins, or a caller only reads the state. */
  feedLooked(feed: string): void {
    this.#looked.set(feed, context.active());
  }

  tasksStored(tasks: readonly NewTask[]): void {
    for (const { appointmentId, trigger, event } of tasks) {
      const feed = trigger === 'poll' ? BOOKING_FEED : `calendar:${event?.calendarId ?? ''}`;
      const run = trigger === 'poll' || trigger === 'sweep' ? this.#feeds.get(feed)?.context : context.active();
      if (!run || trace.getSpan(run) === undefined || this.#changes.has(appointmentId)) continue;
      this.#triggers.delete(appointmentId);
      this.#triggers.set(appointmentId, run);
    }
    for (const oldest of this.#triggers.keys()) {
      if (this.#triggers.size <= REMEMBERED_TRIGGERS) break;
      this.#triggers.delete(oldest);
    }
  }

  tasksClaimed(tasks: readonly ClaimedTask[]): void {
    for (const task of tasks) this.#startAttempt(task);
  }

  #startAttempt({ appointmentId, trigger, attempts, claims, event, createdAt }: ClaimedTask): void {
    const about = { 'loft.appointment_id': appointmentId };
    let change = this.#changes.get(appointmentId);
    if (!change) {
      const parent = this.#triggers.get(appointmentId) ?? ROOT_CONTEXT;
      const attributes = { ...about, 'loft.trigger': trigger };
      const span = this.#tracer.startSpan('sync appointment', { startTime: createdAt, attributes }, parent);
      change = { span, context: trace.setSpan(parent, span), eventIds: new Set(), attempt: null };
      this.#changes.set(appointmentId, change);
      const [oldest] = this.#changes.keys();
      if (this.#changes.size > OPEN_CHANGES && oldest !== undefined) this.attemptEnded(oldest, 'lost');
    }
    this.#triggers.delete(appointmentId);
    if (event) this.eventSeen(appointmentId, event.eventId);
    change.attempt?.span.end();
    const attributes = { ...about, 'loft.attempt': attempts + 1, 'loft.claims': claims };
    const span = this.#tracer.startSpan('attempt', { attributes }, change.context);
    change.attempt = { span, context: trace.setSpan(change.context, span) };
  }

  attemptEnded(appointmentId: string, end: AttemptEnd): void {
    const change = this.#changes.get(appointmentId);
    if (!change) return;
    change.attempt?.span.setAttribute('loft.task', end).end();
    change.attempt = null;
    if (end === 'later' || end === 'again') return;
    if (end === 'dead-letter') change.span.setStatus({ code: SpanStatusCode.ERROR, message: 'dead letter' });
    change.span.setAttribute('loft.task', end).end();
    for (const eventId of change.eventIds) this.#byEvent.delete(eventId);
    this.#changes.delete(appointmentId);
  }

  /** Records that an event belongs to the appointment: calls that name only the event belong to it, too. */
  eventSeen(appointmentId: string, eventId: string): void {
    const change = this.#changes.get(appointmentId);
    if (!change) return;
    change.eventIds.add(eventId);
    this.#byEvent.set(eventId, appointmentId);
  }

  /** Runs a call inside a span of its own. */
  async call<T>(
    name: string,
    kind: SpanKind,
    target: CallTarget,
    send: () => Promise<Result<T, SyncError>>,
  ): Promise<Result<T, SyncError>> {
    if (target.appointmentId !== undefined && target.eventId !== undefined) {
      this.eventSeen(target.appointmentId, target.eventId);
    }
    const parent = this.#parentOf(target);
    const span = this.#tracer.startSpan(name, { kind, attributes: attributesOf(target) }, parent);
    const result = await context.with(trace.setSpan(parent, span), send);
    if (result.err) fail(span, result.val);
    span.end();
    return result;
  }

  #parentOf({ appointmentId, eventId, feed }: CallTarget): Context {
    const id = appointmentId ?? this.#byEvent.get(eventId ?? '');
    const change = this.#changes.get(id ?? '');
    if (change) return change.attempt?.context ?? change.context;
    return feed === undefined ? ROOT_CONTEXT : this.#runOf(feed);
  }

  #runOf(feed: string): Context {
    const looked = this.#looked.get(feed);
    this.#looked.delete(feed);
    const open = this.#feeds.get(feed);
    if (open && !looked) return open.context;
    open?.span.end();
    const parent = looked ?? ROOT_CONTEXT;
    const span = this.#tracer.startSpan('feed run', { attributes: { 'loft.feed': feed } }, parent);
    const run = { span, context: trace.setSpan(parent, span) };
    this.#feeds.set(feed, run);
    return run.context;
  }

  onEvent(event: SyncEvent): void {
    switch (event.type) {
      case 'decision': {
        const { reason, quiet } = event;
        this.#attemptOf(event.appointmentId)?.addEvent('decision', { 'loft.reason': reason, 'loft.quiet': quiet });
        return;
      }
      case 'action': {
        const { action, direction, outcome, reason, propagationMs, error } = event;
        const attributes: Attributes = {
          'loft.action': action,
          'loft.direction': direction,
          'loft.outcome': outcome,
          'loft.reason': reason,
          ...(propagationMs !== null && { 'loft.propagation_ms': propagationMs }),
        };
        const span = this.#attemptOf(event.appointmentId);
        span?.addEvent('action', attributes).setAttributes(attributes);
        if (span && error && outcome !== 'ok') fail(span, error);
        this.#changes.get(event.appointmentId)?.span.setAttributes(attributes);
        return;
      }
      case 'feed': {
        const run = this.#feeds.get(event.feed);
        if (!run || event.outcome === 'resumed') return;
        run.span.setAttributes({ 'loft.outcome': event.outcome, 'loft.read': event.read, 'loft.tasks': event.tasks });
        if (event.error) fail(run.span, event.error);
        run.span.end();
        this.#feeds.delete(event.feed);
        return;
      }
      default:
    }
  }

  #attemptOf(appointmentId: string): Span | undefined {
    return this.#changes.get(appointmentId)?.attempt?.span;
  }

  /** Ends all open spans when the process stops. */
  endAll(): void {
    for (const appointmentId of this.#changes.keys()) this.attemptEnded(appointmentId, 'lost');
    for (const { span } of this.#feeds.values()) span.end();
    this.#feeds.clear();
  }
}
