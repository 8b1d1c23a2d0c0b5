import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Webhook } from 'standardwebhooks';
import { SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;

interface Received {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe('signals of the service as a process', function () {
  this.timeout(90_000);

  it('announce bookings, changes and cancellations in order, also across a restart, and do not delay the sync', async () => {
    const received: Received[] = [];
    let status = 204;
    const webhook = new Webhook(SECRET);
    const receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const message = webhook.verify(body, request.headers as Record<string, string>) as Received;
        if (status < 300) received.push(message);
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => {
      receiver.listen(0, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const studio = await SimulatedStudio.open({
      environment: { SIGNAL_SECRET: SECRET },
      signals: [{ url, secretEnv: 'SIGNAL_SECRET' }],
    });
    const typesOf = (id: string): string[] =>
      received.filter(({ data }) => data['appointmentId'] === id).map(({ type }) => type);
    try {
      const first = await studio.serve();
      await first.listening();
      const id = studio.book(30, 'Ana R.');
      await waitFor('the first signal', () => typesOf(id).length === 1, 30_000);
      expect(received.find(({ data }) => data['appointmentId'] === id)?.data).to.deep.include({
        customerName: 'Ana R.',
        bay: '1',
        bayName: 'Bay 1',
        status: 'ACTIVE',
        source: 'USCHEDULE',
      });
      // While the receiver is down the sync continues, and a restart loses nothing.
      status = 503;
      studio.uschedule.move(id, { start: studio.hour(32) });
      await waitFor(
        'the move',
        () => Date.parse(studio.eventOf(id)?.start?.dateTime ?? '') === studio.hour(32),
        30_000,
      );
      await first.stop();
      const second = await studio.serve();
      await second.listening();
      studio.uschedule.cancel(id);
      await waitFor('the cancellation', () => studio.eventOf(id) === null, 30_000);
      status = 204;
      await waitFor('all signals', () => typesOf(id).length >= 3, 40_000);
      expect(typesOf(id)).to.deep.equal(['booking.mirrored', 'booking.changed', 'booking.cancelled']);
      expect(second.stdout).not.to.contain(SECRET).and.not.to.contain(url);
    } finally {
      await studio.close();
      receiver.close();
    }
  });
});
