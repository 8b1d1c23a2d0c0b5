import { HOUR, Ok, type Result, type SyncError } from '@loft/sync-core';
import type { ClaimedTask } from '@loft/sync-core/store';
import type { Executed } from '#src/engine/act/executor.js';
import type { Decided } from '#src/engine/reconcile/outcome.js';
import { Reconciler } from '#src/engine/reconcile/reconciler.js';
import type { Observation } from '#src/rules/situation.js';
import { type aBooking, bookingSeen, ID } from '../rules/situations.js';
import { ObserveBench, type Given } from './observe-bench.js';

export type Script = (decided: Decided, round: number) => Result<Partial<Executed>, SyncError>;

/** A reconciler whose actions have scripted results. */
export class RoundsBench extends ObserveBench {
  readonly decided: Decided[] = [];
  readonly at: number = this.act.clock.now();

  async work(script: Script, observation: Partial<Observation> | null, task: Partial<ClaimedTask> = {}) {
    const reconciler = new Reconciler(this.parts, async (decided) => {
      this.decided.push(decided);
      const { map } = decided.situation;
      return script(decided, this.decided.length).map((it) => ({ map, next: null, wrote: true, ...it }));
    });
    const none = { booking: null, changedAt: -Infinity, events: [], mustReread: false, missingFromList: false };
    return reconciler.work({ ...this.act.task(ID), ...task }, observation && { ...none, ...observation });
  }

  get actions(): readonly string[] {
    return this.decided.map(({ action }) => action.do);
  }

  /** The reported events, in short. */
  get reported(): readonly string[] {
    return this.act.events.map((event) => {
      if (event.type === 'decision') return `${event.reason}${event.quiet ? ' (quiet)' : ''}`;
      if (event.type === 'action') return `${event.action} ${event.appointmentId} ${event.outcome}`;
      return event.type;
    });
  }
}

/** A booking at a far time whose first event is to be created. */
export function seen(bench: RoundsBench, change: Partial<Parameters<typeof aBooking>[0]> = {}): Partial<Observation> {
  return {
    booking: bookingSeen({ start: bench.at + 48 * HOUR, end: bench.at + 49 * HOUR, ...change }, { at: bench.at }),
  };
}

export const ONE_WAY: Given = { settings: { uschedule: { reschedule: 'off' } } };
export const REBOOKS: Given = { settings: { uschedule: { reschedule: 'rebook' } } };
export const done: Script = () => Ok({});
