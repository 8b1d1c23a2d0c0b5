import { expect } from 'chai';
import type { Content } from '#src/domain/content.js';
import { withMarker } from '#src/rules/rebook-marker.js';
import { wholeNote } from '#src/rules/complete-booking.js';

const LIMIT = 250;
const NOTE = 'wants the launch monitor on the left side and the screen calibrated; '.repeat(4).slice(0, LIMIT).trim();
const TEMPLATES = { title: '{customerName}', description: 'Appointment {appointmentId}[[\nNotes: {notes}]]' };
const NOTHING = { notes: null, bases: [] };

function showing(note: string): Content {
  return { start: 0, end: 1, bay: '1', title: 'Ana R.', description: `Appointment 700122\nNotes: ${note}` };
}

/** The note as the booking system stores it. */
function cutOff(note: string): string {
  return note.slice(0, LIMIT);
}

describe('the note of a booking that replaces another one', () => {
  const cut = cutOff(withMarker(NOTE, '700122'));
  const whole = withMarker(NOTE, '700122');

  it('gets the end that the marker cut off, from an earlier reading or from an event', () => {
    expect(cut).to.have.length(LIMIT).and.not.equal(whole);
    expect(wholeNote(cut, { ...NOTHING, notes: NOTE }, TEMPLATES)).to.equal(whole);
    expect(wholeNote(cut, { ...NOTHING, notes: withMarker(NOTE, '700121') }, TEMPLATES)).to.equal(whole);
    expect(wholeNote(cut, { notes: null, bases: [null, showing(NOTE)] }, TEMPLATES)).to.equal(whole);
    expect(wholeNote(cut, { notes: cut, bases: [showing(NOTE)] }, TEMPLATES)).to.equal(whole);
    expect(wholeNote(cutOff(withMarker(whole, '700123')), { ...NOTHING, notes: whole }, TEMPLATES)).to.equal(
      withMarker(NOTE, '700123'),
    );
  });

  it('is unchanged if nothing is known, if it was changed, and if no marker can have cut it', () => {
    for (const notes of [cut, 'left-handed', withMarker('left-handed', '700122'), '']) {
      expect(wholeNote(notes, NOTHING, TEMPLATES), notes).to.equal(notes);
    }
    expect(wholeNote(cut, { ...NOTHING, notes: `another note. ${NOTE}` }, TEMPLATES)).to.equal(cut);
    expect(
      wholeNote(cut, { ...NOTHING, notes: `${NOTE} And much more that was taken out since.` }, TEMPLATES),
    ).to.equal(cut);
    expect(wholeNote(NOTE.slice(0, -5), { ...NOTHING, notes: NOTE }, TEMPLATES)).to.equal(NOTE.slice(0, -5));
    const short = withMarker('brings clubs', '700122');
    expect(wholeNote(short, { ...NOTHING, notes: 'brings clubs and' }, TEMPLATES)).to.equal(short);
  });

  it('is not searched in a description that does not end with it', () => {
    const templates = { title: '{customerName}', description: '{notes}, bay {bay}' };
    expect(wholeNote(cut, { notes: null, bases: [showing(NOTE)] }, templates)).to.equal(cut);
  });
});
