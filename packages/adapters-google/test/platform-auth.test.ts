import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { GoogleSimulator } from '#src/simulator/index.js';
import { adapter, BAY_1, BEGINNING, callsOf, closeAll, errorOf, simulate } from './helpers/simulated.js';

const VARIABLES = ['GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION', 'GOOGLE_APPLICATION_CREDENTIALS', 'HOME'] as const;

describe('GoogleCalendarSystem on a platform with an identity', () => {
  const before = new Map<string, string | undefined>();
  let directory: string;
  let metadata: Server;
  let simulator: GoogleSimulator;
  let requests: string[];
  /** The answer of the metadata server to a token request. */
  let token: 'give' | 'refuse' | 'hang';

  beforeEach(async () => {
    for (const name of VARIABLES) before.set(name, process.env[name]);
    simulator = await simulate();
    requests = [];
    token = 'give';
    metadata = createServer((request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      requests.push(path);
      if (!path.endsWith('/token')) {
        response.writeHead(404, { 'metadata-flavor': 'Google' }).end();
      } else if (token === 'give') {
        const body = { access_token: simulator.issueAccessToken(), expires_in: 3600, token_type: 'Bearer' };
        response.writeHead(200, { 'metadata-flavor': 'Google', 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      } else if (token === 'refuse') {
        response.writeHead(403, { 'metadata-flavor': 'Google' }).end();
      }
    });
    await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
    const bound = metadata.address();
    directory = await mkdtemp(join(tmpdir(), 'loft-google-'));
    delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
    process.env['HOME'] = directory;
    process.env['GCE_METADATA_HOST'] = `127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
    process.env['METADATA_SERVER_DETECTION'] = 'assume-present';
  });

  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    metadata.closeAllConnections();
    await new Promise((resolve) => metadata.close(resolve));
    await closeAll();
    await rm(directory, { recursive: true });
  });

  it('uses the platform’s tokens, and fetches a new one if one is refused', async () => {
    const system = adapter(simulator, { credentials: { kind: 'platform' } });
    expect((await system.listEvents(BAY_1, BEGINNING)).ok).to.equal(true);
    expect((await system.listEvents(BAY_1, BEGINNING)).ok).to.equal(true);
    expect(requests.filter((path) => path.endsWith('/token'))).to.have.length(1);
    simulator.revokeAccessTokens();
    expect((await system.listEvents(BAY_1, BEGINNING)).ok).to.equal(true);
    expect(callsOf(simulator)).to.deep.equal([
      'events.list 200',
      'events.list 200',
      'events.list 401',
      'events.list 200',
    ]);
    expect(requests.filter((path) => path.endsWith('/token'))).to.have.length(2);
  });

  it('reports a refusal of the platform', async () => {
    token = 'refuse';
    const error = errorOf(await adapter(simulator, { credentials: { kind: 'platform' } }).listEvents(BAY_1, BEGINNING));
    expect(error).to.include({ kind: 'unauthorized', method: 'oauth2.token', status: 403 });
  });

  it('gives up after its timeout when the platform does not answer', async () => {
    token = 'hang';
    const system = adapter(simulator, { credentials: { kind: 'platform' }, callTimeoutMs: 80 });
    const error = errorOf(await system.listEvents(BAY_1, BEGINNING));
    expect(error).to.include({ kind: 'transient', method: 'oauth2.token' });
  });

  it('reports a missing identity', async () => {
    process.env['METADATA_SERVER_DETECTION'] = 'none';
    const error = errorOf(await adapter(simulator, { credentials: { kind: 'platform' } }).listEvents(BAY_1, BEGINNING));
    expect(error).to.include({ kind: 'unauthorized', method: 'oauth2.token' });
    expect(error.message).to.contain('default credentials');
  });

  it('leaves a file of other credentials to Google’s library', async () => {
    // Workload identity federation: a text of the platform is exchanged for a token at an address in the file.
    const traded: string[] = [];
    const exchange = createServer((request, response) => {
      traded.push(request.url ?? '');
      const body = {
        access_token: simulator.issueAccessToken(),
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 3600,
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => exchange.listen(0, '127.0.0.1', resolve));
    const bound = exchange.address();
    const path = join(directory, 'federation.json');
    await writeFile(join(directory, 'subject'), 'a signed statement of the platform');
    await writeFile(
      path,
      JSON.stringify({
        type: 'external_account',
        audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}/v1/token`,
        credential_source: { file: join(directory, 'subject') },
      }),
    );
    process.env['GOOGLE_APPLICATION_CREDENTIALS'] = path;
    const list = await adapter(simulator, { credentials: { kind: 'key-file', path } }).listEvents(BAY_1, BEGINNING);
    exchange.closeAllConnections();
    await new Promise((resolve) => exchange.close(resolve));
    expect(list.ok).to.equal(true);
    expect(traded).to.deep.equal(['/v1/token']);
  });
});
