import type { SyncError } from '@loft/sync-core';

/** The keys under which deployments take the id of `cancelappointment`, the most common first. */
export const CANCEL_KEYS = ['Id', 'AppointmentID', 'id'] as const;

export type CancelKey = (typeof CANCEL_KEYS)[number];

/** The subject of a refused cancellation: the form of the request, or the booking. */
export type RefusalSubject = 'request' | 'business' | 'unclear';

const ABOUT_THE_REQUEST =
  /request is invalid|required|missing|parameter|model ?state|null|body|deseriali|malformed|unexpected|unknown (key|field|property)/i;
const ABOUT_THE_BUSINESS =
  /\b(hours?|minutes?|window|notice|too late|already|polic(y|ies)|past|started|permission|not allowed)\b/i;

/**
 * Decides by its text whether a refusal is about the form of the body. Then another key may succeed.
 *
 * @returns null if the error is not a refusal. Another key must not be tried then, because the call may have taken effect.
 */
export function refusalSubject(error: SyncError): RefusalSubject | null {
  if (error.kind !== 'refused' && error.kind !== 'not-found') return null;
  const reason = error.reason ?? '';
  if (reason === '' || ABOUT_THE_REQUEST.test(reason)) return 'request';
  return ABOUT_THE_BUSINESS.test(reason) ? 'business' : 'unclear';
}
