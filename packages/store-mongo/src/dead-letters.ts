import type { DeadLetter } from '@loft/sync-core';
import type { Collection } from 'mongodb';
import { putRecord } from './put-record.js';
import { withoutKey, type DeadLetterRecord, type Stored } from './records.js';

/** The dead letters: one document for each appointment. */
export class DeadLetters {
  readonly #letters: Collection<Stored<DeadLetterRecord>>;

  constructor(letters: Collection<Stored<DeadLetterRecord>>) {
    this.#letters = letters;
  }

  async put(letter: DeadLetter): Promise<void> {
    const { payload, ...error } = letter.error;
    const record = { ...letter, error: payload === undefined ? error : { ...error, payload: JSON.stringify(payload) } };
    await putRecord(this.#letters, letter.appointmentId, record);
  }

  async get(appointmentId: string): Promise<DeadLetter | null> {
    const record = await this.#letters.findOne({ _id: appointmentId });
    return record && toLetter(record);
  }

  async list({ after, limit }: { readonly after?: string; readonly limit?: number }): Promise<readonly DeadLetter[]> {
    if (limit === 0) return [];
    const filter = after === undefined ? {} : { _id: { $gt: after } };
    const records = await this.#letters
      .find(filter)
      .sort({ _id: 1 })
      .limit(limit ?? 0)
      .toArray();
    return records.map(toLetter);
  }

  async delete(appointmentId: string): Promise<void> {
    await this.#letters.deleteOne({ _id: appointmentId });
  }
}

function toLetter(record: Stored<DeadLetterRecord>): DeadLetter {
  const { payload, ...error } = record.error;
  const parsed: unknown = payload === undefined ? undefined : JSON.parse(payload);
  return { ...withoutKey(record), error: payload === undefined ? error : { ...error, payload: parsed } };
}
