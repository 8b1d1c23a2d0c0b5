import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { SimulatedStudio } from './support/simulated-studio.js';
import { ServiceProcess } from './support/service-process.js';
import { waitFor } from './support/wait-for.js';

/** Expects a sentence for a person instead of a stack trace. */
function expectOneSentence(service: ServiceProcess, sentence: RegExp): void {
  expect(service.stderr).to.match(sentence);
  expect(service.stderr.trim().split('\n')).to.have.length(1);
  expect(service.stdout).not.to.contain('"listening"');
}

describe('loft-sync serve, when it cannot start', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  beforeEach(async () => {
    studio = await SimulatedStudio.open();
  });
  afterEach(() => studio.close());

  it('exits with 78 and names every fault of environment and file at once', async () => {
    const path = join(studio.directory, 'faulty.json');
    await writeFile(path, '{"timeZone": "Nowhere", "bays": [], "uschedule": {"pollSecond": 1}}');
    const service = new ServiceProcess(['serve'], { LOFT_SYNC_CONFIG: path, PORT: 'http', STORE_URL: 'files' });
    expect((await service.end()).code).to.equal(78);
    const names = ['PORT', 'STORE_URL', 'USCHEDULE_BASE_URL', 'USCHEDULE_ALIAS', 'USCHEDULE_APP_KEY'];
    const places = ['USCHEDULE_USERNAME', 'timeZone', 'bays', 'uschedule.pollSecond', path];
    for (const name of [...names, ...places]) expect(service.stderr).to.contain(name);
    expect(service.stderr).to.contain('9 settings are missing or wrong');
    expect(service.stderr).not.to.match(/^\s+at /m);
    expect(service.stdout).to.equal('');
  });

  it('exits with 78 if the settings file does not exist', async () => {
    const missing = join(studio.directory, 'none.json');
    const service = studio.run(['serve'], { LOFT_SYNC_CONFIG: missing });
    expect((await service.end()).code).to.equal(78);
    expect(service.stderr).to.contain(missing).and.to.contain('does not exist');
  });

  it('says in one sentence that its port is in use', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => {
      blocker.listen(0, resolve);
    });
    const { port } = blocker.address() as AddressInfo;
    const service = studio.run(['serve'], { PORT: String(port) });
    const { code } = await service.end();
    blocker.close();
    expect(code).to.equal(1);
    expectOneSentence(
      service,
      new RegExp(
        `^Cannot listen on port ${port}: another program uses it\\. Stop that program, or set PORT to another port\\.$`,
        'm',
      ),
    );
  });

  it('says in one sentence that its store cannot be opened', async () => {
    const folder = join(studio.directory, 'a-folder');
    await mkdir(folder);
    const service = studio.run(['serve'], { STORE_URL: `sqlite:${folder}` });
    expect((await service.end()).code).to.equal(1);
    expectOneSentence(service, /^The store cannot be opened\. /);
  });

  it('says in one sentence that no database answers, without the password', async () => {
    const service = studio.run(['serve'], { STORE_URL: 'mongodb://loft:a-store-password@127.0.0.1:1/loft' });
    expect((await service.end()).code).to.equal(1);
    expectOneSentence(service, /^The store cannot be opened\. MongoDB/);
    expect(service.stderr).not.to.contain('a-store-password');
  });

  it('says in one sentence that another process uses its store', async () => {
    await studio.serve();
    const second = studio.run(['serve']);
    expect((await second.end()).code).to.equal(1);
    expectOneSentence(second, /^The store cannot be opened\. .*already open/);
  });
});

describe('loft-sync config check', function () {
  this.timeout(300_000);

  it('shows the settings without secrets, and starts nothing', async () => {
    const studio = await SimulatedStudio.open();
    const check = studio.run(['config', 'check']);
    const { code } = await check.end();
    const { environment } = studio;
    await studio.close();
    expect(code).to.equal(0);
    expect(check.stdout).to.contain('The settings are complete.').and.to.contain('bay-2@group.calendar.google.com');
    for (const name of ['ADMIN_TOKEN', 'USCHEDULE_APP_KEY', 'USCHEDULE_PASSWORD', 'GOOGLE_CHANNEL_SECRET']) {
      expect(check.stdout, name).not.to.contain(environment[name]);
    }
    expect(studio.uschedule.calls).to.have.length(0);
  });

  it('exits with 78, like serve, if a setting is wrong', async () => {
    const check = new ServiceProcess(['config', 'check'], { LOFT_SYNC_CONFIG: '/nowhere/settings.json' });
    expect((await check.end()).code).to.equal(78);
    expect(check.stderr).to.contain('USCHEDULE_APP_KEY');
  });
});

describe('the output of the service', function () {
  this.timeout(300_000);

  it('contains no secret and no customer’s name in any failure', async () => {
    const studio = await SimulatedStudio.open({ environment: { LOG_LEVEL: 'debug' } });
    const service = await studio.serve();
    const first = studio.book(30, 'Ana Unmistakable');
    await waitFor('the event', () => studio.eventOf(first) !== null);
    // Both systems refuse our credentials and answer with errors, and Google temporarily does not know our account.
    studio.google.revokeAccessTokens();
    studio.uschedule.invalidateAuthKeys();
    studio.uschedule.failNext('*', 2, { status: 500, body: { Message: 'Internal error' } });
    studio.google.addFault({ kind: 'answer', status: 500, method: 'events.insert', times: 2 });
    const second = studio.book(31, 'Ben Unmistakable');
    await studio.hint(second);
    await waitFor('the second event', () => studio.eventOf(second) !== null);
    expect((await service.stop()).code).to.equal(0);
    const output = service.stdout + service.stderr;
    const { environment } = studio;
    await studio.close();

    const key = JSON.parse(environment['GOOGLE_SERVICE_ACCOUNT_JSON'] ?? '{}') as { private_key: string };
    const names = ['ADMIN_TOKEN', 'USCHEDULE_APP_KEY', 'USCHEDULE_PASSWORD', 'USCHEDULE_WEBHOOK_SECRET'];
    for (const name of [...names, 'GOOGLE_CHANNEL_SECRET']) expect(output, name).not.to.contain(environment[name]);
    expect(output).not.to.contain(key.private_key.split('\n')[1]);
    expect(output).not.to.match(/Bearer (?!\[redacted\])/);
    expect(output).not.to.contain('simulated.');
    const plain = service.log.filter(({ level }) => level !== 'debug' && level !== 'trace');
    expect(plain.length).to.be.greaterThan(3);
    expect(JSON.stringify(plain)).not.to.contain('Unmistakable');
    expect(output).to.contain('"kind":"transient"');
  });
});
