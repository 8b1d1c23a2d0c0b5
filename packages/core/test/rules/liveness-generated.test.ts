import { expect } from 'chai';
import fc from 'fast-check';
import { DAY, HOUR, MINUTE } from '@loft/sync-core';
import type { LivenessRecord } from '@loft/sync-core/store';
import { inferLiveness, type LivenessEvidence, type LivenessVerdict } from '#src/rules/liveness.js';
import { aBooking, ID, NOW } from './situations.js';

const settings = fc.record({
  holdMinutes: fc.constantFrom(0, 15, 60),
  urgentMinutes: fc.constantFrom(0, 60),
  urgentMinAgeMinutes: fc.constantFrom(0, 6),
  cancelConfirmations: fc.integer({ min: 1, max: 3 }),
});

/** Offsets around every boundary: hold, urgency, start and end. */
const offset = fc.oneof(
  fc.constantFrom(0, 1, -1, 15 * MINUTE, 60 * MINUTE, 60 * MINUTE + 1, -HOUR, -HOUR - 1, 2 * DAY),
  fc.integer({ min: -DAY, max: 3 * DAY }),
);

const given: fc.Arbitrary<LivenessEvidence> = fc
  .record({
    start: offset,
    age: fc.option(fc.oneof(fc.constantFrom(0, 15 * MINUTE - 1, 15 * MINUTE), fc.integer({ min: 0, max: DAY }))),
    status: fc.constantFrom('live', 'unknown', 'dead'),
    freeReadings: fc.option(fc.integer({ min: 0, max: 3 })),
    rememberedDead: fc.boolean(),
    hasMoved: fc.boolean(),
    mirrored: fc.boolean(),
    lostTo: fc.option(fc.constantFrom('newer', 'moved')),
    slot: fc.constantFrom('free', 'not-free', 'unseen'),
  })
  .map(({ start, age, status, freeReadings, rememberedDead, hasMoved, mirrored, lostTo, slot }) => {
    const end = NOW + start + HOUR;
    const createdAt = age === null ? null : NOW - age;
    const booking = aBooking({ status, start: NOW + start, end, createdAt });
    const record: LivenessRecord | null =
      freeReadings === null
        ? null
        : {
            appointmentId: ID,
            freeReadings,
            dead: rememberedDead,
            end: hasMoved ? end - HOUR : end,
            updatedAt: NOW - HOUR,
          };
    return { now: NOW, booking, record, mirrored, lostTo, slot, emptyStartAt: null };
  });

function forAll(check: (evidence: LivenessEvidence, verdict: LivenessVerdict, confirmations: number) => void): void {
  fc.assert(
    fc.property(given, settings, (evidence, set) => {
      check(evidence, inferLiveness(evidence, set), set.cancelConfirmations);
    }),
    { numRuns: 2000 },
  );
}

describe('liveness, with generated observations', () => {
  it('is dead by evidence alone', () => {
    forAll(({ booking, record, lostTo, slot, now }, { status }, confirmations) => {
      const stays = record?.end === booking.end ? record.freeReadings : 0;
      const evidence = lostTo === 'moved' || (slot === 'free' && booking.end > now);
      const counts = evidence ? stays + 1 : stays;
      const evident =
        (record?.dead ?? false) || booking.status === 'dead' || lostTo === 'newer' || counts >= confirmations;
      if (status === 'dead') expect(evident).to.equal(true);
    });
  });

  it('never becomes dead by a failed reading, or by one that shows the slot as taken', () => {
    forAll((evidence, { status }, confirmations) => {
      const { record, booking, lostTo, slot } = evidence;
      const proven = record !== null && (record.dead || record.freeReadings >= confirmations);
      if (slot === 'free' || proven || lostTo !== null || booking.status === 'dead') return;
      expect(status).not.to.equal('dead');
      if (evidence.mirrored) expect(status).to.equal('live');
    });
  });

  it('does not treat a candidate as a booking while its slot reads as free', () => {
    forAll(({ booking, mirrored, slot, now }, { status }) => {
      if (slot === 'free' && !mirrored && booking.end > now) expect(status).not.to.equal('live');
    });
  });

  it('stores every death, and never reverts one', () => {
    forAll((evidence, { status, record }, cancelConfirmations) => {
      if (status !== 'dead') return;
      expect(record?.dead).to.equal(true);
      const later: LivenessEvidence = {
        ...evidence,
        record,
        now: evidence.now + MINUTE,
        lostTo: null,
        slot: 'not-free',
        booking: { ...evidence.booking, status: 'live' },
      };
      const again = inferLiveness(later, {
        holdMinutes: 0,
        urgentMinutes: 1e6,
        urgentMinAgeMinutes: 0,
        cancelConfirmations,
      });
      expect(again.status).to.equal('dead');
      expect(again.record).to.equal(record);
    });
  });

  it('stores nothing new for a repeated observation', () => {
    forAll((evidence, { record }, cancelConfirmations) => {
      if (evidence.slot === 'free' || evidence.lostTo === 'moved') return;
      const again = inferLiveness(
        { ...evidence, record },
        { holdMinutes: 0, urgentMinutes: 0, urgentMinAgeMinutes: 0, cancelConfirmations },
      );
      expect(again.record).to.equal(record);
    });
  });
});
