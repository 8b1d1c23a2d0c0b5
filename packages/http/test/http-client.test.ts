import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { createHttpClient, DeadlineExceeded, type HttpClient, type HttpRequest } from '#src/index.js';
import { RawServer } from './helpers/raw-server.js';

const DIRECT = { proxies: {} } as const;

describe('HttpClient', () => {
  let client: HttpClient;
  let server: RawServer;

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  async function serve(...[listener]: Parameters<typeof RawServer.open>): Promise<void> {
    client = createHttpClient(DIRECT);
    server = await RawServer.open(listener);
  }

  function request(change: Partial<HttpRequest> = {}): HttpRequest {
    return { url: `${server.url}/path?a=1`, method: 'GET', headers: {}, deadline: performance.now() + 5000, ...change };
  }

  async function failureOf(sent: Promise<unknown>): Promise<Error & { readonly code?: unknown }> {
    try {
      await sent;
    } catch (error) {
      return error as Error;
    }
    throw new Error('the request was answered');
  }

  it('sends the given request and returns any answer', async () => {
    await serve((incoming, response) => {
      let body = '';
      incoming.setEncoding('utf8').on('data', (text: string) => (body += text));
      incoming.on('end', () => {
        response.writeHead(418, {
          'X-Seen': `${incoming.method} ${incoming.url} ${String(incoming.headers['x-mine'])}`,
        });
        response.end(`${body} ünïcode`);
      });
    });
    const answer = await client.send(request({ method: 'PATCH', headers: { 'X-Mine': 'yes' }, body: '{"é":1}' }));
    expect(answer.status).to.equal(418);
    expect(answer.headers['x-seen']).to.equal('PATCH /path?a=1 yes');
    expect(answer.text).to.equal('{"é":1} ünïcode');
  });

  it('sends the credentials of a proxy, also with a percent sign that is not encoded', async () => {
    const logins: (string | undefined)[] = [];
    server = await RawServer.open((incoming, response) => {
      logins.push(incoming.headers['proxy-authorization']);
      response.end('ok');
    });
    for (const password of ['50%25%20off', '50% off']) {
      client = createHttpClient({ proxies: { http: server.url.replace('//', `//me:${password}@`) } });
      await client.send(request({ url: 'http://calendar.example/' }));
      await client.close();
    }
    const login = `Basic ${Buffer.from('me:50% off').toString('base64')}`;
    expect(logins).to.deep.equal([login, login]);
  });

  const encodings = {
    gzip: gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
    identity: (text: string) => Buffer.from(text),
  };
  for (const [encoding, encode] of Object.entries(encodings)) {
    it(`decodes a body in ${encoding}`, async () => {
      await serve((_, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(encode('some text'));
      });
      expect((await client.send(request())).text).to.equal('some text');
    });
  }

  it('fails if the body does not match its header', async () => {
    await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip');
    });
    expect((await failureOf(client.send(request()))).code).to.equal('Z_DATA_ERROR');
  });

  it('follows no redirect', async () => {
    await serve((_, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await client.send(request())).status).to.equal(302);
  });

  it('keeps a connection for sequential requests', async () => {
    await serve((_, response) => {
      response.end('ok');
    });
    for (let count = 0; count < 5; count++) await client.send(request());
    expect(server.connections).to.equal(1);
  });

  it('opens at most sixteen connections to an origin, and completes all requests', async () => {
    await serve((_, response) => {
      setImmediate(() => response.end('ok'));
    });
    const answers = await Promise.all(Array.from({ length: 200 }, () => client.send(request())));
    expect(answers.every(({ text }) => text === 'ok')).to.equal(true);
    expect(server.connections).to.be.within(2, 16);
  });

  it('never sends a request whose deadline has passed', async () => {
    let requests = 0;
    await serve((_, response) => {
      requests++;
      response.end('ok');
    });
    for (const late of [0, -1, -60_000, Number.NaN]) {
      const body = '{}';
      const error = await failureOf(client.send(request({ method: 'POST', body, deadline: performance.now() + late })));
      expect(error).to.be.instanceOf(DeadlineExceeded).with.property('sent', false);
    }
    await client.send(request());
    expect(requests).to.equal(1);
  });

  it('never sends a request whose deadline passes while it waits for a connection', async () => {
    client = createHttpClient({ ...DIRECT, connections: 1 });
    const seen: string[] = [];
    const answers: (() => void)[] = [];
    server = await RawServer.open((incoming, response) => {
      seen.push(incoming.url ?? '');
      answers.push(() => response.end('ok'));
    });
    const first = client.send(request({ url: `${server.url}/first` }));
    while (answers.length < 1) await new Promise(setImmediate);
    const deadline = performance.now() + 30;
    const error = await failureOf(
      client.send(request({ url: `${server.url}/late`, method: 'POST', body: 'x', deadline })),
    );
    expect(error).to.be.instanceOf(DeadlineExceeded).with.property('sent', false);
    answers[0]?.();
    expect((await first).text).to.equal('ok');
    const last = client.send(request({ url: `${server.url}/last` }));
    while (answers.length < 2) await new Promise(setImmediate);
    answers[1]?.();
    await last;
    expect(seen).to.deep.equal(['/first', '/last']);
  });

  it('never sends a request whose deadline passes while the process is paused', async () => {
    const seen: string[] = [];
    await serve((incoming, response) => {
      seen.push(incoming.url ?? '');
      response.end('ok');
    });
    const sent = client.send(request({ url: `${server.url}/paused`, deadline: performance.now() + 20 }));
    // The process does nothing else meanwhile, as a container without processor time.
    for (const until = performance.now() + 60; performance.now() < until;);
    expect(await failureOf(sent)).to.be.instanceOf(DeadlineExceeded);
    await client.send(request({ url: `${server.url}/next` }));
    expect(seen).to.deep.equal(['/next']);
  });

  for (const afterHeaders of [false, true]) {
    it(`gives up at the deadline, when ${afterHeaders ? 'the answer never ends' : 'no answer comes'}`, async () => {
      await serve((_, response) => {
        if (afterHeaders) response.writeHead(200).write('half');
      });
      const error = await failureOf(client.send(request({ deadline: performance.now() + 400 })));
      expect(error).to.be.instanceOf(DeadlineExceeded).with.property('sent', true);
    });
  }

  it('names the code of a connection that fails', async () => {
    await serve(() => {});
    const gone = request();
    await server.close();
    expect((await failureOf(client.send(gone))).code).to.equal('ECONNREFUSED');
  });

  it('fails without a retry if the connection ends before the answer', async () => {
    let requests = 0;
    await serve((incoming) => {
      requests++;
      incoming.socket.destroy();
    });
    expect((await failureOf(client.send(request()))).code).to.be.a('string');
    expect(requests).to.equal(1);
  });

  it('fails if a header cannot be sent', async () => {
    await serve((_, response) => {
      response.end();
    });
    expect(await failureOf(client.send(request({ headers: { 'x-invalid': 'a\nb' } })))).to.be.instanceOf(Error);
  });
});
