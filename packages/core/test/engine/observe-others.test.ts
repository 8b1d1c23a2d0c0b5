import { expect } from 'chai';
import { Err, HOUR, Ok, type BookingEventMap } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { Situation } from '#src/rules/situation.js';
import {
  aBooking,
  aMap,
  anEdit,
  anEvent,
  bookingSeen,
  bookingUnknownToSystem,
  END,
  eventSeen,
  FOREIGN_UNIT,
  ID,
  NOW,
  START,
} from '../rules/situations.js';
import { bookingSystem, CLOSED, FAILS, INTENT, ObserveBench, OTHER, STORE_FAILS } from './observe-bench.js';
import { BAY1 } from './world.js';

describe('the observation of the booking that another one replaces', () => {
  const booking = bookingSeen({ notes: `[loft:${OTHER}] Two players` });
  const theirs = (change: Partial<BookingEventMap> = {}): BookingEventMap =>
    aMap({ uscheduleAppointmentId: OTHER, googleEventId: `loft${OTHER}`, ...change });
  const handed = anEvent({ eventId: `loft${OTHER}` });
  const exists = bookingSystem({ [OTHER]: aBooking({ appointmentId: OTHER }) });

  it('finds none without a marker', async () => {
    const bench = new ObserveBench();
    expect((await bench.observe('original', { booking: bookingSeen() })).original).to.equal(null);
    expect((await bench.observe('original', {})).original).to.equal(null);
    expect((await bench.observe('original', { booking: bookingUnknownToSystem() })).original).to.equal(null);
  });

  it('reads only the map while the rebooking is in progress', async () => {
    const bench = new ObserveBench();
    await bench.put(theirs({ intent: INTENT }));
    const seen = await bench.observe('original', { booking });
    expect(seen.original).to.deep.equal({ appointmentId: OTHER, map: { ...theirs({ intent: INTENT }), version: 1 } });
    expect(bench.calls).to.deep.equal([]);
  });

  it('finds the event that was transferred, and the map that another task has stored meanwhile', async () => {
    const bench = new ObserveBench({ events: [handed], bookings: exists });
    const own = aMap({ googleEventId: handed.eventId });
    await bench.put(theirs(), own);
    const seen = await bench.observe('original', { booking });
    expect(seen.event?.event).to.equal(handed);
    expect(seen.map).to.deep.equal({ ...own, version: 1 });
    expect(seen.original).to.deep.equal({
      appointmentId: OTHER,
      map: { ...theirs(), version: 1 },
      existence: 'exists',
      isOfOther: false,
      isGivenUp: false,
    });
  });

  it('sees that the two bookings have different customers', async () => {
    const bench = new ObserveBench({
      bookings: bookingSystem({ [OTHER]: aBooking({ appointmentId: OTHER, customerId: '9' }) }),
    });
    const { original } = await bench.observe('original', { booking });
    expect(original).to.deep.include({ existence: 'exists', isOfOther: true });
  });

  it('searches the event under the derived id in the bay of the booking, if there is no map', async () => {
    const bench = new ObserveBench({ events: [handed], bookings: exists });
    const seen = await bench.observe('original', { booking });
    expect(seen.event?.event).to.equal(handed);
    expect(bench.calls[0]).to.equal(`get bay-1 loft${OTHER}`);
    const unrouted = bookingSeen({ notes: `[loft:${OTHER}]`, resourceUnitId: FOREIGN_UNIT });
    bench.calls.length = 0;
    await bench.observe('original', { booking: unrouted });
    expect(bench.calls).to.deep.equal([]);
  });

  it('keeps an observed event, and takes no event that is not marked for the new booking', async () => {
    const bench = new ObserveBench({ events: [handed], bookings: exists });
    const event = eventSeen(anEvent());
    expect((await bench.observe('original', { booking, event })).event).to.equal(event);
    const foreign = { ...handed, marks: { ...handed.marks, appointmentId: OTHER } };
    const other = new ObserveBench({ events: [foreign], bookings: exists });
    expect((await other.observe('original', { booking })).event).to.equal(undefined);
    const marked = new ObserveBench({ events: [{ ...handed, title: 'CANCELED: x', free: true }], bookings: exists });
    expect((await marked.observe('original', { booking })).event).to.equal(undefined);
  });

  it('says whether it exists and was given up, unless its map is canceled', async () => {
    const bench = new ObserveBench({ bookings: exists });
    await bench.put(theirs({ status: 'CANCELED' }));
    expect((await bench.observe('original', { booking })).original).not.to.have.property('existence');
    const given = new ObserveBench({ bookings: exists });
    await given.put(theirs());
    const now = given.act.clock.now();
    await given.act.store.addTasks([{ appointmentId: OTHER, trigger: 'poll', event: null, dueAt: now }], now);
    const [task] = (await given.act.store.claimTasks({ owner: 'me', now, leaseMs: HOUR, limit: 1 })).unwrap();
    const letter = { appointmentId: OTHER, calendarId: null, eventId: null, reason: null, attempts: 8, error: FAILS };
    await given.act.store.deadLetterTask(task!, { ...letter, at: now, fingerprint: null, retryAt: null, revivals: 0 });
    expect((await given.observe('original', { booking })).original).to.include({
      existence: 'exists',
      isGivenUp: true,
    });
    const gone = new ObserveBench({ bookings: bookingSystem({}) });
    expect((await gone.observe('original', { booking })).original).to.include({ existence: 'gone', map: null });
  });

  it('fails with the store and both systems', async () => {
    const storeFails = (store: Partial<SyncStore>) =>
      new ObserveBench({ store, bookings: exists }).error('original', { booking });
    expect(await storeFails({ getMap: async () => Err(STORE_FAILS) })).to.equal(STORE_FAILS);
    expect(await storeFails({ getMap: async (id) => (id === OTHER ? Ok(null) : Err(STORE_FAILS)) })).to.equal(
      STORE_FAILS,
    );
    expect(await storeFails({ getDeadLetter: async () => Err(STORE_FAILS) })).to.equal(STORE_FAILS);
    const bookings = bookingSystem({ [OTHER]: FAILS });
    expect(await new ObserveBench({ bookings }).error('original', { booking })).to.equal(FAILS);
    const errors = { [BAY1.calendarId]: FAILS };
    expect(await new ObserveBench({ errors, bookings: exists }).error('original', { booking })).to.equal(FAILS);
  });
});

describe('the observation of other appointments', () => {
  const moving = (change: Partial<BookingEventMap['intent']> & object = {}, id = OTHER): BookingEventMap =>
    aMap({ uscheduleAppointmentId: id, intent: { ...INTENT, ...change } });

  it('finds the records of all edits', async () => {
    const bench = new ObserveBench();
    const edits = [anEdit(), anEdit({ id: OTHER, appointmentId: OTHER })];
    await bench.act.store.putEventRecords(edits);
    expect((await bench.observe('edits', {})).edits).to.have.deep.members(edits);
    const store = { listEventRecords: async () => Err(STORE_FAILS) };
    expect(await new ObserveBench({ store }).error('edits', {})).to.equal(STORE_FAILS);
  });

  it('counts the future mirrors of each bay, near and far', async () => {
    const bench = new ObserveBench();
    const now = bench.act.clock.now();
    const at = (
      id: string,
      start: number,
      change: Partial<BookingEventMap> = {},
      bay: string | null = '1',
    ): BookingEventMap =>
      aMap({ uscheduleAppointmentId: id, base: { ...aMap().base, start, end: start + HOUR, bay }, ...change });
    await bench.put(
      at('1', now),
      at('2', now + 200 * 24 * HOUR),
      at('3', now - HOUR + 1),
      at('4', now - HOUR),
      at('5', now, { status: 'CANCELED' }),
      at('6', now, {}, null),
      at('7', now, {}, '2'),
    );
    const { mirrors } = await bench.observe('mirrors', { now });
    expect([...(mirrors ?? [])]).to.have.deep.members([
      ['1', 3],
      ['2', 1],
    ]);
    let lists = 0;
    const listMaps = async () => (lists++ === 1 ? Err(STORE_FAILS) : Ok([]));
    expect(await new ObserveBench({ store: { listMaps } }).error('mirrors', {})).to.equal(STORE_FAILS);
    const none = { listMaps: async () => Err(STORE_FAILS) };
    expect(await new ObserveBench({ store: none }).error('mirrors', {})).to.equal(STORE_FAILS);
  });

  it('finds a reschedule of another booking into the same slot', async () => {
    const contested = async (map: BookingEventMap, change: Partial<Situation> = {}): Promise<boolean | undefined> => {
      const bench = new ObserveBench();
      await bench.put(map);
      return (await bench.observe('contest', { booking: bookingSeen(), now: NOW, ...change })).contested;
    };
    expect(await contested(moving())).to.equal(true);
    expect(await contested(moving({ kind: 'write-event' }))).to.equal(false);
    expect(await contested(moving({}, ID))).to.equal(false);
    expect(await contested(moving({ start: START + 1 }))).to.equal(false);
    expect(await contested(moving({ bay: '2' }))).to.equal(false);
    const { intentHoldsMs } = new ObserveBench().parts.rules.timing;
    expect(await contested(moving({ since: NOW - intentHoldsMs + 1 }))).to.equal(true);
    expect(await contested(moving({ since: NOW - intentHoldsMs }))).to.equal(false);
    expect(await contested(moving(), { booking: undefined })).to.equal(false);
    expect(await contested(moving(), { booking: bookingSeen({ resourceUnitId: FOREIGN_UNIT }) })).to.equal(false);
  });

  it('reads the map again, which an ended reschedule may have stored', async () => {
    const bench = new ObserveBench();
    await bench.put(aMap());
    expect((await bench.observe('contest', { booking: bookingSeen() })).map).to.deep.equal({ ...aMap(), version: 1 });
    const getMap = async () => Err(STORE_FAILS);
    expect(await new ObserveBench({ store: { getMap } }).error('contest', {})).to.equal(STORE_FAILS);
    const listMaps = async () => Err(STORE_FAILS);
    expect(await new ObserveBench({ store: { listMaps } }).error('contest', {})).to.equal(STORE_FAILS);
  });

  it('finds the appointment that holds the slot of an event, and the edits', async () => {
    const held = async (change: Partial<BookingEventMap>, event = anEvent()): Promise<string | null | undefined> => {
      const bench = new ObserveBench();
      await bench.put(aMap({ uscheduleAppointmentId: OTHER, ...change }));
      await bench.act.store.putEventRecords([anEdit()]);
      const seen = await bench.observe('slot-holder', { event: eventSeen(event) });
      if (event.start !== null && event.end !== null && event.calendarId !== CLOSED)
        expect(seen.edits).to.have.length(1);
      return seen.slotHolder && seen.slotHolder.map.uscheduleAppointmentId;
    };
    const base = (start: number, end: number, bay = '1') => ({ base: { ...aMap().base, start, end, bay } });
    expect(await held({})).to.equal(OTHER);
    expect(await held(base(END - 1, END + HOUR))).to.equal(OTHER);
    expect(await held(base(END, END + HOUR))).to.equal(null);
    expect(await held(base(START - HOUR, START + 1))).to.equal(OTHER);
    expect(await held(base(START - HOUR, START))).to.equal(null);
    expect(await held(base(START - 24 * HOUR, START + 1))).to.equal(OTHER);
    expect(await held(base(START, END, '2'))).to.equal(null);
    expect(await held({ status: 'CANCELED' })).to.equal(null);
    expect(await held({ uscheduleAppointmentId: ID })).to.equal(null);
    expect(await held({}, anEvent({ calendarId: CLOSED }))).to.equal(null);
    expect(await held({}, anEvent({ start: null }))).to.equal(null);
    expect(await held({}, anEvent({ end: null }))).to.equal(null);
    expect((await new ObserveBench().observe('slot-holder', {})).slotHolder).to.equal(null);
    const listMaps = async () => Err(STORE_FAILS);
    const fails = new ObserveBench({ store: { listMaps } });
    expect(await fails.error('slot-holder', { event: eventSeen(anEvent()) })).to.equal(STORE_FAILS);
  });

  it('reads the event of the appointment that holds a slot', async () => {
    const map = aMap({ uscheduleAppointmentId: OTHER });
    const bench = new ObserveBench({ events: [anEvent()] });
    const seen = await bench.observe('slot-holder-event', { slotHolder: { map } });
    expect(seen.slotHolder).to.deep.equal({ map, event: anEvent() });
    expect((await bench.observe('slot-holder-event', { slotHolder: null })).slotHolder).to.equal(null);
    const fails = new ObserveBench({ errors: { [BAY1.calendarId]: FAILS } });
    expect(await fails.error('slot-holder-event', { slotHolder: { map } })).to.equal(FAILS);
  });

  it('finds one reschedule among several intents', async () => {
    const bench = new ObserveBench();
    await bench.put(moving(), moving({ start: START + 1 }, '700201'));
    expect((await bench.observe('contest', { booking: bookingSeen(), now: NOW })).contested).to.equal(true);
  });
});
