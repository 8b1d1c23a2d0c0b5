import { expect } from 'chai';
import {
  Err,
  Ok,
  type BookingEventMap,
  type CalendarEvent,
  type CalendarSystem,
  type SyncError,
} from '@loft/sync-core';
import { moveEvent, beginRecreation, removeLeft } from '#src/engine/act/event-mover.js';
import { isElsewhere, isStampOnly, readAgain, restoreEvent, withDuplicates } from '#src/engine/act/change-event.js';
import type { EventWrite } from '#src/rules/decision.js';
import { aMap, anEvent, aSituation, aTombstone, END, EVENT_ID, eventSeen, ID, START } from '../rules/situations.js';
import { ActBench, failure, plain, type Answers } from './act-bench.js';
import { BAY1, BAY2 } from './world.js';

const FAILS = failure('google', 'transient');
const CONFLICT = failure('google', 'conflict');
const CLOSED = 'elsewhere@group.calendar.google.com';
const BASE = { start: START, end: END, bay: '2', title: 'Ana R.', description: 'Two players' };
const EDITED = {
  kind: 'conflict',
  system: 'google',
  method: 'moveEvent',
  message: `event ${EVENT_ID} was edited before it was moved`,
};

function aWrite(change: Partial<EventWrite> = {}): EventWrite {
  return {
    calendarId: BAY1.calendarId,
    eventId: EVENT_ID,
    moveTo: BAY2.calendarId,
    fields: {},
    ifMatch: '"1"',
    assumed: { start: START, end: END },
    base: BASE,
    ...change,
  };
}

/** Calendars whose answers a test sets, and the calls to them. */
function calendarsWith(answers: Partial<CalendarSystem>) {
  const calls: string[] = [];
  const named = (name: string, ...args: readonly unknown[]): void => {
    calls.push(
      [name, ...args.map((arg) => (typeof arg === 'string' ? (arg.split('@')[0] ?? arg) : JSON.stringify(arg)))].join(
        ' ',
      ),
    );
  };
  const calendars: Partial<CalendarSystem> = {
    getEvent: async (calendarId, eventId) => {
      named('get', calendarId, eventId);
      return answers.getEvent?.(calendarId, eventId) ?? Err(FAILS);
    },
    moveEvent: async (calendarId, eventId, to) => {
      named('move', calendarId, to);
      return answers.moveEvent?.(calendarId, eventId, to) ?? Ok(anEvent({ calendarId: to }));
    },
    patchEvent: async (calendarId, eventId, patch, ifMatch) => {
      named('patch', calendarId, patch, ifMatch);
      return answers.patchEvent?.(calendarId, eventId, patch, ifMatch) ?? Ok(anEvent({ calendarId }));
    },
    deleteEvent: async (calendarId, eventId, ifMatch) => {
      named('delete', calendarId, ...(ifMatch === undefined ? [] : [ifMatch]));
      return answers.deleteEvent?.(calendarId, eventId, ifMatch) ?? Ok.EMPTY;
    },
  };
  return { calendars, calls };
}

async function moved(answers: Partial<CalendarSystem>, write = aWrite()) {
  const { calendars, calls } = calendarsWith(answers);
  const parts = new ActBench().parts({}, { calendars });
  return { result: plain(await moveEvent(ID, write, BAY2.calendarId, parts)), calls };
}

describe('the move of an event to another calendar', () => {
  const there = anEvent({ calendarId: BAY2.calendarId });
  const move = 'move bay-1 bay-2';

  it('returns the event at its new place', async () => {
    expect(await moved({})).to.deep.equal({ result: { ok: there }, calls: [move] });
  });

  it('is a conflict if the event has another time than expected: a user has edited it meanwhile', async () => {
    for (const time of [{ start: START + 1 }, { end: END + 1 }]) {
      const moveEvent = async () => Ok({ ...there, ...time });
      expect((await moved({ moveEvent })).result).to.deep.equal({ error: EDITED });
      expect((await moved({ moveEvent }, aWrite({ assumed: null }))).result).to.deep.equal({
        ok: { ...there, ...time },
      });
    }
  });

  it('makes a series a single event first, and expects the time of that', async () => {
    const single = { start: START + 1, end: END + 1 };
    const write = aWrite({ fields: { single: true } });
    const patch = JSON.stringify({ single: true, appointmentId: ID, bay: '2' });
    const patchEvent = async () => Ok(anEvent(single));
    const moveEvent = async () => Ok({ ...there, ...single });
    expect(await moved({ patchEvent, moveEvent }, write)).to.deep.equal({
      result: { ok: { ...there, ...single } },
      calls: [`patch bay-1 ${patch} "1"`, move],
    });
    const fails = await moved({ patchEvent: async () => Err(FAILS) }, write);
    expect(fails.result).to.deep.equal({ error: FAILS });
    expect(fails.calls).to.have.length(1);
  });

  it('fails with the calendar', async () => {
    expect((await moved({ moveEvent: async () => Err(FAILS) })).result).to.deep.equal({ error: FAILS });
    const bench = new ActBench();
    const { moveEvent: _none, ...calendars } = calendarsWith({}).calendars;
    const parts = bench.parts({}, { calendars });
    const without = {
      ...parts,
      calendars: new Proxy(parts.calendars, {
        get: (target, name) => (name === 'moveEvent' ? undefined : Reflect.get(target, name)),
      }),
    };
    expect(plain(await moveEvent(ID, aWrite(), BAY2.calendarId, without))).to.deep.equal({
      error: {
        kind: 'invalid',
        system: 'google',
        method: 'moveEvent',
        message: 'the calendar system cannot move events',
      },
    });
  });

  it('deletes no event after any other failure than a conflict, whatever the target calendar shows', async () => {
    for (const error of [FAILS, failure('google', 'not-found')]) {
      const failed = await moved({ moveEvent: async () => Err(error), getEvent: async () => Ok(there) });
      expect(failed).to.deep.equal({ result: { error }, calls: [move] });
    }
  });

  describe('whose id exists there already', () => {
    const conflict = async () => Err(CONFLICT);
    const at = (events: Readonly<Record<string, CalendarEvent | SyncError>>): Pick<CalendarSystem, 'getEvent'> => ({
      getEvent: async (calendarId) => {
        const answer = events[calendarId] ?? FAILS;
        return 'eventId' in answer ? Ok(answer) : Err(answer);
      },
    });
    const tombstone = aTombstone({ calendarId: BAY2.calendarId });
    const look = `get bay-2 ${EVENT_ID}`;

    it('is the conflict if that event cannot be read, or has not the marks of the appointment', async () => {
      expect(await moved({ moveEvent: conflict })).to.deep.equal({ result: { error: CONFLICT }, calls: [move, look] });
      const foreign = { ...there, marks: { ...there.marks, appointmentId: '9' } };
      const result = await moved({ moveEvent: conflict, ...at({ [BAY2.calendarId]: foreign }) });
      expect(result).to.deep.equal({ result: { error: CONFLICT }, calls: [move, look] });
    });

    it('is done if it has the marks of the appointment: the event here is deleted', async () => {
      for (const kind of [null, 'gone', 'not-found'] as const) {
        const deleteEvent = async () => (kind === null ? Ok.EMPTY : Err(failure('google', kind)));
        const result = await moved({ moveEvent: conflict, deleteEvent, ...at({ [BAY2.calendarId]: there }) });
        expect(result).to.deep.equal({ result: { ok: there }, calls: [move, look, 'delete bay-1'] });
      }
      const fails = await moved({
        moveEvent: conflict,
        deleteEvent: async () => Err(FAILS),
        ...at({ [BAY2.calendarId]: there }),
      });
      expect(fails.result).to.deep.equal({ error: FAILS });
    });

    it('is repeated after an event that is marked as cancelled was deleted there', async () => {
      let moves = 0;
      const moveEvent = async () => (moves++ === 0 ? Err(CONFLICT) : Ok(there));
      const marked = { ...there, title: 'CANCELED: Ana R.', free: true };
      const result = await moved({ moveEvent, ...at({ [BAY2.calendarId]: marked }) });
      expect(result).to.deep.equal({ result: { ok: there }, calls: [move, look, 'delete bay-2', move] });
      moves = 0;
      const fails = await moved({
        moveEvent,
        deleteEvent: async () => Err(FAILS),
        ...at({ [BAY2.calendarId]: marked }),
      });
      expect(fails.result).to.deep.equal({ error: FAILS });
    });

    it('restores a deleted one with the content of the event here, which is deleted afterwards', async () => {
      const here = anEvent({ title: 'Party of Ana', description: 'cake', free: true });
      const given = { moveEvent: conflict, ...at({ [BAY1.calendarId]: here, [BAY2.calendarId]: tombstone }) };
      const patch = JSON.stringify({
        start: START,
        end: END,
        title: 'Party of Ana',
        description: 'cake',
        free: true,
        appointmentId: ID,
        bay: '2',
        revive: true,
      });
      const calls = [move, look, `get bay-1 ${EVENT_ID}`, `patch bay-2 ${patch} null`, 'delete bay-1'];
      expect(await moved(given)).to.deep.equal({ result: { ok: there }, calls });
      const kept = await moved({ ...given, deleteEvent: async () => Err(FAILS) });
      expect(kept.result).to.deep.equal({ error: FAILS });
      const unpatched = await moved({ ...given, patchEvent: async () => Err(FAILS) });
      expect([unpatched.result, unpatched.calls.at(-1)?.startsWith('patch')]).to.deep.equal([{ error: FAILS }, true]);
    });

    it('restores none if the event here cannot be read, or is no booking any more', async () => {
      const unread = await moved({ moveEvent: conflict, ...at({ [BAY2.calendarId]: tombstone }) });
      expect(unread.result).to.deep.equal({ error: FAILS });
      const allDay = anEvent({ shape: 'all-day', start: null, end: null });
      const edited = await moved({
        moveEvent: conflict,
        ...at({ [BAY1.calendarId]: allDay, [BAY2.calendarId]: tombstone }),
      });
      expect(edited.result).to.deep.equal({ error: EDITED });
    });
  });
});

describe('the restore of a deleted event', () => {
  const base = { ...BASE, bay: '1' };

  async function restored(map: BookingEventMap, answers: Answers, bay = BAY1) {
    const bench = new ActBench();
    const inserted: unknown[] = [];
    const patches: unknown[] = [];
    const calendars: Partial<CalendarSystem> = {
      insertEvent: async (calendarId, eventId, draft) => {
        inserted.push([calendarId, eventId, draft.write]);
        return Ok(anEvent({ calendarId, eventId }));
      },
      patchEvent: async (calendarId, eventId, patch) => {
        patches.push([calendarId, eventId, patch.revive, patch.write]);
        return Ok(anEvent({ calendarId, eventId }));
      },
      ...answers.calendars,
    };
    const parts = bench.parts({}, { ...answers, calendars });
    const result = plain(await restoreEvent(map, bay, { ...base, bay: bay.bay }, 7, parts));
    const copies = (await bench.store.listEventRecords({ kind: 'copy' })).unwrap();
    return { result, inserted, patches, copies };
  }

  it('revives it in its calendar, with the id of the write of the intent', async () => {
    const intent = { kind: 'write-text', ...base, since: 0, triedAt: 0, successor: null, write: 'w7' } as const;
    const { result, inserted, patches } = await restored(aMap({ intent }), {});
    expect(result).to.have.nested.property('ok.event.eventId', EVENT_ID);
    expect([patches, inserted]).to.deep.equal([[[BAY1.calendarId, EVENT_ID, true, 'w7']], []]);
    const plainly = await restored(aMap(), {});
    expect(plainly.patches).to.deep.equal([
      [BAY1.calendarId, EVENT_ID, true, `i${START.toString(36)}-${END.toString(36)}-7`],
    ]);
  });

  it('fails with the calendar', async () => {
    const { result } = await restored(aMap(), { calendars: { patchEvent: async () => Err(FAILS) } });
    expect(result).to.deep.equal({ error: FAILS });
  });

  it('creates a new one if it cannot be restored', async () => {
    const patchEvent = async () => Err(failure('google', 'not-found'));
    const { result, inserted } = await restored(aMap(), { calendars: { patchEvent } });
    expect(inserted).to.have.length(1);
    expect(result).to.have.property('ok');
  });

  it('creates a new one in another calendar once the old one is proven deleted', async () => {
    const map = aMap({ googleCalendarId: BAY2.calendarId });
    for (const answer of [Err(failure('google', 'not-found')), Err(failure('google', 'gone')), Ok(aTombstone())]) {
      const { inserted } = await restored(map, { calendars: { getEvent: async () => answer } });
      expect(inserted).to.have.length(1);
    }
    const live = anEvent({ calendarId: BAY2.calendarId });
    const back = await restored(map, { calendars: { getEvent: async () => Ok(live) } });
    expect(back.result).to.deep.equal({
      error: {
        kind: 'conflict',
        system: 'google',
        method: 'getEvent',
        message: `event ${EVENT_ID} is back in ${BAY2.calendarId}`,
      },
    });
    expect(back.inserted).to.deep.equal([]);
    const fails = await restored(map, { calendars: { getEvent: async () => Err(FAILS) } });
    expect([fails.result, fails.copies]).to.deep.equal([{ error: FAILS }, []]);
  });

  it('records an unreadable old one as a copy if its calendar belongs to no bay', async () => {
    const map = aMap({ googleCalendarId: CLOSED });
    const getEvent = async (): Promise<Err<SyncError>> => Err(FAILS);
    const { inserted, copies } = await restored(map, { calendars: { getEvent } });
    expect(inserted).to.have.length(1);
    expect(copies).to.have.length(1);
    expect(copies[0]).to.include({ calendarId: CLOSED, eventId: EVENT_ID, appointmentId: ID, creatorEmail: null });
    const store = { putEventRecords: async () => Err(FAILS) };
    expect((await restored(map, { calendars: { getEvent }, store })).result).to.deep.equal({ error: FAILS });
  });
});

describe('the recreation of an event in another calendar, where events cannot be moved', () => {
  async function begun(write: EventWrite, answers: Answers) {
    const bench = new ActBench();
    const result = plain(await beginRecreation(ID, write, bench.parts({}, answers)));
    return { bench, result, copies: (await bench.store.listEventRecords({ kind: 'copy' })).unwrap() };
  }
  const reads = (event: CalendarEvent | SyncError): Answers => ({
    calendars: { getEvent: async () => ('eventId' in event ? Ok(event) : Err(event)) },
  });
  const marks = { ...anEvent().marks, titleDigest: 't', descriptionDigest: null };
  const left = anEvent({ title: 'Party of Ana', description: 'cake', free: true, marks });

  it('keeps the texts of the old event, and records it as a copy first', async () => {
    const { result, copies } = await begun(aWrite(), reads(left));
    const draft = {
      start: START,
      end: END,
      title: 'Party of Ana',
      description: 'cake',
      free: true,
      appointmentId: ID,
      bay: '2',
      titleDigest: 't',
    };
    expect(result).to.deep.equal({ ok: { left, draft } });
    expect(copies).to.have.length(1);
    expect(copies[0]).to.include({ eventId: EVENT_ID, title: 'Party of Ana' });
    const fields = { title: 'a', description: 'b', free: false };
    const written = await begun(
      aWrite({ fields }),
      reads({ ...left, marks: { ...marks, titleDigest: null, descriptionDigest: 'd' } }),
    );
    const { titleDigest: _none, ...other } = { ...draft, ...fields, descriptionDigest: 'd' };
    expect(written.result).to.have.nested.property('ok.draft').deep.equal(other);
  });

  it('is a conflict if the old event was edited or deleted meanwhile', async () => {
    for (const change of [{ start: START + 1 }, { end: END + 1 }, { state: 'gone' as const }]) {
      const { result, copies } = await begun(aWrite(), reads({ ...left, ...change }));
      expect([result, copies]).to.deep.equal([{ error: EDITED }, []]);
    }
    expect((await begun(aWrite({ assumed: null }), reads({ ...left, start: 1 }))).result).to.have.property('ok');
    expect((await begun(aWrite({ assumed: null }), reads({ ...left, state: 'gone' }))).result).to.deep.equal({
      error: EDITED,
    });
  });

  it('starts from the booking if the old event is in an unreadable calendar of no bay', async () => {
    const write = aWrite({ calendarId: CLOSED });
    const { result, copies } = await begun(write, reads(FAILS));
    expect(result).to.have.nested.property('ok.draft').deep.include({ title: 'Ana R.', start: START, bay: '2' });
    expect(result).not.to.have.nested.property('ok.left');
    expect(copies[0]).to.include({ calendarId: CLOSED, eventId: EVENT_ID });
    for (const kind of ['gone', 'not-found'] as const) {
      expect((await begun(write, reads(failure('google', kind)))).result).to.have.nested.property('error.kind', kind);
    }
    expect((await begun(aWrite(), reads(FAILS))).result).to.deep.equal({ error: FAILS });
  });

  it('fails with the store', async () => {
    const store = { putEventRecords: async () => Err(FAILS) };
    for (const [write, event] of [
      [aWrite(), left],
      [aWrite({ calendarId: CLOSED }), FAILS],
    ] as const) {
      expect((await begun(write, { ...reads(event), store })).result).to.deep.equal({ error: FAILS });
    }
  });

  it('ends with the deletion of the old event, by the etag that was read', async () => {
    const removed = async (answer: SyncError | null, event = left) => {
      const bench = new ActBench();
      const calls: unknown[] = [];
      const deleteEvent: CalendarSystem['deleteEvent'] = async (calendarId, eventId, ifMatch) => {
        calls.push([calendarId, eventId, ifMatch]);
        return answer ? Err(answer) : Ok.EMPTY;
      };
      const id = `${event.calendarId} ${EVENT_ID}`;
      const record = {
        kind: 'copy',
        id,
        appointmentId: ID,
        at: 0,
        calendarId: event.calendarId,
        eventId: EVENT_ID,
      } as const;
      const rest = { start: null, end: null, title: '', description: '', creatorEmail: null, createdAt: null };
      await bench.store.putEventRecords([{ ...record, ...rest }]);
      const result = plain(await removeLeft(event, bench.parts({}, { calendars: { deleteEvent } })));
      return { calls, result, copies: (await bench.store.listEventRecords({ kind: 'copy' })).unwrap().length };
    };
    const ok = { ok: undefined };
    expect(await removed(null)).to.deep.equal({ calls: [[BAY1.calendarId, EVENT_ID, '"1"']], result: ok, copies: 0 });
    expect((await removed(null, { ...left, etag: '' })).calls).to.deep.equal([[BAY1.calendarId, EVENT_ID, null]]);
    for (const kind of ['gone', 'not-found'] as const) {
      expect(await removed(failure('google', kind))).to.deep.include({ result: ok, copies: 0 });
    }
    expect((await removed(CONFLICT)).result).to.deep.equal({ error: { ...CONFLICT, kind: 'transient' } });
    expect(await removed(FAILS)).to.deep.include({ result: { error: FAILS }, copies: 1 });
    expect(await removed(FAILS, { ...left, calendarId: CLOSED })).to.deep.include({ result: ok, copies: 1 });
  });
});

describe('the situation after a write', () => {
  const { routing } = new ActBench().parts().rules;

  it('is known only if more than our marks was written', () => {
    expect(isStampOnly(aWrite({ moveTo: null }))).to.equal(true);
    expect(isStampOnly(aWrite())).to.equal(false);
    expect(isStampOnly(aWrite({ moveTo: null, fields: { title: '' } }))).to.equal(false);
  });

  it('shows an edit if the event has another place than the write wants', () => {
    const there = anEvent({ calendarId: BAY2.calendarId });
    const is = (event: CalendarEvent, bay = '2'): boolean =>
      isElsewhere(event, aWrite({ base: { ...BASE, bay } }), routing);
    expect(is(there)).to.equal(false);
    expect([is({ ...there, start: 1 }), is({ ...there, end: 1 }), is(anEvent()), is(there, '7')]).to.deep.equal([
      true,
      true,
      true,
      true,
    ]);
  });

  it('reads the event of the map again', () => {
    const map = aMap();
    const situation = aSituation({ event: eventSeen(anEvent()) });
    expect(readAgain(situation, map)).to.deep.equal({
      ...situation,
      map,
      event: undefined,
      reread: { event: { calendarId: map.googleCalendarId, eventId: map.googleEventId }, booking: false },
    });
  });

  it('is decided again after an adoption beside other events', () => {
    const map = aMap();
    const others = [eventSeen(anEvent({ eventId: 'copy1' }))];
    const situation = aSituation({ others, event: eventSeen(anEvent()) });
    expect(withDuplicates(situation, map)).to.deep.equal({ ...situation, map, event: undefined });
    expect(withDuplicates({ ...situation, map }, map)).to.equal(null);
    expect(withDuplicates({ ...situation, others: [] }, map)).to.equal(null);
    expect(withDuplicates(aSituation({}), map)).to.equal(null);
  });
});
