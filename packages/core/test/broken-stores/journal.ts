import { Ok, type Instant } from '@loft/sync-core';
import type { ActivityQuery, JournalEntry, StoreResult } from '@loft/sync-core/store';
import { Breakable, type BrokenStores } from './breakable.js';

/** Stores that go wrong about the journal. */
export const brokenJournals: BrokenStores = {
  'the journal loses the message of an error': class extends Breakable {
    override async addJournal(entries: readonly JournalEntry[]): StoreResult<void> {
      return super.addJournal(entries.map((entry) => ({ ...entry, error: null })));
    }
  },
  'the journal is listed in order of arrival': class extends Breakable {
    override async listJournal(appointmentId: string): StoreResult<readonly JournalEntry[]> {
      return Ok([...this.data.journal.values()].filter((entry) => entry.appointmentId === appointmentId));
    }
  },
  'the journal of one appointment lists the entries of all': class extends Breakable {
    override async listJournal(): StoreResult<readonly JournalEntry[]> {
      return Ok([...this.data.journal.values()]);
    }
  },
  'the journal lists its oldest entries': class extends Breakable {
    override async listJournal(appointmentId: string, limit: number): StoreResult<readonly JournalEntry[]> {
      const all = (await super.listJournal(appointmentId, Infinity)).unwrap();
      return Ok(all.slice(0, limit));
    }
  },
  'a second journal entry with the same id replaces the first': class extends Breakable {
    override async addJournal(entries: readonly JournalEntry[]): StoreResult<void> {
      for (const entry of entries) this.data.journal.set(entry.id, entry);
      return Ok.EMPTY;
    }
  },
  'a batch of journal entries is dropped if one of them exists already': class extends Breakable {
    override async addJournal(entries: readonly JournalEntry[]): StoreResult<void> {
      if (entries.some(({ id }) => this.data.journal.has(id))) return Ok.EMPTY;
      return super.addJournal(entries);
    }
  },
  'activity is listed oldest first': class extends Breakable {
    override async listActivity(query: ActivityQuery): StoreResult<readonly JournalEntry[]> {
      return (await super.listActivity(query)).map((entries) => entries.toReversed());
    }
  },
  'activity ignores the start of a page': class extends Breakable {
    override async listActivity({ since, limit }: ActivityQuery): StoreResult<readonly JournalEntry[]> {
      return super.listActivity({ limit, ...(since !== undefined && { since }) });
    }
  },
  'activity ignores the start of a period': class extends Breakable {
    override async listActivity({ before, limit }: ActivityQuery): StoreResult<readonly JournalEntry[]> {
      return super.listActivity({ limit, ...(before && { before }) });
    }
  },
  'journal entries are removed too early': class extends Breakable {
    override async forgetJournal(before: Instant, keep: number): StoreResult<void> {
      return super.forgetJournal(before + 1, keep);
    }
  },
  'old journal entries are never removed': class extends Breakable {
    override async forgetJournal(_before: Instant, keep: number): StoreResult<void> {
      return super.forgetJournal(-Infinity, keep);
    }
  },
  'the journal grows without bounds': class extends Breakable {
    override async forgetJournal(before: Instant): StoreResult<void> {
      return super.forgetJournal(before, Infinity);
    }
  },
  'one journal entry too many is removed': class extends Breakable {
    override async forgetJournal(before: Instant, keep: number): StoreResult<void> {
      return super.forgetJournal(before, keep - 1);
    }
  },
};
