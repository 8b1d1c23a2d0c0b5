import type { SyncError } from '@loft/sync-core';
import { payloadOf, reasonOf, shortReason } from './answer-error.js';
import { failure } from './failure.js';
import { newIdIn } from './new-id.js';
import { field, isRecord } from './record-fields.js';
import type { Secrets } from './secrets.js';
import type { HttpAnswer } from './transport.js';

const SAYS_NO =
  /\b(errors?|fail(s|ed|ure)?|cannot|can not|can['’]?t|could not|unable|den(y|ied)|refused|invalid|exception|not (allowed|possible|permitted|found|available|valid|cancell?ed|rescheduled|moved))\b/i;

/** Fields that say whether the change was made. */
const OUTCOMES = ['Success', 'success', 'IsSuccess', 'Succeeded'];

/**
 * Detects a refusal under status 200: the text or a field of the answer says that the change was not made. Use it only
 * for changes whose refusal is followed by a read of the booking. Then a success that counts as a refusal does no harm.
 * A refusal that counts as a success would lose a booking.
 *
 * @returns null if the answer is not a refusal
 */
export function refusalInSuccess(method: string, answer: HttpAnswer, secrets: Secrets): SyncError | null {
  const isFlagged = isFlaggedAsFailed(answer.text);
  if (!isFlagged && newIdIn(answer.text) !== null) return null;
  const text = reasonOf(answer.text);
  if (!isFlagged && !SAYS_NO.test(text)) return null;
  const reason = shortReason(text, secrets);
  const { status } = answer;
  return failure('refused', method, `HTTP ${status}, ${reason}`, {
    status,
    reason,
    payload: payloadOf(answer, secrets),
  });
}

function isFlaggedAsFailed(text: string): boolean {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return false;
  }
  return isRecord(json) && OUTCOMES.some((name) => field(json, name) === false);
}
