import { expect } from 'chai';
import { RecheckRotation } from '#src/engine/sources/booking-findings.js';

const PER_POLL = 24;

function ids(count: number, from = 0): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

/** The appointments that each of this number of polls rechecks. */
function polls(turns: RecheckRotation, named: readonly string[], times: number): readonly (readonly string[])[] {
  return Array.from({ length: times }, () => [...turns.next(named)]);
}

describe('the rotation of rechecks by id', () => {
  it('rechecks an appointment at once, and then every tenth poll', () => {
    const turns = polls(new RecheckRotation(), ['a'], 31);
    const had = turns.flatMap((turn, poll) => (turn.length > 0 ? [poll] : []));
    expect(had).to.deep.equal([0, 10, 20, 30]);
  });

  it('rechecks an appointment at once again if it was absent for some polls', () => {
    const turns = new RecheckRotation();
    expect([...turns.next(['a'])]).to.deep.equal(['a']);
    expect([...turns.next([])]).to.deep.equal([]);
    expect([...turns.next(['a'])]).to.deep.equal(['a']);
  });

  it('rechecks at most 24 in one poll, and the others in the next one', () => {
    const turns = polls(new RecheckRotation(), ids(60), 4);
    expect(turns.map(({ length }) => length)).to.deep.equal([PER_POLL, PER_POLL, 12, 0]);
    expect(turns.flat()).to.have.members([...ids(60)]);
  });

  it('uses the limit that the caller gives', () => {
    const turns = new RecheckRotation();
    expect(turns.next(ids(60), 60).size).to.equal(60);
    expect(turns.next(ids(60), 60).size).to.equal(0);
    expect(turns.next(ids(62), 1).size).to.equal(1);
  });

  it('rechecks new appointments first, then those that have waited longest', () => {
    const turns = new RecheckRotation();
    turns.next(ids(20));
    for (let poll = 0; poll < 4; poll++) turns.next(ids(40));
    for (let poll = 0; poll < 5; poll++) turns.next(ids(40));
    // The first twenty have waited ten polls, the others nine; ten are new.
    expect([...turns.next([...ids(10, 100), ...ids(40)])]).to.deep.equal([...ids(10, 100), ...ids(14)]);
    expect([...turns.next([...ids(10, 100), ...ids(40)])]).to.deep.equal([...ids(6, 14), ...ids(18, 20)]);
  });

  it('rechecks each of many appointments within the number of polls that all need', () => {
    const turns = polls(new RecheckRotation(), ids(500), 42);
    const counts = new Map<string, number>();
    for (const id of turns.flat()) counts.set(id, (counts.get(id) ?? 0) + 1);
    expect([...new Set(counts.values())].toSorted((a, b) => a - b)).to.deep.equal([2, 3]);
    expect(turns.every(({ length }) => length === PER_POLL)).to.equal(true);
  });

  it('counts an appointment as rechecked if an earlier poll rechecked it', () => {
    const turns = new RecheckRotation();
    expect(turns.hadTurn('a')).to.equal(false);
    turns.next(['a']);
    expect(turns.hadTurn('a')).to.equal(false);
    turns.next(['a']);
    expect(turns.hadTurn('a')).to.equal(true);
    turns.next([]);
    expect(turns.hadTurn('a')).to.equal(false);
    turns.next(ids(25));
    turns.next(ids(25));
    expect(turns.hadTurn('23')).to.equal(true);
    expect(turns.hadTurn('24')).to.equal(false);
  });
});
