import { expect } from 'chai';
import { HOUR, SECOND, type Booking, type CalendarEvent } from '@loft/sync-core';
import type { SyncIntent } from '#src/domain/booking-event-map.js';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import type { Verdict } from '#src/rules/decision.js';
import { wasMadeSince } from '#src/engine/ports/unread-calendars.js';
import { createRules } from '#src/rules/rules.js';
import type { BookingReading, Situation } from '#src/rules/situation.js';
import { isOtherCustomer, mayBeSuccessor, searchedFor, seekSuccessor, successorInSlot } from '#src/rules/successor.js';
import { BAY1, BAY2, settingsWith, type Overrides } from '../engine/world.js';
import {
  aBooking,
  aMap,
  anEditedEvent,
  aSituation,
  bookingSeen,
  bookingUnknownToSystem,
  END,
  FOREIGN_UNIT,
  ID,
  NOW,
  START,
  SYNCED,
} from './situations.js';

const NEW_ID = '700200';
const TARGET = { start: START + HOUR, end: END + HOUR, bay: '1' };
const SINCE = NOW - HOUR;
const INTENT: SyncIntent = { kind: 'reschedule', ...TARGET, since: SINCE, triedAt: SINCE, successor: null };
const REBOOK: Overrides = { uschedule: { reschedule: 'rebook' } };
const BLIND: Overrides = { uschedule: { status: 'blind' } };

function candidate(change: Partial<Booking> = {}): Booking {
  const { start, end } = TARGET;
  return aBooking({ appointmentId: NEW_ID, start, end, createdAt: NOW, ...change });
}

describe('the booking that a begun reschedule has made', () => {
  const found = (
    inSlot: readonly Booking[],
    {
      old = bookingUnknownToSystem(),
      settings = {},
    }: { readonly old?: BookingReading; readonly settings?: Overrides } = {},
  ): string | null => successorInSlot(aMap(), INTENT, old, inSlot, createRules(settingsWith(settings)));
  const marked = (change: Partial<Booking> = {}): Booking =>
    candidate({ notes: `[loft:${ID}] Two players`, ...change });

  it('is searched in its slot, and after a lost answer of a rebooking in all days to come', () => {
    const window = { from: NOW - 24 * HOUR, to: NOW + 60 * 24 * HOUR };
    const period = (intent: Partial<SyncIntent>, settings: Overrides = {}) =>
      searchedFor({ ...INTENT, ...intent }, NOW, window, createRules(settingsWith(settings)));
    const slot = { from: TARGET.start, to: TARGET.start + 1 };
    expect(period({})).to.deep.equal(slot);
    expect(period({ triedAt: 0 }, REBOOK)).to.deep.equal(slot);
    expect(period({}, REBOOK)).to.deep.equal({ from: NOW, to: window.to });
    const past = NOW - HOUR;
    expect(period({ start: past }, REBOOK)).to.deep.equal({ from: past, to: window.to });
    expect(period({ start: window.to }, REBOOK)).to.deep.equal({ from: NOW, to: window.to + 1 });
  });

  it('starts with the slot, or names the old booking in its note', () => {
    const notes = `[loft:${ID}] Two players`;
    expect(mayBeSuccessor(candidate(), ID, INTENT)).to.equal(true);
    expect(mayBeSuccessor(candidate({ start: START, notes }), ID, INTENT)).to.equal(true);
    expect(mayBeSuccessor(candidate({ start: START, notes }), '9', INTENT)).to.equal(false);
    expect(mayBeSuccessor(candidate({ start: START }), ID, INTENT)).to.equal(false);
  });

  it('is the one whose note names the old booking, the last of several', () => {
    expect(found([marked(), candidate({ appointmentId: '9' })], { settings: REBOOK })).to.equal(NEW_ID);
    expect(found([marked({ appointmentId: '8' }), marked()], { settings: REBOOK })).to.equal(NEW_ID);
    expect(found([marked(), candidate({ appointmentId: '9' })], { old: bookingSeen() })).to.equal(NEW_ID);
  });

  it('is no other booking in the slot where our own bookings have a marker', () => {
    expect(found([candidate()], { settings: REBOOK })).to.equal(null);
    expect(found([candidate({ notes: '[loft:9] Two players' })], { settings: REBOOK })).to.equal(null);
  });

  it('has the customer of the old booking, if both are known', () => {
    const old = bookingSeen();
    expect(found([marked({ customerId: '9' })], { old, settings: REBOOK })).to.equal(null);
    expect(found([marked({ customerId: null })], { old, settings: REBOOK })).to.equal(NEW_ID);
    expect(found([marked({ customerId: null, customerName: 'Bo' })], { old, settings: REBOOK })).to.equal(null);
    expect(found([marked({ customerId: null, customerName: '' })], { old, settings: REBOOK })).to.equal(NEW_ID);
  });

  it('is, without its marker, the last booking in the slot that was made since and certainly has the same customer', () => {
    const old = bookingSeen();
    const settings = REBOOK;
    expect(found([candidate({ appointmentId: '8' }), candidate()], { old, settings })).to.equal(NEW_ID);
    expect(found([candidate({ customerId: null })], { old, settings })).to.equal(NEW_ID);
    expect(found([candidate({ createdAt: SINCE })], { old, settings })).to.equal(NEW_ID);
    for (const other of [
      { customerId: '9' },
      { customerId: null, customerName: 'Bo' },
      { createdAt: null },
      { createdAt: SINCE - SECOND },
      { createdAt: SINCE - 1 },
      { end: END },
      { resourceUnitId: BAY2.resourceUnitId },
      { notes: '[loft:9] Two players' },
    ]) {
      expect(found([candidate(other)], { old, settings }), JSON.stringify(other)).to.equal(null);
    }
    const unknown = { customerId: null, customerName: '' };
    expect(found([candidate(unknown)], { old: bookingSeen(unknown), settings })).to.equal(null);
  });

  it('may, without its marker, have a creation time that was rounded to the second before the reschedule', () => {
    const rules = createRules(settingsWith(REBOOK));
    const since = SINCE + 400;
    const of = (createdAt: number): string | null =>
      successorInSlot(aMap(), { ...INTENT, since }, bookingSeen(), [candidate({ createdAt })], rules);
    expect(of(SINCE)).to.equal(NEW_ID);
    expect(of(since)).to.equal(NEW_ID);
    expect(of(SINCE - SECOND)).to.equal(null);
    expect(of(since - 1)).to.equal(null);
  });

  it('is none without its marker if this engine has not tried to make it', () => {
    const rules = createRules(settingsWith(REBOOK));
    expect(successorInSlot(aMap(), { ...INTENT, triedAt: 0 }, bookingSeen(), [candidate()], rules)).to.equal(null);
  });

  it('is a live booking with another id that is not older than the reschedule, by at most a minute', () => {
    const { recordTimeSlackMs } = createRules(settingsWith()).timing;
    expect(found([marked({ status: 'dead' })])).to.equal(null);
    expect(found([marked({ appointmentId: ID })])).to.equal(null);
    expect(found([marked({ createdAt: SINCE - recordTimeSlackMs })])).to.equal(NEW_ID);
    const early = { createdAt: SINCE - recordTimeSlackMs - 1 };
    for (const unsure of [{ status: 'unknown' }, { end: END }, { resourceUnitId: BAY2.resourceUnitId }] as const)
      expect(found([marked({ ...early, ...unsure })]), JSON.stringify(unsure)).to.equal(null);
    expect(found([marked(early)], { settings: BLIND })).to.equal(null);
    expect(found([marked({ createdAt: null })])).to.equal(NEW_ID);
    expect(found([marked({ status: 'unknown' })])).to.equal(NEW_ID);
  });

  it('is the live booking in its slot with the marker, although creation times are in a zone hours behind', () => {
    expect(found([marked({ createdAt: SINCE - 3 * HOUR })], { settings: REBOOK })).to.equal(NEW_ID);
    expect(found([marked({ createdAt: SINCE - 3 * HOUR })])).to.equal(NEW_ID);
  });

  it('is none that may be older, where creation times are in a zone hours ahead, so in the future', () => {
    const { recordTimeSlackMs } = createRules(settingsWith()).timing;
    const old = bookingSeen({}, { at: NOW });
    const ahead = (byMs: number) => ({ createdAt: NOW + byMs });
    expect(found([candidate(ahead(recordTimeSlackMs))], { old, settings: REBOOK })).to.equal(NEW_ID);
    expect(found([candidate(ahead(recordTimeSlackMs + 1))], { old, settings: REBOOK })).to.equal(null);
    const elsewhere = { start: START + 5 * HOUR, end: END + 5 * HOUR, ...ahead(7 * HOUR) };
    expect(found([marked(elsewhere)], { old, settings: REBOOK })).to.equal(null);
    expect(found([marked(ahead(7 * HOUR))], { old, settings: REBOOK })).to.equal(NEW_ID);
  });

  it('is, in another slot, one with the marker that is known to be made since', () => {
    const elsewhere = { start: START + 5 * HOUR, end: END + 5 * HOUR, status: 'unknown' } as const;
    for (const settings of [REBOOK, BLIND]) {
      expect(found([marked(elsewhere)], { settings })).to.equal(NEW_ID);
      expect(found([marked({ ...elsewhere, createdAt: SINCE - HOUR })], { settings })).to.equal(null);
      expect(found([marked({ ...elsewhere, createdAt: null })], { settings })).to.equal(null);
      expect(found([candidate(elsewhere)], { settings })).to.equal(null);
    }
  });

  it('is the last booking at exactly the target if the old one is dead', () => {
    expect(found([candidate({ appointmentId: '8' }), candidate()])).to.equal(NEW_ID);
    for (const place of [
      { start: START },
      { end: END },
      { resourceUnitId: BAY2.resourceUnitId },
      { resourceUnitId: FOREIGN_UNIT },
    ]) {
      expect(found([candidate(place)]), JSON.stringify(place)).to.equal(null);
    }
    expect(found([])).to.equal(null);
  });

  it('is none without a marker if the old booking is live, unless a hidden status does not show that', () => {
    expect(found([candidate()], { old: bookingSeen() })).to.equal(null);
    expect(found([candidate()], { old: bookingSeen(), settings: BLIND })).to.equal(NEW_ID);
    expect(found([candidate()], { old: bookingSeen({ status: 'dead' }), settings: BLIND })).to.equal(NEW_ID);
    expect(found([candidate()], { old: bookingSeen({ status: 'unknown' }) })).to.equal(null);
  });

  it('has the same customer, by id if both records have one, else by name', () => {
    const old = (change: Partial<Booking>): BookingReading => bookingSeen({ status: 'dead', ...change });
    expect(found([candidate({ customerName: 'Bo' })], { old: old({}) })).to.equal(NEW_ID);
    expect(found([candidate({ customerId: '9' })], { old: old({}) })).to.equal(null);
    for (const customerId of [null, '9']) {
      const unknown = old({ customerId: customerId === null ? '90001' : null });
      expect(found([candidate({ customerId })], { old: unknown })).to.equal(NEW_ID);
      expect(found([candidate({ customerId, customerName: 'Bo' })], { old: unknown })).to.equal(null);
    }
    expect(found([candidate({ customerId: '9', customerName: 'Bo' })])).to.equal(NEW_ID);
  });

  it('has, without its marker, a customer that is known by id or by name', () => {
    const of = (customer: Partial<Booking>): string | null =>
      found([candidate(customer)], { old: bookingSeen(customer), settings: REBOOK });
    expect(of({ customerName: '' })).to.equal(NEW_ID);
    expect(of({ customerId: null })).to.equal(NEW_ID);
    expect(of({ customerId: null, customerName: '' })).to.equal(null);
  });
});

describe('another customer than that of the booking that a note names', () => {
  const ANA = { customerId: '90001', customerName: 'Ana R.' };
  const BO = { customerId: '90002', customerName: 'Bo' };
  const is = (
    old: Partial<typeof ANA>,
    booking: { readonly customerId?: string | null; readonly customerName?: string },
  ) => isOtherCustomer({ ...ANA, ...old }, { ...ANA, ...booking });

  it('has another id, whatever the names are', () => {
    expect(is({}, { customerId: BO.customerId })).to.equal(true);
    expect(is({ customerName: '' }, { customerId: BO.customerId })).to.equal(true);
    expect(is({}, { customerName: BO.customerName })).to.equal(false);
  });

  it('has another name, if one of the records has no id', () => {
    expect(is({}, { customerId: null, customerName: BO.customerName })).to.equal(true);
    expect(is({}, { customerId: null })).to.equal(false);
  });

  it('is not known if a record lacks both, or the booking is unknown', () => {
    expect(is({}, { customerId: null, customerName: '' })).to.equal(false);
    expect(isOtherCustomer({ customerId: null, customerName: '' }, ANA)).to.equal(false);
    expect(isOtherCustomer(null, ANA)).to.equal(false);
  });
});

describe('a search for the booking that another installation has made of this one', () => {
  const moved = anEditedEvent({ start: TARGET.start, end: TARGET.end });
  const on = (
    event: CalendarEvent,
    { map = aMap(), settings = {}, ...change }: Partial<Situation> & { readonly settings?: Overrides } = {},
  ): Verdict | null => {
    const { inSlot: _unread, ...unread } = aSituation();
    return seekSuccessor(event, map ?? aMap(), { ...unread, ...change }, createRules(settingsWith(settings)));
  };
  const seeks = (change: Partial<SyncIntent> = {}, map = aMap()): object => ({
    kind: 'decision',
    reason: 'event-moved',
    action: { do: 'note', map: { ...map, intent: { ...INTENT, since: SYNCED, triedAt: 0, ...change } } },
    detail: null,
  });

  it('stores the place of the moved event as a begun reschedule, so that its slot is read', () => {
    expect(on(moved)).to.deep.equal(seeks());
    expect(on({ ...moved, start: START })).to.deep.equal(seeks({ start: START }));
    expect(on({ ...moved, end: END, start: START + HOUR / 2 })).to.deep.equal(
      seeks({ start: START + HOUR / 2, end: END }),
    );
    const inBay2 = anEditedEvent({ calendarId: BAY2.calendarId });
    expect(on(inBay2)).to.deep.equal(seeks({ start: START, end: END, bay: '2' }));
  });

  it('starts at the last write of the map, or now if a fast clock stored it', () => {
    const map = aMap({ lastSyncedAt: NOW + HOUR });
    expect(on(moved, { map })).to.deep.equal(seeks({ since: NOW }, map));
  });

  it('is not made if the slot was read, a reschedule is begun, or the engine makes none', () => {
    expect(on(moved, { inSlot: [] })).to.equal(null);
    expect(on(moved, { map: aMap({ intent: INTENT }) })).to.equal(null);
    expect(on(moved, { map: aMap({ intent: { ...INTENT, kind: 'write-event' } }) })).to.deep.equal(seeks());
    expect(on(moved, { settings: { uschedule: { reschedule: 'off' } } })).to.equal(null);
  });

  it('is not made if the event is in its place, deleted, no booking, of another appointment, or in no bay', () => {
    expect(on(anEditedEvent())).to.equal(null);
    expect(on({ ...moved, state: 'gone' })).to.equal(null);
    expect(on({ ...moved, end: moved.start })).to.equal(null);
    expect(on({ ...moved, marks: NO_MARKS })).to.equal(null);
    expect(on({ ...moved, calendarId: 'elsewhere' })).to.equal(null);
    expect(on({ ...moved, calendarId: BAY1.calendarId })).to.deep.equal(seeks());
  });
});

describe('a booking that is too new for an event', () => {
  const slackMs = 60_000;
  const made = (createdAt: number | null): boolean => wasMadeSince({ createdAt }, SINCE, NOW, slackMs);

  it('was created after the given time', () => {
    expect(made(SINCE + 1)).to.equal(true);
    expect(made(SINCE)).to.equal(false);
  });

  it('was not created in the future, except by the difference of two clocks', () => {
    expect(made(NOW + slackMs)).to.equal(true);
    expect(made(NOW + slackMs + 1)).to.equal(false);
  });

  it('has a time of its creation', () => {
    expect(made(null)).to.equal(false);
    expect(wasMadeSince(null, -5, NOW, slackMs)).to.equal(false);
    expect(wasMadeSince({ createdAt: null }, -5, NOW, slackMs)).to.equal(false);
  });
});
