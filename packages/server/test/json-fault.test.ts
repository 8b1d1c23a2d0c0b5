import { expect } from 'chai';
import fc from 'fast-check';
import { findJsonFault } from '#src/config/json-fault.js';

describe('findJsonFault', () => {
  describe('on text that is JSON', () => {
    it('finds no fault in any valid JSON', () => {
      fc.assert(fc.property(fc.jsonValue(), (value) => findJsonFault(JSON.stringify(value, null, 1)) === null));
    });
  });

  describe('on text that is not JSON', () => {
    const cases: readonly [string, number, number, string][] = [
      ['', 1, 1, 'the text ends too early'],
      ['{"a": 1', 1, 8, 'the text ends too early'],
      ['{"a": 1,\n}', 2, 1, 'there is a comma too many before }'],
      ['[1, 2,]', 1, 7, 'there is a comma too many before ]'],
      ['{"a" 1}', 1, 6, 'a colon is missing'],
      ['{"a": 1\n "b": 2}', 2, 2, 'a comma or } is missing'],
      ["{'a': 1}", 1, 2, 'a name in double quotes is expected'],
      ['{"a": yes}', 1, 7, 'a value is missing, or a text has no double quotes'],
      ['{"a": 01}', 1, 7, 'a value is missing, or a text has no double quotes'],
      ['{"a": "b\n"}', 1, 7, 'this text has no closing quote, or holds a character that must be escaped'],
      ['// settings\n{}', 1, 1, 'JSON has no comments'],
      ['{} {}', 1, 4, 'there is more text after the end'],
    ];
    for (const [text, line, column, problem] of cases) {
      it(`says where ${JSON.stringify(text)} is invalid`, () => {
        expect(findJsonFault(text)).to.deep.equal({ line, column, problem });
        expect(() => JSON.parse(text)).to.throw();
      });
    }

    it('agrees with the parser for any damaged text', () => {
      const damaged = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', '"', ':', '0', 'x', '\\', '\u0001'));
      fc.assert(
        fc.property(damaged, ([json, at, piece]) => {
          const cut = at % (json.length + 1);
          const text = json.slice(0, cut) + piece + json.slice(cut + 1);
          let parses = true;
          try {
            JSON.parse(text);
          } catch {
            parses = false;
          }
          const fault = findJsonFault(text);
          // A duplicate name is the only fault that the parser accepts.
          return (fault === null) === parses || (parses && fault?.problem.includes('second time'));
        }),
        { numRuns: 500 },
      );
    });
  });

  describe('on a duplicate name', () => {
    it('says where the second occurrence is', () => {
      expect(findJsonFault('{"a": 1,\n "a": 2}')).to.deep.equal({
        line: 2,
        column: 2,
        problem: 'the name "a" is used here for the second time',
      });
    });
  });
});
