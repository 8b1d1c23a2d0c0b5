import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Err, Ok } from '@loft/sync-core';
import { expect } from 'chai';
import { createApp } from '#src/http/create-app.js';
import { openHost, type OpenHost } from '#src/http/http-host.js';
import { HttpWorld } from './support/http-world.js';
import { SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const ROUTES = ['/ready', '/metrics', '/', '/admin/status', '/health?started=1', '/webhook/gcal'];

describe('the HTTP server before the store is open', () => {
  let host: OpenHost;
  const ask = (path: string, method = 'GET'): Promise<Response> =>
    fetch(`http://127.0.0.1:${host.port}${path}`, { method });

  beforeEach(async () => {
    host = (await openHost({ port: 0, hostname: '127.0.0.1' })).unwrap();
  });
  afterEach(() => host.close(0));

  it('answers /health with 200', async () => {
    const answer = await ask('/health');
    expect(answer.status).to.equal(200);
    expect(await answer.json()).to.deep.equal({ status: 'ok' });
  });

  for (const path of ROUTES) {
    it(`answers ${path} with 503 and Retry-After`, async () => {
      for (const method of ['GET', 'POST']) {
        const answer = await ask(path, method);
        expect(answer.status).to.equal(503);
        expect(answer.headers.get('retry-after')).to.equal('1');
        expect(await answer.json()).to.have.property('error');
      }
    });
  }

  it('passes requests to the application when that is mounted', async () => {
    const { parts } = new HttpWorld();
    host.mount(createApp(parts));
    expect((await ask('/health')).status).to.equal(200);
    expect((await ask('/webhook/gcal', 'POST')).status).to.not.equal(503);
  });

  it('answers /health?started=1 with 200 only if triggers can be stored', async () => {
    const { parts } = new HttpWorld();
    let stored = true;
    const broken = { kind: 'transient', system: 'store', method: 'ping', message: 'the disk is full' } as const;
    const ping = () => Promise.resolve(stored ? Ok(undefined) : Err(broken));
    host.mount(createApp({ ...parts, store: { ...parts.store, ping } }));
    expect((await ask('/health?started=1')).status).to.equal(200);
    stored = false;
    expect((await ask('/health?started=1')).status).to.equal(503);
    expect((await ask('/health')).status).to.equal(200);
  });
});

describe('loft-sync serve, while its store does not answer,', function () {
  this.timeout(60_000);
  let studio: SimulatedStudio;
  let silent: Server;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    studio = await SimulatedStudio.open();
    silent = createServer((socket) => sockets.add(socket.on('error', () => {})));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await studio.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  async function freePort(): Promise<number> {
    const host = (await openHost({ port: 0, hostname: '127.0.0.1' })).unwrap();
    await host.close(0);
    return host.port;
  }

  const statusOf = (url: string): Promise<number | null> =>
    fetch(url).then(
      ({ status }) => status,
      () => null,
    );

  it('answers /health and nothing else', async () => {
    const port = await freePort();
    const store = `mongodb://127.0.0.1:${(silent.address() as AddressInfo).port}/loft`;
    const service = studio.run(['serve'], { PORT: String(port), STORE_URL: store });
    const url = `http://127.0.0.1:${port}`;
    await waitFor('/health', async () => (await statusOf(`${url}/health`)) === 200, 30_000);
    expect(await statusOf(`${url}/health?started=1`)).to.equal(503);
    expect(await statusOf(`${url}/ready`)).to.equal(503);
    expect((await service.stop()).code).to.equal(0);
  });

  it('never listens with wrong settings', async () => {
    const port = await freePort();
    const service = studio.run(['serve'], { PORT: String(port), USCHEDULE_APP_KEY: '' });
    let answered = 0;
    await waitFor(
      'the service to end',
      async () => {
        if ((await statusOf(`http://127.0.0.1:${port}/health`)) !== null) answered++;
        return service.ending !== null;
      },
      30_000,
    );
    expect(service.ending?.code).to.equal(78);
    expect(answered).to.equal(0);
  });
});
