import { Err, Ok, type DeadLetter } from '@loft/sync-core';
import type { ClaimedTask, StoreResult } from '@loft/sync-core/store';
import { Breakable, type BrokenStores } from './breakable.js';

type Page = { readonly after?: string; readonly limit?: number };

/** Stores that go wrong about dead letters. */
export const brokenDeadLetters: BrokenStores = {
  'dead letters are listed in the order of their arrival': class extends Breakable {
    override async listDeadLetters(page: Page): StoreResult<readonly DeadLetter[]> {
      const listed = (await super.listDeadLetters(page)).unwrap();
      return Ok([...this.data.deadLetters.values()].filter((letter) => listed.includes(letter)));
    }
  },
  'dead letters are not paged': class extends Breakable {
    override async listDeadLetters(): StoreResult<readonly DeadLetter[]> {
      return super.listDeadLetters({});
    }
  },
  'an older dead letter is kept': class extends Breakable {
    override async deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
      return super.deadLetterTask(task, this.data.deadLetters.get(letter.appointmentId) ?? letter);
    }
  },
  'a dead letter cannot be deleted': class extends Breakable {
    override async deleteDeadLetter(): StoreResult<void> {
      return Ok.EMPTY;
    }
  },
  'deleting a missing dead letter is an error': class extends Breakable {
    override async deleteDeadLetter(appointmentId: string): StoreResult<void> {
      if (this.data.deadLetters.has(appointmentId)) return super.deleteDeadLetter(appointmentId);
      return Err({ kind: 'not-found', system: 'store', method: 'deleteDeadLetter', message: 'There is none.' });
    }
  },
  'a falsy payload of a dead letter is lost': class extends Breakable {
    override async deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
      const { payload, ...error } = letter.error;
      return super.deadLetterTask(task, { ...letter, error: payload ? { ...error, payload } : error });
    }
  },
};
