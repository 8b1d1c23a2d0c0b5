import { expect } from 'chai';
import { NoteFields, type ReadNotes } from '#src/note-fields.js';

const LISTED = { AppointmentID: 1 };
const BY_ID = { Id: 1 };
const SERVICE = 'Golf Simulator';

function read(record: Record<string, unknown>, learnedFrom: Record<string, unknown>[] = []): ReadNotes {
  const fields = new NoteFields();
  fields.learnFrom(learnedFrom);
  return fields.read(record);
}

function said(notes: string, otherText = ''): ReadNotes {
  return { notes, missingKind: null, otherText };
}

describe('the note of a record', () => {
  const noted = [{ ...LISTED, Note: 'left-handed', Description: SERVICE }];

  it('is the Description if there is no Note', () => {
    expect(read({ ...LISTED, Description: 'left-handed' })).to.deep.equal(said('left-handed'));
    expect(read({ ...BY_ID, Description: '' })).to.deep.equal(said(''));
  });

  it('is the Note if that has text, and the Description is kept for the marker', () => {
    expect(read({ ...BY_ID, Note: 'left-handed', Description: SERVICE })).to.deep.equal(said('left-handed', SERVICE));
    expect(read({ ...BY_ID, Note: 'same', Description: 'same' })).to.deep.equal(said('same'));
    expect(read({ ...BY_ID, Note: 'left-handed', Description: null })).to.deep.equal(said('left-handed'));
  });

  it('is unknown if a record has neither field, or null in it', () => {
    expect(read(LISTED).missingKind).to.equal('absent');
    expect(read({ ...LISTED, Description: null }).missingKind).to.equal('null');
    expect(read({ ...BY_ID, Note: null, Description: null }).missingKind).to.equal('null');
    expect(read({ ...BY_ID, Note: '', Description: null })).to.deep.equal(said(''));
  });

  it('is never the name of the service after a record had a Note beside another Description', () => {
    expect(read({ ...LISTED, Description: SERVICE }, noted)).to.deep.equal({
      notes: '',
      missingKind: 'absent',
      otherText: SERVICE,
    });
    expect(read({ ...LISTED, Note: null, Description: SERVICE }, noted).missingKind).to.equal('null');
    expect(read({ ...LISTED, Note: '', Description: SERVICE }, noted)).to.deep.equal(said('', SERVICE));
  });

  it('is not taken from the Description of a fuller record with an empty Note, which may be the name of the service', () => {
    for (const Note of [null, '']) {
      expect(read({ ...BY_ID, Note, Description: SERVICE })).to.deep.equal({
        notes: '',
        missingKind: 'null',
        otherText: SERVICE,
      });
    }
  });

  it('is the Description of a listed record whose Note is null, as long as no record contradicts that', () => {
    expect(read({ ...LISTED, Note: null, Description: 'left-handed' })).to.deep.equal(said('left-handed'));
    expect(read({ ...LISTED, Note: '', Description: SERVICE })).to.deep.equal(said('', SERVICE));
  });
});
