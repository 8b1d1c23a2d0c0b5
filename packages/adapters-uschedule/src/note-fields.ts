import type { MissingKind } from '@loft/sync-core/adapters';
import { field, hasField, type JsonRecord, readText } from './record-fields.js';

/** The two free texts of a record. */
export interface ReadNotes {
  readonly notes: string;
  /** How the notes are missing from the record; null: the record has them. */
  readonly missingKind: MissingKind | null;
  /** The other of the two texts, if it differs; otherwise ''. */
  readonly otherText: string;
}

/**
 * Reads the note of a booking, which comes back as `Note` or as `Description` (docs/uschedule.md#methods): a `Note` with
 * text is the note. Once a record has a `Note` beside another `Description`, `Description` is the service's name on this
 * deployment and is no longer read as a note.
 */
export class NoteFields {
  #areInNote = false;

  /** Learns the meaning of both fields from records, before they are read. */
  learnFrom(records: readonly JsonRecord[]): void {
    this.#areInNote ||= records.some((record) => {
      const note = textOf(record, 'Note');
      const description = textOf(record, 'Description');
      return note !== '' && description !== '' && note !== description;
    });
  }

  read(record: JsonRecord): ReadNotes {
    const note = textOf(record, 'Note');
    const description = textOf(record, 'Description');
    if (note !== '')
      return { notes: readText(field(record, 'Note')), missingKind: null, otherText: other(description, note) };
    if (this.#areInNote) return { notes: '', missingKind: missingKindOf(record, 'Note'), otherText: description };
    if (!hasField(record, 'Note')) {
      return {
        notes: readText(field(record, 'Description')),
        missingKind: missingKindOf(record, 'Description'),
        otherText: '',
      };
    }
    const isEmptyNote = typeof field(record, 'Note') === 'string';
    if (description === '') {
      return { notes: '', missingKind: isEmptyNote ? null : missingKindOf(record, 'Note'), otherText: '' };
    }
    // A list record without a note may have it as its description. The fuller record has the name of the service there.
    if (isListed(record) && !isEmptyNote) return { notes: description, missingKind: null, otherText: '' };
    return { notes: '', missingKind: isListed(record) ? null : 'null', otherText: description };
  }
}

/** `absent`: no such key. `null`: no text under it. null: there is a text, be it empty. */
export function missingKindOf(record: JsonRecord, name: string): MissingKind | null {
  if (!hasField(record, name)) return 'absent';
  return typeof field(record, name) === 'string' ? null : 'null';
}

/** The list keys a record by `AppointmentID`, `getappointment` by `Id`. */
function isListed(record: JsonRecord): boolean {
  return hasField(record, 'AppointmentID');
}

function textOf(record: JsonRecord, name: string): string {
  return readText(field(record, name)).trim();
}

function other(description: string, note: string): string {
  return description === note ? '' : description;
}
