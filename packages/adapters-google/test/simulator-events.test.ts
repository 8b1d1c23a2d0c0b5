import { expect } from 'chai';
import { BAY_1, BAY_2, closeAll, EVENT_ID, googleClient, refusal, simulate } from './helpers/simulated.js';

const TIMES = {
  start: { dateTime: '2027-01-20T11:00:00-07:00', timeZone: 'America/Phoenix' },
  end: { dateTime: '2027-01-20T12:00:00-07:00', timeZone: 'America/Phoenix' },
};

async function withEvent(fields: object = {}, options: Parameters<typeof simulate>[0] = {}) {
  const simulator = await simulate(options);
  const { events } = googleClient(simulator);
  const requestBody = { id: EVENT_ID, summary: 'Ann Example', ...TIMES, ...fields };
  const { data: event } = await events.insert({ calendarId: BAY_1, requestBody });
  const at = { calendarId: BAY_1, eventId: EVENT_ID };
  return { simulator, events, event, at };
}

describe('The simulator, for Google’s own client,', () => {
  afterEach(closeAll);

  describe('when events are inserted', () => {
    it('returns equal times in another offset', async () => {
      const { event } = await withEvent();
      expect(event.start?.dateTime).to.equal('2027-01-20T18:00:00Z');
      expect(event.start?.timeZone).to.equal('America/Phoenix');
    });

    it('reads a time without an offset in its zone', async () => {
      const { event } = await withEvent({ start: { dateTime: '2027-01-20T11:30:00', timeZone: 'America/Phoenix' } });
      expect(event.start?.dateTime).to.equal('2027-01-20T18:30:00Z');
    });

    it('generates an id if none is given', async () => {
      const { events } = await withEvent();
      const { data } = await events.insert({ calendarId: BAY_1, requestBody: TIMES });
      expect(data.id).to.match(/^[0-9a-v]{26}$/);
    });

    it('returns the time of the change in milliseconds, and of the creation in seconds', async () => {
      const { event } = await withEvent({}, { now: () => Date.UTC(2027, 0, 1, 12, 0, 0, 7) });
      expect([event.created, event.updated]).to.deep.equal(['2027-01-01T12:00:00.000Z', '2027-01-01T12:00:00.007Z']);
    });

    for (const id of ['abcd', 'with-dash', 'UPPER', 'loftwxyz', 'x'.repeat(10), 'a'.repeat(1025)]) {
      it(`refuses the id ${id.slice(0, 20)} (${id.length} long)`, async () => {
        const { events } = await withEvent();
        const call = events.insert({ calendarId: BAY_1, requestBody: { id, ...TIMES } });
        expect(await refusal(call)).to.deep.equal([400, 'invalid']);
      });
    }

    it('accepts ids of 5 to 1024 characters', async () => {
      const { events } = await withEvent();
      for (const id of ['0a9v5', 'v'.repeat(1024)]) {
        const { data } = await events.insert({ calendarId: BAY_1, requestBody: { id, ...TIMES } });
        expect(data.id).to.equal(id);
      }
    });

    it('refuses an id that was used before, also if that event was deleted or moved', async () => {
      const { events, at, simulator } = await withEvent();
      const again = () => events.insert({ calendarId: BAY_1, requestBody: { id: EVENT_ID, ...TIMES } });
      expect(await refusal(again())).to.deep.equal([409, 'duplicate']);
      await events.delete(at);
      expect(await refusal(again())).to.deep.equal([409, 'duplicate']);
      simulator.person.undelete(BAY_1, EVENT_ID);
      simulator.person.moveToCalendar(BAY_1, EVENT_ID, BAY_2);
      expect(await refusal(again())).to.deep.equal([409, 'duplicate']);
    });

    const badTimes: Record<string, { fields: object; reason: string }> = {
      'no start': { fields: { start: undefined }, reason: 'required' },
      'a start that is none': { fields: { start: { dateTime: 'tomorrow' } }, reason: 'invalid' },
      'a zone that is none': {
        fields: { start: { dateTime: '2027-01-20T11:00:00', timeZone: 'America/Nowhere' } },
        reason: 'invalid',
      },
      'a start with date and time': {
        fields: { start: { ...TIMES.start, date: '2027-01-20' } },
        reason: 'invalid',
      },
      'a date and a time': { fields: { start: { date: '2027-01-20' } }, reason: 'invalid' },
      'an end before its start': {
        fields: { end: { dateTime: '2027-01-20T10:00:00-07:00' } },
        reason: 'timeRangeEmpty',
      },
    };
    for (const [what, { fields, reason }] of Object.entries(badTimes)) {
      it(`refuses an event with ${what}`, async () => {
        const { events } = await withEvent();
        const call = events.insert({ calendarId: BAY_1, requestBody: { ...TIMES, ...fields } });
        expect(await refusal(call)).to.deep.equal([400, reason]);
      });
    }

    it('keeps other fields of an event', async () => {
      const { event } = await withEvent({ colorId: '7', location: 'Bay 1', reminders: { useDefault: false } });
      expect([event.colorId, event.location, event.reminders?.useDefault]).to.deep.equal(['7', 'Bay 1', false]);
    });

    it('drops private properties with long names and cuts long values, without an error', async () => {
      const properties = { ['k'.repeat(44)]: 'kept', ['k'.repeat(45)]: 'dropped', long: 'v'.repeat(2000) };
      const { event } = await withEvent({ extendedProperties: { private: properties } });
      expect(event.extendedProperties?.private).to.deep.equal({ ['k'.repeat(44)]: 'kept', long: 'v'.repeat(1024) });
    });

    it('refuses more than 300 properties, and more than 32 kB of them', async () => {
      const { events } = await withEvent();
      const many = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`key${index}`, 'v']));
      const large = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`key${index}`, 'v'.repeat(1000)]));
      for (const properties of [many, large]) {
        const requestBody = { ...TIMES, extendedProperties: { private: properties } };
        expect(await refusal(events.insert({ calendarId: BAY_1, requestBody }))).to.deep.equal([400, 'invalid']);
      }
    });
  });

  describe('when events are patched', () => {
    it('merges the sent fields, key by key, and removes null fields', async () => {
      const marks = { private: { uscheduleAppointmentId: '7', bay: '1' } };
      const { events, at } = await withEvent({ colorId: '7', extendedProperties: marks });
      const patch = { summary: 'New', colorId: null, extendedProperties: { private: { bay: '2', more: 'x' } } };
      const { data } = await events.patch({ ...at, requestBody: patch });
      expect(data.summary).to.equal('New');
      expect(data.colorId).to.equal(undefined);
      expect(data.extendedProperties?.private).to.deep.equal({ uscheduleAppointmentId: '7', bay: '2', more: 'x' });
      expect(data.start?.dateTime).to.equal('2027-01-20T18:00:00Z');
    });

    it('refuses a time for an all-day event that does not take its date away', async () => {
      const { events, at, simulator } = await withEvent();
      simulator.person.makeAllDay(BAY_1, EVENT_ID);
      expect(await refusal(events.patch({ ...at, requestBody: TIMES }))).to.deep.equal([400, 'invalid']);
      const requestBody = { start: { ...TIMES.start, date: null }, end: { ...TIMES.end, date: null } };
      const { data } = await events.patch({ ...at, requestBody });
      expect(data.start).to.deep.equal({ dateTime: '2027-01-20T18:00:00Z', timeZone: 'America/Phoenix' });
    });

    it('changes the etag, and writes only if the given etag matches', async () => {
      const { events, event, at } = await withEvent();
      const patch = (etag: string | null | undefined) =>
        events.patch({ ...at, requestBody: { summary: 'New' } }, { headers: { 'if-match': etag ?? '' } });
      const { data } = await patch(event.etag);
      expect(data.etag).to.not.equal(event.etag);
      expect(await refusal(patch(event.etag))).to.deep.equal([412, 'conditionNotMet']);
      expect((await patch('*')).status).to.equal(200);
    });

    it('treats the status cancelled as a deletion, and confirmed as its undo', async () => {
      const { events, at, simulator } = await withEvent();
      const { data: deleted } = await events.patch({ ...at, requestBody: { status: 'cancelled' } });
      expect([deleted.status, deleted.summary]).to.deep.equal(['cancelled', 'Ann Example']);
      expect(simulator.events(BAY_1)).to.deep.equal([]);
      const { data: revived } = await events.patch({ ...at, requestBody: { status: 'confirmed' } });
      expect([revived.status, revived.summary]).to.deep.equal(['confirmed', 'Ann Example']);
    });

    it('keeps a deleted event deleted if other fields are changed', async () => {
      const { events, at } = await withEvent();
      await events.delete(at);
      const { data } = await events.patch({ ...at, requestBody: { summary: 'New' } });
      expect(data.status).to.equal('cancelled');
    });
  });

  describe('when events are updated', () => {
    it('replaces everything', async () => {
      const { events, at } = await withEvent({ colorId: '7' });
      const { data } = await events.update({ ...at, requestBody: { ...TIMES, summary: 'New' } });
      expect([data.summary, data.colorId]).to.deep.equal(['New', undefined]);
    });

    it('writes only if the given etag matches', async () => {
      const { events, at } = await withEvent();
      const call = events.update({ ...at, requestBody: TIMES }, { headers: { 'if-match': '"stale"' } });
      expect(await refusal(call)).to.deep.equal([412, 'conditionNotMet']);
    });
  });

  describe('when events are deleted', () => {
    it('shows only the id, the etag and the status with the option `minimal`', async () => {
      const { events, at } = await withEvent({}, { tombstones: 'minimal' });
      expect((await events.delete(at)).status).to.equal(204);
      const { data } = await events.get(at);
      const { etag } = data;
      expect(data).to.deep.equal({ kind: 'calendar#event', etag, id: EVENT_ID, status: 'cancelled' });
    });

    it('shows all their fields', async () => {
      const { events, at } = await withEvent();
      await events.delete(at);
      const { data } = await events.get(at);
      expect([data.status, data.summary]).to.deep.equal(['cancelled', 'Ann Example']);
    });

    it('distinguishes deleted from unknown events', async () => {
      const { events, at } = await withEvent();
      await events.delete(at);
      expect(await refusal(events.delete(at))).to.deep.equal([410, 'deleted']);
      expect(await refusal(events.delete({ ...at, eventId: 'never' }))).to.deep.equal([404, 'notFound']);
    });

    it('deletes only if the given etag matches', async () => {
      const { events, at } = await withEvent();
      const call = events.delete(at, { headers: { 'if-match': '"stale"' } });
      expect(await refusal(call)).to.deep.equal([412, 'conditionNotMet']);
    });
  });

  describe('when events are moved', () => {
    it('keeps the id and changes the organizer', async () => {
      const { events, at } = await withEvent();
      const { data } = await events.move({ ...at, destination: BAY_2 });
      expect([data.id, data.organizer?.email]).to.deep.equal([EVENT_ID, BAY_2]);
      expect((await events.get(at)).data.status).to.equal('cancelled');
    });

    it('refuses to move an instance of a recurring event, or to the same calendar', async () => {
      const { events, at, simulator } = await withEvent();
      expect(await refusal(events.move({ ...at, destination: BAY_1 }))).to.deep.equal([400, 'invalid']);
      simulator.person.editEvent(BAY_1, EVENT_ID, { recurringEventId: 'loftseries' });
      expect(await refusal(events.move({ ...at, destination: BAY_2 }))).to.deep.equal([400, 'invalid']);
    });
  });

  describe('with limited access', () => {
    it('lets a reader read and not write', async () => {
      const { events, at, simulator } = await withEvent();
      simulator.shareCalendar(BAY_1, 'reader');
      expect((await events.get(at)).status).to.equal(200);
      expect(await refusal(events.delete(at))).to.deep.equal([403, 'requiredAccessLevel']);
      expect((await events.list({ calendarId: BAY_1 })).data.accessRole).to.equal('reader');
    });

    it('hides a calendar that is not shared', async () => {
      const { events, at, simulator } = await withEvent();
      simulator.shareCalendar(BAY_1, 'none');
      expect(await refusal(events.get(at))).to.deep.equal([404, 'notFound']);
      simulator.addCalendar('bay-3@calendars.example', 'owner');
      const list = await events.list({ calendarId: 'bay-3@calendars.example' });
      expect(list.data.accessRole).to.equal('owner');
    });
  });

  describe('with its helpers for tests', () => {
    it('logs calls of the service and acts of a user separately', async () => {
      const { events, at, simulator } = await withEvent();
      await events.get(at);
      simulator.person.renameEvent(BAY_1, EVENT_ID, 'By a person');
      expect(
        await refusal(events.insert({ calendarId: BAY_1, requestBody: { id: EVENT_ID, ...TIMES } })),
      ).to.have.length(2);
      const seen = simulator.writes.map(({ by, method, calendarId, eventId, status, done }) => {
        return { by, method, calendarId, eventId, status, done };
      });
      const on = { calendarId: BAY_1, eventId: EVENT_ID };
      expect(seen).to.deep.equal([
        { by: 'service', method: 'events.insert', ...on, status: 200, done: true },
        { by: 'person', method: 'events.patch', ...on, status: 200, done: true },
        { by: 'service', method: 'events.insert', ...on, status: 409, done: false },
      ]);
      expect(simulator.calls).to.have.length(4);
      simulator.clearCalls();
      expect(simulator.calls).to.deep.equal([]);
    });

    it('throws if an act of a user is impossible', async () => {
      const { simulator } = await withEvent();
      expect(() => simulator.person.deleteEvent(BAY_1, 'never')).to.throw('404 notFound');
      expect(() => simulator.person.createEvent('nowhere', { start: 0, end: 0 })).to.throw('no calendar');
    });
  });
});
