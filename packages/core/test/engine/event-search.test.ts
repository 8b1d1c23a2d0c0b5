import { expect } from 'chai';
import { Err, Ok, type CalendarEvent, type CalendarSystem } from '@loft/sync-core';
import { NO_MARKS, type EventPage } from '#src/domain/calendar-event.js';
import {
  findElsewhere,
  findInReadable,
  listedSinceSync,
  proveReadable,
  readEvent,
} from '#src/engine/observe/event-reader.js';
import { aMap, anEvent, aTombstone, EVENT_ID } from '../rules/situations.js';
import { failure, plain } from './act-bench.js';
import { aPage, CLOSED, FAILS, ObserveBench, STORE_FAILS } from './observe-bench.js';
import { BAY1, BAY2 } from './world.js';

describe('the search of an event in the calendars', () => {
  const at = { calendarId: BAY1.calendarId, eventId: EVENT_ID };
  const elsewhere = anEvent({ calendarId: BAY2.calendarId });

  it('returns the latest tombstone if the event is deleted everywhere', async () => {
    const gone = (calendarId: string, updatedAt: number | null): CalendarEvent =>
      aTombstone({ calendarId, updatedAt, title: `${updatedAt}` });
    const found = async (first: number | null, second: number | null): Promise<string> => {
      const events = [gone(BAY1.calendarId, first), gone(BAY2.calendarId, second)];
      return (await readEvent(at, new ObserveBench({ events }).parts)).unwrap().event.title;
    };
    expect(await found(5, 6)).to.equal('6');
    expect(await found(6, 5)).to.equal('6');
    expect(await found(null, 5)).to.equal('5');
    expect(await found(5, null)).to.equal('5');
    expect(await found(5, 5)).to.equal('5');
  });

  it('finds an active event in another calendar, and no event that is marked as cancelled', async () => {
    const found = async (...events: readonly CalendarEvent[]): Promise<CalendarEvent> =>
      (await readEvent(at, new ObserveBench({ events }).parts)).unwrap().event;
    expect(await found(aTombstone(), elsewhere)).to.equal(elsewhere);
    expect(await found(anEvent(), elsewhere)).to.deep.equal(anEvent());
    const marked = { ...elsewhere, title: 'CANCELED: Ana R.', free: true };
    expect((await found(marked)).state).to.equal('gone');
    const find = async (...events: readonly CalendarEvent[]) =>
      (await findElsewhere(at, new ObserveBench({ events }).parts)).unwrap();
    expect(await find(elsewhere)).to.equal(elsewhere);
    expect(await find(anEvent())).to.equal(null);
  });

  it('fails if a calendar cannot be read, unless the event is found in another one', async () => {
    const errors = { [BAY2.calendarId]: FAILS };
    expect(plain(await readEvent(at, new ObserveBench({ errors }).parts))).to.deep.equal({ error: FAILS });
    expect(plain(await readEvent(at, new ObserveBench({ events: [anEvent()], errors }).parts))).to.have.property('ok');
    expect(plain(await findElsewhere(at, new ObserveBench({ errors }).parts))).to.deep.equal({ error: FAILS });
    expect(await findInReadable(at, new ObserveBench({ errors }).parts)).to.equal(null);
    const home = { [BAY1.calendarId]: FAILS };
    expect(plain(await readEvent(at, new ObserveBench({ events: [elsewhere], errors: home }).parts))).to.deep.equal({
      error: FAILS,
    });
    const bays = [BAY1, BAY2, { bay: '3', name: 'Bay 3', resourceUnitId: 3, calendarId: 'bay-3' }];
    const three = new ObserveBench({ events: [elsewhere], errors: { 'bay-3': FAILS }, settings: { bays } });
    expect((await readEvent(at, three.parts)).unwrap().event).to.equal(elsewhere);
  });

  it('takes “not found” for true only in a calendar that can be listed, and “gone” at once', async () => {
    const forbidden = failure('google', 'forbidden');
    const calendars: Partial<CalendarSystem> = { listEvents: async () => Err(forbidden) };
    expect(plain(await readEvent(at, new ObserveBench({ calendars }).parts))).to.deep.equal({ error: forbidden });
    const gone = { ...calendars, getEvent: async () => Err(failure('google', 'gone')) };
    expect((await readEvent(at, new ObserveBench({ calendars: gone }).parts)).unwrap().event.state).to.equal('gone');
  });

  it('is not delayed by a calendar that no bay has any more', async () => {
    const closed = { calendarId: CLOSED, eventId: EVENT_ID };
    const errors = { [CLOSED]: failure('google', 'forbidden') };
    const bench = new ObserveBench({ events: [elsewhere], errors });
    expect((await readEvent(closed, bench.parts)).unwrap().event).to.equal(elsewhere);
    const account = { [CLOSED]: failure('google', 'unauthorized') };
    expect(plain(await readEvent(closed, new ObserveBench({ errors: account }).parts))).to.have.property('error');
  });
});

describe('the proof that a calendar can be read', () => {
  const prove = async (
    list: CalendarSystem['listEvents'],
    token: string | null = 'token',
    onListed?: (event: CalendarEvent) => void,
  ) => {
    const lists: (string | null)[] = [];
    const bench = new ObserveBench({
      calendars: {
        listEvents: async (calendarId, cursor) => {
          lists.push(cursor.syncToken);
          expect(cursor.pageToken).to.equal(null);
          return list(calendarId, cursor);
        },
      },
    });
    if (token !== null) await bench.token(BAY1.calendarId, token);
    const result = await proveReadable(BAY1.calendarId, { ...bench.parts, ...(onListed ? { onListed } : {}) });
    return { lists, result: plain(result) };
  };
  const ok = { ok: undefined };

  it('is an incremental list, or a full one without a token', async () => {
    expect(await prove(async () => Ok(aPage([])))).to.deep.equal({ lists: ['token'], result: ok });
    expect(await prove(async () => Ok(aPage([])), null)).to.deep.equal({ lists: [null], result: ok });
  });

  it('shows the listed events', async () => {
    const listed: CalendarEvent[] = [];
    await prove(
      async () => Ok(aPage([anEvent()])),
      null,
      (event) => void listed.push(event),
    );
    expect(listed).to.deep.equal([anEvent()]);
  });

  it('is also the answer that the token is expired', async () => {
    const expired = async () => Err(failure('google', 'token-expired'));
    expect(await prove(expired)).to.deep.equal({ lists: ['token'], result: ok });
  });

  it('is a full list if the token is refused', async () => {
    const invalid = failure('google', 'invalid');
    const refused: CalendarSystem['listEvents'] = async (_id, { syncToken }) =>
      syncToken === null ? Ok(aPage([])) : Err(invalid);
    expect(await prove(refused)).to.deep.equal({ lists: ['token', null], result: ok });
    expect(await prove(async () => Err(invalid))).to.deep.equal({ lists: ['token', null], result: { error: invalid } });
    expect(await prove(async () => Err(invalid), null)).to.deep.equal({ lists: [null], result: { error: invalid } });
  });

  it('fails with the calendar and the store', async () => {
    expect(await prove(async () => Err(FAILS))).to.deep.equal({ lists: ['token'], result: { error: FAILS } });
    const broken = new ObserveBench({ store: { getFeedState: async () => Err(STORE_FAILS) } });
    expect(plain(await proveReadable(BAY1.calendarId, broken.parts))).to.deep.equal({ error: STORE_FAILS });
  });
});

describe('the list of a calendar since its last sync', () => {
  it('contains the active events with the marks of the appointment, of all pages', async () => {
    const pages: Readonly<Record<string, EventPage>> = {
      first: aPage([anEvent({ eventId: 'a' }), anEvent({ eventId: 'x', marks: NO_MARKS })], {
        nextPageToken: 'second',
      }),
      second: aPage([aTombstone({ eventId: 'y', marks: anEvent().marks }), anEvent({ eventId: 'b' })]),
    };
    const cursors: unknown[] = [];
    const listEvents: CalendarSystem['listEvents'] = async (_id, cursor) => {
      cursors.push(cursor);
      return Ok(pages[cursor.pageToken ?? 'first']!);
    };
    const bench = new ObserveBench({ calendars: { listEvents } });
    await bench.token(BAY1.calendarId);
    const listed = (await listedSinceSync(aMap(), bench.parts)).unwrap();
    expect(listed.map(({ at, event, proven }) => [at, event.eventId, proven])).to.deep.equal([
      [bench.act.clock.now(), 'a', false],
      [bench.act.clock.now(), 'b', false],
    ]);
    expect(cursors).to.deep.equal([
      { syncToken: 'token', pageToken: null },
      { syncToken: 'token', pageToken: 'second' },
    ]);
  });

  it('is a full list if the token is refused, and fails otherwise', async () => {
    for (const kind of ['token-expired', 'invalid'] as const) {
      const listEvents: CalendarSystem['listEvents'] = async (_id, { syncToken }) =>
        syncToken === null ? Ok(aPage([anEvent()])) : Err(failure('google', kind));
      const bench = new ObserveBench({ calendars: { listEvents } });
      await bench.token(BAY1.calendarId);
      expect((await listedSinceSync(aMap(), bench.parts)).unwrap()).to.have.length(1);
      const always = new ObserveBench({ calendars: { listEvents: async () => Err(failure('google', kind)) } });
      expect(plain(await listedSinceSync(aMap(), always.parts))).to.have.nested.property('error.kind', kind);
    }
    const fails = new ObserveBench({ errors: { [BAY1.calendarId]: FAILS } });
    await fails.token(BAY1.calendarId);
    expect(plain(await listedSinceSync(aMap(), fails.parts))).to.deep.equal({ error: FAILS });
    const broken = new ObserveBench({ store: { getFeedState: async () => Err(STORE_FAILS) } });
    expect(plain(await listedSinceSync(aMap(), broken.parts))).to.deep.equal({ error: STORE_FAILS });
  });

  it('ends after a thousand pages, and is empty for a calendar of no bay', async () => {
    let lists = 0;
    const listEvents: CalendarSystem['listEvents'] = async () => {
      lists++;
      return Ok(aPage([], { nextPageToken: 'again' }));
    };
    const bench = new ObserveBench({ calendars: { listEvents } });
    expect((await listedSinceSync(aMap(), bench.parts)).unwrap()).to.deep.equal([]);
    expect(lists).to.equal(1000);
    expect((await listedSinceSync(aMap({ googleCalendarId: CLOSED }), bench.parts)).unwrap()).to.deep.equal([]);
    expect(lists).to.equal(1000);
  });
});
