import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { HOUR } from '@loft/sync-core';
import type { Check } from '#src/checklist/check.js';
import { checksOf } from '#src/checklist/checks.js';
import { runCheck } from '#src/checklist/run-check.js';
import { startSandbox, type Sandbox } from '#src/sandbox/start-sandbox.js';
import { dayIsMirrored } from '#src/sandbox/tour.js';
import { ServiceProcess } from './support/service-process.js';
import { waitFor } from './support/wait-for.js';

describe('loft-sync sandbox', function () {
  this.timeout(300_000);

  it('reports what happens in both directions, serves a page, and leaves no file behind when it stops', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => {
      blocker.listen(0, '127.0.0.1', resolve);
    });
    const { port: taken } = blocker.address() as AddressInfo;
    const sandbox = new ServiceProcess(['sandbox'], { PORT: String(taken) });
    await waitFor('the end of the tour', () => sandbox.stdout.includes('End of the tour.'), 40_000);
    blocker.close();

    for (const line of [
      '09:00 Bay 1 · Ana R. booked → event created',
      '19:00 Bay 2 · Jules D. booked → event created',
      '16:30 Bay 1 · Deepa S. changed in USchedule → event updated',
      '14:30 Bay 2 · Gus T. moved in Google Calendar → booking rescheduled',
      '10:00 Bay 1 · Ben K. cancelled in USchedule → event removed',
      '13:00 Bay 2 · Hana Y. deleted in Google Calendar → booking cancelled',
    ]) {
      expect(sandbox.stdout).to.contain(line);
    }
    expect(sandbox.stdout).to.match(/signal booking\.mirrored \(Ana R\., Bay 1\) arrived/);
    expect(sandbox.stdout).not.to.contain('!').and.not.to.contain('{');
    const address = /see it at +(\S+)/.exec(sandbox.stdout)?.[1] ?? '';
    expect(new URL(address).port).not.to.equal(String(taken));
    expect(sandbox.stdout).to.contain(`(port ${taken} is in use by another program)`);
    const page = await (await fetch(address)).text();
    expect(page).to.contain('14:30–15:30').and.to.contain('Gus T.').and.to.contain('Ready: all parts work.');

    const [, google = '', keyPath = ''] = /npm run clients -- (\S+) (\S+)/.exec(sandbox.stdout) ?? [];
    const key = JSON.parse(readFileSync(keyPath, 'utf8')) as { token_uri: string };
    expect(key.token_uri).to.equal(`${google}/token`);
    expect((await fetch(`${google}/calendar/v3/users/me/calendarList`)).status).to.equal(401);

    const logPath = /its log +(\S+)/.exec(sandbox.stdout)?.[1] ?? '';
    expect(existsSync(logPath)).to.equal(true);
    expect(await sandbox.stop('SIGINT')).to.deep.equal({ code: 0, signal: null });
    expect(existsSync(dirname(logPath))).to.equal(false);
    expect(sandbox.stderr).to.equal('');
  });

  it('explains in one sentence why it cannot start', async () => {
    const nowhere = new ServiceProcess(['sandbox', '--data', '/dev/null/data'], {});
    expect((await nowhere.end()).code).to.equal(1);
    expect(nowhere.stderr).to.match(/^The directory \/dev\/null\/data cannot be used: .*ENOTDIR.*\n$/);
    const port = new ServiceProcess(['sandbox'], { PORT: 'eighty' });
    expect((await port.end()).code).to.equal(78);
    expect(port.stderr).to.equal('PORT is not a port. Write a number from 0 to 65535.\n');
  });
});

describe('one check of loft-sync checklist', function () {
  this.timeout(300_000);
  let sandbox: Sandbox;
  before(async () => {
    const started = await startSandbox({ port: 0, adminToken: 'any', dataDirectory: null, onEvent: () => undefined });
    if (started.err) throw new Error(started.val);
    sandbox = started.val;
    await dayIsMirrored(sandbox, () => false);
  });
  after(() => sandbox.close());

  let day = 2;
  /** The first check of a bay, to create a booking, on a day of its own. */
  const creation = (): Check => {
    const [bay] = sandbox.bays;
    const [check] = bay ? checksOf(sandbox, bay, sandbox.day + 24 * HOUR * ++day + 9 * HOUR) : [];
    if (!check) throw new Error('there is no check');
    return check;
  };

  it('passes when the other side follows with one write and no write comes back', async () => {
    const result = await runCheck(sandbox, creation());
    expect(result).to.include({ writesThere: 1, writesBack: 0, passed: true });
    expect(result.followedMs).to.be.lessThan(5000);
  });

  it('fails when a second write is made', async () => {
    const check = creation();
    let touched = false;
    const touching: Check = {
      ...check,
      followed: () => {
        if (!check.followed()) return false;
        if (!touched) {
          const booking = sandbox.uschedule.bookings().at(-1);
          sandbox.uschedule.setNotes(booking?.id ?? '', 'a second change');
          touched = true;
        }
        return true;
      },
    };
    expect(await runCheck(sandbox, touching)).to.include({ writesThere: 2, passed: false });
  });

  it('fails when the other side does not follow', async () => {
    sandbox.google.addFault({ kind: 'answer', status: 400, reason: 'invalid', method: 'events.insert' });
    const result = await runCheck(sandbox, creation());
    expect(result).to.include({ followedMs: null, writesThere: 0, passed: false });
  });
});
