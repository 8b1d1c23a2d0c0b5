import { expect } from 'chai';
import { Err, Ok } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import type { Situation } from '#src/rules/situation.js';
import {
  aMap,
  anEvent,
  aTombstone,
  bookingSeen,
  END,
  EVENT_ID,
  eventSeen,
  FOREIGN_UNIT,
  ID,
  START,
} from '../rules/situations.js';
import { failure } from './act-bench.js';
import { CLOSED, FAILS, ObserveBench, OTHER, STORE_FAILS } from './observe-bench.js';
import { BAY1, BAY2 } from './world.js';

describe('the observation of an event', () => {
  const elsewhere = { calendarId: BAY2.calendarId };

  it('reads the mirror of the map, or the event of the request to read it again', async () => {
    const copy = anEvent({ eventId: 'copy1' });
    const bench = new ObserveBench({ events: [anEvent(), copy] });
    expect((await bench.observe('event', { map: aMap() })).event).to.deep.equal({
      at: bench.act.clock.now(),
      event: anEvent(),
      proven: true,
    });
    const reread = { event: { calendarId: copy.calendarId, eventId: 'copy1' }, booking: true };
    const again = await bench.observe('event', { map: aMap(), reread });
    expect(again.event?.event).to.equal(copy);
    expect(again.reread).to.deep.equal({ event: null, booking: true });
    expect((await bench.observe('event', { event: eventSeen(copy) })).event?.event).to.equal(copy);
    expect((await bench.observe('event', {})).event).to.equal(undefined);
  });

  it('takes it for deleted after two searches in all calendars, each proven readable once', async () => {
    const bench = new ObserveBench();
    const seen = await bench.observe('event', { map: aMap() });
    expect(seen.event).to.deep.include({ proven: true });
    expect(seen.event?.event).to.include({ state: 'gone', eventId: EVENT_ID, calendarId: BAY1.calendarId });
    expect(bench.calls).to.deep.equal([
      `get bay-1 ${EVENT_ID}`,
      'list bay-1 all',
      `get bay-2 ${EVENT_ID}`,
      'list bay-2 all',
      `get bay-1 ${EVENT_ID}`,
      `get bay-2 ${EVENT_ID}`,
    ]);
  });

  it('records copies that a list shows while it is proven, of a mapped appointment only', async () => {
    const copy = anEvent({ eventId: 'copy1', ...elsewhere });
    const others = [
      anEvent({ eventId: 'unmarked', marks: NO_MARKS }),
      anEvent({ eventId: 'marked', title: 'CANCELED: Ana R.', free: true }),
      anEvent({ eventId: 'theirs', marks: { ...anEvent().marks, appointmentId: OTHER } }),
      aTombstone({ eventId: 'gone', marks: anEvent().marks }),
    ];
    const bench = new ObserveBench({ events: [copy, ...others] });
    await bench.observe('event', { map: aMap() });
    const records = (await bench.act.store.listEventRecords({ kind: 'copy' })).unwrap();
    expect(records).to.have.length(1);
    expect(records[0]).to.include({ appointmentId: ID, eventId: 'copy1', at: bench.act.clock.now() });
    const unmapped = new ObserveBench({ events: [copy] });
    await unmapped.observe('event', { event: eventSeen(anEvent()) });
    expect((await unmapped.act.store.listEventRecords({ kind: 'copy' })).unwrap()).to.deep.equal([]);
    const store = { putEventRecords: async () => Err(STORE_FAILS) };
    const broken = new ObserveBench({ events: [copy], store });
    expect(await broken.error('event', { map: aMap() })).to.equal(STORE_FAILS);
  });

  it('of a deleted mirror finds it in a calendar that no bay has any more', async () => {
    const moved = anEvent({ calendarId: CLOSED });
    const closed = async (change: Partial<Situation>, map = aMap()): Promise<Situation> => {
      const bench = new ObserveBench({ events: [moved] });
      const state = { feed: 'calendars', syncToken: CLOSED, tokenParameters: null, stopped: null, resumed: false };
      await bench.act.store.putFeedState({ ...state, savedAt: 0 });
      return bench.observe('event', { map, ...change });
    };
    const reread = { event: { calendarId: BAY1.calendarId, eventId: EVENT_ID }, booking: false };
    const found = await closed({ reread });
    expect(found.event).to.deep.include({ event: moved, proven: true });
    expect(found.reread).to.deep.equal({ event: null, booking: false });
    expect((await closed({}, aMap({ status: 'CANCELED' }))).event?.event.state).to.equal('gone');
    const copy = { event: { calendarId: BAY1.calendarId, eventId: 'copy1' }, booking: false };
    expect((await closed({ reread: copy })).event?.event.eventId).to.equal('copy1');
    const byTask = await closed({ taskCreatedAt: 0 });
    expect(byTask.event?.event).to.deep.equal(moved);
    const store = { getFeedState: async (feed: string) => (feed === 'calendars' ? Err(STORE_FAILS) : Ok(null)) };
    expect(await new ObserveBench({ store }).error('event', { map: aMap() })).to.equal(STORE_FAILS);
  });

  it('of the mirror, besides another event, needs a map', async () => {
    const bench = new ObserveBench({ events: [anEvent()] });
    expect((await bench.observe('mirror', { map: aMap() })).mirror?.event).to.deep.equal(anEvent());
    expect(await bench.observe('mirror', {})).not.to.have.property('mirror');
    const fails = new ObserveBench({ errors: { [BAY1.calendarId]: FAILS } });
    expect(await fails.error('mirror', { map: aMap() })).to.equal(FAILS);
    expect(await fails.error('event', { map: aMap() })).to.equal(FAILS);
  });
});

describe('the observation of the events beside the mirror', () => {
  const beside = anEvent({ calendarId: BAY2.calendarId });
  const copy = anEvent({ eventId: 'copy1' });

  it('reads each in its own calendar, once, and leaves out those that are no longer there', async () => {
    const bench = new ObserveBench({ events: [anEvent(), copy] });
    const event = eventSeen(anEvent(), { proven: true });
    const seen = await bench.observe('others', { map: aMap(), event, others: [eventSeen(beside), eventSeen(copy)] });
    expect(seen.others).to.deep.equal([{ at: bench.act.clock.now(), event: copy, proven: true }]);
    expect(seen.event).to.equal(event);
    expect(bench.calls).to.deep.equal([`get bay-2 ${EVENT_ID}`, 'get bay-1 copy1']);
    expect((await bench.observe('others', { map: aMap(), event })).others).to.deep.equal([]);
  });

  it('reads the event of the situation too, if it is not the mirror', async () => {
    const bench = new ObserveBench({ events: [copy] });
    const situation = { map: aMap(), event: eventSeen(copy), others: [eventSeen(copy)] };
    expect((await bench.observe('others', situation)).event).to.deep.include({ event: copy, proven: true });
    const gone = await new ObserveBench().observe('others', situation);
    expect(gone.event?.event).to.include({ state: 'gone', eventId: 'copy1' });
    expect(gone.others).to.deep.equal([]);
  });

  it('fails if one cannot be read', async () => {
    const bench = new ObserveBench({ errors: { [BAY1.calendarId]: FAILS } });
    expect(await bench.error('others', { map: aMap(), others: [eventSeen(copy)] })).to.equal(FAILS);
    expect(await bench.error('others', { map: aMap(), event: eventSeen(copy) })).to.equal(FAILS);
  });
});

describe('the observation of the event with the derived id', () => {
  it('searches everywhere if another event was observed', async () => {
    const bench = new ObserveBench({ events: [anEvent()] });
    const event = eventSeen(anEvent({ eventId: 'copy1' }));
    expect((await bench.observe('derived', { event })).derived?.event).to.deep.equal(anEvent());
    const fails = new ObserveBench({ errors: { [BAY1.calendarId]: FAILS } });
    expect(await fails.error('derived', { event })).to.equal(FAILS);
  });

  it('reads the next generation if the map has the first derived id, and else the first', async () => {
    for (const [mirror, read] of [
      [EVENT_ID, `${EVENT_ID}g1`],
      [`${EVENT_ID}g1`, EVENT_ID],
      ['copy1', EVENT_ID],
    ] as const) {
      const bench = new ObserveBench({ events: [anEvent({ eventId: read })] });
      const map = aMap({ googleEventId: mirror });
      const { derived } = await bench.observe('derived', { map, event: eventSeen(aTombstone({ eventId: mirror })) });
      expect(derived?.event.eventId).to.equal(read);
    }
  });

  it('searches once after the map’s event was proven, and else until it is certain', async () => {
    const calls = async (change: Partial<Situation>): Promise<number> => {
      const bench = new ObserveBench();
      await bench.observe('derived', change);
      return bench.calls.length;
    };
    const proven = eventSeen(aTombstone(), { proven: true });
    expect(await calls({ map: aMap(), event: proven })).to.equal(2);
    expect(await calls({ map: aMap(), event: eventSeen(aTombstone()) })).to.equal(6);
    expect(await calls({ event: proven })).to.equal(6);
  });

  it('searches the other calendars that can be read, if there is no event', async () => {
    const found = anEvent({ calendarId: BAY2.calendarId });
    const bench = new ObserveBench({ events: [found] });
    expect((await bench.observe('derived', { booking: bookingSeen() })).derived).to.deep.equal({
      at: bench.act.clock.now(),
      event: found,
      proven: true,
    });
    expect(bench.calls.every((call) => call.includes('bay-2'))).to.equal(true);
    const home = new ObserveBench({ events: [anEvent()] });
    expect((await home.observe('derived', { booking: bookingSeen() })).derived).to.equal(null);
    const unreadable = new ObserveBench({ errors: { [BAY2.calendarId]: FAILS } });
    expect((await unreadable.observe('derived', { booking: bookingSeen() })).derived).to.equal(null);
  });

  it('finds none without a bay', async () => {
    const bench = new ObserveBench();
    const booking = bookingSeen({ resourceUnitId: FOREIGN_UNIT });
    expect((await bench.observe('derived', { booking })).derived).to.equal(null);
    expect((await bench.observe('derived', {})).derived).to.equal(null);
    expect(bench.calls).to.deep.equal([]);
  });

  it('makes no call for an insert that an open circuit would not let pass', async () => {
    const bench = new ObserveBench();
    const refused = failure('google', 'forbidden');
    const call = { system: 'google', calendarId: BAY1.calendarId, writes: true, target: 'x' };
    bench.parts.circuits.learn(call, refused, bench.act.clock.now());
    expect(await bench.error('derived', { booking: bookingSeen() })).to.include({ unsent: true });
    expect(bench.calls).to.deep.equal([]);
  });
});

describe('the observation of copies', () => {
  const copy = anEvent({ eventId: 'copy1' });
  const record = (eventId: string, calendarId = BAY1.calendarId) => ({
    kind: 'copy' as const,
    id: `${calendarId} ${eventId}`,
    appointmentId: ID,
    at: 0,
    calendarId,
    eventId,
    start: START,
    end: END,
    title: '',
    description: '',
    creatorEmail: null,
    createdAt: null,
  });

  it('reads the recorded ones, and keeps the active ones with the marks of the appointment', async () => {
    const events = [
      copy,
      anEvent({ eventId: 'unmarked', marks: NO_MARKS }),
      anEvent({ eventId: 'marked', title: 'CANCELED: Ana R.', free: true }),
    ];
    const bench = new ObserveBench({ events });
    const ids = ['copy1', 'unmarked', 'marked', 'gone', EVENT_ID];
    await bench.act.store.putEventRecords(ids.map((id) => record(id)));
    const seen = await bench.observe('copies', {});
    expect(seen.copies?.map(({ event }) => event.eventId)).to.deep.equal(['copy1']);
    expect(seen.copies?.[0]).to.deep.include({ proven: true });
    expect(bench.calls).to.include(`get bay-1 ${EVENT_ID}`);
    bench.calls.length = 0;
    await bench.observe('copies', { map: aMap() });
    expect(bench.calls).not.to.include(`get bay-1 ${EVENT_ID}`);
  });

  it('includes those that the mirror’s calendar lists since its last sync, once', async () => {
    const another = anEvent({ eventId: 'copy2' });
    const bench = new ObserveBench({ events: [copy, another] });
    await bench.act.store.putEventRecords([record('copy1')]);
    await bench.token(BAY1.calendarId);
    const event = eventSeen(aTombstone());
    const seen = await bench.observe('copies', { map: aMap(), event });
    expect(seen.copies?.map((it) => [it.event.eventId, it.proven])).to.deep.equal([
      ['copy1', true],
      ['copy2', false],
    ]);
    expect(seen.event).to.equal(event);
    expect(bench.calls).to.include('list bay-1 token');
  });

  it('finds the mirror again that the calendar lists', async () => {
    const bench = new ObserveBench({ events: [anEvent()] });
    const seen = await bench.observe('copies', { map: aMap(), event: eventSeen(aTombstone()) });
    expect(seen.event).to.deep.include({ event: anEvent(), proven: false });
    expect(seen.copies).to.deep.equal([]);
  });

  it('fails with the store and the calendar', async () => {
    const store = { listEventRecords: async () => Err(STORE_FAILS) };
    expect(await new ObserveBench({ store }).error('copies', {})).to.equal(STORE_FAILS);
    const fails = new ObserveBench({ errors: { [BAY1.calendarId]: FAILS } });
    expect(await fails.error('copies', { map: aMap() })).to.equal(FAILS);
    await fails.act.store.putEventRecords([record('copy1')]);
    expect(await fails.error('copies', {})).to.equal(FAILS);
  });
});
