import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createHttpClient } from '@loft/sync-http';
import { expect } from 'chai';
import { ForwardProxy } from './support/forward-proxy.js';
import { SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const USER = 'planted-proxy-user';
const PASSWORD = 'planted-proxy-p@ss';
const LOGIN = `${USER}:${PASSWORD}`;

describe('the service behind a company’s proxy', function () {
  this.timeout(90_000);
  let proxy: ForwardProxy;
  let studio: SimulatedStudio;

  beforeEach(async () => {
    proxy = await ForwardProxy.open(LOGIN);
  });
  afterEach(async () => {
    await studio.close();
    await proxy.close();
  });

  const address = (): string => `http://${USER}:${encodeURIComponent(PASSWORD)}@${proxy.host}`;
  const both = (): Record<string, string> => ({ HTTPS_PROXY: address(), HTTP_PROXY: address() });

  /** Mirrors a booking and carries an edit of its event back. @returns the whole output of the process */
  async function syncBothWays(environment: Readonly<Record<string, string>>): Promise<string> {
    studio = await SimulatedStudio.open({ environment });
    const id = studio.book(30);
    const service = await studio.serve();
    await waitFor('the booking to be mirrored', () => studio.eventOf(id) !== null, 20_000);
    const calendarId = studio.bays[0]!.calendarId;
    studio.google.person.dragEvent(calendarId, studio.eventOf(id)!.id ?? '', { start: studio.hour(50) });
    await waitFor('the edit to be carried', () => studio.uschedule.booking(id)?.start === studio.hour(50), 20_000);
    await service.stop();
    return service.stdout + service.stderr;
  }

  const googleRequests = (): number => studio.google.calls.filter(({ by }) => by === 'service').length;
  const toGoogle = (): number => proxy.countTo(studio.google.rootUrl);
  const toUSchedule = (): number => proxy.countTo(studio.uschedule.url);

  it('sends every call to both systems, and for the access token, through it', async () => {
    await syncBothWays(both());
    expect(toGoogle()).to.equal(googleRequests());
    expect(studio.google.calls.some(({ method }) => method === 'oauth2.token')).to.equal(true);
    expect(toUSchedule()).to.equal(studio.uschedule.calls.length);
    expect(proxy.requests.every(({ login }) => login === LOGIN)).to.equal(true);
  });

  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy']) {
    it(`uses ${name} alone for both systems`, async () => {
      await syncBothWays({ [name]: address() });
      expect(toGoogle()).to.equal(googleRequests());
      expect(toUSchedule()).to.equal(studio.uschedule.calls.length);
    });
  }

  it('uses an address without a scheme for both systems', async () => {
    await syncBothWays({ HTTPS_PROXY: address().replace('http://', '') });
    expect(toGoogle()).to.equal(googleRequests());
    expect(toUSchedule()).to.equal(studio.uschedule.calls.length);
  });

  it('sends no call to a host of NO_PROXY through it', async () => {
    await syncBothWays({ ...both(), NO_PROXY: 'localhost,127.0.0.1' });
    expect(proxy.requests).to.deep.equal([]);
  });

  it('sends the calls of one system through it when NO_PROXY names the other', async () => {
    studio = await SimulatedStudio.open();
    const { host } = new URL(studio.google.rootUrl);
    const id = studio.book(30);
    await studio.serve({ ...both(), NO_PROXY: host });
    await waitFor('the booking to be mirrored', () => studio.eventOf(id) !== null, 20_000);
    expect(toGoogle()).to.equal(0);
    expect(toUSchedule()).to.be.greaterThan(0);
  });

  it('never prints the credentials of the proxy, also if the proxy refuses them', async () => {
    const written = [await syncBothWays({ ...both(), LOG_LEVEL: 'trace' })];
    await studio.close();
    studio = await SimulatedStudio.open({ environment: { LOG_LEVEL: 'trace' } });
    const wrong = `http://${USER}:not-${encodeURIComponent(PASSWORD)}@${proxy.host}`;
    const service = studio.run(['serve'], { HTTPS_PROXY: wrong });
    await service.listening();
    await waitFor('the refusal to be logged', () => service.stdout.includes('407'), 20_000);
    await service.stop();
    const doctor = studio.run(['doctor'], { HTTPS_PROXY: wrong });
    expect((await doctor.end(30_000)).code).to.equal(1);
    written.push(service.stdout, service.stderr, doctor.stdout, doctor.stderr);
    const sent = Buffer.from(LOGIN).toString('base64');
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), sent, `${USER}:`]) {
      expect(written.join('\n')).to.not.contain(secret);
    }
  });

  it('shows the proxy in loft-sync doctor, without the credentials', async () => {
    studio = await SimulatedStudio.open();
    const { host } = new URL(studio.google.rootUrl);
    const doctor = studio.run(['doctor'], { ...both(), NO_PROXY: host });
    expect((await doctor.end(30_000)).code).to.equal(0);
    expect(doctor.stdout).to.match(/^ok +the way to Google +direct, by NO_PROXY\.$/m);
    expect(doctor.stdout).to.contain(`through the proxy http://${proxy.host}.`);
    expect(doctor.stdout).to.not.contain(USER);
  });

  it('does not start with an invalid proxy address, and names it', async () => {
    studio = await SimulatedStudio.open();
    const service = studio.run(['serve'], { HTTPS_PROXY: `socks5://${LOGIN}@proxy.example` });
    expect((await service.end(30_000)).code).to.equal(78);
    expect(service.stderr).to.contain('HTTPS_PROXY is not the address of a proxy');
    expect(service.stderr).to.not.contain(PASSWORD);
  });

  it('tunnels https', async () => {
    studio = await SimulatedStudio.open();
    // Without a certificate the TLS handshake inside the tunnel fails, which still shows that the tunnel was used.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const http = createHttpClient({ proxies: { https: address() } });
    const url = `https://127.0.0.1:${port}/`;
    const deadline = performance.now() + 5000;
    const sent = http.send({ url, method: 'GET', headers: {}, deadline }).then(
      () => 'answered',
      () => 'failed',
    );
    expect(await sent).to.equal('failed');
    await http.close();
    await new Promise((resolve) => server.close(resolve));
    expect(proxy.requests).to.deep.equal([{ manner: 'tunnel', target: `127.0.0.1:${port}`, login: LOGIN }]);
  });
});
