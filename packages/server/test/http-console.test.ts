import { Err, MINUTE, Ok } from '@loft/sync-core';
import { expect } from 'chai';
import { LiveBoard } from '#src/http/live-board.js';
import type { SandboxUsers } from '#src/http/console/sandbox-users.js';
import { sessions, SESSION_MS } from '#src/http/console/session.js';
import { ADMIN_TOKEN, HttpWorld, type Answer } from './support/http-world.js';

const HTML = { Accept: 'text/html' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** A user's browser: keeps the cookie, and reads the forms' token from the page. */
class Browser {
  readonly #world: HttpWorld;
  cookie = '';

  constructor(world: HttpWorld) {
    this.#world = world;
  }

  get(path: string): Promise<Answer> {
    return this.#world.request('GET', path, { headers: { ...HTML, Cookie: this.cookie } });
  }

  /** Sends a form with its cookie, and follows the redirect as a browser does. */
  async post(path: string, fields: Record<string, string>, change: Record<string, string> = {}): Promise<Answer> {
    const answer = await this.send(path, fields, change);
    return answer.status === 303 ? this.get(answer.headers.get('location') ?? '') : answer;
  }

  send(path: string, fields: Record<string, string>, change: Record<string, string> = {}): Promise<Answer> {
    const body = new URLSearchParams(fields).toString();
    const headers = { ...HTML, ...FORM, Cookie: this.cookie, ...change };
    return this.#world.request('POST', path, { headers, body, redirect: 'manual' });
  }

  async signIn(token = ADMIN_TOKEN): Promise<Answer> {
    const answer = await this.send('/console/sign-in', { token });
    this.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    return answer;
  }

  async formToken(): Promise<string> {
    return /data-token="(?<token>[^"]+)"/.exec((await this.get('/')).text)?.groups?.['token'] ?? '';
  }
}

describe('the console', () => {
  let world: HttpWorld;
  let browser: Browser;
  beforeEach(async () => {
    world = await new HttpWorld().start();
    browser = new Browser(world);
  });
  afterEach(() => world.close());

  describe('for a user who is not signed in', () => {
    it('redirects a browser to the sign-in page', async () => {
      const page = await browser.get('/console/sign-in');
      expect(page.status).to.equal(200);
      expect(page.text).to.contain('type="password"').and.to.contain('that the service was started with');
      const answer = await world.request('GET', '/', { headers: HTML });
      expect(answer.text).to.contain('type="password"');
    });

    for (const path of ['/', '/console/events']) {
      it(`answers 401 to a program that asks for ${path}`, async () => {
        const answer = await world.request('GET', path);
        expect(answer.status).to.equal(401);
        expect(answer.headers.get('www-authenticate')).to.contain('Bearer');
      });
    }

    it('does nothing', async () => {
      await world.park('700999');
      const answer = await browser.post('/console/dead-letters/700999/replay', { form: '' });
      expect(answer.status).to.equal(401);
    });

    for (const cookie of ['', 'x', `${Date.UTC(2030, 0)}.AAAAAAAAAAAAAAAA.${'A'.repeat(43)}`]) {
      it(`refuses the cookie "${cookie}"`, async () => {
        const headers = { Cookie: `loft_session=${cookie}` };
        expect((await world.request('GET', '/', { headers })).status).to.equal(401);
      });
    }
  });

  describe('for a user who signs in', () => {
    it('gives a cookie that no script and no other site can use, without the token in it', async () => {
      const answer = await world.request('POST', '/console/sign-in', {
        headers: { ...FORM, 'X-Forwarded-Proto': 'https' },
        body: `token=${ADMIN_TOKEN}`,
        redirect: 'manual',
      });
      expect(answer.status).to.equal(303);
      expect(answer.headers.get('location')).to.equal('/');
      const cookie = answer.headers.get('set-cookie');
      expect(cookie).to.match(/^loft_session=[\w.-]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/);
      expect(cookie).not.to.contain(ADMIN_TOKEN);
    });

    it('refuses another token, answers 429 after ten of them, and always accepts the right one', async () => {
      for (let count = 0; count < 10; count++) expect((await browser.signIn('wrong')).status).to.equal(401);
      expect((await browser.signIn('wrong')).status).to.equal(429);
      expect((await browser.signIn()).headers.get('set-cookie')).to.contain('loft_session=');
    });

    it('refuses a sign-in from another site', async () => {
      const from = { Origin: 'https://evil.example' };
      expect((await browser.post('/console/sign-in', { token: ADMIN_TOKEN }, from)).status).to.equal(403);
    });

    it('keeps the session for some hours', async () => {
      const ana = { name: 'Ana of the desk', role: 'act', token: 'a token' } as const;
      const keeper = sessions([ana]);
      const cookie = keeper.open(ana, 1000);
      expect(keeper.read(cookie, 1000 + SESSION_MS - 1)?.admin).to.equal(ana);
      expect(keeper.read(cookie, 1000 + SESSION_MS)).to.equal(null);
      expect(sessions([{ ...ana, token: 'another token' }]).read(cookie, 1000)).to.equal(null);
      expect(sessions([{ ...ana, name: 'Ben' }]).read(cookie, 1000)).to.equal(null);
    });

    it('signs out', async () => {
      await browser.signIn();
      const answer = await browser.send('/console/sign-out', { form: await browser.formToken() });
      expect(answer.headers.get('set-cookie')).to.contain('loft_session=; Path=/; Max-Age=0');
      expect((await browser.send('/console/sign-out', { form: 'x' })).status).to.equal(403);
    });

    it('ends the session on the server: a copy of the cookie is refused, also after a restart', async () => {
      await browser.signIn();
      const other = new Browser(world);
      await other.signIn();
      await browser.send('/console/sign-out', { form: await browser.formToken() });
      expect((await browser.get('/')).text).to.contain('type="password"');
      expect((await other.get('/')).text).to.contain('Sign out');
      const replica = await new HttpWorld({ store: world.store }).start('still');
      const headers = { ...HTML, Cookie: browser.cookie };
      expect((await replica.request('GET', '/', { headers })).text).to.contain('type="password"');
      await replica.close();
    });

    it('accepts the bearer token too', async () => {
      expect((await world.admin('GET', '/')).status).to.equal(200);
    });
  });

  describe('the page', () => {
    beforeEach(() => browser.signIn());

    it('shows feeds, the day per bay and dead letters, and escapes texts of users', async () => {
      const start = world.clock.now() + 60 * MINUTE;
      const id = world.bookings.user.book({ unit: 5524, start, customerName: 'Ana <b>R.</b>' });
      await world.clock.advance(2 * MINUTE);
      await world.park('700999');
      const answer = await browser.get('/');
      expect(answer.status).to.equal(200);
      expect(answer.text).to.contain('aria-label="Try again: appointment 700999"');
      expect(answer.text).to.contain('Calendar of Bay 1').and.to.contain('12:00–13:00').and.to.contain('700999');
      expect(answer.text).to.contain('Ana &lt;b&gt;R.&lt;/b&gt;').and.not.to.contain('<b>R.');
      expect(answer.text).to.contain(`data-appointment="${id}"`);
    });

    it('redirects the address of a form with empty fields to the address without them', async () => {
      for (const [given, clean] of [
        ['/activity?day=&visit=&bay=1&kind=&q=', '/activity?bay=1'],
        ['/activity?day=&q=', '/activity'],
        ['/?day=2026-01-16&q=', '/?day=2026-01-16'],
      ] as const) {
        const headers = { ...HTML, Cookie: browser.cookie };
        const { status, headers: answered } = await world.request('GET', given, { headers, redirect: 'manual' });
        expect([status, answered.get('location')]).to.deep.equal([303, clean]);
      }
    });

    it('shows in a search that a booking needs attention, and its bay', async () => {
      const start = world.clock.now() + 60 * MINUTE;
      const ids = ['Ana R.', 'Ana S.'].map((customerName, hour) =>
        world.bookings.user.book({ unit: 5524, start: start + 60 * hour * MINUTE, customerName }),
      );
      await world.clock.advance(2 * MINUTE);
      await world.park(ids[0] ?? '');
      const { text } = await browser.get('/?q=ana');
      expect(text).to.match(new RegExp(`, Bay 2, needs attention, appointment ${ids[0]}<`));
      expect(text).to.match(new RegExp(`, Bay 2, appointment ${ids[1]}<`));
    });

    it('allows only resources of the service, and no inline script or style', async () => {
      const { headers, text } = await browser.get('/');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).to.contain("default-src 'none'").and.to.contain("frame-ancestors 'none'");
      expect(policy).not.to.contain('unsafe');
      expect(text).not.to.match(/ style=|<style|<script>| on\w+=/);
      expect(text).not.to.match(/(?:href|src)="(?!\/|#)/);
    });

    it('writes dates and times in the reader’s locale and the studio’s zone', async () => {
      const start = world.clock.now() + 60 * MINUTE;
      world.bookings.user.book({ unit: 5524, start, customerName: 'Ana R.' });
      await world.clock.advance(2 * MINUTE);
      const read = async (language: string): Promise<string> => {
        const headers = { ...HTML, Cookie: browser.cookie, 'Accept-Language': language };
        return (await world.request('GET', '/', { headers })).text.replaceAll(/\s/g, ' ');
      };
      expect(await read('en-US,en;q=0.9'))
        .to.contain('12:00 PM–1:00 PM')
        .and.to.contain('Thu, Jan 15, 2026');
      expect(await read('x;q=0, de-AT;q=0.8, en;q=0.5'))
        .to.contain('12:00–13:00')
        .and.to.contain('Do., 15. Jän. 2026');
      for (const none of ['', '*', 'not a language', 'qq-QQ']) {
        expect(await read(none))
          .to.contain('12:00–13:00')
          .and.to.contain('Thu 15 Jan 2026');
      }
    });

    it('shows another day on request', async () => {
      const start = world.clock.now() + 24 * 60 * MINUTE;
      world.bookings.user.book({ unit: 5524, start, customerName: 'Ben K.' });
      await world.clock.advance(2 * MINUTE);
      expect((await browser.get('/')).text).not.to.contain('Ben K.');
      const tomorrow = await browser.get('/?day=2026-01-16');
      expect(tomorrow.text).to.contain('Ben K.').and.to.contain('Fri 16 Jan 2026');
    });

    const wordsOf = async (path: string): Promise<string> =>
      (await browser.get(path)).text.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');

    it('says in a sentence whether yesterday was synced, also from another day', async () => {
      const start = world.clock.now() + 60 * MINUTE;
      world.bookings.user.book({ unit: 5523, start, customerName: 'Ana R.' });
      world.bookings.user.book({ unit: 5524, start, customerName: 'Ben K.' });
      const id = world.bookings.user.book({ unit: 5524, start: start + 60 * MINUTE, customerName: 'Carla M.' });
      await world.clock.advance(2 * MINUTE);
      world.bookings.user.cancel(id);
      await world.clock.advance(2 * MINUTE);
      expect(await wordsOf('/')).to.contain('Today, Thu 15 Jan: all 2 bookings synced, 1 cancelled.');
      await world.clock.advance(24 * 60 * MINUTE);
      browser.cookie = '';
      await browser.signIn();
      for (const path of ['/', '/?day=2026-01-17', '/?day=2026-03-01']) {
        expect(await wordsOf(path), path)
          .to.contain('Yesterday, Thu 15 Jan: all 2 bookings synced, 1 cancelled.')
          .and.to.contain('Today, Fri 16 Jan: no bookings on this day.');
      }
    });

    it('says that a booking that is over has no event, also after a restart', async () => {
      // A board without events knows as much as after a restart.
      const restarted = await new HttpWorld({ board: new LiveBoard(world.clock) }).start();
      const fail = Err({
        kind: 'unauthorized',
        system: 'google',
        method: 'insertEvent',
        message: 'no access',
      } as const);
      restarted.calendars.insertEvent = () => Promise.resolve(fail);
      restarted.bookings.user.book({ unit: 5523, start: restarted.clock.now() - 59 * MINUTE, customerName: 'Ana R.' });
      await restarted.clock.advance(2 * MINUTE);
      const reader = new Browser(restarted);
      await reader.signIn();
      const words = (await reader.get('/')).text.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
      expect(words).to.contain('Today, Thu 15 Jan: 1 booking, without an event in Google Calendar.');
      await restarted.close();
    });

    it('says since when the sentences are outdated while USchedule cannot be read', async () => {
      await world.clock.advance(2 * MINUTE);
      expect(await wordsOf('/')).not.to.contain('USchedule was last read');
      const fail = Err({ kind: 'transient', system: 'uschedule', method: 'listBookings', message: 'down' } as const);
      world.bookings.listBookings = () => Promise.resolve(fail);
      await world.clock.advance(30 * MINUTE);
      expect(await wordsOf('/'))
        .to.match(/USchedule was last read on Thu 15 Jan at 11:0\d: later changes there are not included\./)
        .and.not.to.contain('Nothing needs attention');
    });

    it('distinguishes no bookings from no data, before the first poll and outside the days that are read', async () => {
      const reader = await new HttpWorld().start('still');
      const still = new Browser(reader);
      await still.signIn();
      const words = async (from: Browser, path: string): Promise<string> =>
        (await from.get(path)).text.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
      expect(await words(still, '/')).to.contain('Today, Thu 15 Jan: no data about this day.');
      await reader.close();
      expect(await words(browser, '/'))
        .to.contain('Yesterday, Wed 14 Jan: no bookings on this day.')
        .and.to.contain('Today, Thu 15 Jan: no bookings on this day.');
      // The poll reads from yesterday to 60 days ahead.
      expect(await words(browser, '/?day=2026-01-13')).to.contain('Tue 13 Jan: no data about this day.');
      expect(await words(browser, '/?day=2026-03-16')).to.contain('Mon 16 Mar: no bookings on this day.');
      expect(await words(browser, '/?day=2026-03-17')).to.contain('Tue 17 Mar: no data about this day.');
    });

    it('names a cancelled booking in its panel, and says why it has no undo', async () => {
      const start = world.clock.now() + 60 * MINUTE;
      const id = world.bookings.user.book({ unit: 5524, start, customerName: 'Ben K.' });
      await world.clock.advance(2 * MINUTE);
      world.bookings.user.cancel(id);
      await world.clock.advance(2 * MINUTE);
      const { text } = await browser.get(`/?appointment=${id}`);
      expect(text).to.match(/<h2 id="chosen-title"[^>]*>\s*Ben K\.\s*<\/h2>/);
      expect(text).to.contain('A cancellation cannot be undone: USchedule has no call for that.');
    });

    it('lists a booking that was moved to another day in the activity of both days', async () => {
      const start = world.clock.now() + 24 * 60 * MINUTE;
      const id = world.bookings.user.book({ unit: 5524, start, customerName: 'Ben K.' });
      world.bookings.user.book({ unit: 5523, start, customerName: 'Ana R.' });
      await world.clock.advance(2 * MINUTE);
      world.bookings.user.move(id, { start: start + 24 * 60 * MINUTE });
      await world.clock.advance(2 * MINUTE);
      const before = await wordsOf('/activity?visit=2026-01-16');
      expect(before).to.contain('Activity: changes of the bookings for Fri 16 Jan 2026');
      expect(before).to.contain('Ben K. Bay 2: moved in USchedule').and.to.contain('Ana R.');
      const after = await wordsOf('/activity?visit=2026-01-17');
      expect(after).to.contain('Ben K. Bay 2: moved in USchedule').and.not.to.contain('Ana R.');
      expect(await wordsOf('/activity?visit=2026-01-15')).to.contain('No change matches.');
      expect(await wordsOf('/activity?day=2026-01-15'))
        .to.contain('Ana R.')
        .and.to.contain('made on Thu 15 Jan 2026');
    });

    it('opens the only booking that a search finds, on its day', async () => {
      const start = world.clock.now() + 24 * 60 * MINUTE;
      const id = world.bookings.user.book({ unit: 5524, start, customerName: 'Ben K.' });
      await world.clock.advance(2 * MINUTE);
      const headers = { ...HTML, Cookie: browser.cookie };
      const answer = await world.request('GET', '/?q=ben', { headers, redirect: 'manual' });
      expect(answer.status).to.equal(303);
      expect(answer.headers.get('location')).to.equal(`/?day=2026-01-16&appointment=${id}&q=ben`);
      expect((await browser.get('/?q=none')).text).to.contain('No booking matches');
    });

    it('shows the journal of an appointment', async () => {
      const start = world.clock.now() + 60 * MINUTE;
      const id = world.bookings.user.book({ unit: 5524, start, customerName: 'Ben K.' });
      await world.clock.advance(2 * MINUTE);
      const { text } = await browser.get(`/?appointment=${id}`);
      expect(text).to.contain('event created').and.to.contain('Both sides last agreed on');
      expect((await browser.get('/?appointment=1')).text).to.contain('Appointment 1 is unknown');
    });

    it('shows an unsynced change on the side where it was made', async () => {
      const start = world.clock.now() + 60 * MINUTE;
      const id = world.bookings.user.book({ unit: 5523, start, customerName: 'Ben K.' });
      await world.clock.advance(2 * MINUTE);
      const fail = Err({ kind: 'transient', system: 'google', method: 'patchEvent', message: 'out of order' } as const);
      const patchEvent = world.calendars.patchEvent.bind(world.calendars);
      world.calendars.patchEvent = () => Promise.resolve(fail);
      world.bookings.user.move(id, { start: start + 60 * MINUTE });
      await world.clock.advance(61_000);
      const { text } = await browser.get('/');
      world.calendars.patchEvent = patchEvent;
      const words = text.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
      expect(words).to.contain('13:00–14:00 … syncing Ben K., USchedule, syncing');
      expect(words).to.contain('12:00–13:00 … syncing Ben K., Google Calendar, syncing');
    });

    it('reports that the store cannot be reached', async () => {
      world.storeDown = true;
      const answer = await browser.get('/');
      world.storeDown = false;
      expect(answer.status).to.equal(200);
      expect(answer.text).to.contain('The store cannot be reached.');
    });

    it('has assets, which a browser may cache', async () => {
      for (const name of ['console.js', 'console.css', 'icon.svg']) {
        const answer = await world.request('GET', `/console/assets/${name}`);
        expect(answer.status).to.equal(200);
        const headers = { 'If-None-Match': answer.headers.get('etag') ?? '', 'Cache-Control': 'max-age=0' };
        expect((await world.request('GET', `/console/assets/${name}`, { headers })).status).to.equal(304);
      }
      expect((await world.request('GET', '/console/assets/other.js')).status).to.equal(404);
    });
  });

  describe('the forms', () => {
    beforeEach(async () => {
      await browser.signIn();
      await world.park('700999');
    });

    it('replay a dead letter', async () => {
      const form = await browser.formToken();
      const json = { Accept: 'application/json' };
      const answer = await browser.post('/console/dead-letters/700999/replay', { form }, json);
      expect(answer.json).to.include({ message: 'Appointment 700999 is being retried.' });
      const back = await browser.post('/console/dead-letters/1/replay', { form, back: '/?day=2026-01-16' });
      expect(back.text).to.contain('Fri 16 Jan 2026');
    });

    it('replay a dead letter also from the panel of the appointment, which says what a dead letter is', async () => {
      const { text } = await browser.get('/?appointment=700999');
      const [, panel = ''] = text.split('<div id="story" data-live>');
      const [story = ''] = panel.split('</section>');
      expect(story).to.contain('It is a dead letter: correct the cause, then try again.');
      expect(story).to.contain('action="/console/dead-letters/700999/replay"');
      expect(text.replaceAll(/\s+/g, ' ')).to.contain('Dead letter: a change that failed and is not retried by itself');
    });

    it('undo a change of a booking, after a confirmation step that describes the effect', async () => {
      const start = world.clock.now() + 26 * 60 * MINUTE;
      const id = world.bookings.user.book({ unit: 5523, start, customerName: 'Ben K.' });
      await world.clock.advance(2 * MINUTE);
      world.bookings.user.move(id, { start: start + 60 * MINUTE });
      await world.clock.advance(2 * MINUTE);
      const links = async (): Promise<readonly string[]> => {
        const { text } = await browser.get(`/?appointment=${id}`);
        const found = text.matchAll(/href="(?<address>\/console\/confirm\/undo[^"]+)"/g);
        return [...found].map(({ groups = {} }) => (groups['address'] ?? '').replaceAll('&amp;', '&'));
      };
      const [link = ''] = await links();
      expect(await links()).to.have.length(1);
      const { text } = await browser.get(link);
      expect(text).to.contain('Ben K.').and.to.contain('move the booking back to Fri 16 Jan 2026 13:00–14:00, Bay 1');
      expect(text).to.contain('Move 1 booking back');
      const entry = new URL(link, world.url).searchParams.get('entry') ?? '';
      const form = await browser.formToken();
      const json = { Accept: 'application/json' };
      const undone = await browser.post(`/console/bookings/${id}/undo`, { form, entry }, json);
      expect(undone.json).to.include({ message: 'The booking is being moved back in USchedule.' });
      await world.clock.advance(2 * MINUTE);
      expect(world.bookings.user.booking(id)?.start).to.equal(start);
      const again = await browser.post(`/console/bookings/${id}/undo`, { form, entry }, json);
      expect(again.status).to.equal(409);
      const words = (await browser.get(`/?appointment=${id}`)).text.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
      expect(words).to.contain(
        'a person undid the change before → booking moved back to Fri 16 Jan 13:00–14:00, Bay 1',
      );
      expect(words).to.contain('asked to undo a change');
      // The undo itself can be undone.
      expect(await links()).to.have.length(1);
    });

    it('report the outcome of an undo that USchedule refuses', async () => {
      const start = world.clock.now() + 26 * 60 * MINUTE;
      const id = world.bookings.user.book({ unit: 5523, start, customerName: 'Ben K.' });
      await world.clock.advance(2 * MINUTE);
      world.bookings.user.move(id, { start: start + 60 * MINUTE });
      await world.clock.advance(2 * MINUTE);
      world.bookings.user.book({ unit: 5523, start, customerName: 'Ana R.' });
      await world.clock.advance(2 * MINUTE);
      const { text } = await browser.get(`/?appointment=${id}`);
      const entry = /entry=(?<entry>[^&"]+)/.exec(text)?.groups?.['entry'] ?? '';
      const fields = { form: await browser.formToken(), entry: decodeURIComponent(entry) };
      const asked = await browser.post(`/console/bookings/${id}/undo`, fields, { Accept: 'application/json' });
      expect(asked.json).to.include({ message: 'The booking is being moved back in USchedule.' });
      const address = `/console/outcome?appointment=${id}&since=${String(asked.json['at'])}`;
      await world.clock.advance(2 * MINUTE);
      const { isDone, message } = (await browser.get(address)).json;
      expect(isDone).to.equal(true);
      expect(message).to.match(/^Ben K\.: a person asked to undo a change → not undone → it was refused: .*[^.]\.$/);
      expect((await world.request('GET', address)).status).to.equal(401);
    });

    it('link the selected appointment to its event in the calendar', async () => {
      const id = world.bookings.user.book({
        unit: 5523,
        start: world.clock.now() + 26 * 60 * MINUTE,
        customerName: 'Ben K.',
      });
      await world.clock.advance(2 * MINUTE);
      const { text } = await browser.get(`/?appointment=${id}`);
      const link = /<a href="(?<href>[^"]+)" rel="noopener" target="_blank">Open in Google Calendar<\/a>/.exec(text);
      expect(link?.groups?.['href']).to.equal(`https://calendar.example/event?eid=loft${id}`);
      world.bookings.user.cancel(id);
      await world.clock.advance(2 * MINUTE);
      expect((await browser.get(`/?appointment=${id}`)).text).to.not.contain('Open in Google Calendar');
    });

    it('report that there is nothing left to decide', async () => {
      for (const path of ['resume?feed=bookings', 'release?bay=1', 'revert?bay=9', 'undo?appointment=1&entry=1']) {
        const answer = await browser.get(`/console/confirm/${path}`);
        expect(answer.status).to.equal(404);
        expect(answer.text).to.contain('There is nothing left to decide here');
      }
    });

    it('resume a stopped feed', async () => {
      const answer = await browser.post('/console/feeds/bookings/resume', { form: await browser.formToken() });
      expect(answer.status).to.equal(200);
    });

    it('redirect to the console only', async () => {
      const form = await browser.formToken();
      const answer = await browser.send('/console/dead-letters/700999/replay', { form, back: '//evil.example/' });
      expect(answer.headers.get('location')).to.equal('/');
    });

    for (const [what, headers] of Object.entries({
      'from another site': { 'Sec-Fetch-Site': 'cross-site' },
      'from a page of another origin': { Origin: 'https://evil.example' },
      'from a page of none': { Origin: 'null' },
    })) {
      it(`are refused ${what}`, async () => {
        const form = await browser.formToken();
        const answer = await browser.post('/console/dead-letters/700999/replay', { form }, headers);
        expect(answer.status).to.equal(403);
      });
    }

    it('are refused without their token, or with that of another session', async () => {
      const other = new Browser(world);
      await other.signIn();
      for (const form of ['', 'x', await other.formToken()]) {
        expect((await browser.post('/console/dead-letters/700999/replay', { form })).status).to.equal(403);
      }
    });

    it('are refused when they are larger than the largest form of the console', async () => {
      const answer = await browser.post('/console/dead-letters/700999/replay', { form: 'x'.repeat(20_000) });
      expect(answer.status).to.equal(413);
    });

    it('cannot act as a user outside the sandbox', async () => {
      const form = await browser.formToken();
      expect((await browser.post('/console/sandbox/book', { form, bay: '1', time: '10:00' })).status).to.equal(404);
    });
  });

  describe('in the sandbox', () => {
    const done: unknown[] = [];
    const users: SandboxUsers = {
      sides: () => [],
      book: (place, name) => {
        done.push([place, name]);
        return name === 'Refused' ? Err('That cannot be done: the slot is taken.') : Ok('700123');
      },
      moveBooking: () => Ok.EMPTY,
      cancelBooking: () => Ok.EMPTY,
      moveEvent: () => Ok.EMPTY,
      deleteEvent: () => Ok.EMPTY,
    };
    let sandbox: HttpWorld;
    let guest: Browser;
    beforeEach(async () => {
      done.length = 0;
      sandbox = await new HttpWorld({ consoleAccess: 'open', sandbox: users }).start();
      guest = new Browser(sandbox);
    });
    afterEach(() => sandbox.close());

    it('is open, and can act as a user', async () => {
      const form = await guest.formToken();
      const fields = { form, day: '2026-01-16', bay: '2', time: '10:15', customerName: 'Noor A.' };
      expect((await guest.post('/console/sandbox/book', fields)).status).to.equal(200);
      expect(done).to.deep.equal([[{ bay: '2', start: Date.UTC(2026, 0, 16, 17, 15) }, 'Noor A.']]);
    });

    it('explains why an act is refused', async () => {
      const form = await guest.formToken();
      const fields = { form, day: '2026-01-16', bay: '2', time: '10:15', customerName: 'Refused' };
      const answer = await guest.post('/console/sandbox/book', fields);
      expect(answer.status).to.equal(409);
      expect(answer.json['error']).to.contain('the slot is taken');
      expect((await guest.post('/console/sandbox/book', { ...fields, bay: '9' })).status).to.equal(409);
    });

    it('accepts only forms of its own pages', async () => {
      const fields = { form: 'x', day: '2026-01-16', bay: '2', time: '10:15', customerName: 'Noor A.' };
      expect((await guest.post('/console/sandbox/book', fields)).status).to.equal(403);
      expect(done).to.deep.equal([]);
    });
  });

  it('answers 404 without an admin token', async () => {
    const closed = await new HttpWorld({ admins: [] }).start('still');
    const statuses = [];
    for (const path of ['/', '/console/sign-in', '/console/events']) {
      statuses.push((await closed.request('GET', path)).status);
    }
    await closed.close();
    expect(statuses).to.deep.equal([404, 404, 404]);
  });

  it('streams an event for each change at once', async () => {
    const answer = await fetch(`${world.url}/console/events`, { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } });
    expect(answer.headers.get('content-type')).to.equal('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    world.bookings.user.book({ unit: 5524, start: world.clock.now() + 60 * MINUTE });
    await world.clock.advance(2 * MINUTE);
    while (!heard.includes('changed')) heard += (await reader?.read())?.value ?? 'changed: the stream has ended';
    expect(heard).to.contain('event: changed');
    await reader?.cancel();
  });

  it('does not keep the service from stopping', async () => {
    const watched = await new HttpWorld().start();
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    const stream = await fetch(`${watched.url}/console/events`, { headers });
    expect(stream.headers.get('connection')).to.equal('close');
    await watched.close();
    expect(await stream.text()).to.contain('retry:');
  });
});
