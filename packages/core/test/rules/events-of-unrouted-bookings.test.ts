import { NO_MARKS } from '#src/domain/calendar-event.js';
import { expect } from 'chai';
import type { Verdict } from '#src/rules/decision.js';
import {
  aMap,
  anEditedEvent,
  aTombstone,
  bookingSeen,
  eventSeen,
  FOREIGN_UNIT,
  SYNCED,
  verdictOn,
} from './situations.js';

describe('decide, for a booking on a unit without a bay, whose event was cancelled because of that', () => {
  const map = aMap({ status: 'CANCELED' });
  const booking = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
  const noRoute: Verdict = {
    kind: 'decision',
    reason: 'no-route',
    action: { do: 'nothing' },
    detail: 'no bay is configured for unit 9999',
  };

  it('row 10 · booking-moved-bay: cancels an event again that a user restored from the trash', () => {
    const event = anEditedEvent();
    expect(verdictOn({ map, booking, event: eventSeen(event) })).to.deep.equal({
      kind: 'decision',
      reason: 'booking-moved-bay',
      action: { do: 'cancel-event', event },
      detail: null,
    });
  });

  it('observes the event again if it was read before the map was stored', () => {
    const read = (at: number): Verdict => verdictOn({ map, booking, event: eventSeen(anEditedEvent(), { at }) });
    expect(read(SYNCED - 1)).to.deep.equal({ kind: 'observe', target: 'event' });
    expect(read(SYNCED)).to.have.property('reason', 'booking-moved-bay');
  });

  it('row 2 · no-route: ignores events that are deleted, marked as cancelled, without our properties, or in another calendar', () => {
    for (const event of [
      aTombstone(),
      anEditedEvent({ title: 'CANCELED: Ana R.', free: true }),
      anEditedEvent({ marks: NO_MARKS }),
      anEditedEvent({ calendarId: 'sold@group.calendar.google.com' }),
    ]) {
      expect(verdictOn({ map, booking, event: eventSeen(event) })).to.deep.equal(noRoute);
    }
    expect(verdictOn({ map, booking })).to.deep.equal(noRoute);
  });
});
