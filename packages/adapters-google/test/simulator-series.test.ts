import { expect } from 'chai';
import { adapter, BAY_1, BEGINNING, closeAll, googleClient, HOUR, refusal, simulate } from './helpers/simulated.js';

const SERIES = 'loftseries01';
/** 11:00 in New York, a week before the clocks change there. */
const FIRST = Date.UTC(2027, 2, 8, 16);
const WEEK = 7 * 24 * HOUR;
/** In summer time, 11:00 is an hour earlier by UTC. */
const SECOND = FIRST + WEEK - HOUR;

function instanceId(instant: number): string {
  return `${SERIES}_${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

async function weekly(recurrence: readonly string[] = ['RRULE:FREQ=WEEKLY;COUNT=4']) {
  const simulator = await simulate({ timeZone: 'America/New_York' });
  const { events } = googleClient(simulator);
  const zone = { timeZone: 'America/New_York' };
  simulator.person.addEvent(BAY_1, {
    id: SERIES,
    summary: 'League',
    start: { dateTime: '2027-03-08T11:00:00-05:00', ...zone },
    end: { dateTime: '2027-03-08T12:00:00-05:00', ...zone },
    recurrence,
  });
  const at = { calendarId: BAY_1, eventId: SERIES };
  const single = { calendarId: BAY_1, singleEvents: true, orderBy: 'startTime' };
  const starts = async (params: object = {}) =>
    (await events.list({ ...single, ...params })).data.items?.map(({ start }) => start?.dateTime ?? start?.date);
  return { simulator, events, at, single, starts };
}

describe('The simulator, with a recurring event,', () => {
  afterEach(closeAll);

  it('lists it as one event, or as its instances at the same time of day', async () => {
    const { events, single } = await weekly();
    const { data: whole } = await events.list({ calendarId: BAY_1 });
    expect(whole.items?.map(({ id, recurrence }) => [id, recurrence])).to.deep.equal([
      [SERIES, ['RRULE:FREQ=WEEKLY;COUNT=4']],
    ]);
    const { items = [] } = (await events.list(single)).data;
    expect(items.map(({ start }) => start?.dateTime)).to.deep.equal([
      '2027-03-08T11:00:00-05:00',
      '2027-03-15T11:00:00-04:00',
      '2027-03-22T11:00:00-04:00',
      '2027-03-29T11:00:00-04:00',
    ]);
    expect(items[1]).to.deep.include({
      id: instanceId(SECOND),
      recurringEventId: SERIES,
      iCalUID: `${SERIES}@google.com`,
      originalStartTime: { dateTime: '2027-03-15T11:00:00-04:00', timeZone: 'America/New_York' },
    });
    expect(items[1]).to.not.have.property('recurrence');
  });

  it('leaves out excluded dates, adds extra dates, and ends at its end', async () => {
    const { starts } = await weekly([
      'RRULE:FREQ=WEEKLY;UNTIL=20270322T150000Z',
      'EXDATE;TZID=America/New_York:20270315T110000',
      'RDATE:20270317T150000Z',
    ]);
    expect(await starts()).to.deep.equal([
      '2027-03-08T11:00:00-05:00',
      '2027-03-17T11:00:00-04:00',
      '2027-03-22T11:00:00-04:00',
    ]);
  });

  it('shows an endless one within a range, and an all-day one by days', async () => {
    const { simulator, starts } = await weekly(['RRULE:FREQ=WEEKLY']);
    simulator.person.addEvent(BAY_1, {
      start: { date: '2027-03-09' },
      end: { date: '2027-03-10' },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
    });
    expect(await starts({ timeMax: '2027-03-16T00:00:00Z' })).to.deep.equal([
      '2027-03-08T11:00:00-05:00',
      '2027-03-09',
      '2027-03-10',
      '2027-03-15T11:00:00-04:00',
    ]);
    expect(await starts({ timeMin: '2037-03-01T00:00:00Z', timeMax: '2037-03-04T00:00:00Z' })).to.deep.equal([
      '2037-03-02T11:00:00-05:00',
    ]);
  });

  it('keeps a moved instance as an exception', async () => {
    const { events, at, starts } = await weekly();
    const exception = { ...at, eventId: instanceId(SECOND) };
    const start = { dateTime: '2027-03-15T15:00:00-04:00' };
    const end = { dateTime: '2027-03-15T16:00:00-04:00' };
    const { data } = await events.patch({ ...exception, requestBody: { start, end } });
    expect(data).to.include({ id: exception.eventId, recurringEventId: SERIES });
    expect((await starts())?.[1]).to.equal('2027-03-15T15:00:00-04:00');
    expect((await events.get(exception)).data.originalStartTime?.dateTime).to.equal('2027-03-15T11:00:00-04:00');
  });

  it('shows a cancelled instance in the list of recurring events, and not among single events', async () => {
    const { events, at, starts } = await weekly();
    const exception = { ...at, eventId: instanceId(SECOND) };
    const { nextSyncToken } = (await events.list({ calendarId: BAY_1 })).data;
    await events.delete(exception);
    expect(await starts()).to.have.length(3);
    const { items = [] } = (await events.list({ calendarId: BAY_1 })).data;
    const cancelled = items.find(({ id }) => id === exception.eventId);
    expect(cancelled).to.include({ status: 'cancelled', recurringEventId: SERIES });
    const news = (await events.list({ calendarId: BAY_1, syncToken: nextSyncToken ?? '' })).data.items;
    expect(news).to.deep.equal([cancelled]);
    expect(await refusal(events.delete(exception))).to.deep.equal([410, 'deleted']);
  });

  it('removes its exceptions when it is deleted', async () => {
    const { events, at, starts } = await weekly();
    await events.patch({ ...at, eventId: instanceId(SECOND), requestBody: { summary: 'Moved' } });
    await events.delete(at);
    expect(await starts()).to.deep.equal([]);
    expect((await events.get({ ...at, eventId: instanceId(SECOND) })).data.status).to.equal('cancelled');
  });

  it('lists its instances, page by page', async () => {
    const { events, at } = await weekly();
    await events.patch({ ...at, eventId: instanceId(SECOND), requestBody: { summary: 'Final' } });
    const { data: first } = await events.instances({ ...at, maxResults: 3 });
    const { data: last } = await events.instances({ ...at, maxResults: 3, pageToken: first.nextPageToken ?? '' });
    expect([first, last].map(({ items }) => items?.map(({ summary }) => summary))).to.deep.equal([
      ['League', 'Final', 'League'],
      ['League'],
    ]);
    const timeMin = '2027-03-20T00:00:00Z';
    expect((await events.instances({ ...at, timeMin })).data.items).to.have.length(2);
    const originalStart = '2027-03-15T11:00:00-04:00';
    const { items } = (await events.instances({ ...at, originalStart })).data;
    expect(items?.map(({ id }) => id)).to.deep.equal([instanceId(SECOND)]);
  });

  it('finds no instance outside its rule, and refuses an invalid rule', async () => {
    const { events, at, simulator } = await weekly();
    for (const id of [instanceId(FIRST + HOUR), `${SERIES}_20270308`, `${SERIES}_20279999T999999Z`]) {
      expect(await refusal(events.get({ ...at, eventId: id }))).to.deep.equal([404, 'notFound']);
    }
    const requestBody = { recurrence: ['RRULE:FREQ=SOMETIMES'] };
    expect(await refusal(events.patch({ ...at, requestBody }))).to.deep.equal([400, 'invalid']);
    const other = simulator.person.createEvent(BAY_1, { start: FIRST, end: FIRST + HOUR });
    expect(await refusal(events.instances({ ...at, eventId: other }))).to.deep.equal([400, 'invalid']);
  });

  it('is recurring for the adapter, including its exceptions', async () => {
    const { simulator, events, at } = await weekly();
    await events.delete({ ...at, eventId: instanceId(SECOND) });
    const page = (await adapter(simulator).listEvents(BAY_1, BEGINNING)).unwrap();
    expect(page.events.map(({ eventId, shape, state }) => [eventId, shape, state])).to.deep.equal([
      [SERIES, 'recurring', 'live'],
      [instanceId(SECOND), 'recurring', 'gone'],
    ]);
  });
});
