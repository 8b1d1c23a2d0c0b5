import { expect } from 'chai';
import { Err, Ok, type CalendarEvent } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { createEvent, revive, writeEvent } from '#src/engine/act/event-writer.js';
import { derivedEventId, draftOf } from '#src/rules/event-marks.js';
import type { EventWrite } from '#src/rules/decision.js';
import { aMap, ID } from '../rules/situations.js';
import { ActBench, failure, plain, type Answers } from './act-bench.js';
import { BAY1, BAY2, only } from './world.js';

const EVENT_ID = derivedEventId(ID, 0);
const NEXT_ID = derivedEventId(ID, 1);

class Bench extends ActBench {
  readonly base = { start: this.hour(100), end: this.hour(101), bay: '1', title: 'Ana R.', description: '' };
  readonly work = { appointmentId: ID, createdAt: this.clock.now() };

  async create({ isFirst = false, answers = {} }: { readonly isFirst?: boolean; readonly answers?: Answers } = {}) {
    return plain(await createEvent({ ...this.work, isFirst }, BAY1, this.base, this.parts({}, answers)));
  }

  /** Inserts an event under an id of ours, as an earlier attempt of this task did. */
  async insert(eventId = EVENT_ID, appointmentId = ID, calendarId = BAY1.calendarId): Promise<CalendarEvent> {
    const draft = { ...draftOf(this.work, this.base), appointmentId };
    return (await this.calendars.insertEvent(calendarId, eventId, draft)).unwrap();
  }

  ids(calendarId = BAY1.calendarId): readonly string[] {
    return this.calendars.events(calendarId).map(({ eventId }) => eventId);
  }
}

describe('the insert of an event', () => {
  it('uses the derived id, and is answered with the event', async () => {
    const bench = new Bench();
    expect(await bench.create()).to.deep.equal({
      ok: { event: only(bench.calendars.events(BAY1.calendarId)), base: bench.base },
    });
    expect(bench.ids()).to.deep.equal([EVENT_ID]);
  });

  for (const [what, map] of [
    ['the map of another appointment', { uscheduleAppointmentId: '700999' }],
    ['a map of this appointment that was transferred to a new id', { supersededBy: '700999' }],
  ] as const) {
    it(`skips an id that ${what} names`, async () => {
      const bench = new Bench();
      (await bench.store.putMap(aMap({ googleEventId: EVENT_ID, version: 0, fence: 0, ...map }))).unwrap();
      await bench.create();
      expect(bench.ids()).to.deep.equal([NEXT_ID]);
    });
  }

  describe('under an id that was transferred to another appointment', () => {
    async function transferred(): Promise<Bench> {
      const bench = new Bench();
      const map = aMap({ googleEventId: EVENT_ID, uscheduleAppointmentId: '700999', version: 0, fence: 0 });
      (await bench.store.putMap(map)).unwrap();
      return bench;
    }

    it('finds the event that another installation made for the later booking', async () => {
      const bench = await transferred();
      const event = await bench.insert();
      expect(await bench.create({ isFirst: true })).to.deep.equal({ ok: { event, base: bench.base, isFound: true } });
      expect(bench.ids()).to.deep.equal([EVENT_ID]);
    });

    it('takes the next id if the event there is that of the other appointment', async () => {
      const bench = await transferred();
      await bench.insert(EVENT_ID, '700999');
      await bench.create({ isFirst: true });
      expect(bench.ids()).to.deep.equal([EVENT_ID, NEXT_ID]);
    });

    it('fails if that event cannot be read, and takes the next id if it is gone', async () => {
      const error = failure('google', 'transient');
      const bench = await transferred();
      expect(await bench.create({ answers: { calendars: { getEvent: async () => Err(error) } } })).to.deep.equal({
        error,
      });
      for (const kind of ['gone', 'not-found'] as const) {
        const missing = await transferred();
        await missing.create({ answers: { calendars: { getEvent: async () => Err(failure('google', kind)) } } });
        expect(missing.ids(), kind).to.deep.equal([NEXT_ID]);
      }
    });
  });

  it('uses the id that the own map of the appointment names', async () => {
    const bench = new Bench();
    (await bench.store.putMap(aMap({ googleEventId: EVENT_ID, version: 0, fence: 0 }))).unwrap();
    await bench.create();
    expect(bench.ids()).to.deep.equal([EVENT_ID]);
  });

  it('is not made if the store does not answer which appointment has the id', async () => {
    const bench = new Bench();
    const error = failure('store', 'transient');
    const answers = { store: { findMapByEvent: async () => Err(error) } };
    expect(await bench.create({ answers })).to.deep.equal({ error });
    expect(bench.calls).to.deep.equal([]);
  });

  it('fails with any other error than a taken id, without a second call', async () => {
    for (const error of [failure('google', 'forbidden'), failure('store', 'conflict')]) {
      const bench = new Bench();
      const answers = { calendars: { insertEvent: async () => Err(error) } };
      expect(await bench.create({ answers })).to.deep.equal({ error });
      expect(bench.calls).to.deep.equal(['insertEvent']);
    }
  });

  it('gives up after ten ids', async () => {
    const bench = new Bench();
    const error = failure('google', 'conflict');
    const answers = {
      calendars: { insertEvent: async () => Err(error), getEvent: async () => Err(failure('google', 'gone')) },
    };
    expect(await bench.create({ answers })).to.deep.equal({ error });
    expect(bench.calls.filter((name) => name === 'insertEvent')).to.have.length(10);
    const handed = new Bench();
    const found = async () => Ok(aMap({ uscheduleAppointmentId: '700999' }));
    expect(await handed.create({ answers: { store: { findMapByEvent: found } } })).to.deep.equal({
      error: {
        kind: 'invalid',
        system: 'google',
        method: 'insertEvent',
        message: `no event id is left for appointment ${ID}`,
      },
    });
  });
});

describe('the insert of an event whose id is taken', () => {
  it('adopts the event of an earlier attempt, and writes the differences', async () => {
    const same = new Bench();
    const inserted = await same.insert();
    expect(await same.create()).to.deep.equal({ ok: { event: inserted, base: same.base } });
    const other = new Bench();
    await other.insert();
    other.calendars.person.dragEvent(BAY1.calendarId, EVENT_ID, { start: other.hour(110) });
    await other.create();
    expect(only(other.calendars.events(BAY1.calendarId))).to.include({ start: other.base.start, eventId: EVENT_ID });
  });

  it('does not change an event with the marks of another appointment, and uses the next id', async () => {
    const bench = new Bench();
    const before = await bench.insert(EVENT_ID, '700999');
    expect(await bench.create()).to.have.nested.property('ok.event.eventId', NEXT_ID);
    expect(bench.calendars.events(BAY1.calendarId)[0]).to.deep.equal(before);
  });

  it('does not change an event of another type, and uses the next id', async () => {
    const bench = new Bench();
    await bench.insert();
    const getEvent = async (calendarId: string, eventId: string) =>
      (await bench.calendars.getEvent(calendarId, eventId)).map((event) => ({ ...event, eventType: 'focusTime' }));
    const made = await bench.create({ answers: { calendars: { getEvent } } });
    expect(made).to.have.nested.property('ok.event.eventId', NEXT_ID);
  });

  it('adopts an event without marks: its id is ours', async () => {
    const bench = new Bench();
    await bench.insert();
    const getEvent = async (calendarId: string, eventId: string) =>
      (await bench.calendars.getEvent(calendarId, eventId)).map((event) => ({ ...event, marks: NO_MARKS }));
    const made = await bench.create({ answers: { calendars: { getEvent } } });
    expect(made).to.have.nested.property('ok.event.eventId', EVENT_ID);
    expect(bench.ids()).to.deep.equal([EVENT_ID]);
  });

  it('changes nothing and returns the event if the appointment has no map: the next round decides about its adoption', async () => {
    const bench = new Bench();
    await bench.insert();
    bench.calendars.person.dragEvent(BAY1.calendarId, EVENT_ID, { start: bench.hour(110) });
    expect(await bench.create({ isFirst: true })).to.deep.equal({
      ok: { event: only(bench.calendars.events(BAY1.calendarId)), base: bench.base, isFound: true },
    });
    expect(only(bench.calendars.events(BAY1.calendarId))).to.include({ start: bench.hour(110) });
    const moved = new Bench();
    await moved.insert();
    moved.calendars.person.moveToCalendar(BAY1.calendarId, EVENT_ID, BAY2.calendarId);
    expect(await moved.create({ isFirst: true })).to.have.nested.property('ok.event.calendarId', BAY2.calendarId);
    expect(moved.ids(BAY2.calendarId)).to.deep.equal([EVENT_ID]);
  });

  it('adopts the event in the calendar of another bay, and moves it', async () => {
    const bench = new Bench();
    await bench.insert();
    bench.calendars.person.moveToCalendar(BAY1.calendarId, EVENT_ID, BAY2.calendarId);
    expect(await bench.create()).to.have.nested.property('ok.event.calendarId', BAY1.calendarId);
    expect(bench.ids()).to.deep.equal([EVENT_ID]);
  });

  it('restores a deleted event', async () => {
    const bench = new Bench();
    await bench.insert();
    bench.calendars.person.deleteEvent(BAY1.calendarId, EVENT_ID);
    expect(await bench.create()).to.have.nested.property('ok.event.state', 'live');
    expect(bench.ids()).to.deep.equal([EVENT_ID]);
  });

  for (const [which, eventId] of [
    ['the first id', EVENT_ID],
    ['the next id, because another appointment has the first one', NEXT_ID],
  ] as const) {
    it(`changes nothing and returns the event if a user has deleted it since this task inserted it: ${which}`, async () => {
      const bench = new Bench();
      if (eventId === NEXT_ID) await bench.insert(EVENT_ID, '700999');
      const { marks } = await bench.insert(eventId);
      bench.calendars.person.deleteEvent(BAY1.calendarId, eventId);
      // Calendars may still show the marks of a deleted event.
      const getEvent = async (calendarId: string, id: string) =>
        (await bench.calendars.getEvent(calendarId, id)).map((event) => (id === eventId ? { ...event, marks } : event));
      const answers = { calendars: { getEvent } };
      const found = await bench.create({ isFirst: true, answers });
      expect(found).to.have.nested.property('ok.isFound', true);
      expect(found).to.have.nested.property('ok.event.state', 'gone');
      expect(bench.ids()).to.not.include(eventId);
      expect(await bench.create({ answers })).to.have.nested.property('ok.event.state', 'live');
    });
  }

  it('fails if the event, or another calendar, cannot be read', async () => {
    const bench = new Bench();
    await bench.insert();
    const error = failure('google', 'transient');
    expect(await bench.create({ answers: { calendars: { getEvent: async () => Err(error) } } })).to.deep.equal({
      error,
    });
    bench.calendars.person.deleteEvent(BAY1.calendarId, EVENT_ID);
    const getEvent = async (calendarId: string, eventId: string) =>
      calendarId === BAY1.calendarId ? bench.calendars.getEvent(calendarId, eventId) : Err(error);
    expect(await bench.create({ answers: { calendars: { getEvent } } })).to.deep.equal({ error });
    expect(bench.ids()).to.deep.equal([]);
  });

  it('uses the next id only if a calendar without that event can be listed', async () => {
    const bench = new Bench();
    await bench.insert();
    const getEvent = async () => Err(failure('google', 'not-found'));
    const made = await bench.create({ answers: { calendars: { getEvent } } });
    expect(made).to.have.nested.property('ok.event.eventId', NEXT_ID);
    const error = failure('google', 'forbidden');
    const hidden = new Bench();
    await hidden.insert();
    const answers = { calendars: { getEvent, listEvents: async () => Err(error) } };
    expect(await hidden.create({ answers })).to.deep.equal({ error });
    expect(hidden.ids()).to.deep.equal([EVENT_ID]);
  });
});

describe('the restoration of an event by its id', () => {
  async function revived(answer: Parameters<typeof failure> | null) {
    const bench = new Bench();
    const inserted = await bench.insert();
    const patchEvent = async () => (answer ? Err(failure(...answer)) : Ok({ ...inserted, state: 'gone' as const }));
    const parts = bench.parts({}, { calendars: { patchEvent } });
    return plain(await revive(BAY1.calendarId, EVENT_ID, draftOf(bench.work, bench.base), bench.base, parts));
  }

  it('is impossible for an event that is absent, invalid, may not be changed, or stays deleted', async () => {
    expect(await revived(['google', 'gone'])).to.deep.equal({ ok: null });
    expect(await revived(['google', 'not-found'])).to.deep.equal({ ok: null });
    expect(await revived(['google', 'invalid'])).to.deep.equal({ ok: null });
    expect(await revived(['google', 'forbidden', { scope: 'event' }])).to.deep.equal({ ok: null });
    expect(await revived(null)).to.deep.equal({ ok: null });
  });

  it('fails with any other error', async () => {
    const error = failure('google', 'forbidden');
    expect(await revived(['google', 'forbidden'])).to.deep.equal({ error });
  });
});

describe('a move of an event between calendars that cannot move events', () => {
  async function moved(change: Partial<EventWrite> = {}, writeId: string | null = 'w1') {
    const bench = new Bench();
    const event = await bench.insert();
    const { calendarId, eventId, etag: ifMatch, start, end } = event;
    const base = { ...bench.base, bay: '2' };
    const write = {
      calendarId,
      eventId,
      moveTo: BAY2.calendarId,
      fields: {},
      ifMatch,
      assumed: { start, end },
      base,
      ...change,
    };
    const parts = bench.parts();
    const made = await writeEvent(ID, write, writeId, { ...parts, rules: { ...parts.rules, canMoveEvents: false } });
    return { bench, event, made: plain(made) };
  }

  it('recreates the event under the next id, and returns the old event for deletion', async () => {
    const { bench, event, made } = await moved();
    const shown = only(bench.calendars.events(BAY2.calendarId));
    expect(shown).to.deep.include({ eventId: NEXT_ID, title: 'Ana R.' });
    expect(shown.marks).to.deep.include({ write: 'w1', appointmentId: ID, bay: '2' });
    expect(made).to.have.deep.nested.property('ok.left.eventId', event.eventId);
    expect(bench.ids()).to.deep.equal([EVENT_ID]);
    const { bench: other } = await moved({}, null);
    expect(only(other.calendars.events(BAY2.calendarId)).marks.write).not.to.equal('w1');
  });

  it('uses the first derived id for an event whose id is not ours', async () => {
    const bench = new Bench();
    const own = bench.calendars.person.createEvent(BAY1.calendarId, { start: bench.base.start, end: bench.base.end });
    const event = only(bench.calendars.events(BAY1.calendarId));
    const { calendarId, etag: ifMatch, start, end } = event;
    const base = { ...bench.base, bay: '2' };
    const write = {
      calendarId,
      eventId: own,
      moveTo: BAY2.calendarId,
      fields: {},
      ifMatch,
      assumed: { start, end },
      base,
    };
    const parts = bench.parts();
    await writeEvent(ID, write, null, { ...parts, rules: { ...parts.rules, canMoveEvents: false } });
    expect(bench.ids(BAY2.calendarId)).to.deep.equal([EVENT_ID]);
  });

  it('fails for a bay without a calendar, and for an event that was changed since', async () => {
    const without = await moved({ base: { ...new Bench().base, bay: '9' } });
    expect(without.made).to.deep.equal({
      error: { kind: 'invalid', system: 'google', method: 'insertEvent', message: 'bay 9 has no calendar' },
    });
    const outdated = await moved({ assumed: { start: 1, end: 2 }, ifMatch: '"other"' });
    expect(outdated.made).to.have.nested.property('error.kind', 'conflict');
    expect(outdated.bench.ids(BAY2.calendarId)).to.deep.equal([]);
  });
});
