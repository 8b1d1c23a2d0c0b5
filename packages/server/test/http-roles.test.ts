import { expect } from 'chai';
import { readEnvironment } from '#src/config/environment.js';
import { adminsOf } from '#src/config/read-admins.js';
import type { AdminToken } from '#src/http/admins.js';
import { HttpWorld, type Answer } from './support/http-world.js';

const ANA: AdminToken = { name: 'Ana', role: 'act', token: 'token-of-ana' };
const DISPLAY: AdminToken = { name: 'display', role: 'read', token: 'token-of-the-display' };

describe('admin tokens with a name and a role', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await new HttpWorld({ admins: [ANA, DISPLAY] }).start();
    await world.park('700999');
  });
  afterEach(() => world.close());

  const as = ({ token }: AdminToken, method: string, path: string): Promise<Answer> =>
    world.request(method, path, { headers: { Authorization: `Bearer ${token}` } });

  const signIn = async ({ token }: AdminToken): Promise<{ cookie: string; form: string; page: string }> => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const options = { headers, body: `token=${token}`, redirect: 'manual' } as const;
    const answer = await world.request('POST', '/console/sign-in', options);
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = (await world.request('GET', '/', { headers: { Accept: 'text/html', Cookie: cookie } })).text;
    return { cookie, form: /data-token="(?<token>[^"]+)"/.exec(page)?.groups?.['token'] ?? '', page };
  };

  const press = (path: string, { cookie, form }: { cookie: string; form: string }): Promise<Answer> =>
    world.request('POST', path, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json', Cookie: cookie },
      body: new URLSearchParams({ form }).toString(),
    });

  it('with the role read may read, but not act', async () => {
    for (const path of ['/admin/status', '/admin/bookings', '/admin/dead-letters', '/metrics']) {
      expect((await as(DISPLAY, 'GET', path)).status, path).to.equal(200);
    }
    for (const path of [
      '/admin/sync',
      '/admin/dead-letters/700999/replay',
      '/admin/feeds/bookings/resume',
      '/tasks/tick',
    ]) {
      const answer = await as(DISPLAY, 'POST', path);
      expect(answer.status, path).to.equal(403);
      expect(answer.json['error']).to.equal('The token of display may only read. Use one with the role "act".');
    }
  });

  it('with the role act may do everything', async () => {
    expect((await as(ANA, 'GET', '/admin/status')).status).to.equal(200);
    expect((await as(ANA, 'POST', '/admin/dead-letters/700999/replay')).status).to.equal(202);
  });

  it('are named in the journal and in the log', async () => {
    await as(ANA, 'POST', '/admin/dead-letters/700999/replay');
    const { items } = (await as(DISPLAY, 'GET', '/admin/appointments/700999/journal')).json as {
      items: { text: string }[];
    };
    expect(items.map(({ text }) => text)).to.include('Ana requested a retry');
    const line = world.logLines.find((text) => text.includes('a person acted'));
    expect(JSON.parse(line ?? '{}')).to.include({ person: 'Ana', appointmentId: '700999' });
  });

  it('have the same rights in the console', async () => {
    const display = await signIn(DISPLAY);
    const refused = await press('/console/dead-letters/700999/replay', display);
    expect(refused.status).to.equal(403);
    expect(refused.json['error']).to.contain('The token of display may only read');
    const ana = await signIn(ANA);
    expect((await press('/console/dead-letters/700999/replay', ana)).status).to.equal(200);
    const { items } = (await as(ANA, 'GET', '/admin/appointments/700999/journal')).json as {
      items: { text: string }[];
    };
    expect(items.map(({ text }) => text)).to.include('Ana requested a retry');
  });

  describe('in the environment', () => {
    const read = (value: string, single?: string): ReturnType<typeof adminsOf> =>
      adminsOf(readEnvironment({ ADMIN_TOKENS: value, ADMIN_TOKEN: single }));

    it('are read in addition to ADMIN_TOKEN', () => {
      expect(read('Ana:act:a:b, display : read : xyz', 'single').val).to.deep.equal([
        { name: 'admin', role: 'act', token: 'single' },
        { name: 'Ana', role: 'act', token: 'a:b' },
        { name: 'display', role: 'read', token: 'xyz' },
      ]);
      expect(read('').val).to.deep.equal([]);
    });

    for (const [value, problem] of [
      ['Ana:write:x', 'entry 1: its role is neither read nor act'],
      ['Ana:act:x,Ben:read', 'entry 2: a name or a token is missing'],
      [':act:x', 'entry 1: a name or a token is missing'],
      ['Ana:act:x,Ana:read:y', 'has the name Ana twice'],
      ['Ana:act:x,Ben:read:x', 'has one token under two names'],
    ] as const) {
      it(`are refused with a message that does not contain the token: ${problem}`, () => {
        const admins = read(value);
        expect(admins.ok).to.equal(false);
        expect(JSON.stringify(admins.val)).to.contain(problem).and.not.to.contain(':x');
      });
    }
  });
});
