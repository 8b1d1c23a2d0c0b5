import type { Instant } from '@loft/sync-core';

/** The methods of the simulator. */
export type GoogleMethod =
  | 'oauth2.token'
  | 'events.insert'
  | 'events.get'
  | 'events.list'
  | 'events.instances'
  | 'events.patch'
  | 'events.update'
  | 'events.delete'
  | 'events.move'
  | 'events.watch'
  | 'channels.stop'
  | 'calendarList.list'
  | 'calendarList.get'
  | 'calendars.get'
  | 'freebusy.query';

const WRITES: ReadonlySet<GoogleMethod> = new Set([
  'events.insert',
  'events.patch',
  'events.update',
  'events.delete',
  'events.move',
]);

/** One call of the API, or one action of a person. */
export interface LoggedCall {
  readonly by: 'service' | 'person';
  readonly at: Instant;
  readonly method: GoogleMethod;
  /** Path and query of the request; empty for a person. */
  readonly path: string;
  readonly calendarId: string | null;
  readonly eventId: string | null;
  /** Status of the answer; null if a fault prevented it. */
  readonly status: number | null;
  /** The call took effect, with any answer. */
  readonly done: boolean;
}

/** Every call in the order of its end. */
export class CallLog {
  readonly #calls: LoggedCall[] = [];

  add(call: LoggedCall): void {
    this.#calls.push(call);
  }

  get calls(): readonly LoggedCall[] {
    return this.#calls;
  }

  /** Calls of methods that write to events. */
  get writes(): readonly LoggedCall[] {
    return this.#calls.filter(({ method }) => WRITES.has(method));
  }

  clear(): void {
    this.#calls.length = 0;
  }
}
