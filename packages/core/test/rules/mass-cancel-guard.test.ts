import { expect } from 'chai';
import { DEFAULT_SETTINGS, type Bay, type BookingEventMap } from '@loft/sync-core';
import type { FeedState, FeedStop } from '#src/domain/feed-state.js';
import {
  freeSlotsStop,
  guardStop,
  isMassChange,
  movedAwayStop,
  stopItem,
  type GuardedChange,
} from '#src/rules/mass-cancel-guard.js';
import { BAY1, BAY2, BAYS } from '../engine/world.js';
import { aMap, ID, NOW, START } from './situations.js';

describe('a mass change', () => {
  const guards = DEFAULT_SETTINGS.rules;

  it('is more than half of the mirrors, and more than five, by default', () => {
    expect([guards.massChangeLimit, guards.massChangeMinimum]).to.deep.equal([0.5, 5]);
    expect(isMassChange(6, 11, guards)).to.equal(true);
    expect(isMassChange(100, 100, guards)).to.equal(true);
    expect(isMassChange(51, 100, guards)).to.equal(true);
  });

  it('does not include exactly half of the mirrors', () => {
    expect(isMassChange(6, 12, guards)).to.equal(false);
    expect(isMassChange(50, 100, guards)).to.equal(false);
  });

  it('does not include five mirrors, even if these are all', () => {
    expect(isMassChange(5, 5, guards)).to.equal(false);
    expect(isMassChange(0, 0, guards)).to.equal(false);
    expect(isMassChange(6, 6, guards)).to.equal(true);
  });

  it('is configured by the settings', () => {
    expect(isMassChange(3, 10, { ...guards, massChangeLimit: 0.25, massChangeMinimum: 2 })).to.equal(true);
    expect(isMassChange(2, 10, { ...guards, massChangeLimit: 0.1, massChangeMinimum: 2 })).to.equal(false);
    expect(isMassChange(10, 10, { ...guards, massChangeLimit: 1, massChangeMinimum: 0 })).to.equal(false);
  });
});

describe('the guard of one run of a source', () => {
  const guards = DEFAULT_SETTINGS.rules;
  const items = Array.from({ length: 6 }, (_, index) =>
    stopItem(aMap({ uscheduleAppointmentId: String(index) }), 'cancel event'),
  );
  const change = { what: 'bookings are gone', wouldCancel: 6, mirrors: 6, items };
  const state: FeedState = {
    feed: 'bookings',
    syncToken: null,
    tokenParameters: null,
    stopped: null,
    resumed: false,
    savedAt: NOW,
  };
  const stop = (given: FeedState | null): FeedStop | null => guardStop(change, given, guards, NOW);
  const reason =
    '6 of 6 bookings are gone at once, which is more than massChangeLimit allows. ' +
    'Nothing is cancelled until they are back or a person resumes the feed.';
  const stopped = { at: NOW, reason, wouldCancel: 6, mirrors: 6, items };

  it('stops a mass change, with the items and a sentence', () => {
    expect(stop(null)).to.deep.equal(stopped);
    expect(stop(state)).to.deep.equal(stopped);
    expect(guardStop({ ...change, wouldCancel: 5 }, state, guards, NOW)).to.equal(null);
  });

  it('keeps the time of the first stop', () => {
    expect(stop({ ...state, stopped: { ...stopped, at: NOW - 9 } })).to.have.property('at', NOW - 9);
  });

  it('lets a run pass that an administrator has resumed', () => {
    expect(stop({ ...state, resumed: true })).to.equal(null);
  });

  it('lets only those items pass that the administrator has seen', () => {
    const approved = items.map(({ appointmentId }) => appointmentId);
    expect(stop({ ...state, resumed: true, approved })).to.equal(null);
    expect(stop({ ...state, resumed: true, approved: approved.slice(1) })).to.deep.equal(stopped);
    expect(stop({ ...state, approved })).to.deep.equal(stopped);
  });

  it('compares free slots with the slots that were read', () => {
    const changes: GuardedChange[] = [];
    freeSlotsStop({ free: 3, read: 8 }, items, (given) => {
      changes.push(given);
      return null;
    });
    expect(changes).to.deep.equal([{ what: 'booked slots read as free', wouldCancel: 3, mirrors: 8, items }]);
  });

  it('describes a mirror by its map', () => {
    expect(stopItem(aMap(), 'move event')).to.deep.equal({
      appointmentId: ID,
      customerName: 'Ana R.',
      start: START,
      bay: '1',
      would: 'move event',
    });
  });
});

describe('the guard of bookings on units without a bay', () => {
  const mirror = (id: string, bay: Bay): BookingEventMap =>
    aMap({ uscheduleAppointmentId: id, googleCalendarId: bay.calendarId, base: { ...aMap().base, bay: bay.bay } });
  const mirrors = [mirror('1', BAY1), mirror('2', BAY1), mirror('3', BAY2), mirror('4', BAY2), mirror('5', BAY2)];
  const found = { at: NOW, reason: '', wouldCancel: 0, mirrors: 0 };

  function guarded(ids: readonly string[], stops: (change: GuardedChange) => boolean) {
    const changes: GuardedChange[] = [];
    const stop = movedAwayStop(new Set(ids), mirrors, BAYS, (change) => {
      changes.push(change);
      return stops(change) ? found : null;
    });
    return { stop, changes };
  }

  it('checks each bay by itself', () => {
    const items = mirrors.filter((map) => ['2', '3', '5'].includes(map.uscheduleAppointmentId));
    const [ofBay1, ...ofBay2] = items.map((map) => stopItem(map, 'cancel event'));
    expect(guarded(['2', '3', '5'], () => false)).to.deep.equal({
      stop: null,
      changes: [
        { what: 'bookings of bay 1 are on units of no bay', wouldCancel: 1, mirrors: 2, items: [ofBay1] },
        { what: 'bookings of bay 2 are on units of no bay', wouldCancel: 2, mirrors: 3, items: ofBay2 },
      ],
    });
  });

  it('stops at the first bay with too many', () => {
    expect(guarded(['2', '3'], () => true)).to.have.property('stop', found);
    expect(guarded(['2', '3'], () => true).changes).to.have.length(1);
  });

  it('checks nothing if no booking has moved there', () => {
    expect(guarded([], () => true)).to.deep.equal({ stop: null, changes: [] });
  });
});
