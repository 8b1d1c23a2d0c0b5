import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import { isHtml, unexpected } from './answer-error.js';
import { CANCEL_KEYS, type CancelKey, refusalSubject } from './cancel-spelling.js';
import { failure } from './failure.js';
import { wireId } from './record-fields.js';
import type { UScheduleClient } from './uschedule-client.js';

const METHOD = 'cancelappointment';

/**
 * Cancels a booking, and learns which key the deployment takes (docs/uschedule.md#methods). Until one key has succeeded, a
 * refusal that may be about the form of the body is followed by a call with the next key. A refused call has no effect, so
 * no booking is cancelled twice. After any other failure no further key is tried.
 */
export class CancelAppointment {
  readonly #client: UScheduleClient;
  #learned: CancelKey | null = null;

  constructor(client: UScheduleClient) {
    this.#client = client;
  }

  async run(appointmentId: string): Promise<Result<void, SyncError>> {
    const keys = this.#learned === null ? CANCEL_KEYS : [this.#learned];
    const refusals: SyncError[] = [];
    for (const key of keys) {
      const called = await this.#client.change(METHOD, { [key]: wireId(appointmentId) });
      if (called.ok) {
        if (isHtml(called.val.text)) {
          return Err(unexpected(METHOD, 'a page, not an answer', called.val, this.#client.secrets));
        }
        this.#learned = key;
        return Ok(undefined);
      }
      const subject = refusalSubject(called.val);
      if (subject === null || subject === 'business') return Err(called.val);
      refusals.push(called.val);
    }
    // One of the keys is right, so the answer that is not about the form is the answer to the cancellation.
    const reason = refusals.find((error) => refusalSubject(error) === 'unclear') ?? refusals[0];
    return Err(reason ?? failure('refused', METHOD, 'refused'));
  }
}
