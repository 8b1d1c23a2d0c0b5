import { expect } from 'chai';
import { HOUR, MemoryStore, type Bay, type CalendarSystem } from '@loft/sync-core';
import { readEvent } from '#src/engine/observe/event-reader.js';
import { createRules } from '#src/rules/rules.js';
import { MemoryCalendars, VirtualClock } from '#src/testing/index.js';
import { overridden } from './overridden.js';
import { settingsWith } from './world.js';

const BAYS: readonly Bay[] = [1, 2, 3].map((number) => {
  return { bay: `${number}`, name: `Bay ${number}`, resourceUnitId: number, calendarId: `bay-${number}` };
});
const EVENT_ID = 'loft700123';

interface Looked {
  readonly calendars: MemoryCalendars;
  /** The calendars that were asked for it, in order. */
  readonly asked: string[];
  /** Reads the event. A user moves it just before the given answers: number of the answer, and target. */
  readonly read: (moves?: Readonly<Record<number, string>>) => ReturnType<typeof readEvent>;
}

/** An event of bay 1 and its current calendar; null if it does not exist. */
async function eventNow(place: string | null): Promise<Looked> {
  const clock = new VirtualClock();
  const calendars = new MemoryCalendars({ clock, calendars: BAYS.map((bay) => bay.calendarId) });
  const rules = createRules({ ...settingsWith(), bays: BAYS });
  const draft = { start: clock.now(), end: clock.now() + HOUR, title: 'Ana R.', description: '', free: false };
  (await calendars.insertEvent('bay-1', EVENT_ID, { ...draft, appointmentId: '700123', bay: '1' })).unwrap();
  let now = 'bay-1';
  const moveTo = (to: string): void => {
    if (to !== now) calendars.person.moveToCalendar(now, EVENT_ID, to);
    now = to;
  };
  if (place === null) calendars.person.deleteEvent('bay-1', EVENT_ID);
  else moveTo(place);
  const asked: string[] = [];
  return {
    calendars,
    asked,
    read: (moves = {}) => {
      // One answer after the other, so that something can happen between any two.
      let last: Promise<unknown> = Promise.resolve();
      const getEvent: CalendarSystem['getEvent'] = (calendarId, eventId) => {
        const answer = last.then(() => {
          asked.push(calendarId);
          const to = moves[asked.length];
          if (to !== undefined) moveTo(to);
          return calendars.getEvent(calendarId, eventId);
        });
        last = answer;
        return answer;
      };
      const port = overridden<CalendarSystem>(calendars, { getEvent });
      return readEvent(
        { calendarId: 'bay-1', eventId: EVENT_ID },
        { calendars: port, store: new MemoryStore(), clock, rules },
      );
    },
  };
}

describe('a reliable reading of an event', () => {
  it('asks only the calendar of its bay if the event is there', async () => {
    const { asked, read } = await eventNow('bay-1');
    expect((await read()).unwrap()).to.deep.nested.include({ 'event.calendarId': 'bay-1', proven: true });
    expect(asked).to.deep.equal(['bay-1']);
  });

  it('finds it on another bay', async () => {
    const { asked, read } = await eventNow('bay-3');
    expect((await read()).unwrap()).to.deep.nested.include({ 'event.calendarId': 'bay-3', 'event.state': 'live' });
    expect(asked).to.deep.equal(['bay-1', 'bay-2', 'bay-3']);
  });

  it('reports it as missing after two reads of all calendars without a result', async () => {
    const { asked, read } = await eventNow(null);
    expect((await read()).unwrap()).to.deep.nested.include({ 'event.state': 'gone', proven: true });
    expect(asked).to.deep.equal(['bay-1', 'bay-2', 'bay-3', 'bay-1', 'bay-2', 'bay-3']);
  });

  for (const [what, from, moves, found] of [
    ['to a bay that was just searched', 'bay-3', { 3: 'bay-2' }, 'bay-2'],
    ['to its own bay, which was just searched', 'bay-3', { 3: 'bay-1' }, 'bay-1'],
    ['again during the second search', 'bay-3', { 3: 'bay-2', 5: 'bay-3' }, 'bay-3'],
  ] as const) {
    it(`finds it although it is moved ${what}`, async () => {
      const { read } = await eventNow(from);
      expect((await read(moves)).unwrap()).to.deep.nested.include({ 'event.calendarId': found, 'event.state': 'live' });
    });
  }
});
