import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import { isHtml, unexpected } from './answer-error.js';
import { CANCEL_KEYS, type CancelKey, refusalSubject } from './cancel-spelling.js';
import { failure } from './failure.js';
import { wireId } from './record-fields.js';
import type { UScheduleClient } from './uschedule-client.js';

const METHOD = 'cancelappointment';

/**
 * Cancels, and learns on the way which key the deployment takes (docs/uschedule.md#methods). Until one has
 * succeeded, a refusal that may be about the body's form is followed by the next spelling. What was refused has not
 * been done, so nothing is ever cancelled twice; after any other failure no further spelling is tried.
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
    // The right key is among those tried, so the one answer that is not about the form is the real one.
    const reason = refusals.find((error) => refusalSubject(error) === 'unclear') ?? refusals[0];
    return Err(reason ?? failure('refused', METHOD, 'refused'));
  }
}
