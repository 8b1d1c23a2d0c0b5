import { expect } from 'chai';
import { hasMovedToUnroutedUnit } from '#src/domain/booking-event-map.js';
import { BAY2 } from '../engine/world.js';
import { aMap, aTombstone, bookingSeen, END, eventSeen, FOREIGN_UNIT, START, verdictOn } from './situations.js';

const BLIND = { uschedule: { status: 'blind' } } as const;
const base = { start: START, end: END, bay: null, title: 'Ana R.', description: 'Two players' };
const LEFT = aMap({ status: 'CANCELED', base });

describe('a booking on a unit without a bay', () => {
  it('is recognized by its map: cancelled, with no bay', () => {
    expect(hasMovedToUnroutedUnit(LEFT)).to.equal(true);
    expect(hasMovedToUnroutedUnit(aMap({ base }))).to.equal(false);
    expect(hasMovedToUnroutedUnit(aMap({ status: 'CANCELED' }))).to.equal(false);
    expect(hasMovedToUnroutedUnit(aMap({ status: 'CANCELED', base, supersededBy: '700124' }))).to.equal(false);
  });

  it('gets its event again when it is observed on a bay, although the status is hidden', () => {
    const booking = bookingSeen({ resourceUnitId: BAY2.resourceUnitId });
    expect(verdictOn({ map: LEFT, booking }, BLIND)).to.deep.include({ reason: 'booking-revived' });
    expect(verdictOn({ map: LEFT, booking, event: eventSeen(aTombstone()) }, BLIND)).to.deep.include({
      reason: 'booking-revived',
    });
  });

  it('gets no event while it is elsewhere, dead or unknown', () => {
    const event = eventSeen(aTombstone());
    for (const booking of [
      bookingSeen({ resourceUnitId: FOREIGN_UNIT }),
      bookingSeen({ status: 'dead' }),
      bookingSeen({}, { status: 'unknown' }),
    ]) {
      expect(verdictOn({ map: LEFT, booking, event }, BLIND)).not.to.deep.include({ reason: 'booking-revived' });
    }
  });

  it('stays dead if its map has a bay, because then it was cancelled', () => {
    const booking = bookingSeen();
    expect(verdictOn({ map: aMap({ status: 'CANCELED' }), booking }, BLIND)).to.deep.include({ reason: 'in-sync' });
  });
});
