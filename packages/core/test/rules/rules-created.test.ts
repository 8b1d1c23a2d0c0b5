import { expect } from 'chai';
import { HOUR, MINUTE, SECOND, type Booking, type CalendarEvent } from '@loft/sync-core';
import { timeZonesFrom } from '@loft/sync-core/adapters';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import {
  bookingSide,
  echoWindowEnd,
  isOver,
  agreed,
  bookingChange,
  mustReadAgain,
  withoutRoute,
} from '#src/rules/booking-side.js';
import { leadingMarker, replacedAppointment, replacedBy, withoutMarker } from '#src/rules/rebook-marker.js';
import {
  createRules,
  isKnownVersion,
  isMarkedForOther,
  isOrdinary,
  isShownBy,
  isBookable,
  isOurAccount,
} from '#src/rules/rules.js';
import { timingOf } from '#src/rules/timing.js';
import { rememberedWindow } from '#src/rules/window.js';
import { zoneChangeText } from '#src/rules/mass-cancel-guard.js';
import { ACCOUNT, BAYS, BAY2, settingsWith } from '../engine/world.js';
import {
  aBooking,
  aMap,
  anEvent,
  aSituation,
  bookingSeen,
  bookingUnknownToSystem,
  END,
  FOREIGN_UNIT,
  NOW,
  START,
} from './situations.js';

const RULES = createRules(settingsWith());
const INTENT = {
  kind: 'write-event',
  start: START,
  end: END,
  bay: '1',
  since: 0,
  triedAt: 0,
  successor: null,
} as const;

describe('rules that were created from settings', () => {
  it('name the two systems, accept every appointment id and move events, if nothing else is given', () => {
    const rules = createRules(settingsWith());
    expect(rules.systems).to.deep.equal({ bookings: 'uschedule', calendars: 'google' });
    expect(rules.isAppointmentId('anything')).to.equal(true);
    expect(rules.canMoveEvents).to.equal(true);
  });

  it('have the delay of a deletion in milliseconds, and the days of the studio', () => {
    const rules = createRules(settingsWith({ google: { deleteGraceSeconds: 7 } }));
    expect(rules.deleteGraceMs).to.equal(7 * SECOND);
    // Midnight in Phoenix is at seven o'clock UTC.
    expect(rules.localDayOf(Date.UTC(2026, 0, 15, 6, 59))).to.equal(Date.UTC(2026, 0, 14, 7));
    expect(rules.localDayOf(Date.UTC(2026, 0, 15, 7))).to.equal(Date.UTC(2026, 0, 15, 7));
  });

  it('know the direction of each bay, or that of all', () => {
    const bays = BAYS.map((bay) => (bay.bay === '1' ? { ...bay, direction: 'to-google' as const } : bay));
    const rules = createRules(settingsWith({ bays }));
    expect([rules.isOneWay('1'), rules.isOneWay('2'), rules.isOneWay(null), rules.isOneWay('7')]).to.deep.equal([
      true,
      false,
      false,
      false,
    ]);
    const all = createRules(settingsWith({ rules: { direction: 'to-google' } }));
    expect([all.isOneWay('1'), all.isOneWay(null)]).to.deep.equal([true, true]);
  });

  it('compute the content of a booking once', () => {
    const rules = createRules(settingsWith());
    const booking = aBooking();
    expect(rules.routed(booking)).to.equal(rules.routed(booking));
    expect(rules.routed({ ...booking })).to.deep.equal(rules.routed(booking));
  });

  it('complete a booking by the event that is adopted for it', () => {
    const booking = aBooking({ missing: { end: 'null' } });
    const routed = RULES.routedFor(anEvent({ end: START + 3 * HOUR }), booking);
    expect(routed?.base.end).to.equal(START + 3 * HOUR);
    expect(RULES.routedFor(anEvent(), aBooking({ resourceUnitId: FOREIGN_UNIT }))).to.equal(null);
  });

  it('have a lease of at least thirty seconds, or of two calls', () => {
    const leaseMs = (callTimeoutSeconds: number): number =>
      timingOf(settingsWith({ retry: { callTimeoutSeconds } })).leaseMs;
    expect([leaseMs(1), leaseMs(15), leaseMs(40)]).to.deep.equal([30 * SECOND, 30 * SECOND, 80 * SECOND]);
  });
});

describe('an event and its map', () => {
  it('agree in the version if etag and calendar are the same and the event is alive', () => {
    const is = (event: CalendarEvent, map = aMap()): boolean => isKnownVersion(event, map);
    expect(is(anEvent())).to.equal(true);
    expect(is(anEvent({ etag: '"2"' }))).to.equal(false);
    expect(is(anEvent({ calendarId: BAY2.calendarId }))).to.equal(false);
    expect(is(anEvent({ state: 'gone' }))).to.equal(false);
    expect(is(anEvent({ etag: '' }), aMap({ etag: '' }))).to.equal(false);
  });

  it('belong to different appointments only if the event is alive and marked for another one', () => {
    const other = anEvent({ marks: { ...anEvent().marks, appointmentId: '9' } });
    expect(isMarkedForOther(other, aMap())).to.equal(true);
    expect(isMarkedForOther({ ...other, state: 'gone' }, aMap())).to.equal(false);
    expect(isMarkedForOther(anEvent(), aMap())).to.equal(false);
    expect(isMarkedForOther(anEvent({ marks: NO_MARKS }), aMap())).to.equal(false);
  });

  it('may be an ordinary event, whose type is the default or unknown', () => {
    expect([null, 'default', 'focusTime'].map((eventType) => isOrdinary(anEvent({ eventType })))).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('is bookable only with a start and a later end', () => {
    const is = (change: Partial<CalendarEvent>): boolean => isBookable(anEvent(change));
    expect([
      is({}),
      is({ end: null }),
      is({ start: null }),
      is({ end: START }),
      is({ shape: 'all-day' }),
    ]).to.deep.equal([true, false, false, false, false]);
    expect(is({ start: -5, end: null })).to.equal(false);
  });

  it('show a booking if its content and calendar are the same', () => {
    const is = (change: Parameters<typeof aBooking>[0], map = aMap()): boolean =>
      isShownBy(map, aBooking(change), RULES);
    expect(is({})).to.equal(true);
    expect(is({ start: START + MINUTE })).to.equal(false);
    expect(is({ notes: 'Four players' })).to.equal(false);
    expect(is({ resourceUnitId: FOREIGN_UNIT })).to.equal(false);
    expect(is({}, aMap({ googleCalendarId: BAY2.calendarId }))).to.equal(false);
    expect(is({ resourceUnitId: BAY2.resourceUnitId })).to.equal(false);
  });

  it('are of our account by the address of its creator, or without one', () => {
    const is = (creatorEmail: string | null, accounts?: readonly string[]): boolean =>
      isOurAccount(anEvent({ creatorEmail }), aSituation(accounts ? { accounts } : {}), RULES);
    expect([is(null), is(ACCOUNT), is('person@example.com'), is(ACCOUNT, [])]).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
    expect(isOurAccount(anEvent({ creatorEmail: 'person@example.com' }), {}, RULES)).to.equal(false);
    const former = createRules(settingsWith({ google: { formerAccounts: ['old@calendars.example'] } }));
    expect(isOurAccount(anEvent({ creatorEmail: 'old@calendars.example' }), {}, former)).to.equal(true);
    const written = createRules(settingsWith({ google: { formerAccounts: ['Old@Calendars.example'] } }));
    expect(isOurAccount(anEvent({ creatorEmail: 'old@calendars.example' }), {}, written)).to.equal(true);
    expect(is(ACCOUNT.toUpperCase())).to.equal(true);
  });
});

describe('a record that lacks fields, of a booking with a map', () => {
  const { lastSyncedAt } = aMap();
  const { leaseMs } = RULES.timing;
  const name = { missing: { customerName: 'null' } } as const;
  const mayLack = (change: Partial<Booking>, at: number): boolean =>
    mustReadAgain(bookingSeen(change, { at }), aMap(), NOW, RULES);

  it('may have been completed before the map was stored if it was read less than a lease after the last write', () => {
    for (const missing of [name, { missing: { end: 'absent' } }] as const) {
      expect(mayLack(missing, lastSyncedAt + leaseMs - 1)).to.equal(true);
      expect(mayLack(missing, lastSyncedAt + leaseMs)).to.equal(false);
    }
  });

  it('was completed by the map if it keeps a text, or if nothing is missing', () => {
    expect(mayLack({ ...name, keptText: { title: 'Ana R.' } }, lastSyncedAt)).to.equal(false);
    expect(mayLack({ missing: {} }, lastSyncedAt)).to.equal(false);
    expect(mayLack({}, lastSyncedAt)).to.equal(false);
    expect(mustReadAgain(bookingUnknownToSystem({ at: lastSyncedAt }), aMap(), NOW, RULES)).to.equal(false);
  });
});

describe('a booking that was read before its task', () => {
  it('is read again if the last write of the map is in the future, because another clock is ahead', () => {
    const map = aMap({ lastSyncedAt: NOW });
    expect(mustReadAgain(bookingSeen(), map, NOW - 1, RULES)).to.equal(true);
    expect(mustReadAgain(bookingSeen(), map, NOW, RULES)).to.equal(false);
  });

  it('is read again if that reading is in the future, because our clock was ahead', () => {
    expect(mustReadAgain(bookingSeen({}, { at: NOW + 1 }), aMap(), NOW, RULES)).to.equal(true);
    expect(mustReadAgain(bookingSeen({}, { at: NOW }), aMap(), NOW, RULES)).to.equal(false);
  });
});

describe('a booking, compared with its map', () => {
  it('is dead if the system does not know it, or says so', () => {
    for (const reading of [bookingUnknownToSystem(), bookingSeen({ status: 'dead' })]) {
      expect(bookingSide(reading, aMap(), RULES)).to.deep.equal({
        reading: { ...reading, status: 'dead' },
        target: null,
        moved: true,
        textChanged: false,
        renamed: false,
      });
    }
    const unusual = { ...bookingUnknownToSystem(), status: 'unknown' as const };
    expect(bookingSide(unusual, aMap(), RULES)).to.have.nested.property('reading.status', 'dead');
  });

  it('has moved if its unit has no bay, and nothing else has changed', () => {
    const reading = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    expect(bookingSide(reading, aMap(), RULES)).to.deep.equal({
      reading,
      target: null,
      moved: true,
      textChanged: false,
      renamed: false,
    });
  });

  it('has a renamed bay only if its calendar is the same', () => {
    const renamed = (map: ReturnType<typeof aMap>, change = {}): boolean =>
      bookingSide(bookingSeen(change), map, RULES).renamed;
    expect(renamed(aMap())).to.equal(false);
    expect(renamed(aMap({ base: { ...aMap().base, bay: 'One' } }))).to.equal(true);
    expect(renamed(aMap(), { resourceUnitId: BAY2.resourceUnitId })).to.equal(false);
  });

  it('is over at its own end, or at that of the map if it is dead or was not read', () => {
    const is = (change: Parameters<typeof aSituation>[0], end = END): boolean =>
      isOver(aSituation(change), aMap({ base: { ...aMap().base, end } }));
    expect(is({ booking: bookingSeen({ end: NOW }) })).to.equal(true);
    expect(is({ booking: bookingSeen({ end: NOW + 1 }) }, NOW)).to.equal(false);
    expect(is({ booking: bookingSeen({ end: NOW + 1, status: 'dead' }) }, NOW)).to.equal(true);
    expect(is({ booking: bookingUnknownToSystem() }, NOW)).to.equal(true);
    expect([is({}, NOW), is({}, NOW + 1)]).to.deep.equal([true, false]);
  });

  it('has an echo window only after a write of ours', () => {
    expect(echoWindowEnd(aMap(), RULES)).to.equal(-Infinity);
    expect(echoWindowEnd(aMap({ bookingWrittenAt: -20_000 }), RULES)).to.equal(-20_000 + RULES.echoWindowMs);
  });

  it('removes the event of a live calendar if it has no bay, and changes no calendar that is not ours', () => {
    const moved = anEvent({ calendarId: 'elsewhere' });
    const done = (event: CalendarEvent | null, map = aMap()): string => withoutRoute(event, map, RULES).action.do;
    expect(done(moved)).to.equal('nothing');
    expect(done({ ...moved, state: 'gone' })).to.equal('cancel-event');
    expect(done(null)).to.equal('cancel-event');
    expect(done(null, aMap({ googleCalendarId: 'elsewhere' }))).to.equal('nothing');
    expect(done(anEvent(), aMap({ googleCalendarId: 'elsewhere' }))).to.equal('cancel-event');
  });

  it('becomes the last agreement, with the place and the flags of the event', () => {
    const target = RULES.routed(aBooking());
    const map = aMap({ intent: INTENT, flags: { ownTitle: true } });
    const event = anEvent({
      calendarId: BAY2.calendarId,
      etag: '"8"',
      updatedAt: 8,
      htmlLink: 'https://calendars.example/8',
      description: 'bring a cake',
      marks: { ...NO_MARKS, descriptionDigest: 'x' },
    });
    expect(agreed(map, event, target!)).to.deep.equal({
      ...map,
      base: target!.base,
      googleCalendarId: BAY2.calendarId,
      etag: '"8"',
      eventUpdatedAt: 8,
      eventLink: 'https://calendars.example/8',
      intent: null,
      flags: { unmarked: true, ownDescription: true },
    });
    expect(agreed(map, null, target!)).to.deep.equal({ ...map, base: target!.base, intent: null });
    const { flags: _flags, ...plain } = map;
    expect(agreed(plain, null, target!)).to.deep.equal({ ...plain, base: target!.base, intent: null });
    expect(agreed(map, anEvent({ updatedAt: null }), target!)).to.have.property('eventUpdatedAt', map.eventUpdatedAt);
  });

  it('is written without a reading of the event', () => {
    const side = bookingSide(bookingSeen({ notes: 'Four players' }), aMap(), RULES);
    expect(bookingChange(null, aMap(), side, RULES))
      .to.have.nested.property('action.write.fields')
      .deep.equal({
        description: 'Four players',
      });
  });
});

describe('the marker of a rebooking', () => {
  it('leads the note, with the white space after it', () => {
    expect(leadingMarker('[loft:7]  Two players')).to.equal('[loft:7]  ');
    expect(leadingMarker('[loft:7]')).to.equal('[loft:7]');
    expect(leadingMarker('Two players [loft:7]')).to.equal('');
    expect(leadingMarker('')).to.equal('');
  });

  it('is read from the note, or else from the other text of the record', () => {
    expect(replacedAppointment('Two players [loft:7] more')).to.equal('7');
    expect(replacedAppointment('[loft-sync replaces 8] [loft-sync replaces 9]')).to.equal('9');
    expect(replacedAppointment('Two players')).to.equal(null);
    expect(replacedBy({ notes: '', otherText: '[loft:7]' })).to.equal('7');
    expect(replacedBy({ notes: '[loft:8]', otherText: '[loft:7]' })).to.equal('8');
    expect(replacedBy({ notes: '' })).to.equal(null);
  });

  it('is removed for people, in each of its forms', () => {
    expect(withoutMarker('[loft:7] Two players [loft-sync replaces 8]')).to.equal('Two players');
    expect(withoutMarker('  Two players ')).to.equal('Two players');
  });
});

describe('the window of the polls', () => {
  it('is computed once for each local day', () => {
    let calls = 0;
    const zones = timeZonesFrom({
      source: 'test',
      version: null,
      isZone: () => true,
      offsetAt: () => {
        calls++;
        return 0;
      },
    });
    const window = rememberedWindow('UTC', zones, { pastDays: 1, futureDays: 1 });
    const midnight = Date.UTC(2026, 0, 15);
    const first = window(midnight);
    const before = calls;
    expect(window(midnight)).to.equal(first);
    expect(window(midnight + 24 * HOUR - 1)).to.equal(first);
    expect(calls).to.equal(before);
    expect(window(midnight + 24 * HOUR)).to.deep.equal({ from: midnight, to: midnight + 72 * HOUR });
    expect(window(midnight - 1)).to.deep.equal({ from: midnight - 48 * HOUR, to: midnight + 24 * HOUR });
  });
});

describe('a change of the zone rules', () => {
  const zones = (offset: number, version: string | null) =>
    timeZonesFrom({ source: 'test', version, isZone: () => true, offsetAt: () => offset });
  const noon = Date.UTC(2026, 0, 5, 12);
  const moved = (hours: number) => [{ from: noon, to: noon + hours * HOUR }];

  it('is described with both offsets, the day and the version', () => {
    expect(zoneChangeText(moved(1), 'Test/East', zones(5 * HOUR, null))).to.equal(
      'the offset of Test/East changed from +6 to +5 from 2026-01-05 on, ' +
        'if the bookings themselves were not moved; the time zone rules are now of an unknown version',
    );
    expect(zoneChangeText(moved(0.75), 'Test/East', zones(5 * HOUR, 'x'))).to.contain('from +5:45 to +5 ');
    expect(zoneChangeText(moved(1), 'Test/Zero', zones(0, 'x'))).to.contain('from +1 to +0 ');
    expect(zoneChangeText(moved(1), 'Test/West', zones(-HOUR, 'x'))).to.contain('from +0 to −1 ');
  });

  it('is at most three hours', () => {
    expect(zoneChangeText(moved(3), 'Test/East', zones(0, 'x'))).to.contain('from +3 to +0 ');
    expect(zoneChangeText(moved(3.25), 'Test/East', zones(0, 'x'))).to.equal(null);
  });
});
