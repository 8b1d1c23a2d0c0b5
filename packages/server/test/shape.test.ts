import { expect } from 'chai';
import { fits, orNull, type Shape } from '#src/cli/shape.js';

describe('fits', () => {
  const cases: readonly (readonly [shape: Shape, value: unknown, expected: boolean])[] = [
    ['text', 'a', true],
    ['text', null, false],
    ['text?', null, true],
    ['text?', 1, false],
    ['number', 1, true],
    ['number', '1', false],
    ['boolean', false, true],
    ['boolean', 0, false],
    [['number'], [1, 2], true],
    [['number'], [], true],
    [['number'], [1, 'b'], false],
    [['number'], { length: 0 }, false],
    [{ a: 'text' }, { a: 'x', more: 1 }, true],
    [{ a: 'text' }, {}, false],
    [{ a: 'text' }, null, false],
    [{ a: 'text' }, 'a', false],
    [orNull({ a: 'text' }), null, true],
    [orNull({ a: 'text' }), { a: 'x' }, true],
    [orNull({ a: 'text' }), { a: 1 }, false],
    [[{ a: ['text'] }], [{ a: ['x'] }], true],
    [[{ a: ['text'] }], [{ a: [null] }], false],
  ];
  for (const [shape, value, expected] of cases) {
    it(`says ${String(expected)} of ${JSON.stringify(value)} for ${JSON.stringify(shape)}`, () => {
      expect(fits(value, shape)).to.equal(expected);
    });
  }
});
