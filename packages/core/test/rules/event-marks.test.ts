import { expect } from 'chai';
import * as fc from 'fast-check';
import { appointmentOfEventId, derivedEventId, isDerivedEventId } from '#src/rules/event-marks.js';

describe('the derived event id', function () {
  this.timeout(300_000);

  it('contains a numeric appointment id', () => {
    expect(derivedEventId('700123')).to.equal('loft700123');
    expect(derivedEventId('0')).to.equal('loft0');
  });

  it('writes any other id in hex of its code units', () => {
    expect(derivedEventId('A-1')).to.equal('lofth0041002d0031');
    expect(derivedEventId('12a')).to.equal('lofth003100320061');
    expect(derivedEventId(' 12')).to.equal('lofth002000310032');
    expect(derivedEventId('12\n')).to.equal('lofth00310032000a');
    expect(derivedEventId('é😀')).to.equal('lofth00e9d83dde00');
    expect(derivedEventId('')).to.equal('lofth');
  });

  it('contains the generation after the first one', () => {
    expect(derivedEventId('700123', 0)).to.equal('loft700123');
    expect(derivedEventId('700123', 1)).to.equal('loft700123g1');
    expect(derivedEventId('A', 12)).to.equal('lofth0041g12');
  });

  it('is an id that Google accepts, unique for every appointment and generation', () => {
    const ids = fc.uniqueArray(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(ids, fc.nat(9), fc.nat(9), ([a = '', b = ''], first, second) => {
        const one = derivedEventId(a, first);
        expect(one).to.match(/^[0-9a-v]{5,}$/);
        expect(one).to.not.equal(derivedEventId(b, second));
        expect(isDerivedEventId(one, a)).to.equal(true);
        expect(isDerivedEventId(one, b)).to.equal(false);
      }),
    );
  });
});

describe('an event id', function () {
  this.timeout(300_000);

  it('is recognized as derived in any generation', () => {
    for (const id of ['loft700123', 'loft700123g1', 'loft700123g42']) {
      expect(isDerivedEventId(id, '700123'), id).to.equal(true);
    }
  });

  it('gives the appointment it was derived from, if that is a number', () => {
    expect(appointmentOfEventId('loft700123')).to.equal('700123');
    expect(appointmentOfEventId('loft700123g12')).to.equal('700123');
    for (const other of ['person0001', 'loft', 'lofth0061', 'loft7g', 'loft7g1x', 'xloft7']) {
      expect(appointmentOfEventId(other), other).to.equal(null);
    }
  });

  it('is not recognized as derived if it is only similar', () => {
    const others = [
      'loft7001234',
      'loft70012',
      'loft700123g',
      'loft700123g1x',
      'loft700123gx1',
      'loft700123h1',
      'person0001',
    ];
    for (const id of [...others, 'xloft700123g1', '']) expect(isDerivedEventId(id, '700123'), id).to.equal(false);
  });
});
