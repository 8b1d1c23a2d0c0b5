import { expect } from 'chai';
import fc from 'fast-check';
import { DAY, type Instant } from '@loft/sync-core';
import { chooseUnitDays, type UnitDay } from '#src/rules/unit-days.js';
import { NOW } from './situations.js';

interface Wanted {
  readonly unit?: number;
  /** Days from today. */
  readonly day?: number;
  readonly needsConfirmation?: boolean;
  readonly blocksCreation?: boolean;
}

function unitDay(
  key: string,
  { unit = 5523, day = 1, needsConfirmation = false, blocksCreation = false }: Wanted = {},
): UnitDay {
  return { key, resourceUnitId: unit, day: NOW + day * DAY, minutes: 60, needsConfirmation, blocksCreation };
}

function chosen(
  unitDays: readonly UnitDay[],
  askedAt: Readonly<Record<string, Instant>> = {},
  limit = 24,
): readonly string[] {
  return chooseUnitDays(unitDays, new Map(Object.entries(askedAt)), limit).map(({ key }) => key);
}

describe('the unit-days whose availability is read', () => {
  it('are ordered: first those that need a confirmation, then those that block a creation, then the rest', () => {
    const rest = unitDay('rest');
    const blocksCreation = unitDay('blocksCreation', { blocksCreation: true });
    const needsConfirmation = unitDay('needsConfirmation', { needsConfirmation: true });
    expect(chosen([rest, blocksCreation, needsConfirmation])).to.deep.equal([
      'needsConfirmation',
      'blocksCreation',
      'rest',
    ]);
    expect(chosen([needsConfirmation, rest, blocksCreation])).to.deep.equal([
      'needsConfirmation',
      'blocksCreation',
      'rest',
    ]);
  });

  it('count as needing a confirmation if they also block a creation', () => {
    const both = unitDay('both', { needsConfirmation: true, blocksCreation: true, day: 9 });
    const needsConfirmation = unitDay('needsConfirmation', { needsConfirmation: true, day: 8 });
    const blocksCreation = unitDay('blocksCreation', { blocksCreation: true });
    expect(chosen([blocksCreation, both, needsConfirmation])).to.deep.equal([
      'needsConfirmation',
      'both',
      'blocksCreation',
    ]);
  });

  it('keep their rank, however recently they were read', () => {
    const needsConfirmation = unitDay('needsConfirmation', { needsConfirmation: true });
    expect(chosen([unitDay('rest'), needsConfirmation], { needsConfirmation: NOW })).to.deep.equal([
      'needsConfirmation',
      'rest',
    ]);
  });

  it('are ordered by their last reading; those never read come first', () => {
    const days = ['never', 'lately', 'long-ago'].map((key) => unitDay(key));
    expect(chosen(days, { 'long-ago': NOW - DAY, lately: NOW - 1 })).to.deep.equal(['never', 'long-ago', 'lately']);
  });

  it('are ordered by day, and then by unit, if that is equal', () => {
    const days = [
      unitDay('far', { day: 3 }),
      unitDay('near-2', { day: 2, unit: 5524 }),
      unitDay('near-1', { day: 2, unit: 5523 }),
    ];
    expect(chosen(days)).to.deep.equal(['near-1', 'near-2', 'far']);
    expect(chosen(days, { 'near-1': 5, 'near-2': 5, far: 5 })).to.deep.equal(['near-1', 'near-2', 'far']);
    expect(chosen(days, { 'near-1': 6, 'near-2': 5, far: 5 })).to.deep.equal(['near-2', 'far', 'near-1']);
  });

  it('do not exceed the limit, and the given list is unchanged', () => {
    const days = Array.from({ length: 30 }, (_, index) => unitDay(String(index), { day: 30 - index }));
    const before = [...days];
    expect(chosen(days)).to.have.length(24);
    expect(chosen(days, {}, 1)).to.deep.equal(['29']);
    expect(chosen(days, {}, 0)).to.deep.equal([]);
    expect(days).to.deep.equal(before);
  });

  it('are all read in rotation: each within the number of polls that reads all of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 24 }), (count, limit) => {
        const days = Array.from({ length: count }, (_, index) => unitDay(String(index), { day: index % 7 }));
        const askedAt: Record<string, Instant> = {};
        const turn = Math.ceil(count / limit);
        for (let poll = 1; poll <= 3 * turn; poll++) {
          for (const key of chosen(days, askedAt, limit)) askedAt[key] = poll;
          if (poll < turn) continue;
          const oldest = Math.min(...days.map(({ key }) => askedAt[key] ?? 0));
          expect(oldest, `after poll ${poll}`).to.be.greaterThan(poll - turn);
        }
      }),
    );
  });

  it('reserve a part for creations and the rest, for any number that need a confirmation', () => {
    const days = ['needsConfirmation', 'blocksCreation', 'rest'].flatMap((kind) =>
      Array.from({ length: 30 }, (_, index) => unitDay(`${kind}-${index}`, { [kind]: true })),
    );
    const count = (limit: number, given: readonly UnitDay[] = days): readonly number[] =>
      ['n', 'b', 'r'].map((kind) => chosen(given, {}, limit).filter((key) => key.startsWith(kind)).length);
    expect(count(24)).to.deep.equal([12, 6, 6]);
    expect(count(3)).to.deep.equal([3, 0, 0]);
    const without = (kind: string): readonly UnitDay[] => days.filter(({ key }) => !key.startsWith(kind));
    expect(count(24, without('r'))).to.deep.equal([18, 6, 0]);
    expect(count(24, without('b'))).to.deep.equal([18, 0, 6]);
    expect(count(24, without('n'))).to.deep.equal([0, 18, 6]);
    expect(count(24, [...without('b'), unitDay('b-few', { blocksCreation: true })])).to.deep.equal([17, 1, 6]);
    expect(count(24, [...without('r'), unitDay('rest')])).to.deep.equal([17, 6, 1]);
  });

  it('rotate over all, for any number of each kind', () => {
    const days = ['needsConfirmation', 'blocksCreation', 'rest'].flatMap((kind) =>
      Array.from({ length: 40 }, (_, index) => unitDay(`${kind}-${index}`, { [kind]: true })),
    );
    const askedAt: Record<string, Instant> = {};
    for (let poll = 1; poll <= 7; poll++) for (const key of chosen(days, askedAt)) askedAt[key] = poll;
    for (const { key } of days) expect(askedAt[key], key).to.be.greaterThan(0);
  });
});
