import { expect } from 'chai';
import { DEFAULT_SETTINGS } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { createRules, isBookable, isManaged, isMarkedCanceled, isMarkedFor, isActiveEvent } from '#src/rules/rules.js';
import { BAY1, BAY2, settingsWith } from '../engine/world.js';
import { aBooking, anEvent, aTombstone, END, FOREIGN_UNIT, ID, START } from './situations.js';

describe('the rules', () => {
  it('are created from the settings', () => {
    const rules = createRules(
      settingsWith({ uschedule: { status: 'blind' }, rules: { conflict: 'booking-wins', echoWindowSeconds: 2.5 } }),
    );
    expect(rules).to.include({ trust: 'blind', conflict: 'booking-wins', echoWindowMs: 2500 });
    expect(rules.routing.bays).to.deep.equal([BAY1, BAY2]);
  });

  it('map a booking to its bay, with texts from the templates', () => {
    const google = { title: '{customerName} ({bay})', description: '{notes}, {bayName}' };
    const rules = createRules(settingsWith({ google }));
    expect(rules.routed(aBooking({ resourceUnitId: BAY2.resourceUnitId }))).to.deep.equal({
      bay: BAY2,
      base: { start: START, end: END, bay: '2', title: 'Ana R. (2)', description: 'Two players, Bay 2' },
    });
    expect(rules.routed(aBooking({ resourceUnitId: FOREIGN_UNIT }))).to.equal(null);
  });

  it('start from the defaults of docs/operating-contract.md#settings', () => {
    expect(DEFAULT_SETTINGS).to.deep.equal({
      uschedule: {
        status: 'trusted',
        reschedule: 'method',
        pollSeconds: 60,
        pastDays: 1,
        futureDays: 60,
        holdMinutes: 10,
        urgentMinutes: 30,
        urgentMinAgeMinutes: 6,
        cancelConfirmations: 2,
        cancellationHours: 24,
        rebookPaid: false,
      },
      google: {
        cancel: 'delete',
        title: '{customerName}',
        description: '{notes}',
        sweepSeconds: 300,
        channelTtlSeconds: 604_800,
        deleteGraceSeconds: 10,
        formerAccounts: [],
        quotaPerMinute: 600,
      },
      rules: {
        direction: 'both',
        echoWindowSeconds: 10,
        conflict: 'last-write-wins',
        massChangeLimit: 0.5,
        massChangeMinimum: 5,
      },
      retry: { baseMs: 500, maxMs: 60_000, maxAttempts: 8, callTimeoutSeconds: 15 },
    });
  });
});

describe('an event', () => {
  it('is a cancelled event if it is free and marked as cancelled', () => {
    const title = 'CANCELED: Ana R.';
    expect(isMarkedCanceled(anEvent({ title, free: true }))).to.equal(true);
    expect(isMarkedCanceled(anEvent({ title, free: false }))).to.equal(false);
    expect(isMarkedCanceled(anEvent({ free: true }))).to.equal(false);
    expect(isMarkedCanceled(anEvent({ title: `Not ${title}`, free: true }))).to.equal(false);
  });

  it('is active if it is neither deleted nor marked as cancelled', () => {
    expect(isActiveEvent(anEvent())).to.equal(true);
    expect(isActiveEvent(aTombstone())).to.equal(false);
    expect(isActiveEvent(anEvent({ title: 'CANCELED: Ana R.', free: true }))).to.equal(false);
  });

  it('is managed if it has both of our properties', () => {
    const marks = (managed: boolean, appointmentId: string | null) =>
      anEvent({ marks: { ...NO_MARKS, managed, appointmentId } });
    expect(isManaged(marks(true, ID))).to.equal(true);
    expect(isManaged(marks(true, null))).to.equal(false);
    expect(isManaged(marks(false, ID))).to.equal(false);
    expect(isMarkedFor(marks(true, ID), ID)).to.equal(true);
    expect(isMarkedFor(marks(true, '700999'), ID)).to.equal(false);
    expect(isMarkedFor(marks(false, ID), ID)).to.equal(false);
  });

  it('has the shape of a booking if it starts once and ends later', () => {
    expect(isBookable(anEvent())).to.equal(true);
    expect(isBookable(anEvent({ end: START + 1 }))).to.equal(true);
    expect(isBookable(anEvent({ end: START }))).to.equal(false);
    expect(isBookable(anEvent({ end: START - 1 }))).to.equal(false);
    expect(isBookable(anEvent({ start: null }))).to.equal(false);
    expect(isBookable(anEvent({ end: null }))).to.equal(false);
    expect(isBookable(anEvent({ shape: 'all-day' }))).to.equal(false);
    expect(isBookable(anEvent({ shape: 'recurring' }))).to.equal(false);
  });
});
