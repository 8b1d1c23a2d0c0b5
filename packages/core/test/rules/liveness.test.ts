import { expect } from 'chai';
import { DAY, HOUR, MINUTE, type Booking } from '@loft/sync-core';
import type { LivenessRecord } from '@loft/sync-core/store';
import {
  heldUntil,
  inferLiveness,
  readingOf,
  type LivenessEvidence,
  type LivenessVerdict,
  type SlotReading,
} from '#src/rules/liveness.js';
import { aBooking, END, ID, NOW, START } from './situations.js';

const SETTINGS = { holdMinutes: 15, urgentMinutes: 60, urgentMinAgeMinutes: 0, cancelConfirmations: 2 };
const HOLD: number = 15 * MINUTE;
const URGENT: number = 60 * MINUTE;

/** A mirrored booking in two days, without a status and without stored evidence. */
function evidence(change: Partial<LivenessEvidence> = {}, booking: Partial<Booking> = {}): LivenessEvidence {
  return {
    now: NOW,
    booking: aBooking({ status: 'unknown', createdAt: NOW - DAY, ...booking }),
    record: null,
    mirrored: true,
    lostTo: null,
    slot: 'not-free',
    emptyStartAt: null,
    ...change,
  };
}

/** The same booking before it has an event. */
function candidate(change: Partial<LivenessEvidence> = {}, booking: Partial<Booking> = {}): LivenessEvidence {
  return evidence({ mirrored: false, ...change }, booking);
}

function remembered(change: Partial<LivenessRecord> = {}): LivenessRecord {
  return { appointmentId: ID, freeReadings: 0, dead: false, end: END, updatedAt: NOW - HOUR, ...change };
}

function judge(given: LivenessEvidence, settings: Partial<typeof SETTINGS> = {}): LivenessVerdict {
  return inferLiveness(given, { ...SETTINGS, ...settings });
}

/** Infers a booking's status from consecutive readings of its slot, with stored evidence in between. */
function judgeInTurn(given: LivenessEvidence, slots: readonly SlotReading[], confirmations = 2): LivenessVerdict {
  let verdict: LivenessVerdict = { status: 'unknown', record: given.record };
  for (const slot of slots) {
    verdict = judge({ ...given, record: verdict.record, slot }, { cancelConfirmations: confirmations });
  }
  return verdict;
}

describe('liveness, with a hidden status', () => {
  describe('lesson 1: the status is no evidence', () => {
    it('treats a mirrored booking without a status as live', () => {
      expect(judge(evidence())).to.deep.equal({ status: 'live', record: null });
    });

    it('does not trust the status live', () => {
      expect(judge(candidate({ slot: 'unseen' }, { status: 'live' })).status).to.equal('unknown');
    });

    it('trusts the status dead at once, and stores it', () => {
      for (const given of [evidence({}, { status: 'dead' }), candidate({ slot: 'unseen' }, { status: 'dead' })]) {
        expect(judge(given)).to.deep.equal({
          status: 'dead',
          record: remembered({ dead: true, updatedAt: NOW, createdAt: NOW - DAY }),
        });
      }
    });
  });

  describe('lesson 2: availability is the evidence', () => {
    it('counts a first free reading, and still treats the booking as live', () => {
      expect(judge(evidence({ slot: 'free' }))).to.deep.equal({
        status: 'live',
        record: remembered({ freeReadings: 1, updatedAt: NOW }),
      });
    });

    for (const confirmations of [1, 2, 5]) {
      it(`treats it as dead after exactly ${confirmations} in a row`, () => {
        const free = Array.from({ length: confirmations }, () => 'free' as const);
        expect(judgeInTurn(evidence(), free, confirmations)).to.deep.equal({
          status: 'dead',
          record: remembered({ freeReadings: confirmations, dead: true, updatedAt: NOW, createdAt: NOW - DAY }),
        });
        expect(judgeInTurn(evidence(), free.slice(1), confirmations).status).not.to.equal('dead');
      });
    }

    it('restarts the count after a reading without the slot', () => {
      const verdict = judgeInTurn(evidence(), ['free', 'not-free', 'free']);
      expect(verdict).to.deep.equal({ status: 'live', record: remembered({ freeReadings: 1, updatedAt: NOW }) });
      expect(judgeInTurn(evidence(), ['free', 'not-free']).record?.freeReadings).to.equal(0);
    });

    it('keeps the count if nothing was read', () => {
      const record = remembered({ freeReadings: 1 });
      expect(judge(evidence({ record, slot: 'unseen' }))).to.deep.equal({ status: 'live', record });
      expect(judgeInTurn(evidence(), ['free', 'unseen', 'free']).status).to.equal('dead');
    });

    it('restarts the count for a booking that has moved', () => {
      const record = remembered({ freeReadings: 1, end: END - HOUR });
      expect(judge(evidence({ record, slot: 'free' }))).to.deep.equal({
        status: 'live',
        record: remembered({ freeReadings: 1, updatedAt: NOW }),
      });
      expect(judge(evidence({ record, slot: 'unseen' })).record).to.deep.equal(remembered({ updatedAt: NOW }));
    });

    it('counts a free slot in the rest of a running visit; no free slot is no evidence then', () => {
      const record = remembered({ freeReadings: 1 });
      const began = evidence({ record, now: START, slot: 'free' });
      expect(judge(began).status).to.equal('dead');
      expect(judge({ ...began, record: null })).to.deep.include({ status: 'live' });
      expect(judge({ ...began, slot: 'not-free' })).to.deep.equal({ status: 'live', record });
      expect(judge({ ...began, now: START - 1, slot: 'not-free' }).record?.freeReadings).to.equal(0);
    });

    it('ignores availability for a visit that is over', () => {
      const record = remembered({ freeReadings: 1 });
      const over = evidence({ record, now: END, slot: 'free' });
      expect(judge(over)).to.deep.equal({ status: 'live', record });
      expect(judge({ ...over, now: END - 1 }).status).to.equal('dead');
    });

    it('treats a candidate as live if its slot is not listed', () => {
      expect(judge(candidate())).to.deep.equal({ status: 'live', record: null });
    });

    it('treats a candidate as unknown if its slot is free, or was at the last reading', () => {
      expect(judge(candidate({ slot: 'free' })).status).to.equal('unknown');
      expect(judge(candidate({ slot: 'unseen', record: remembered({ freeReadings: 1 }) })).status).to.equal('unknown');
      expect(judgeInTurn(candidate(), ['free', 'not-free']).status).to.equal('live');
    });

    it('resolves a candidate as dead like a mirrored booking', () => {
      expect(judgeInTurn(candidate(), ['free', 'free'])).to.deep.equal({
        status: 'dead',
        record: remembered({ freeReadings: 2, dead: true, updatedAt: NOW, createdAt: NOW - DAY }),
      });
    });

    it('counts free readings of a candidate also during its hold', () => {
      const held = candidate({ slot: 'free' }, { createdAt: NOW });
      expect(judge(held)).to.deep.equal({
        status: 'unknown',
        record: remembered({ freeReadings: 1, updatedAt: NOW }),
      });
    });
  });

  describe('lesson 3: a bay holds one live booking at a time', () => {
    it('treats a record as dead at once if a newer one has its slot', () => {
      for (const given of [evidence({ lostTo: 'newer' }), candidate({ lostTo: 'newer' })]) {
        expect(judge(given)).to.deep.equal({
          status: 'dead',
          record: remembered({ dead: true, updatedAt: NOW, createdAt: NOW - DAY }),
        });
      }
    });

    it('treats it as dead also without a reading of availability, and in the past', () => {
      expect(judge(evidence({ lostTo: 'newer', slot: 'unseen' })).status).to.equal('dead');
      expect(judge(evidence({ lostTo: 'newer', now: END + HOUR })).status).to.equal('dead');
    });

    for (const slot of ['free', 'not-free', 'unseen'] as const) {
      it(`treats a slot to which another booking has moved as a free reading (${slot})`, () => {
        const first = judge(evidence({ lostTo: 'moved', slot }));
        expect(first).to.deep.equal({ status: 'live', record: remembered({ freeReadings: 1, updatedAt: NOW }) });
        expect(judge(evidence({ lostTo: 'moved', slot, record: first.record }))).to.deep.equal({
          status: 'dead',
          record: remembered({ freeReadings: 2, dead: true, updatedAt: NOW, createdAt: NOW - DAY }),
        });
        expect(judge(candidate({ lostTo: 'moved', slot })).status).to.equal('unknown');
      });
    }

    it('does not count it any more when the other booking has left the slot', () => {
      const { record } = judge(evidence({ lostTo: 'moved' }));
      expect(judge(evidence({ record })).record?.freeReadings).to.equal(0);
    });

    it('counts a booking that moved to the slot in the past, too', () => {
      const { record } = judge(evidence({ lostTo: 'moved', now: END + HOUR }));
      expect(record?.freeReadings).to.equal(1);
    });
  });

  describe('lesson 4: a record is created when its checkout starts', () => {
    const born = (age: number): Partial<Booking> => ({ createdAt: NOW - age });

    it('waits for the end of the hold, to the millisecond', () => {
      expect(judge(candidate({}, born(HOLD - 1))).status).to.equal('unknown');
      expect(judge(candidate({}, born(HOLD))).status).to.equal('live');
      expect(judge(candidate({}, born(HOLD - 1))).heldUntil).to.equal(NOW + 1);
      expect(judge(candidate({}, born(HOLD)))).not.to.have.property('heldUntil');
      expect(heldUntil(aBooking(born(0)), null, NOW, { ...SETTINGS, holdMinutes: 0 })).to.equal(NOW);
    });

    it('waits from the first observation of a record whose creation time is in the future: it is in another zone', () => {
      const { heldUntil: until, record } = judge(candidate({}, born(-DAY)));
      expect(until).to.equal(NOW + HOLD);
      expect(record).to.include({ updatedAt: NOW });
      const seen = remembered({ updatedAt: NOW - HOLD });
      expect(judge(candidate({ record: seen }, born(-DAY))).status).to.equal('live');
      expect(judge(candidate({ record: seen }, born(-MINUTE))).status).to.equal('unknown');
    });

    describe('without a creation time in the record', () => {
      const silent = { createdAt: null };
      const seen = (age: number): LivenessRecord => remembered({ updatedAt: NOW - age });

      it('waits from its first observation, to the millisecond', () => {
        const first = judge(candidate({}, silent));
        const record = remembered({ updatedAt: NOW });
        expect(first).to.deep.equal({ status: 'unknown', heldUntil: NOW + HOLD, record });
        expect(judge(candidate({ record: seen(HOLD - 1) }, silent)).status).to.equal('unknown');
        expect(judge(candidate({ record: seen(HOLD) }, silent))).to.deep.equal({ status: 'live', record: seen(HOLD) });
        expect(judge(candidate({ record: seen(HOLD - 1) }, silent)).heldUntil).to.equal(NOW + 1);
      });

      it('counts the age from its first observation, with any readings of its slot meanwhile', () => {
        const { record } = judge(candidate({ record: seen(HOLD - 2), slot: 'free' }, silent));
        expect(record).to.deep.include({ freeReadings: 1, updatedAt: NOW - HOLD + 2 });
      });

      it('does not wait if the booking starts soon', () => {
        const soon = { start: NOW + MINUTE, end: NOW + HOUR };
        expect(judge(candidate({ slot: 'unseen' }, { ...silent, ...soon })).status).to.equal('live');
      });

      it('stores nothing for a mirrored or past booking', () => {
        expect(judge(evidence({}, silent))).to.deep.equal({ status: 'live', record: null });
        expect(judge(candidate({ now: END }, silent)).record).to.equal(null);
      });
    });

    it('requests a reading after the hold', () => {
      expect(judge(candidate({ slot: 'unseen' }, born(HOLD))).status).to.equal('unknown');
    });

    it('does not remove the event of a mirrored booking', () => {
      expect(judge(evidence({}, born(0))).status).to.equal('live');
    });

    const startingIn = (ms: number): Partial<Booking> => ({ start: NOW + ms, end: NOW + ms + HOUR, ...born(0) });

    it('waits until a booking that starts soon has its minimum age, to the millisecond', () => {
      const least = { urgentMinAgeMinutes: 6 };
      const soon = (age: number): Partial<Booking> => ({ ...startingIn(10 * MINUTE), ...born(age) });
      expect(judge(candidate({}, soon(6 * MINUTE - 1)), least)).to.include({ status: 'unknown', heldUntil: NOW + 1 });
      expect(judge(candidate({ slot: 'unseen' }, soon(6 * MINUTE)), least).status).to.equal('live');
    });

    it('ends the hold when the booking becomes urgent, if it has its minimum age', () => {
      const least = { urgentMinutes: 30, urgentMinAgeMinutes: 6 };
      const inHalfAnHour = (more: number): Partial<Booking> => ({ ...startingIn(30 * MINUTE + more), ...born(0) });
      expect(judge(candidate({}, inHalfAnHour(MINUTE)), least).heldUntil).to.equal(NOW + 6 * MINUTE);
      expect(judge(candidate({}, inHalfAnHour(8 * MINUTE)), least).heldUntil).to.equal(NOW + 8 * MINUTE);
      expect(judge(candidate({}, inHalfAnHour(HOUR)), least).heldUntil).to.equal(NOW + HOLD);
    });

    it('does not wait for a booking that starts soon, to the millisecond', () => {
      for (const slot of ['unseen', 'not-free'] as const) {
        expect(judge(candidate({ slot }, startingIn(URGENT))).status).to.equal('live');
        expect(judge(candidate({ slot }, startingIn(URGENT + 1))).status).to.equal('unknown');
      }
    });

    it('mirrors a running visit, and no past one', () => {
      expect(judge(candidate({ slot: 'unseen' }, startingIn(0))).status).to.equal('live');
      expect(judge(candidate({ slot: 'unseen' }, startingIn(1 - HOUR))).status).to.equal('live');
      expect(judge(candidate({ slot: 'unseen' }, startingIn(-HOUR))).status).to.equal('unknown');
    });

    it('treats a running visit at an empty start as unknown, except one booked shortly before its start', () => {
      const began = { start: NOW - 10 * MINUTE, end: NOW + HOUR };
      const at = candidate({ slot: 'unseen', emptyStartAt: NOW }, began);
      const made = (beforeStart: number): LivenessEvidence => ({
        ...at,
        booking: { ...at.booking, createdAt: began.start - beforeStart },
      });
      expect(judge(made(URGENT + 1)).status).to.equal('unknown');
      expect(judge(made(URGENT)).status).to.equal('live');
      expect(judge({ ...made(URGENT + 1), emptyStartAt: null }).status).to.equal('live');
      expect(judge({ ...made(URGENT + 1), emptyStartAt: began.start - 1 }).status).to.equal('live');
      expect(judge({ ...at, booking: { ...at.booking, createdAt: null }, record: remembered() }).status).to.equal(
        'unknown',
      );
    });

    it('mirrors no booking early if none is urgent', () => {
      const about = candidate({ slot: 'unseen' }, startingIn(1));
      expect(judge(about, { urgentMinutes: 0 }).status).to.equal('unknown');
      expect(judge(about, { urgentMinutes: 1 }).status).to.equal('live');
    });

    it('does not shorten the wait for a slot that was read as free', () => {
      const record = remembered({ freeReadings: 1, end: NOW + 10 * MINUTE + HOUR });
      expect(judge(candidate({ record, slot: 'unseen' }, startingIn(10 * MINUTE))).status).to.equal('unknown');
    });
  });

  describe('lesson 5: dead stays dead', () => {
    const record = remembered({ dead: true, freeReadings: 2, createdAt: NOW - DAY });

    for (const slot of ['free', 'not-free', 'unseen'] as const) {
      it(`with any reading of its slot (${slot})`, () => {
        for (const given of [evidence({ record, slot }), candidate({ record, slot })]) {
          const verdict = judge(given);
          expect(verdict).to.deep.equal({ status: 'dead', record });
          expect(verdict.record).to.equal(record);
        }
      });
    }

    it('also without its creation time, which is stored then', () => {
      const old = remembered({ dead: true, freeReadings: 2 });
      expect(judge(candidate({ record: old }))).to.deep.equal({ status: 'dead', record });
      const untimed = { createdAt: null };
      expect(judge(candidate({ record: old }, untimed))).to.deep.equal({ status: 'dead', record: old });
      expect(judge(candidate({ record }, untimed))).to.deep.equal({ status: 'dead', record });
    });

    it('but not a later record with the same id, whose own evidence counts', () => {
      const later = { createdAt: NOW - HOUR };
      const current = { ...record, freeReadings: 0, dead: false };
      expect(judge(candidate({ record }, later))).to.deep.equal({ status: 'live', record: current });
      expect(judge(candidate({ record, slot: 'free' }, later))).to.deep.equal({
        status: 'unknown',
        record: { ...current, freeReadings: 1, updatedAt: NOW },
      });
      const first = judge(candidate({ record, slot: 'free' }, later)).record;
      expect(judge(candidate({ record: first, slot: 'free' }, later))).to.deep.equal({
        status: 'dead',
        record: { ...record, createdAt: NOW - HOUR, updatedAt: NOW },
      });
      const { createdAt: _of, ...mirrored } = current;
      expect(judge(evidence({ record }, later))).to.deep.equal({ status: 'live', record: mirrored });
    });

    it('with any status, slot and start', () => {
      const soon = { status: 'live', start: NOW + MINUTE, end: NOW + HOUR } as const;
      expect(judge(candidate({ record }, soon))).to.deep.equal({ status: 'dead', record });
    });
  });

  describe('lesson 6: the window moves', () => {
    it('does not treat a mirrored booking as dead because time passed', () => {
      for (const now of [START, END - 1, END, END + DAY]) {
        expect(judge(evidence({ now, slot: 'unseen' }))).to.deep.equal({ status: 'live', record: null });
      }
    });

    it('mirrors no past booking', () => {
      expect(judge(candidate({ now: END }))).to.deep.equal({ status: 'unknown', record: null });
    });
  });

  describe('lesson 7: an outage is no evidence', () => {
    it('changes nothing after failed readings, in any number', () => {
      const silence = Array.from({ length: 20 }, () => 'unseen' as const);
      expect(judgeInTurn(evidence(), silence)).to.deep.equal({ status: 'live', record: null });
      expect(judgeInTurn(candidate(), silence)).to.deep.equal({ status: 'unknown', record: null });
    });
  });

  describe('lesson 8: cancelling has rules', () => {
    it('treats a booking whose cancellation was refused as live, because its slot is not listed', () => {
      const inside = { start: NOW + 2 * HOUR, end: NOW + 3 * HOUR };
      const record = remembered({ freeReadings: 1, end: inside.end });
      expect(judge(evidence({ record }, inside))).to.deep.equal({
        status: 'live',
        record: remembered({ end: inside.end, updatedAt: NOW }),
      });
    });
  });

  describe('the stored evidence', () => {
    it('is empty as long as there is no evidence', () => {
      expect(judge(evidence()).record).to.equal(null);
      expect(judge(candidate({}, { createdAt: NOW })).record).to.equal(null);
    });

    it('is the same object if nothing is new, so that nothing is written', () => {
      const record = remembered({ freeReadings: 1 });
      expect(judge(evidence({ record, slot: 'unseen' })).record).to.equal(record);
      const none = remembered();
      expect(judge(evidence({ record: none })).record).to.equal(none);
    });

    it('has the current end of the booking, which decides when it is removed', () => {
      const moved = { start: START + DAY, end: END + DAY };
      expect(judge(evidence({ record: remembered() }, moved)).record).to.deep.equal(
        remembered({ end: END + DAY, updatedAt: NOW }),
      );
    });
  });
});

describe('the availability of the slot of a record', () => {
  const of = (...free: readonly number[]): SlotReading => readingOf(aBooking(), free);

  it('shows the slot as free if a free slot starts within its time', () => {
    expect(of(START)).to.equal('free');
    expect(of(END - 1)).to.equal('free');
    expect(of(START - HOUR, START + 15 * MINUTE, END + HOUR)).to.equal('free');
  });

  it('shows it as not free if no free slot starts within its time', () => {
    expect(of()).to.equal('not-free');
    expect(of(START - 1, END)).to.equal('not-free');
  });
});
