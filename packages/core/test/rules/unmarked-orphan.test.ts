import { expect } from 'chai';
import { HOUR, type CalendarEvent } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import type { Verdict } from '#src/rules/decision.js';
import type { BookingReading } from '#src/rules/situation.js';
import { anEvent, bookingSeen, bookingUnknownToSystem, eventSeen, EVENT_ID, NOW, verdictOn } from './situations.js';

describe('row 6 · an event under an id of ours, without marks and without a map, whose booking is dead', () => {
  const on = (change: Partial<CalendarEvent> = {}, booking: BookingReading = bookingUnknownToSystem()): Verdict =>
    verdictOn({ event: eventSeen(anEvent({ marks: NO_MARKS, ...change })), booking });
  const kept = {
    kind: 'decision',
    reason: 'orphan-unproven',
    action: { do: 'nothing' },
    detail: `event ${EVENT_ID} has an id of ours and no marks, and its booking is cancelled`,
  };

  it('stays, because only a person can remove it, and is reported', () => {
    expect(on()).to.deep.equal(kept);
    expect(on({ end: NOW + 1 })).to.deep.equal(kept);
    expect(on({ end: null })).to.deep.equal(kept);
    expect(on({}, bookingSeen({ status: 'dead' }))).to.deep.equal(kept);
  });

  it('is decided by a reading of its booking that needs no confirmation', () => {
    expect(on({}, bookingUnknownToSystem({ sure: false }))).to.deep.equal({ kind: 'observe', target: 'booking' });
  });

  it('is not reported once its visit is over', () => {
    for (const end of [NOW, NOW - HOUR]) {
      expect(on({ end }, bookingUnknownToSystem({ sure: false }))).to.include({ kind: 'decision', reason: 'past' });
    }
  });
});
