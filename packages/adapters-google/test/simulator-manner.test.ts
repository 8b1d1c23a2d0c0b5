import { expect } from 'chai';
import type { GoogleSimulator } from '#src/simulator/index.js';
import {
  adapter,
  BAY_1,
  closeAll,
  DRAFT,
  errorOf,
  EVENT_ID,
  googleClient,
  HOUR,
  simulate,
  START,
} from './helpers/simulated.js';

describe('The simulator with unusual answers, for Google’s own client,', () => {
  afterEach(closeAll);

  async function withEvent(): Promise<GoogleSimulator> {
    const simulator = await simulate({ manner: 'other' });
    await adapter(simulator).insertEvent(BAY_1, EVENT_ID, { ...DRAFT, description: 'Two\nplayers' });
    return simulator;
  }

  it('shows an equal event in another notation', async () => {
    const simulator = await withEvent();
    const { data } = await googleClient(simulator).events.get({ calendarId: BAY_1, eventId: EVENT_ID });
    expect(data.start?.dateTime).to.match(/\.000\+05:45$/);
    expect([Date.parse(data.start?.dateTime ?? ''), Date.parse(data.end?.dateTime ?? '')]).to.deep.equal([
      START,
      START + HOUR,
    ]);
    expect(data.etag).to.equal(`W/${simulator.event(BAY_1, EVENT_ID)?.etag}`);
    expect(data.description).to.equal('Two \r\nplayers\r\n');
    expect(data).to.not.have.any.keys('kind', 'created', 'iCalUID', 'organizer');
  });

  it('accepts only its own weak etags', async () => {
    const { events } = googleClient(await withEvent());
    const at = { calendarId: BAY_1, eventId: EVENT_ID };
    const { data } = await events.get(at);
    const patch = (ifMatch: string): Promise<unknown> =>
      events.patch({ ...at, requestBody: { colorId: '3' } }, { headers: { 'if-match': ifMatch } });
    await patch(data.etag ?? '');
    const again = await patch(data.etag ?? '').catch((error: unknown) => error);
    expect(again).to.include({ status: 412 });
  });

  it('starts every list with an empty page', async () => {
    const { events } = googleClient(await withEvent());
    const first = (await events.list({ calendarId: BAY_1 })).data;
    expect([first.items, first.nextSyncToken]).to.deep.equal([undefined, undefined]);
    const pageToken = first.nextPageToken ?? '';
    const second = (await events.list({ calendarId: BAY_1, pageToken })).data;
    expect(second.items?.map(({ id }) => id)).to.deep.equal([EVENT_ID]);
    const syncToken = second.nextSyncToken ?? '';
    expect((await events.list({ calendarId: BAY_1, syncToken })).data.nextPageToken).to.equal(pageToken);
    const news = (await events.list({ calendarId: BAY_1, syncToken, pageToken })).data;
    expect(news.items).to.equal(undefined);
    expect(news.nextSyncToken).to.be.a('string');
  });

  it('answers a deletion with an empty 200, and refuses with a page of HTML', async () => {
    const simulator = await withEvent();
    const { events } = googleClient(simulator);
    const at = { calendarId: BAY_1, eventId: EVENT_ID };
    expect((await events.delete(at)).status).to.equal(200);
    const again = errorOf(await adapter(simulator).deleteEvent(BAY_1, EVENT_ID));
    expect(again).to.deep.include({ kind: 'gone', status: 410, payload: '<!doctype html><title>Error 410</title>' });
  });

  it('sends a Retry-After date', async () => {
    const now = Math.floor(Date.now() / 1000) * 1000;
    const simulator = await simulate({ manner: 'other', now: () => now });
    simulator.addFault({ kind: 'answer', status: 429, retryAfter: 7 });
    const error = errorOf(await adapter(simulator, { now: () => now }).getEvent(BAY_1, EVENT_ID));
    expect(error).to.include({ kind: 'rate-limited', retryAfterMs: 7000 });
  });
});
