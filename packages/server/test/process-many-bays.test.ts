import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { waitUntil } from '#src/process/wait-until.js';
import { describeWithMongo } from './support/mongo-database.js';
import { SimulatedStudio } from './support/simulated-studio.js';
import { StudioReplicas } from './support/studio-replicas.js';

const PATIENCE_MS = 180_000;
const MINUTE = 60_000;

const baysOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    bay: `${index + 1}`,
    name: `Bay ${index + 1}`,
    resourceUnitId: 5001 + index,
    calendarId: `bay-${index + 1}@group.calendar.google.com`,
  }));

function openStudio(
  bays: ReturnType<typeof baysOf>,
  quotaPerMinute: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<SimulatedStudio> {
  return SimulatedStudio.open({
    bays,
    uschedule: { units: bays.map(({ resourceUnitId: id, name: description }) => ({ id, description })) },
    settings: { google: { quotaPerMinute, sweepSeconds: 3600 } },
    environment,
  });
}

const calls = (studio: SimulatedStudio, method: string): number =>
  studio.googleCalls.filter((call) => call.method === method).length;

describe('a service process with 200 bays', function () {
  this.timeout(PATIENCE_MS);
  let studio: SimulatedStudio;
  let connections: number;
  /** Counts connections to the two systems, without the notifications to the service. */
  const count = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    const ports = [studio.google.rootUrl, studio.uschedule.connection.baseUrl].map((url) => Number(new URL(url).port));
    if (ports.includes(socket.localPort ?? 0)) connections++;
  };
  beforeEach(async () => {
    studio = await openStudio(baysOf(200), 6000);
    connections = 0;
    subscribe('net.server.socket', count);
  });
  afterEach(async () => {
    unsubscribe('net.server.socket', count);
    await studio.close();
  });

  it('starts with one watch and one list call per bay, over at most 32 connections', async () => {
    await studio.serve();
    const isListed = await waitUntil(() => calls(studio, 'events.list') >= 200, PATIENCE_MS, 200);
    expect(isListed, 'every calendar is listed').to.equal(true);
    // The sync messages of the channels have arrived by then, and caused no calls.
    await pause(1000);
    const ofMethod = { watches: calls(studio, 'events.watch'), lists: calls(studio, 'events.list') };
    expect(ofMethod).to.deep.equal({ watches: 200, lists: 200 });
    expect(connections).to.be.within(2, 32);
  });
});

describeWithMongo('three service processes on one database and one quota', 2 * PATIENCE_MS, (mongo) => {
  const QUOTA = 120;
  let studio: SimulatedStudio;
  let replicas: StudioReplicas;
  beforeEach(async () => {
    const bays = baysOf(30);
    studio = await openStudio(bays, QUOTA, { STORE_URL: mongo().newDatabase() });
    replicas = new StudioReplicas(studio);
  });
  afterEach(() => studio.close());

  it('together make at most the quota of calls in any minute, and use the quota', async () => {
    await Promise.all([replicas.start(), replicas.start(), replicas.start()]);
    await pause(MINUTE + 20_000);
    const times = studio.googleCalls.filter(({ by }) => by === 'service').map(({ at }) => at);
    const busiest = Math.max(...times.map((at) => times.filter((it) => it >= at && it < at + MINUTE).length));
    expect(busiest).to.be.within(QUOTA / 4, QUOTA);
    await replicas.stop();
  });
});
