import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { SimulatedStudio } from './support/simulated-studio.js';
import { ServiceProcess, type Ending } from './support/service-process.js';
import { waitFor } from './support/wait-for.js';

describe('the commands for a running service', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  before(async () => {
    studio = await SimulatedStudio.open();
    await studio.serve();
  });
  after(() => studio.close());

  const run = async (...command: string[]): Promise<{ ending: Ending; out: string; err: string }> => {
    const process = studio.run(command, { LOFT_SYNC_URL: studio.url });
    const ending = await process.end();
    return { ending, out: process.stdout, err: process.stderr };
  };

  describe('status', () => {
    it('shows the feeds as a table', async () => {
      const { ending, out } = await run('status');
      expect(ending.code).to.equal(0);
      expect(out).to.match(/^feed +last ran well +every +state$/m);
      expect(out).to.match(/^bookings +\d+ s ago +1 s +well$/m);
      expect(out).to.match(/^1 +for 7 days +well$/m);
      expect(out).to.contain('Dead letters: 0.');
    });

    it('shows the whole answer with --json', async () => {
      const { out } = await run('status', '--json');
      expect(JSON.parse(out)).to.include({ running: true, deadLetters: 0 });
    });
  });

  describe('sync', () => {
    it('lets the service poll', async () => {
      const polls = studio.polls;
      expect((await run('sync')).ending.code).to.equal(0);
      await waitFor('a poll', () => studio.polls > polls);
    });
  });

  describe('dead-letters and replay', () => {
    it('show what is parked, and try it again', async () => {
      expect((await run('dead-letters')).out).to.equal('There are no dead letters.\n');
      studio.google.addFault({ kind: 'answer', status: 400, reason: 'invalid', method: 'events.insert' });
      const id = studio.book(30);
      await waitFor('a dead letter', async () => (await studio.metric('loft_sync_dead_letters')) === 1);
      const listed = await run('dead-letters');
      expect(listed.ending.code).to.equal(0);
      expect(listed.out).to.match(new RegExp(`^${id} +new-booking +1 +\\S+ +invalid: `, 'm'));
      const [letter] = JSON.parse((await run('dead-letters', '--json')).out) as { id: string }[];
      expect(letter).to.deep.include({ id, appointmentId: id, reason: 'new-booking', attempts: 1 });

      expect((await run('replay', id)).out).to.equal(`${id} is tried again.\n`);
      await waitFor('the event', () => studio.eventOf(id) !== null);
      await waitFor('no dead letter', async () => (await studio.metric('loft_sync_dead_letters')) === 0);
    });

    it('say that an id is not parked', async () => {
      const { ending, err } = await run('replay', '1');
      expect(ending.code).to.equal(1);
      expect(err).to.equal('1: There is no dead letter with this id.\n');
    });
  });

  describe('when they cannot reach it', () => {
    const failing = async (environment: Record<string, string>): Promise<string> => {
      const process = new ServiceProcess(['status'], environment);
      expect((await process.end()).code).to.equal(1);
      expect(process.stdout).to.equal('');
      return process.stderr;
    };

    it('say that the token is missing', async () => {
      expect(await failing({})).to.equal('Set ADMIN_TOKEN to the token the service was started with.\n');
    });

    it('say that the token is wrong', async () => {
      const said = await failing({ LOFT_SYNC_URL: studio.url, ADMIN_TOKEN: 'wrong' });
      expect(said).to.contain('does not accept this ADMIN_TOKEN');
    });

    it('say that somebody else is there', async () => {
      const other = createServer((_, answer) => answer.writeHead(404).end('<h1>Not Found</h1>'));
      await new Promise<void>((resolve) => {
        other.listen(0, '127.0.0.1', resolve);
      });
      const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      const said = await failing({ LOFT_SYNC_URL: address, ADMIN_TOKEN: 'any' });
      other.close();
      expect(said).to.equal(`${address} answered 404, and not as this service does. Is LOFT_SYNC_URL right?\n`);
    });

    it('say that an address or a port is none', async () => {
      expect(await failing({ LOFT_SYNC_URL: 'here', ADMIN_TOKEN: 'any' })).to.match(
        /^LOFT_SYNC_URL is not an address\./,
      );
      expect(await failing({ PORT: 'http', ADMIN_TOKEN: 'any' })).to.match(/^PORT is not a port\./);
    });

    it('say that nobody is there', async () => {
      const said = await failing({ LOFT_SYNC_URL: 'http://127.0.0.1:1', ADMIN_TOKEN: 'any' });
      expect(said).to.contain('No service answers at http://127.0.0.1:1.');
    });
  });
});
