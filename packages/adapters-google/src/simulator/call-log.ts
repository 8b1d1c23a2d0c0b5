import type { Instant } from '@loft/sync-core';

/** The methods the simulator has. */
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

/** One call of the API, or one act of a person. */
export interface LoggedCall {
  readonly by: 'service' | 'person';
  readonly at: Instant;
  readonly method: GoogleMethod;
  /** Path and query of the request; empty for a person, who has an app of their own. */
  readonly path: string;
  readonly calendarId: string | null;
  readonly eventId: string | null;
  /** Status of the answer; null when none was given, by a fault. */
  readonly status: number | null;
  /** What was asked for has been done, whatever was answered. */
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

  /** Calls that changed, or were to change, an event. */
  get writes(): readonly LoggedCall[] {
    return this.#calls.filter(({ method }) => WRITES.has(method));
  }

  clear(): void {
    this.#calls.length = 0;
  }
}
