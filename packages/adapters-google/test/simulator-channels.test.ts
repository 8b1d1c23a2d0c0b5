import { expect } from 'chai';
import type { SimulatorOptions } from '#src/simulator/index.js';
import { startNotificationSink, type NotificationSink } from './helpers/notification-sink.js';
import { BAY_1, BAY_2, closeAll, googleClient, HOUR, refusal, simulate, START } from './helpers/simulated.js';

const TIMES = { start: START, end: START + HOUR };

describe('The simulator’s watch channels', () => {
  let sink: NotificationSink;

  beforeEach(async () => {
    sink = await startNotificationSink();
  });

  afterEach(async () => {
    await closeAll();
    await sink.close();
  });

  async function watched(options: SimulatorOptions = {}) {
    const simulator = await simulate({ notificationRetryMs: 1, ...options });
    const client = googleClient(simulator);
    const requestBody = {
      id: 'channel-1',
      type: 'web_hook',
      address: sink.address,
      token: 'secret-1',
      params: { ttl: '600' },
    };
    const { data: channel } = await client.events.watch({ calendarId: BAY_1, requestBody });
    await simulator.idle();
    const states = () => sink.received.map(({ headers }) => headers['x-goog-resource-state']);
    return { simulator, client, channel, requestBody, states };
  }

  it('return the ids that are needed to stop them', async () => {
    const { channel } = await watched({ now: () => START });
    expect(channel).to.include({ kind: 'api#channel', id: 'channel-1', token: 'secret-1' });
    expect(Number(channel.expiration)).to.equal(START + 600_000);
    expect(channel.resourceId).to.be.a('string');
  });

  it('last a week by default, and at most as long as the server allows', async () => {
    const { client, requestBody } = await watched({ now: () => START, maxChannelTtlSeconds: 3600 });
    const { data: capped } = await client.events.watch({
      calendarId: BAY_1,
      requestBody: { ...requestBody, id: 'channel-2', params: { ttl: '7200' } },
    });
    expect(Number(capped.expiration)).to.equal(START + HOUR);
    const other = await watched({ now: () => START });
    const { params: _, ...unasked } = { ...other.requestBody, id: 'channel-2' };
    const { data } = await other.client.events.watch({ calendarId: BAY_1, requestBody: unasked });
    expect(Number(data.expiration)).to.equal(START + 7 * 24 * HOUR);
  });

  it('post the same as Google: headers, and no body', async () => {
    const { simulator, channel } = await watched();
    simulator.person.createEvent(BAY_1, TIMES);
    await simulator.idle();
    expect(sink.received).to.have.length(2);
    expect(sink.received[1]?.body).to.equal('');
    expect(sink.received[1]?.headers).to.include({
      'x-goog-channel-id': 'channel-1',
      'x-goog-channel-token': 'secret-1',
      'x-goog-channel-expiration': new Date(Number(channel.expiration)).toUTCString(),
      'x-goog-resource-id': channel.resourceId,
      'x-goog-resource-uri': channel.resourceUri,
      'x-goog-resource-state': 'exists',
      'x-goog-message-number': '2',
    });
  });

  it('number their messages in ascending order, with gaps', async () => {
    const { simulator } = await watched();
    for (let count = 0; count < 4; count++) {
      simulator.person.createEvent(BAY_1, TIMES);
      await simulator.idle();
    }
    const numbers = sink.received.map(({ headers }) => Number(headers['x-goog-message-number']));
    expect(numbers).to.deep.equal(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).to.equal(5);
    expect(numbers.at(-1)).to.be.greaterThan(5);
  });

  it('notify both calendars of a move, and send one notification for several changes at once', async () => {
    const { simulator, client, requestBody, states } = await watched();
    await client.events.watch({ calendarId: BAY_2, requestBody: { ...requestBody, id: 'channel-2' } });
    await simulator.idle();
    const id = simulator.person.createEvent(BAY_1, TIMES);
    simulator.person.renameEvent(BAY_1, id, 'Renamed');
    simulator.person.moveToCalendar(BAY_1, id, BAY_2);
    await simulator.idle();
    expect(states()).to.deep.equal(['sync', 'sync', 'exists', 'exists']);
  });

  it('retry after a 5xx answer, and only then', async () => {
    const { simulator } = await watched();
    sink.answer(500, 502, 503, 504, 204);
    simulator.person.createEvent(BAY_1, TIMES);
    await simulator.idle();
    expect(sink.received).to.have.length(6);
    sink.answer(404);
    simulator.person.createEvent(BAY_1, TIMES);
    await simulator.idle();
    expect(sink.received).to.have.length(7);
    expect(simulator.notifications.map(({ outcome }) => outcome)).to.deep.equal([204, 204, 404]);
  });

  it('give up after repeated 5xx answers, and if there is no server', async () => {
    const { simulator } = await watched();
    sink.answer(...Array.from({ length: 50 }, () => 503));
    simulator.person.createEvent(BAY_1, TIMES);
    await simulator.idle();
    await sink.close();
    simulator.person.createEvent(BAY_1, TIMES);
    await simulator.idle();
    expect(simulator.notifications.map(({ outcome }) => outcome)).to.deep.equal([204, 503, null]);
  });

  it('lose the notifications that a test drops', async () => {
    const { simulator, states } = await watched();
    simulator.dropNotifications(1);
    simulator.person.createEvent(BAY_1, TIMES);
    await simulator.idle();
    simulator.person.createEvent(BAY_1, TIMES);
    await simulator.idle();
    expect(states()).to.deep.equal(['sync', 'exists']);
    expect(simulator.notifications[1]?.outcome).to.equal('dropped');
  });

  it('send nothing after their expiry', async () => {
    const { simulator, states } = await watched();
    expect(simulator.channels).to.have.length(1);
    simulator.expireChannels();
    simulator.person.createEvent(BAY_1, TIMES);
    await simulator.idle();
    expect(states()).to.deep.equal(['sync']);
    expect(simulator.channels).to.deep.equal([]);
  });

  it('are stopped by id and resource together', async () => {
    const { client, channel } = await watched();
    const stop = (resourceId: string) => client.channels.stop({ requestBody: { id: 'channel-1', resourceId } });
    expect(await refusal(stop('another'))).to.deep.equal([404, 'notFound']);
    expect((await stop(channel.resourceId ?? '')).status).to.equal(204);
    expect(await refusal(stop(channel.resourceId ?? ''))).to.deep.equal([404, 'notFound']);
  });

  it('are refused for a used or long id, and for an address without https', async () => {
    const { client, requestBody } = await watched();
    const watch = (changes: object) =>
      client.events.watch({ calendarId: BAY_1, requestBody: { ...requestBody, ...changes } });
    expect(await refusal(watch({}))).to.deep.equal([400, 'channelIdNotUnique']);
    expect(await refusal(watch({ id: 'c'.repeat(65) }))).to.deep.equal([400, 'invalid']);
    expect(await refusal(watch({ id: 'c2', type: 'email' }))).to.deep.equal([400, 'invalid']);
    const address = 'http://sync.example/webhook/gcal';
    expect(await refusal(watch({ id: 'c3', address }))).to.deep.equal([400, 'push.webhookUrlNotHttps']);
  });
});
