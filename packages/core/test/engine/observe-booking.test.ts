import { expect } from 'chai';
import { Err, HOUR, Ok, type BookingSystem, type SyncError } from '@loft/sync-core';
import { observe } from '#src/engine/observe/observer.js';
import type { Situation } from '#src/rules/situation.js';
import {
  aBooking,
  aMap,
  anEvent,
  aSituation,
  aTombstone,
  bookingSeen,
  bookingUnknownToSystem,
  END,
  EVENT_ID,
  eventSeen,
  ID,
  START,
} from '../rules/situations.js';
import { failure, plain } from './act-bench.js';
import { bookingSystem, FAILS, INTENT, NOT_FOUND, ObserveBench, OTHER, STORE_FAILS } from './observe-bench.js';
import { BAY1 } from './world.js';

describe('the observation of a booking', () => {
  const live = bookingSystem({ [ID]: aBooking() });

  it('reads it by its id, at the time of the request', async () => {
    const bench = new ObserveBench({ bookings: live });
    const seen = await bench.observe('booking', { map: aMap() });
    expect(seen.booking).to.deep.equal({ at: bench.act.clock.now(), booking: aBooking(), status: 'live', sure: true });
  });

  it('ends the request to read it again, and keeps that to read the event', async () => {
    const bench = new ObserveBench({ bookings: live });
    const event = { calendarId: BAY1.calendarId, eventId: EVENT_ID };
    expect(await bench.observe('booking', { reread: { event, booking: true } })).to.have.deep.property('reread', {
      event,
      booking: false,
    });
    expect(await bench.observe('booking', {})).not.to.have.property('reread');
  });

  it('takes an unknown booking for dead only if a list of the window does not contain it', async () => {
    const listed = (ids: readonly string[], unreadable: readonly string[] = []): Partial<BookingSystem> => ({
      ...bookingSystem({}),
      listBookings: async () =>
        Ok({
          bookings: ids.map((appointmentId) => aBooking({ appointmentId })),
          unreadable: unreadable.map((appointmentId) => ({ appointmentId, problem: 'no start' })),
        }),
    });
    const bench = new ObserveBench({ bookings: listed(['9']) });
    const dead = { at: bench.act.clock.now(), booking: null, status: 'dead', sure: true };
    expect((await bench.observe('booking', { map: aMap() })).booking).to.deep.equal(dead);
    const contradiction = {
      kind: 'transient',
      system: 'uschedule',
      method: 'getBooking',
      message: `appointment ${ID} is not found by its id, though it is listed`,
    };
    for (const bookings of [listed([ID]), listed([], [ID])]) {
      expect(await new ObserveBench({ bookings }).error('booking', { map: aMap() })).to.deep.equal(contradiction);
    }
  });

  it('asks for a list only if there is an event to lose, that the latest poll lists', async () => {
    const periods: unknown[] = [];
    const bookings: Partial<BookingSystem> = {
      ...bookingSystem({}),
      listBookings: async (period) => {
        periods.push(period);
        return Ok({ bookings: [], unreadable: [] });
      },
    };
    const asked = async (change: Partial<Situation>): Promise<unknown> => {
      periods.length = 0;
      await new ObserveBench({ bookings }).observe('booking', change);
      return periods[0];
    };
    const now = new ObserveBench();
    const { from, to } = now.parts.windowAt(now.act.clock.now());
    const at = (start: number) => ({ from: Math.min(from, start), to: Math.max(to, start + 1) });
    expect(await asked({ map: aMap() })).to.deep.equal(at(START));
    expect(await asked({ map: aMap(), missingFromList: true })).to.equal(undefined);
    expect(await asked({ map: aMap({ status: 'CANCELED' }) })).to.equal(undefined);
    const event = eventSeen(anEvent({ start: START + 5 }));
    expect(await asked({ event })).to.deep.equal(at(START + 5));
    expect(await asked({ event: eventSeen(aTombstone({ start: START })) })).to.equal(undefined);
    expect(await asked({ event: eventSeen(anEvent({ start: null })) })).to.equal(undefined);
    expect(await asked({})).to.equal(undefined);
  });

  it('fails with the booking system, and with its list', async () => {
    const bookings = bookingSystem({ [ID]: failure('uschedule', 'invalid') });
    expect(await new ObserveBench({ bookings }).error('booking', {})).to.have.property('kind', 'invalid');
    const lists = { ...bookingSystem({}), listBookings: async () => Err(FAILS) };
    expect(await new ObserveBench({ bookings: lists }).error('booking', { map: aMap() })).to.equal(FAILS);
  });

  it('takes a held checkout for a booking if an administrator has confirmed it', async () => {
    const held = bookingSystem({ [ID]: aBooking({ status: 'unknown' }) });
    const bench = new ObserveBench({ bookings: held });
    expect((await bench.observe('booking', {})).booking).to.include({ status: 'unknown' });
    bench.parts.mirrorAtOnce.add(ID);
    expect((await bench.observe('booking', {})).booking).to.deep.equal({
      at: bench.act.clock.now(),
      booking: aBooking({ status: 'unknown' }),
      status: 'live',
      sure: true,
    });
    const dead = new ObserveBench({ bookings: bookingSystem({ [ID]: aBooking({ status: 'dead' }) }) });
    dead.parts.mirrorAtOnce.add(ID);
    expect((await dead.observe('booking', {})).booking).to.include({ status: 'dead' });
    const unknown = new ObserveBench({ bookings: bookingSystem({}) });
    unknown.parts.mirrorAtOnce.add(ID);
    expect((await unknown.observe('booking', {})).booking).to.include({ status: 'dead', booking: null });
  });

  it('of a begun reschedule includes the bookings in the target slot, unless its successor is known', async () => {
    const periods: unknown[] = [];
    const inSlot = [aBooking({ appointmentId: OTHER })];
    const bookings: Partial<BookingSystem> = {
      ...live,
      listBookings: async (period) => {
        periods.push(period);
        return Ok({ bookings: inSlot, unreadable: [] });
      },
    };
    const bench = new ObserveBench({ bookings });
    const seen = await bench.observe('reschedule', { map: aMap({ intent: INTENT }) });
    expect(seen.booking).to.include({ status: 'live' });
    expect(seen.inSlot).to.deep.equal(inSlot);
    expect(periods).to.deep.equal([{ from: START, to: START + 1 }]);
    const known = aMap({ intent: { ...INTENT, successor: OTHER } });
    expect((await bench.observe('reschedule', { map: known })).inSlot).to.deep.equal([]);
    expect((await bench.observe('reschedule', { map: aMap() })).inSlot).to.deep.equal([]);
    expect(periods).to.have.length(1);
    const fails = new ObserveBench({ bookings: { ...live, listBookings: async () => Err(FAILS) } });
    expect(await fails.error('reschedule', { map: aMap({ intent: INTENT }) })).to.equal(FAILS);
    const unread = new ObserveBench({ bookings: bookingSystem({ [ID]: FAILS }) });
    expect(await unread.error('reschedule', { map: aMap({ intent: INTENT }) })).to.equal(FAILS);
  });

  it('of a begun rebooking includes replacements in other slots of the window', async () => {
    const elsewhere = { start: START + HOUR, end: END + HOUR };
    const [here, moved] = [aBooking({ appointmentId: OTHER }), aBooking({ notes: `[loft:${ID}]`, ...elsewhere })];
    const periods: unknown[] = [];
    const bookings: Partial<BookingSystem> = {
      ...live,
      listBookings: async (period) => {
        periods.push(period);
        return Ok({ bookings: [here, moved, aBooking({ appointmentId: '9', ...elsewhere })], unreadable: [] });
      },
    };
    const bench = new ObserveBench({ bookings, settings: { uschedule: { reschedule: 'rebook' } } });
    const seen = await bench.observe('reschedule', { map: aMap({ intent: INTENT }) });
    expect(seen.inSlot).to.deep.equal([here, moved]);
    const now = bench.act.clock.now();
    expect(periods).to.deep.equal([{ from: Math.min(now, START), to: bench.parts.windowAt(now).to }]);
    await bench.observe('reschedule', { map: aMap({ intent: { ...INTENT, triedAt: 0 } }) });
    expect(periods[1]).to.deep.equal({ from: START, to: START + 1 });
  });
});

describe('the observation whether a booking exists', () => {
  const bench = (answer: ReturnType<typeof aBooking> | SyncError): ObserveBench =>
    new ObserveBench({ bookings: bookingSystem({ [ID]: answer, [OTHER]: answer }) });

  it('reads both bookings of a rebooking', async () => {
    const rebooking = { phase: 'first', replaced: true } as const;
    expect((await bench(aBooking()).observe('old-booking', { rebooking })).rebooking).to.deep.equal({
      ...rebooking,
      old: 'exists',
    });
    expect((await bench(NOT_FOUND).observe('old-booking', {})).rebooking).to.deep.equal({
      phase: 'resumed',
      old: 'gone',
    });
    const successor = async (answer: ReturnType<typeof aBooking> | SyncError) => {
      const verdict = { kind: 'observe', target: 'successor', successor: OTHER } as const;
      return plain(await observe(verdict, aSituation({ rebooking }), bench(answer).parts));
    };
    expect(await successor(aBooking({ status: 'dead' })))
      .to.have.nested.property('ok.rebooking')
      .deep.equal({
        ...rebooking,
        successor: 'gone',
      });
    expect(await successor(FAILS)).to.deep.equal({ error: FAILS });
  });

  it('tries again if the new booking of a rebooking is not found by its id, though it is listed', async () => {
    const verdict = { kind: 'observe', target: 'successor', successor: OTHER } as const;
    const periods: unknown[] = [];
    const on = async (listed: readonly string[], map = aMap({ intent: { ...INTENT, successor: OTHER } })) => {
      const bookings = listed.map((appointmentId) => ({ ...aBooking(), appointmentId }));
      const listBookings: BookingSystem['listBookings'] = async (period) => {
        periods.push(period);
        return Ok({ bookings, unreadable: [] });
      };
      const it = new ObserveBench({ bookings: { ...bookingSystem({ [OTHER]: NOT_FOUND }), listBookings } });
      return plain(await observe(verdict, aSituation({ map }), it.parts));
    };
    expect(await on([ID, OTHER])).to.have.nested.include({ 'error.kind': 'transient', 'error.system': 'uschedule' });
    expect(await on([ID])).to.have.nested.property('ok.rebooking.successor', 'gone');
    const now = new ObserveBench();
    const window = now.parts.windowAt(now.act.clock.now());
    expect(periods).to.deep.equal([window, window]);
    expect(await on([OTHER], aMap())).to.have.nested.property('ok.rebooking.successor', 'gone');
    expect(periods).to.have.length(2);
  });

  it('tries again if a record cannot be read, because two bookings must not remain', async () => {
    const unreadable = failure('uschedule', 'invalid');
    expect(await bench(unreadable).error('old-booking', {})).to.deep.equal({ ...unreadable, kind: 'transient' });
    expect(await bench(FAILS).error('old-booking', {})).to.equal(FAILS);
  });

  it('adds the answer to the refused change', async () => {
    const refused = { change: 'cancellation', error: FAILS } as const;
    const seen = { booking: bookingSeen({ status: 'dead' }), refused };
    expect((await bench(FAILS).observe('existence', seen)).refused).to.deep.equal({ ...refused, existence: 'gone' });
    const unread = { booking: bookingUnknownToSystem(), refused };
    expect((await bench(FAILS).observe('existence', unread)).refused).to.equal(refused);
    expect(await bench(FAILS).observe('existence', { booking: bookingSeen() })).not.to.have.property('refused');
  });

  it('of the appointment that the marks of an event name includes its map', async () => {
    const event = eventSeen(anEvent({ marks: { ...anEvent().marks, appointmentId: OTHER } }));
    const it = bench(aBooking());
    const map = aMap({ uscheduleAppointmentId: OTHER });
    await it.put(map);
    const seen = await it.observe('marked-for', { event });
    expect(seen.markedFor).to.deep.equal({ appointmentId: OTHER, map: { ...map, version: 1 }, existence: 'exists' });
    expect((await it.observe('marked-for', {})).markedFor).to.include({ appointmentId: ID, map: null });
    expect(await bench(FAILS).error('marked-for', { event })).to.equal(FAILS);
    const store = { getMap: async () => Err(STORE_FAILS) };
    const broken = new ObserveBench({ bookings: bookingSystem({ [OTHER]: aBooking() }), store });
    expect(await broken.error('marked-for', { event })).to.equal(STORE_FAILS);
  });

  it('of this booking is added to it', async () => {
    const markedFor = { appointmentId: OTHER, map: null, existence: 'exists' } as const;
    const it = bench(aBooking());
    const seen = { booking: bookingSeen(), markedFor };
    expect((await it.observe('own-existence', seen)).markedFor).to.deep.equal({ ...markedFor, own: 'exists' });
    const unread = { booking: bookingUnknownToSystem(), markedFor };
    expect((await it.observe('own-existence', unread)).markedFor).to.equal(markedFor);
    expect(await it.observe('own-existence', { booking: bookingSeen() })).not.to.have.property('markedFor');
  });
});
