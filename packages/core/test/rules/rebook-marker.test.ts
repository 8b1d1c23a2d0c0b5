import { expect } from 'chai';
import { replacedAppointment, replacedBy, withMarker, withoutMarker } from '#src/rules/rebook-marker.js';

describe('the marker of a rebooked appointment', () => {
  it('comes first in the note', () => {
    expect(withMarker('Two players', '700123')).to.equal('[loft:700123] Two players');
    expect(withMarker('', '700123')).to.equal('[loft:700123]');
    expect(withMarker('  Two players ', '700123')).to.equal('[loft:700123] Two players');
  });

  it('survives a booking system that cuts notes off at 250 characters', () => {
    const cut = withMarker('long note '.repeat(60), '700123').slice(0, 250);
    expect(replacedAppointment(cut)).to.equal('700123');
  });

  it('replaces an older marker', () => {
    expect(withMarker(withMarker('Two players', '1'), '2')).to.equal('[loft:2] Two players');
    expect(withMarker('Two players [loft-sync replaces 1]', '2')).to.equal('[loft:2] Two players');
  });

  it('is removed at any place and in any number', () => {
    expect(withoutMarker(withMarker('Two players', '700123'))).to.equal('Two players');
    expect(withoutMarker('[loft:1] a\n[loft:2] b')).to.equal('a\nb');
    expect(withoutMarker('[loft-sync replaces 1] a\n[loft-sync replaces 2] b')).to.equal('a b');
    expect(withoutMarker(' Two players ')).to.equal('Two players');
  });

  it('is not confused with similar text', () => {
    for (const note of [
      '[loft]',
      '[loft:]',
      '[loft:a b]',
      'loft:1',
      '[loft-sync replaces]',
      '[loft-sync replaces a b]',
      '[loft-sync replaces ]',
      'loft-sync replaces 1',
    ]) {
      expect(withoutMarker(note), note).to.equal(note);
      expect(replacedAppointment(note), note).to.equal(null);
    }
  });

  it('names the replaced appointment', () => {
    expect(replacedAppointment(withMarker('Two players', '700123'))).to.equal('700123');
    expect(replacedAppointment('Two players')).to.equal(null);
    expect(replacedAppointment('')).to.equal(null);
  });

  it('is read in the format of earlier versions, and the last one of several is used', () => {
    expect(replacedAppointment('Two players [loft-sync replaces 700123]')).to.equal('700123');
    expect(replacedAppointment('[loft-sync replaces A-1] x [loft-sync replaces B-2]')).to.equal('B-2');
    expect(replacedAppointment('[loft:C-3] x [loft-sync replaces B-2]')).to.equal('C-3');
  });

  it('is found in the second text of a record too', () => {
    expect(replacedBy({ notes: '', otherText: '[loft:7] Two players' })).to.equal('7');
    expect(replacedBy({ notes: '[loft:8]', otherText: 'Golf, 60 minutes' })).to.equal('8');
    expect(replacedBy({ notes: 'Two players' })).to.equal(null);
  });

  it('is found in repeated calls', () => {
    const note = withMarker('', '7');
    expect([replacedAppointment(note), replacedAppointment(note)]).to.deep.equal(['7', '7']);
  });
});
