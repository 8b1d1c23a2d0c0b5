import { expect } from 'chai';
import { DAY, HOUR, MINUTE } from '@loft/sync-core';
import type { EditRecord } from '@loft/sync-core/store';
import { decideHold, mayTrip, trippedBays } from '#src/rules/edit-guard.js';
import { isOpen } from '#src/rules/edit-record.js';
import { createRules } from '#src/rules/rules.js';
import { settingsWith, type Overrides } from '../engine/world.js';
import { aSituation, NOW, START } from './situations.js';

const MANY = new Map([
  ['1', 20],
  ['2', 20],
]);

function edits(count: number, change: Partial<EditRecord> = {}, from = 0): readonly EditRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const start = START + (from + index) * DAY;
    const base = { start, end: start + HOUR, bay: '1' };
    return {
      kind: 'edit',
      id: String(from + index),
      appointmentId: String(from + index),
      at: NOW - MINUTE,
      change: 'deleted',
      ...base,
      toBay: '1',
      base,
      customerName: 'Ana R.',
      state: 'seen',
      putBacks: 0,
      putBackAt: null,
      waitsFor: null,
      ...change,
    };
  });
}

/** An afternoon moved by an hour: all on one day. */
function shifted(count: number, change: Partial<EditRecord> = {}): readonly EditRecord[] {
  return edits(count).map((edit, index) => {
    const start = START + index * 10 * MINUTE;
    const base = { start, end: start + HOUR, bay: '1' };
    return { ...edit, change: 'moved', base, start: start + HOUR, end: start + 2 * HOUR, ...change };
  });
}

function tripped(records: readonly EditRecord[], mirrors = MANY, rules: Overrides['rules'] = {}): readonly string[] {
  return [...trippedBays(records, mirrors, NOW, createRules(settingsWith({ rules })))].sort();
}

describe('the guard of people’s edits', () => {
  it('allows massChangeMinimum edits, for any number of mirrors', () => {
    expect(tripped(edits(5), new Map([['1', 6]]))).to.deep.equal([]);
    expect(tripped(edits(6), new Map([['1', 6]]))).to.deep.equal(['1']);
  });

  it('counts a visit once that was rescheduled under new ids and then deleted', () => {
    const visits = edits(5).map((edit, index) => ({ ...edit, customerName: `Guest ${index}` }));
    const moved = visits.map((edit) => {
      const start = edit.base.start + 100 * DAY;
      return { ...edit, change: 'moved' as const, state: 'carried' as const, start, end: start + HOUR };
    });
    const deleted = moved.map(({ appointmentId, start, end, ...edit }, index) => {
      const id = `${appointmentId}-again`;
      const base = { start, end, bay: '1' };
      const customerName = `Guest ${index}`;
      return {
        ...edit,
        id,
        appointmentId: id,
        change: 'deleted' as const,
        state: 'seen' as const,
        base,
        start,
        end,
        customerName,
      };
    });
    expect(tripped([...moved, ...deleted], new Map([['1', 6]]))).to.deep.equal([]);
    const others = deleted.map((edit) => ({ ...edit, customerName: 'Ben K.' }));
    expect(tripped([...moved, ...others], new Map([['1', 6]]))).to.deep.equal(['1']);
  });

  it('trips above the share of the bay, or above three times the minimum', () => {
    expect(tripped(edits(10))).to.deep.equal([]);
    expect(tripped(edits(11))).to.deep.equal(['1']);
    const thousand = new Map([['1', 1000]]);
    expect(tripped(edits(15), thousand)).to.deep.equal([]);
    expect(tripped(edits(16), thousand)).to.deep.equal(['1']);
  });

  it('trips for the studio if no single bay does, and then for every bay with edits', () => {
    const both = [...edits(8), ...edits(8, { bay: '2' }, 100)];
    expect(
      tripped(
        both,
        new Map([
          ['1', 100],
          ['2', 100],
        ]),
      ),
    ).to.deep.equal(['1', '2']);
  });

  it('trips when all of a bay, three or more, are deleted', () => {
    expect(tripped(edits(2), new Map([['1', 2]]))).to.deep.equal([]);
    expect(tripped(edits(3), new Map([['1', 3]]))).to.deep.equal(['1']);
    expect(tripped(edits(3), new Map([['1', 4]]))).to.deep.equal([]);
  });

  it('compares with the number of mirrors before some were cancelled by their edits', () => {
    expect(tripped([...edits(5, { state: 'carried' }), ...edits(4, {}, 50)], new Map([['1', 13]]))).to.deep.equal([]);
  });

  it('allows a shifted afternoon: up to three times the minimum, of one bay and day, by the same time', () => {
    expect(tripped(shifted(15))).to.deep.equal([]);
    expect(tripped(shifted(16))).to.deep.equal(['1']);
    expect(tripped([...shifted(11), ...edits(1, {}, 99)])).to.deep.equal(['1']);
    expect(tripped(shifted(11, { toBay: '2' }))).to.deep.equal(['1']);
    const otherLength = shifted(11).map((edit, index) =>
      index === 0 ? { ...edit, start: edit.start + MINUTE } : edit,
    );
    expect(tripped(otherLength)).to.deep.equal(['1']);
  });

  it('does not count edits that are older than ten minutes, reverted or released', () => {
    for (const change of [{ at: NOW - 10 * MINUTE }, { state: 'put-back' }, { state: 'released' }] as const) {
      expect(tripped(edits(20, change))).to.deep.equal([]);
    }
  });

  it('holds later edits of a bay as long as any edit of it is held', () => {
    expect(tripped([...edits(1, { state: 'held', at: NOW - DAY }), ...edits(1, {}, 9)])).to.deep.equal(['1']);
  });

  it('is off with a limit of 1 and a minimum above the number of mirrors', () => {
    const off = { massChangeLimit: 1, massChangeMinimum: 1000 };
    expect(tripped(edits(20), MANY, off)).to.deep.equal([]);
  });

  it('reads the mirrors only if the counts alone do not decide', () => {
    const rules = createRules(settingsWith());
    expect(mayTrip(edits(2), NOW, rules)).to.equal(false);
    expect(mayTrip(edits(3), NOW, rules)).to.equal(true);
    expect(mayTrip(shifted(5), NOW, rules)).to.equal(false);
    expect(mayTrip(shifted(6), NOW, rules), 'an afternoon trips it for no number').to.equal(false);
  });
});

describe('the guard of people’s edits, in its details', () => {
  const rules = createRules(settingsWith());

  it('counts an applied move and a later edit of its slot twice if these are not the same visit', () => {
    // Five applied moves, of which one may be continued by a deletion of the same customer in its new slot.
    const moves = edits(5, { change: 'moved', state: 'carried' }).map((edit, index) => ({
      ...edit,
      customerName: `Guest ${index}`,
      start: edit.start + 100 * DAY,
      end: edit.end + 100 * DAY,
    }));
    const [first] = moves;
    const base = { start: first!.start, end: first!.end, bay: '1' };
    const [next] = edits(1, { ...base, base, customerName: 'Guest 0' }, 50);
    const count = (change: Partial<EditRecord>): boolean => mayTrip([...moves, { ...next!, ...change }], NOW, rules);
    expect(count({})).to.equal(false);
    expect(count({ base: { ...base, start: base.start - MINUTE } })).to.equal(true);
    expect(count({ base: { ...base, end: base.end + MINUTE } })).to.equal(true);
    expect(count({ base: { ...base, bay: '2' } })).to.equal(true);
    expect(count({ customerName: 'Guest 1' })).to.equal(true);
    // An edit of the same appointment is no continuation under a new id.
    expect(mayTrip([...moves, { ...next!, appointmentId: '0' }], NOW, rules)).to.equal(true);
    // A cancellation is final: nothing continues it.
    const canceled = moves.map((edit) => ({ ...edit, change: 'deleted' as const, bay: '2' }));
    expect(mayTrip([...canceled, next!], NOW, rules)).to.equal(true);
  });

  it('is open only for edits that wait for their application or a decision', () => {
    const states = ['seen', 'held', 'carried', 'released', 'reverted', 'put-back', 'dead-letter'] as const;
    const open = states.filter((state) => isOpen(edits(1, { state })[0]!));
    expect(open).to.deep.equal(['seen', 'held']);
  });

  it('reads the mirrors if three events of one bay are deleted, not of two bays', () => {
    expect(mayTrip([...edits(2), ...edits(2, { bay: '2' }, 9)], NOW, rules)).to.equal(false);
    expect(mayTrip(edits(3, { bay: '2' }), NOW, rules)).to.equal(true);
    expect(mayTrip([...edits(2), ...edits(2, { change: 'moved' }, 9)], NOW, rules)).to.equal(false);
  });

  it('adds only the mirrors of cancelled bookings to the number of mirrors', () => {
    const moved = edits(4, { state: 'carried', change: 'moved' });
    expect(tripped([...moved, ...edits(4, {}, 50)], new Map([['1', 15]]))).to.deep.equal(['1']);
    expect(tripped([...edits(4, { state: 'carried' }), ...edits(4, {}, 50)], new Map([['1', 15]]))).to.deep.equal([]);
  });

  it('counts the edits of the studio without those of a shifted afternoon', () => {
    const few = new Map([
      ['1', 9],
      ['2', 8],
    ]);
    expect(tripped([...shifted(8), ...edits(4, { bay: '2' }, 100)], few)).to.deep.equal([]);
    expect(
      tripped(
        [...edits(4), ...edits(4, { bay: '2' }, 100)],
        new Map([
          ['1', 8],
          ['2', 7],
        ]),
      ),
    ).to.deep.equal(['1', '2']);
    expect(
      tripped(
        [...edits(4), ...edits(4, { bay: '2' }, 100)],
        new Map([
          ['1', 8],
          ['2', 8],
        ]),
      ),
    ).to.deep.equal([]);
  });

  it('is switched off only if the minimum is not below the number of mirrors', () => {
    const off = { massChangeLimit: 1, massChangeMinimum: 5 };
    expect(tripped(edits(5), new Map([['1', 5]]), off)).to.deep.equal([]);
    expect(tripped(edits(6), new Map([['1', 6]]), off)).to.deep.equal(['1']);
    const limited = { massChangeLimit: 0.9, massChangeMinimum: 5 };
    expect(tripped(edits(5), new Map([['1', 5]]), limited)).to.deep.equal(['1']);
  });

  it('trips for a deleted bay only if its mirrors were deleted', () => {
    expect(tripped(edits(3, { change: 'moved' }), new Map([['1', 3]]))).to.deep.equal([]);
    const mixed = [...edits(2), ...edits(2, { change: 'moved' }, 9)];
    expect(tripped(mixed, new Map([['1', 4]]))).to.deep.equal([]);
  });

  it('takes no deletions, no other shift and no other day for a shifted afternoon', () => {
    const others = shifted(11);
    const change = (of: Partial<EditRecord>): readonly EditRecord[] =>
      others.map((edit, index) => (index === 5 ? { ...edit, ...of } : edit));
    const [, , , , , one] = others;
    expect(tripped(change({}))).to.deep.equal([]);
    expect(tripped(change({ change: 'deleted' }))).to.deep.equal(['1']);
    expect(tripped(change({ start: one!.start + MINUTE }))).to.deep.equal(['1']);
    expect(tripped(change({ end: one!.end + MINUTE }))).to.deep.equal(['1']);
    const nextDay = { start: one!.base.start + DAY, end: one!.base.end + DAY, bay: '1' };
    expect(tripped(change({ base: nextDay, start: nextDay.start + HOUR, end: nextDay.end + HOUR }))).to.deep.equal([
      '1',
    ]);
  });
});

describe('row 21d · the edits that the guard holds', () => {
  const rules = createRules(settingsWith());
  const decided = (all: readonly EditRecord[], mirrors: ReadonlyMap<string, number> = MANY) => {
    const [record] = all;
    return decideHold(record!, all, aSituation({ mirrors }), rules);
  };

  it('are those of its bays that are not applied yet: a held one is not stored again', () => {
    const many = edits(16);
    const held = edits(1, { state: 'held' }, 16);
    const others = [...edits(1, { state: 'released' }, 17), ...edits(1, { bay: '2', toBay: '2' }, 18)];
    const verdict = decided([...many, ...held, ...others]);
    expect(verdict).to.deep.include({ reason: 'edit-held' });
    expect(verdict).to.have.nested.property('action.do', 'record-edits');
    const ofBay = many.map((edit) => ({ ...edit, state: 'held' }));
    expect(verdict).to.have.nested.property('action.edits').that.deep.includes.members(ofBay);
    expect(verdict)
      .to.have.nested.property('action.edits')
      .that.satisfies((stored: readonly EditRecord[]) =>
        stored.every(({ id, state }) => state === 'held' && !['16', '17'].includes(id)),
      );
    expect(verdict)
      .to.have.nested.property('notice.message')
      .that.matches(/^1[78] edits are held: /);
  });

  it('are none below the guard, and are counted with the mirrors', () => {
    expect(decided(edits(2))).to.equal(null);
    expect(decideHold(edits(16)[0]!, edits(16), aSituation({}), rules)).to.deep.include({
      kind: 'observe',
      target: 'mirrors',
    });
  });

  it('include no edit of another bay', () => {
    const [elsewhere] = edits(1, { bay: '2', toBay: '2' }, 30);
    const all = [elsewhere!, ...edits(8, { change: 'deleted' })];
    expect(
      decided(
        all,
        new Map([
          ['1', 8],
          ['2', 80],
        ]),
      ),
    ).to.equal(null);
  });
});
