import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOUR, MemoryStore, MINUTE } from '@loft/sync-core';
import { MemoryBookings, VirtualClock } from '@loft/sync-core/testing';
import { createHttpClient, type HttpClient } from '@loft/sync-http';
import { expect } from 'chai';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { CustomerMemory } from '#src/signals/customer-memory.js';
import { Deliverer } from '#src/signals/deliverer.js';
import { Outbox } from '#src/signals/outbox.js';
import type { Signal, SignalReceiver } from '#src/signals/signal-types.js';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

interface Delivery {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A receiver whose failures a test controls. */
class Receiver {
  status = 204;
  onRequest: () => Promise<void> = () => Promise.resolve();
  readonly attempts: Delivery[] = [];
  readonly accepted: Delivery[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const delivery = { headers: request.headers as Record<string, string>, body };
        this.attempts.push(delivery);
        if (this.status < 300) this.accepted.push(delivery);
        void this.onRequest().then(() => response.writeHead(this.status).end());
      });
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get types(): string[] {
    return this.accepted.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  }
}

describe('the delivery of signals', () => {
  const clock = new VirtualClock();
  const log = pino({ level: 'silent' });
  let store: MemoryStore;
  let http: HttpClient;
  let receiver: Receiver;
  let settings: SignalReceiver;
  let outbox: Outbox;
  let deliverer: Deliverer;
  const one = (owner = 'one'): Deliverer => new Deliverer(settings, { store, clock, http, log, owner });

  beforeEach(async () => {
    store = new MemoryStore();
    http = createHttpClient({});
    receiver = new Receiver();
    settings = { id: 'home', url: await receiver.open(), secret: SECRET, types: null, leadMinutes: 15 };
    outbox = new Outbox(store, clock, [settings]);
    deliverer = one();
  });
  afterEach(async () => {
    receiver.close();
    await http.close();
  });

  const signal = (subject: string, key: string, type: Signal['type'] = 'booking.changed'): Signal => ({
    key,
    type,
    subject,
    data: { appointmentId: subject, key },
  });
  const keys = (): string[] =>
    receiver.accepted.map(({ body }) => (JSON.parse(body) as { data: { key: string } }).data.key);

  it('is signed by the Standard Webhooks convention', async () => {
    await outbox.add([signal('1', 'a')]);
    await deliverer.run();
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.accepted;
    // The library checks the time against its own clock.
    const now = String(Math.floor(Date.now() / 1000));
    const webhook = new Webhook(SECRET);
    const id = headers['webhook-id'] ?? '';
    const sentAt = new Date(Number(headers['webhook-timestamp']) * 1000);
    expect(headers['webhook-signature']).to.equal(webhook.sign(id, sentAt, body));
    expect(JSON.parse(body)).to.deep.include({ type: 'booking.changed', data: { appointmentId: '1', key: 'a' } });
    const genuine = {
      'webhook-id': id,
      'webhook-timestamp': now,
      'webhook-signature': webhook.sign(id, new Date(), body),
    };
    expect(() => webhook.verify(body, genuine)).not.to.throw();
    expect(() => webhook.verify(body.replace('1', '2'), genuine), 'a forged signal').to.throw('No matching signature');
    expect(() => webhook.verify(body, headers), 'a replayed signal').to.throw('Message timestamp too');
  });

  it('loses nothing while the receiver is down for an hour, and keeps the order of each subject', async () => {
    receiver.status = 500;
    await outbox.add([signal('1', 'a1'), signal('2', 'b1'), signal('1', 'a2')]);
    for (let minute = 0; minute < 60; minute++) {
      await deliverer.run();
      await clock.advance(MINUTE);
    }
    await outbox.add([signal('1', 'a3'), signal('2', 'b2')]);
    expect(receiver.attempts.length).to.be.within(10, 60);
    receiver.status = 204;
    await clock.advance(10 * MINUTE);
    for (let round = 0; round < 4; round++) await deliverer.run();
    expect(keys().filter((key) => key.startsWith('a'))).to.deep.equal(['a1', 'a2', 'a3']);
    expect(keys().filter((key) => key.startsWith('b'))).to.deep.equal(['b1', 'b2']);
    expect((await store.listSignals({ state: 'waiting' })).unwrap()).to.deep.equal([]);
  });

  it('resumes after a restart where it stopped', async () => {
    receiver.status = 503;
    await outbox.add([signal('1', 'a')]);
    await deliverer.run();
    receiver.status = 200;
    await clock.advance(2 * MINUTE);
    await one('another process').run();
    expect(keys()).to.deep.equal(['a']);
  });

  it('sends nothing twice when two replicas try at once', async () => {
    await outbox.add([signal('1', 'a'), signal('2', 'b')]);
    await Promise.all([deliverer.run(), one('two').run()]);
    await one('two').run();
    expect(keys().toSorted()).to.deep.equal(['a', 'b']);
  });

  it('does not start a delivery that could outlast its lease: the next run makes it', async () => {
    await outbox.add(Array.from({ length: 12 }, (_, index) => signal(`${index}`, `key ${index}`)));
    receiver.onRequest = () => clock.advance(20_000);
    await deliverer.run();
    expect(receiver.attempts.length).to.be.within(4, 8);
    receiver.onRequest = () => Promise.resolve();
    await deliverer.run();
    expect(new Set(keys()).size).to.equal(12);
    expect(keys()).to.have.length(12);
  });

  it('announces one occurrence once', async () => {
    await outbox.add([signal('1', 'a')]);
    await outbox.add([signal('1', 'a')]);
    await deliverer.run();
    expect(keys()).to.deep.equal(['a']);
  });

  it('drops a signal after three days, and then sends the next signal of its subject', async () => {
    receiver.status = 400;
    await outbox.add([signal('1', 'a1'), signal('1', 'a2')]);
    await clock.advance(72 * HOUR);
    await deliverer.run();
    const [dead] = (await store.listSignals({ state: 'dead' })).unwrap();
    expect(dead).to.include({ id: 'home.a1', problem: 'it answered 400' });
    receiver.status = 200;
    await deliverer.run();
    expect(keys()).to.deep.equal(['a2']);
  });

  it('is limited to receivers that subscribe to the type', async () => {
    const picky: SignalReceiver = { ...settings, types: ['session.begins'] };
    await new Outbox(store, clock, [picky]).add([signal('1', 'a'), signal('1', 'b', 'session.begins')]);
    await deliverer.run();
    expect(receiver.types).to.deep.equal(['session.begins']);
  });
});

describe('the stored customers', () => {
  it('hold what the booking system reported about them', async () => {
    const clock = new VirtualClock();
    const bookings = new MemoryBookings({ clock });
    const customers = new CustomerMemory();
    const id = bookings.user.book({ unit: 5523, start: clock.now() + HOUR, customerName: 'Ana R.' });
    const watched = customers.watch(bookings);
    expect(customers.factsOf(id)).to.equal(null);
    const booking = (await watched.getBooking(id)).unwrap();
    expect(customers.factsOf(id)).to.include({ customerId: booking.customerId });
  });
});
