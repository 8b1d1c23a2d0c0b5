import { expect } from 'chai';
import { replacedAppointment, withMarker, withoutMarker } from '#src/rules/rebook-marker.js';

describe('the marker of a rebooked appointment', () => {
  it('stands at the end of the note', () => {
    expect(withMarker('Two players', '700123')).to.equal('Two players [loft-sync replaces 700123]');
    expect(withMarker('', '700123')).to.equal('[loft-sync replaces 700123]');
    expect(withMarker('  Two players ', '700123')).to.equal('Two players [loft-sync replaces 700123]');
  });

  it('takes the place of an older one', () => {
    expect(withMarker(withMarker('Two players', '1'), '2')).to.equal('Two players [loft-sync replaces 2]');
  });

  it('is taken off again, wherever it stands and however often', () => {
    expect(withoutMarker(withMarker('Two players', '700123'))).to.equal('Two players');
    expect(withoutMarker('[loft-sync replaces 1] a\n[loft-sync replaces 2] b')).to.equal('a b');
    expect(withoutMarker(' Two players ')).to.equal('Two players');
  });

  it('leaves alone what only looks like it', () => {
    for (const note of [
      '[loft-sync replaces]',
      '[loft-sync replaces a b]',
      '[loft-sync replaces ]',
      'loft-sync replaces 1',
    ]) {
      expect(withoutMarker(note), note).to.equal(note);
      expect(replacedAppointment(note), note).to.equal(null);
    }
  });

  it('names the appointment that was replaced, the last one of several', () => {
    expect(replacedAppointment(withMarker('Two players', '700123'))).to.equal('700123');
    expect(replacedAppointment('[loft-sync replaces A-1] x [loft-sync replaces B-2]')).to.equal('B-2');
    expect(replacedAppointment('Two players')).to.equal(null);
    expect(replacedAppointment('')).to.equal(null);
  });

  it('is found every time it is asked for', () => {
    const note = withMarker('', '7');
    expect([replacedAppointment(note), replacedAppointment(note)]).to.deep.equal(['7', '7']);
  });
});
