import type { SyncError } from '../../domain/sync-error.js';
import type { Result } from '../../result.js';
import type { ObservationTarget, Verdict } from '../../rules/decision.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import {
  observeBooking,
  observeExistence,
  observeOldBooking,
  observeReschedule,
  observeSuccessor,
} from './observe-booking.js';
import { observeCopies, observeDerived, observeEvent, observeMirror } from './observe-event.js';
import {
  observeContest,
  observeEdits,
  observeMarkedFor,
  observeMirrors,
  observeOriginal,
  observeOwnExistence,
  observeSlotHolder,
  observeSlotHolderEvent,
} from './observe-others.js';
import { observeRemovals } from './removals.js';

/** Reads one thing without deciding. Returns the situation with the reading. */
export type Observe = (situation: Situation, parts: EngineParts) => Promise<Result<Situation, SyncError>>;

const OBSERVERS: Readonly<Record<Exclude<ObservationTarget, 'successor'>, Observe>> = {
  booking: observeBooking,
  event: observeEvent,
  reschedule: observeReschedule,
  'old-booking': observeOldBooking,
  existence: observeExistence,
  derived: observeDerived,
  original: observeOriginal,
  contest: observeContest,
  edits: observeEdits,
  mirrors: observeMirrors,
  copies: observeCopies,
  mirror: observeMirror,
  'marked-for': observeMarkedFor,
  'own-existence': observeOwnExistence,
  'slot-holder': observeSlotHolder,
  'slot-holder-event': observeSlotHolderEvent,
  removals: observeRemovals,
};

/** Reads what `decide` requests. */
export function observe(
  verdict: Extract<Verdict, { kind: 'observe' }>,
  situation: Situation,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  if (verdict.target === 'successor') return observeSuccessor(situation, verdict.successor, parts);
  return OBSERVERS[verdict.target](situation, parts);
}
