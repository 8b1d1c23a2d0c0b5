import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { answeringService } from './support/answering-service.js';
import { processorTimes } from './support/processor-time.js';
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
    it('says in its first line that the service is ready, and shows the feeds as a table', async () => {
      await waitFor('the service to be ready', async () => (await run('status', '--quiet')).ending.code === 0, 20_000);
      const { ending, out } = await run('status');
      expect(ending.code).to.equal(0);
      expect(out.split('\n')[0]).to.equal('Ready.');
      expect(out).to.match(/^feed +last success +every +state$/m);
      expect(out).to.match(/^bookings +\d+ s ago +1 s +ok$/m);
      expect(out).to.match(/^Bay 1 +\d+ s ago +1 s +ok$/m);
      expect(out).to.match(/^Bay 1 +for 7 days +.+ +ok$/m);
      expect(out).to.contain('Dead letters: 0.');
    });

    it('shows the whole answer with --json', async () => {
      const { out } = await run('status', '--json');
      expect(JSON.parse(out)).to.include({ running: true, deadLetters: 0, ready: true, timeZone: 'America/Phoenix' });
    });

    it('exits with 1 and gives the reason in its first line if the service is not ready', async () => {
      studio.google.addFault({
        kind: 'answer',
        status: 403,
        reason: 'forbidden',
        method: 'events.list',
        times: Infinity,
      });
      await waitFor('the service to notice', async () => (await run('status', '--quiet')).ending.code === 1, 20_000);
      const { ending, out } = await run('status');
      const json = await run('status', '--json');
      studio.google.clearFaults();
      expect(ending.code).to.equal(1);
      expect(out.split('\n')[0]).to.match(/^Not ready: ./);
      expect(json.ending.code).to.equal(1);
      const { ready, reasons } = JSON.parse(json.out) as { ready: boolean; reasons: string[] };
      expect(ready).to.equal(false);
      expect(reasons).not.to.deep.equal([]);
      await waitFor('the service to be ready', async () => (await run('status', '--quiet')).ending.code === 0, 40_000);
    });
  });

  describe('sync', () => {
    it('makes the service poll', async () => {
      const polls = studio.polls;
      expect((await run('sync')).ending.code).to.equal(0);
      await waitFor('a poll', () => studio.polls > polls);
    });

    it('waits for the result with --wait', async () => {
      const id = studio.book(40);
      const { ending, out } = await run('sync', '--wait');
      expect(out).to.match(/^\d+ changes? (was|were) carried over\.\n$/);
      expect(ending.code).to.equal(0);
      expect(studio.eventOf(id)).not.to.equal(null);
      const { settled, feeds } = JSON.parse((await run('sync', '--wait', '--json')).out) as Record<string, unknown>;
      expect(settled).to.equal(true);
      expect(feeds).to.have.length(3);
    });
  });

  describe('activity and find', () => {
    it('show past changes, and where a booking is', async () => {
      const id = studio.book(35);
      await waitFor('the event', () => studio.eventOf(id) !== null);
      await waitFor('the activity', async () => (await run('activity', '--search', id)).out.includes('event created'));
      const { out } = await run('activity', '--since', '1h', '--kind', 'booked', '--search', id);
      expect(out).to.match(new RegExp(`^\\d\\d:\\d\\d:\\d\\d  booked     .*\\(${id}\\): booked in USchedule`, 'm'));
      expect(out).to.contain('Times are those of the studio (America/Phoenix).');
      const found = await run('find', id);
      expect(found.out).to.match(new RegExp(`^${id} .* active$`, 'm'));
      expect((await run('find', 'unknown-name')).out).to.equal('No booking matches "unknown-name".\n');
    });

    it('continue with --follow', async () => {
      const following = studio.run(['activity', '--follow', '--json'], { LOFT_SYNC_URL: studio.url });
      await waitFor('the first lines', () => following.stdout !== '', 20_000);
      const id = studio.book(37);
      await waitFor('the new line', () => following.stdout.includes(id), 20_000);
      const lines = following.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: string }).id);
      expect(new Set(lines).size).to.equal(lines.length);
      await following.stop();
    });

    it('explain the fault of a filter', async () => {
      const { ending, err } = await run('activity', '--since', 'yesterday');
      expect(ending.code).to.equal(1);
      expect(err).to.contain('"since" and "until" are a day');
    });
  });

  describe('dead-letters and replay', () => {
    it('show the dead letters, and replay one', async () => {
      expect((await run('dead-letters')).out).to.equal('There are no dead letters.\n');
      studio.google.addFault({ kind: 'answer', status: 400, reason: 'invalid', method: 'events.insert' });
      const id = studio.book(30);
      await waitFor('a dead letter', async () => (await studio.metric('loft_sync_dead_letters')) === 1);
      const listed = await run('dead-letters');
      expect(listed.ending.code).to.equal(0);
      expect(listed.out).to.match(
        new RegExp(`^${id} +.+ +new-booking +1 +\\w{3} \\d+ \\w{3} \\d\\d:\\d\\d +invalid: `, 'm'),
      );
      const [letter] = JSON.parse((await run('dead-letters', '--json')).out) as { id: string }[];
      expect(letter).to.deep.include({ id, appointmentId: id, reason: 'new-booking', attempts: 1 });

      expect((await run('replay', id)).out).to.equal(`${id} is tried again.\n`);
      await waitFor('the event', () => studio.eventOf(id) !== null);
      await waitFor('no dead letter', async () => (await studio.metric('loft_sync_dead_letters')) === 0);
    });

    it('report that an id is no dead letter', async () => {
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

    it('report that the token is missing', async () => {
      expect(await failing({})).to.equal('Set ADMIN_TOKEN to the token the service was started with.\n');
    });

    it('report that the token is wrong', async () => {
      const said = await failing({ LOFT_SYNC_URL: studio.url, ADMIN_TOKEN: 'wrong' });
      expect(said).to.contain('does not accept this ADMIN_TOKEN. Use the one that the service was started with.');
    });

    it('name the arguments if one is missing', async () => {
      const process = new ServiceProcess(['held', 'release'], {});
      expect((await process.end()).code).to.equal(1);
      expect(process.stderr).to.contain(
        '(usage: loft-sync held release <bay> [appointment...]; add --help to see more)',
      );
    });

    for (const command of ['plan', 'doctor']) {
      it(`${command} says that it reads settings of its own, and ignores LOFT_SYNC_URL`, async () => {
        const process = new ServiceProcess([command], { LOFT_SYNC_URL: studio.url, LOFT_SYNC_CONFIG: '/nowhere.json' });
        expect((await process.end()).code).to.equal(78);
        expect(process.stderr).to.contain(`loft-sync ${command} reads settings of its own and ignores LOFT_SYNC_URL`);
      });
    }

    it('report that another program answers', async () => {
      const other = createServer((_, answer) => answer.writeHead(404).end('<h1>Not Found</h1>'));
      await new Promise<void>((resolve) => {
        other.listen(0, '127.0.0.1', resolve);
      });
      const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      const said = await failing({ LOFT_SYNC_URL: address, ADMIN_TOKEN: 'any' });
      other.close();
      expect(said).to.equal(`${address} answered 404 in an unknown form. Check LOFT_SYNC_URL.\n`);
    });

    it('report an invalid address or port', async () => {
      expect(await failing({ LOFT_SYNC_URL: 'here', ADMIN_TOKEN: 'any' })).to.match(
        /^LOFT_SYNC_URL is not a valid address\./,
      );
      expect(await failing({ PORT: 'http', ADMIN_TOKEN: 'any' })).to.match(/^PORT is not a port\./);
    });

    it('report the fault as JSON with --json', async () => {
      for (const command of [
        ['status'],
        ['sync'],
        ['activity'],
        ['find', 'x'],
        ['explain', '1'],
        ['dead-letters'],
        ['replay', '1'],
      ]) {
        const process = new ServiceProcess([...command, '--json', '--url', 'http://127.0.0.1:1'], {
          ADMIN_TOKEN: 'any',
        });
        expect((await process.end()).code, command[0]).to.equal(1);
        expect(process.stderr, command[0]).to.equal('');
        expect(process.stdout, command[0]).to.contain('No service answers at http://127.0.0.1:1.');
        expect(() => JSON.parse(process.stdout) as unknown, command[0]).not.to.throw();
      }
    });

    it('report missing settings and misspelt commands as JSON too', async () => {
      for (const command of [['config', 'check'], ['doctor'], ['plan'], ['statsu'], ['status', '--nonsense']]) {
        const process = new ServiceProcess([...command, '--json'], {});
        expect((await process.end()).code, command[0]).not.to.equal(0);
        expect(process.stderr, command[0]).to.equal('');
        expect(JSON.parse(process.stdout), command[0]).to.have.property('error').that.is.a('string');
      }
    });

    it('report that no service answers', async () => {
      const said = await failing({ LOFT_SYNC_URL: 'http://127.0.0.1:1', ADMIN_TOKEN: 'any' });
      expect(said).to.contain('No service answers at http://127.0.0.1:1.');
    });
  });
});

describe('a command that only talks to a service', function () {
  this.timeout(120_000);

  it('starts quickly from the package, because it loads neither the engine nor a validator', async () => {
    const service = await answeringService();
    const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const runs = { bare: ['--eval', '0'], status: [program, 'status'], find: [program, 'find', 'ana'] };
    const { bare, status, find } = await processorTimes(
      runs,
      { ADMIN_TOKEN: 'any', LOFT_SYNC_URL: service.url },
      { rounds: 7, limit: 7 },
    ).finally(service.close);
    // About 3 from separate files, more on a busy machine. The service itself takes 20.
    expect(Math.max(status, find), `bare Node: ${bare} ms`).to.be.lessThan(7 * bare);
  });
});
