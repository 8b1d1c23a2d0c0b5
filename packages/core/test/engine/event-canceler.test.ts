import { expect } from 'chai';
import { Err, HOUR, type CalendarEvent } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { cancelEvent } from '#src/engine/act/event-canceler.js';
import type { EngineParts } from '#src/engine/engine-parts.js';
import { ActBench, failure, plain } from './act-bench.js';
import { BAY1, BAY2, only } from './world.js';

const ID = '700123';
const EVENT_ID = `loft${ID}`;
const HOME = { calendarId: BAY1.calendarId, eventId: EVENT_ID };
const CLOSED = { calendarId: 'closed@group.calendar.google.com', eventId: EVENT_ID };
const MARK = { google: { cancel: 'mark' } } as const;

/** A bench with the event of the appointment in the calendar of bay 1. */
async function withEvent(appointmentId = ID): Promise<ActBench> {
  const bench = new ActBench();
  const draft = {
    start: bench.hour(100),
    end: bench.hour(101),
    title: 'Ana R.',
    description: '',
    free: false,
    titleDigest: '1',
    descriptionDigest: '1',
    write: '1',
    bay: '1',
    appointmentId,
  };
  (await bench.calendars.insertEvent(BAY1.calendarId, EVENT_ID, draft)).unwrap();
  return bench;
}

function shown(bench: ActBench, calendarId = BAY1.calendarId): CalendarEvent {
  return only(bench.calendars.events(calendarId));
}

async function cancel(parts: EngineParts, seen: CalendarEvent | null, ifMatch: string | null = null, at = HOME) {
  return plain(await cancelEvent(ID, at, seen, ifMatch, parts));
}

/** The event after it was marked. */
async function marked(...args: Parameters<typeof cancel>): Promise<CalendarEvent | null> {
  const done = await cancel(...args);
  if ('error' in done) throw new Error(done.error.message);
  return done.ok;
}

function tombstoneOf(event: CalendarEvent): CalendarEvent {
  return { ...event, state: 'gone', etag: '' };
}

describe('the removal of an event', () => {
  it('deletes the observed version only', async () => {
    const bench = await withEvent();
    const seen = shown(bench);
    bench.calendars.person.renameEvent(BAY1.calendarId, EVENT_ID, 'Party');
    const outdated = await cancel(bench.parts(), seen, seen.etag);
    expect(outdated).to.have.nested.property('error.kind', 'conflict');
    expect(shown(bench).title).to.equal('Party');
    expect(await cancel(bench.parts(), shown(bench), shown(bench).etag)).to.deep.equal({ ok: null });
    expect(bench.calendars.events(BAY1.calendarId)).to.deep.equal([]);
  });

  it('makes no call for an event that carries the mark of an earlier cancellation', async () => {
    const bench = await withEvent();
    const seen = { ...shown(bench), title: 'CANCELED: Ana R.', free: true };
    expect(await cancel(bench.parts(), seen)).to.deep.equal({ ok: seen });
    expect(bench.calls).to.deep.equal([]);
  });

  it('searches an observed tombstone in the other calendars, and makes no call for it in its own', async () => {
    const bench = await withEvent();
    const seen = tombstoneOf(shown(bench));
    bench.calendars.person.moveToCalendar(BAY1.calendarId, EVENT_ID, BAY2.calendarId);
    expect(await cancel(bench.parts(), seen)).to.deep.equal({ ok: null });
    expect(bench.calls).to.deep.equal(['getEvent', 'deleteEvent']);
    expect(bench.calendars.events(BAY2.calendarId)).to.deep.equal([]);
  });

  it('also finds an event that was moved to another calendar since it was observed', async () => {
    const bench = await withEvent();
    const seen = shown(bench);
    bench.calendars.person.moveToCalendar(BAY1.calendarId, EVENT_ID, BAY2.calendarId);
    expect(await cancel(bench.parts(), seen)).to.deep.equal({ ok: null });
    expect(bench.calendars.events(BAY2.calendarId)).to.deep.equal([]);
  });

  it('leaves an event in another calendar that carries the marks of another appointment', async () => {
    const bench = await withEvent('700999');
    const seen = tombstoneOf(shown(bench));
    bench.calendars.person.moveToCalendar(BAY1.calendarId, EVENT_ID, BAY2.calendarId);
    const refused = await cancel(bench.parts(), seen);
    expect(refused).to.deep.equal({
      error: {
        kind: 'conflict',
        system: 'google',
        method: 'getEvent',
        message: `event ${EVENT_ID} carries the marks of appointment 700999`,
      },
    });
    expect(bench.calendars.events(BAY2.calendarId)).to.have.length(1);
  });

  it('removes an event in another calendar whose marks were removed', async () => {
    const bench = await withEvent();
    const seen = tombstoneOf(shown(bench));
    bench.calendars.person.moveToCalendar(BAY1.calendarId, EVENT_ID, BAY2.calendarId);
    const parts = bench.parts(
      {},
      {
        calendars: {
          getEvent: async (calendarId, eventId) => {
            const read = await bench.calendars.getEvent(calendarId, eventId);
            return read.map((event) => ({ ...event, marks: NO_MARKS }));
          },
        },
      },
    );
    expect(await cancel(parts, seen)).to.deep.equal({ ok: null });
    expect(bench.calendars.events(BAY2.calendarId)).to.deep.equal([]);
  });

  it('counts as done if the event exists nowhere', async () => {
    const bench = await withEvent();
    const seen = shown(bench);
    bench.calendars.person.deleteEvent(BAY1.calendarId, EVENT_ID);
    expect(await cancel(bench.parts(), seen)).to.deep.equal({ ok: null });
    // The calendar that answers "gone" needs no proof that it can be read.
    expect(bench.calls.filter((name) => name === 'listEvents')).to.have.length(1);
  });

  it('fails if a calendar that answers "not found" cannot be listed', async () => {
    const bench = await withEvent();
    const seen = shown(bench);
    bench.calendars.shareCalendar(BAY1.calendarId, 'none');
    const failed = await cancel(bench.parts(), seen);
    expect(failed).to.deep.nested.include({ 'error.kind': 'not-found', 'error.method': 'events.list' });
  });

  it('fails if another calendar cannot be read', async () => {
    const bench = await withEvent();
    const seen = tombstoneOf(shown(bench));
    const error = failure('google', 'transient');
    const parts = bench.parts({}, { calendars: { getEvent: async () => Err(error) } });
    expect(await cancel(parts, seen)).to.deep.equal({ error });
  });

  for (const [kind, result] of [
    ['gone', { ok: null }],
    ['not-found', { ok: null }],
    ['forbidden', { error: failure('google', 'forbidden') }],
  ] as const) {
    it(`in another calendar that answers "${kind}" ${'ok' in result ? 'counts as done' : 'fails'}`, async () => {
      const bench = await withEvent();
      const seen = tombstoneOf(shown(bench));
      bench.calendars.person.moveToCalendar(BAY1.calendarId, EVENT_ID, BAY2.calendarId);
      const parts = bench.parts({}, { calendars: { deleteEvent: async () => Err(failure('google', kind)) } });
      expect(await cancel(parts, seen)).to.deep.equal(result);
    });
  }

  it('fails with any other error, without a search in other calendars', async () => {
    const bench = await withEvent();
    const error = failure('google', 'forbidden');
    const parts = bench.parts({}, { calendars: { deleteEvent: async () => Err(error) } });
    expect(await cancel(parts, shown(bench))).to.deep.equal({ error });
    expect(bench.calls).to.deep.equal(['deleteEvent']);
  });
});

describe('the removal of an event from a calendar that belongs to no bay', () => {
  const NOTICE = `event ${EVENT_ID} stays in ${CLOSED.calendarId}, which belongs to no bay of the settings: google says forbidden`;

  async function answered(...error: Parameters<typeof failure>) {
    const bench = new ActBench();
    const parts = bench.parts({}, { calendars: { deleteEvent: async () => Err(failure(...error)) } });
    const result = await cancel(parts, null, null, CLOSED);
    return { result, notices: bench.events, calls: bench.calls };
  }

  it('leaves the event and reports that, if the calendar refuses', async () => {
    const { result, notices, calls } = await answered('google', 'forbidden');
    expect(result).to.deep.equal({ ok: null });
    const [notice] = notices;
    expect(notice).to.deep.include({
      type: 'notice',
      level: 'warn',
      message: NOTICE,
      appointmentId: ID,
      calendarId: CLOSED.calendarId,
    });
    // The calendar of each bay, with the proof that it can be read. The closed calendar needs none.
    expect(calls).to.have.members(['deleteEvent', 'getEvent', 'getEvent', 'listEvents', 'listEvents']);
  });

  it('leaves the event without a report if the calendar does not exist', async () => {
    const { result, notices } = await answered('google', 'not-found');
    expect(result).to.deep.equal({ ok: null });
    expect(notices).to.deep.equal([]);
  });

  it('counts as done without a report if the event is deleted there', async () => {
    const { result, notices } = await answered('google', 'gone');
    expect(result).to.deep.equal({ ok: null });
    expect(notices).to.deep.equal([]);
  });

  it('fails with a transient fault, unless the call was not sent', async () => {
    const failed = await answered('google', 'transient');
    expect(failed.result).to.deep.equal({ error: failure('google', 'transient') });
    expect(failed.notices).to.deep.equal([]);
    const unsent = await answered('google', 'transient', { unsent: true });
    expect(unsent.result).to.deep.equal({ ok: null });
    expect(unsent.notices).to.have.length(1);
  });
});

describe('an event that is marked as cancelled', () => {
  it('gets the prefix, is shown as free, and keeps our marks', async () => {
    const bench = await withEvent();
    const event = await marked(bench.parts(MARK), shown(bench));
    expect(event).to.deep.include({ state: 'live', title: 'CANCELED: Ana R.', free: true });
    expect(event?.marks).to.deep.include({ appointmentId: ID, bay: '1' });
    expect(event?.marks.titleDigest).to.be.a('string');
    expect(shown(bench)).to.deep.equal(event);
  });

  it('has no bay in its marks in a calendar that belongs to no bay', async () => {
    const bench = await withEvent();
    bench.calendars.addCalendar(CLOSED.calendarId);
    bench.calendars.person.moveToCalendar(BAY1.calendarId, EVENT_ID, CLOSED.calendarId);
    const seen = shown(bench, CLOSED.calendarId);
    const event = await marked(bench.parts(MARK), seen, null, CLOSED);
    expect(event?.marks.bay).to.equal('');
  });

  it('gets the prefix once', async () => {
    const bench = await withEvent();
    bench.calendars.person.renameEvent(BAY1.calendarId, EVENT_ID, 'CANCELED: Ana R.');
    const event = await marked(bench.parts(MARK), shown(bench));
    expect(event?.title).to.equal('CANCELED: Ana R.');
  });

  it('is only written in the version that was read', async () => {
    const bench = await withEvent();
    const seen = shown(bench);
    bench.calendars.person.dragEvent(BAY1.calendarId, EVENT_ID, { start: bench.clock.now() + 90 * HOUR });
    const outdated = await cancel(bench.parts(MARK), seen);
    expect(outdated).to.have.nested.property('error.kind', 'conflict');
    const withoutEtag = await cancel(bench.parts(MARK), { ...seen, etag: '' });
    expect(withoutEtag).to.have.nested.property('ok.state', 'live');
  });

  it('is read first if it was not observed, and then needs the marks of the appointment', async () => {
    const bench = await withEvent();
    expect((await marked(bench.parts(MARK), null))?.title).to.equal('CANCELED: Ana R.');
    expect(bench.calls).to.deep.equal(['getEvent', 'patchEvent']);
    bench.calls.length = 0;
    expect((await marked(bench.parts(MARK), null))?.title).to.equal('CANCELED: Ana R.');
    expect(bench.calls).to.deep.equal(['getEvent']);
    const other = await withEvent('700999');
    const refused = await cancel(other.parts(MARK), null);
    expect(refused).to.have.nested.property(
      'error.message',
      `event ${EVENT_ID} carries the marks of appointment 700999`,
    );
    expect(shown(other).title).to.equal('Ana R.');
  });

  it('may have lost its marks', async () => {
    const bench = await withEvent();
    bench.calendars.person.stripMetadata(BAY1.calendarId, EVENT_ID);
    expect((await marked(bench.parts(MARK), null))?.title).to.equal('CANCELED: Ana R.');
  });

  it('counts as removed if it is deleted, and fails if it cannot be read', async () => {
    const bench = await withEvent();
    bench.calendars.person.deleteEvent(BAY1.calendarId, EVENT_ID);
    expect(await cancel(bench.parts(MARK), null)).to.deep.equal({ ok: null });
    expect(bench.calls).not.to.include('patchEvent');
    const error = failure('google', 'forbidden');
    const parts = bench.parts(MARK, { calendars: { getEvent: async () => Err(error) } });
    expect(await cancel(parts, null)).to.deep.equal({ error });
  });
});
