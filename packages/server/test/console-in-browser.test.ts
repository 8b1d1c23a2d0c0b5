import { DAY, HOUR, intlTimeZones } from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { sideBySide } from '#src/http/console/side-by-side.js';
import { zonedFormat } from '#src/http/zoned-format.js';
import { timeOfDay } from '#src/sandbox/sandbox-day.js';
import { startSandbox, type Sandbox } from '#src/sandbox/start-sandbox.js';
import { dayIsMirrored } from '#src/sandbox/tour.js';
import { describeInBrowser, openPage, seriousFindings, type WatchedPage } from './support/browser.js';
import { SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

/** The block of an appointment on one side that contains these words. */
function block(page: Page, id: string, side: 'uschedule' | 'google', words: RegExp): ReturnType<Page['locator']> {
  return page.locator(`.lane.${side} [data-appointment="${id}"]`, { hasText: words });
}

async function isLive(page: Page): Promise<void> {
  await page.locator('#live[data-state="on"]').waitFor();
}

describeInBrowser('the console of the sandbox, in a browser', (browser) => {
  let sandbox: Sandbox;
  let watched: WatchedPage;
  let page: Page;
  before(async () => {
    const started = await startSandbox({ port: 0, adminToken: 'any', dataDirectory: null, onEvent: () => undefined });
    if (started.err) throw new Error(started.val);
    sandbox = started.val;
    await dayIsMirrored(sandbox, () => false);
  });
  after(() => sandbox?.close());

  beforeEach(async () => {
    watched = await openPage(browser(), sandbox.url);
    page = watched.page;
    await page.goto(`${sandbox.url}/?day=${zonedFormat(sandbox.timeZone, sandbox.timeZones).date(sandbox.day)}`);
    await isLive(page);
  });
  afterEach(async () => {
    const { complaints, outside } = watched;
    await watched.close();
    expect(complaints, 'complaints of the browser').to.deep.equal([]);
    expect(outside, 'requests to elsewhere').to.deep.equal([]);
  });

  const idOf = (customerName: string): string =>
    sandbox.uschedule.liveBookings().find((booking) => booking.customerName === customerName)?.id ?? '';
  const startOf = (id: string): number => sandbox.uschedule.booking(id)?.start ?? 0;

  it('shows the day of every bay, with both sides next to each other', async () => {
    const id = idOf('Ana R.');
    await block(page, id, 'uschedule', /09:00–10:00\s*Ana R\./).waitFor();
    await block(page, id, 'google', /09:00–10:00\s*Ana R\./).waitFor();
    expect(await page.locator('.bay').count()).to.equal(2);
  });

  it('updates after a change without a reload', async () => {
    await page.evaluate('window.stayed = true');
    const id = idOf('Carla M.');
    sandbox.uschedule.move(id, { start: timeOfDay(sandbox.day, '13:30') });
    await block(page, id, 'google', /13:30–15:00/).waitFor();
    expect(await page.evaluate('window.stayed')).to.equal(true);
  });

  it('lets a customer book, and the event follows', async () => {
    const form = page.locator('#book form');
    await form.getByLabel('Name').fill('Noor A.');
    await form.getByLabel('Bay').selectOption('2');
    await form.getByLabel('at').fill('20:30');
    await form.getByRole('button', { name: 'Book' }).click();
    await page.locator('#message', { hasText: 'Booked, as appointment' }).waitFor();
    await waitFor('the booking', () => idOf('Noor A.') !== '');
    await block(page, idOf('Noor A.'), 'google', /20:30–21:30/).waitFor();
  });

  it('lets a person drag an event, and the booking follows', async () => {
    const id = idOf('Farah N.');
    const event = block(page, id, 'google', /09:30/);
    const box = await event.boundingBox();
    if (!box) throw new Error('the event is not to be seen');
    const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x, from.y + 20);
    // Five hours later: one hour is 48 pixels.
    await page.mouse.move(from.x, from.y + 5 * 48, { steps: 4 });
    await page.mouse.up();
    await waitFor('the booking', () => startOf(id) === timeOfDay(sandbox.day, '14:30'));
    await block(page, id, 'uschedule', /14:30–15:30/).waitFor();
    // A drag must not count as a click.
    expect(page.url()).not.to.contain('appointment=');
  });

  it('lets a customer drag a booking to another bay, and the event follows', async () => {
    const id = idOf('Emil W.');
    await block(page, id, 'uschedule', /18:00/).scrollIntoViewIfNeeded();
    const from = await block(page, id, 'uschedule', /18:00/).boundingBox();
    const lane = await page.locator('.lane.uschedule[data-bay="2"]').boundingBox();
    if (!from || !lane) throw new Error('they are not to be seen');
    await page.mouse.move(from.x + 20, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(lane.x + 40, from.y + 40, { steps: 4 });
    await page.mouse.move(lane.x + 20, from.y + 20 - 9.5 * 48, { steps: 4 });
    await page.mouse.up();
    await page.locator('#message', { hasText: 'The customer has moved the booking.' }).waitFor();
    await page.locator(`.lane.google[data-bay="2"] [data-appointment="${id}"]`).waitFor();
  });

  it('shows and explains an edit that USchedule refuses', async () => {
    const id = idOf('Ben K.');
    await block(page, id, 'google', /10:00/).locator('a').click();
    await page.locator('#chosen-title', { hasText: 'Ben K.' }).waitFor();
    const acts = page.locator('#acts fieldset', { hasText: 'The person in Google Calendar' });
    // Ana has booked this slot.
    await acts.getByLabel('at').fill('09:00');
    await acts.getByRole('button', { name: 'Move event' }).click();
    await page.locator('#story .put-back', { hasText: 'USchedule refused' }).waitFor();
    const words = await page.locator('#story .put-back .steps').first().innerText();
    expect(words).to.match(
      /^moved in Google Calendar .* USchedule refused: .* event reverted to .*10:00–11:00, Bay 1$/s,
    );
    await block(page, id, 'google', /10:00–11:00[\s\S]*reverted/).waitFor();
    // The first answer is replaced by the result, and stays visible.
    await page.locator('#message', { hasText: /^Ben K\. was reverted: moved .* USchedule refused/ }).waitFor();
    await page.evaluate('scrollTo(0, 2000)');
    expect(await page.locator('#message').boundingBox())
      .to.have.property('y')
      .that.is.within(0, 900);
    // The name of the row is for readers of the log.
    expect(await page.locator('#story').innerText()).not.to.contain('edit-refused');
    await page.getByText('Technical details').click();
    await page.locator('#story details', { hasText: 'edit-refused' }).waitFor();
    expect(startOf(id)).to.equal(timeOfDay(sandbox.day, '10:00'));
  });

  it('asks before a person deletes an event, and the booking is cancelled', async () => {
    const id = idOf('Hana Y.');
    await block(page, id, 'google', /13:00/).locator('a').click();
    const remove = page.getByRole('link', { name: 'Delete event …' });
    await remove.click();
    const dialog = page.getByRole('dialog', { name: 'Delete the event of Hana Y.' });
    expect(await dialog.innerText())
      .to.contain('cancels the booking')
      .and.to.contain('cannot be undone');
    await dialog.getByRole('link', { name: 'Change nothing' }).click();
    expect(sandbox.uschedule.booking(id)?.state).to.equal('live');
    await remove.click();
    await dialog.getByRole('button', { name: 'Delete 1 event' }).click();
    await waitFor('the booking', () => sandbox.uschedule.booking(id)?.state === 'canceled');
    await page
      .locator('#message', { hasText: 'Hana Y. is cancelled on both sides: deleted in Google Calendar' })
      .waitFor();
    await page.locator('.cancelled-list a', { hasText: 'Hana Y.' }).click();
    await page.locator('#chosen-title', { hasText: 'Hana Y.' }).waitFor();
    await page
      .locator('#story', { hasText: 'A cancellation cannot be undone: USchedule has no call for that.' })
      .waitFor();
    await page.locator('#said', { hasText: /Tomorrow, .*: all \d+ bookings synced, 1 cancelled\./ }).waitFor();
  });

  it('says that nothing is changed if the event already has the chosen time and bay', async () => {
    const id = idOf('Carla M.');
    await block(page, id, 'google', /13:30/).locator('a').click();
    await page.getByRole('button', { name: 'Move event' }).click();
    const said = 'The event already has this time and bay: nothing is changed.';
    await page.locator('#message', { hasText: said }).waitFor();
    expect((await page.locator('#message').innerText()).trim()).to.equal(said);
  });

  it('explains why an act of the sandbox is refused', async () => {
    const form = page.locator('#book form');
    await form.getByLabel('at').fill('09:00');
    await form.getByLabel('Bay').selectOption('1');
    const refused = page.waitForResponse((response) => response.url().endsWith('/console/sandbox/book'));
    await form.getByRole('button', { name: 'Book' }).click();
    expect((await refused).status()).to.equal(409);
    await page.locator('#message.refused', { hasText: /^Not possible: [A-Z][^.:]*\.$/ }).waitFor();
    // The browser itself reports the answer 409, and nothing else.
    expect(watched.complaints).to.have.length(1);
    (watched.complaints as string[]).length = 0;
  });

  it('shows the week by bay and day, and finds a customer on the day of the booking', async () => {
    const date = zonedFormat(sandbox.timeZone, sandbox.timeZones).date(sandbox.day);
    await page
      .locator(`.week .count[href="/?day=${date}#bay-1"]`, { hasText: /Bay 1, .* bookings.* synced/ })
      .waitFor();
    // From another day.
    await page.goto(sandbox.url);
    await page.keyboard.press('/');
    await page.keyboard.type('ivo');
    await page.keyboard.press('Enter');
    await page.locator('#chosen-title', { hasText: 'Ivo P.' }).waitFor();
    expect(new URL(page.url()).searchParams.get('day')).to.equal(date);
    await block(page, idOf('Ivo P.'), 'google', /Ivo P\./).waitFor();
    // Several customers: the list stays until one is chosen, and after that.
    await page.goto(sandbox.url);
    await page.getByLabel('Find').fill('a');
    await page.keyboard.press('Enter');
    await page.locator('#found a', { hasText: 'Farah N.' }).click();
    await page.locator('#chosen-title', { hasText: 'Farah N.' }).waitFor();
    expect(new URL(page.url()).searchParams.get('day')).to.equal(date);
    await page.locator('#found a', { hasText: 'Ana R.' }).waitFor();
  });

  it('distinguishes a day without bookings from a day that it has no data about', async () => {
    await page.goto(sandbox.url);
    await page
      .locator('#said', { hasText: /Yesterday, .*: no bookings on this day\.\s*Today, .*: no bookings on this day\./ })
      .waitFor();
    const { date } = zonedFormat(sandbox.timeZone, sandbox.timeZones);
    const cellOf = (day: number) => page.locator(`.week .count[href="/?day=${date(day)}#bay-1"]`);
    const today = sandbox.day - DAY;
    await cellOf(today)
      .and(page.locator('.none', { hasText: 'no bookings on this day' }))
      .waitFor();
    await cellOf(today - 3 * DAY)
      .and(page.locator('.not-known', { hasText: 'no data about this day' }))
      .waitFor();
    await page.goto(`${sandbox.url}/?day=${date(today - 3 * DAY)}`);
    await page.locator('.lane .empty', { hasText: 'no data' }).first().waitFor();
  });

  it('moves nothing for a message, and closes it on request', async () => {
    const heading = page.locator('#day');
    const before = await heading.boundingBox();
    const form = page.locator('#book form');
    await form.getByLabel('Name').fill('Quinn V.');
    await form.getByLabel('Bay').selectOption('1');
    await form.getByLabel('at').fill('08:00');
    await form.getByRole('button', { name: 'Book' }).click();
    await page.locator('#message', { hasText: 'Quinn V. is synced: booked in USchedule for' }).waitFor();
    expect(await heading.boundingBox()).to.deep.equal(before);
    await page.getByRole('button', { name: 'Close the message' }).click();
    await page.locator('#message:empty').waitFor({ state: 'attached' });
  });

  it('shows the state of a block without covering the name, and hours on one line, also with AM and PM', async () => {
    for (const width of [1280, 390]) {
      const other = await openPage(browser(), sandbox.url, { locale: 'en-US', viewport: { width, height: 900 } });
      await other.page.goto(page.url());
      const block = other.page.locator(`.lane.google [data-appointment="${idOf('Ben K.')}"]`);
      const name = await block.locator('.who').boundingBox();
      const state = await block.locator('.state').boundingBox();
      if (name === null || state === null) throw new Error('they are not to be seen');
      expect(state.y + state.height, 'end of the state').to.be.at.most(name.y + 1);
      const hours = (await other.page.evaluate(`[...document.querySelectorAll('.axis li')].map((hour) => {
        const range = document.createRange();
        range.selectNodeContents(hour);
        return range.getBoundingClientRect().height;
      })`)) as readonly number[];
      expect(Math.max(...hours), 'height of the tallest hour').to.be.within(8, 24);
      await other.close();
    }
  });

  it('shows what happened, filtered, live, and as a file', async () => {
    const at = new URL('/activity', sandbox.url).href;
    await page.goto(at);
    await isLive(page);
    expect(await seriousFindings(page)).to.deep.equal([]);
    await page.getByLabel('Search').fill('carla');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.locator('.activity li', { hasText: 'Carla M.' }).first().waitFor();
    expect(await page.locator('.activity li', { hasText: 'Ana R.' }).count()).to.equal(0);
    await page.goto(at);
    await isLive(page);
    await page.getByLabel('Kind').selectOption('booked');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.locator('.activity li', { hasText: 'Carla M.' }).first().waitFor();
    expect(await page.locator('.activity li', { hasText: 'cancelled' }).count()).to.equal(0);
    const name = 'Nadia L.';
    sandbox.uschedule.book({ unit: 5524, start: timeOfDay(sandbox.day, '07:00'), customerName: name });
    await page.locator('.activity li', { hasText: name }).waitFor();
    const file = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export for a spreadsheet' }).click();
    expect((await file).suggestedFilename()).to.equal('loft-sync-activity.csv');
  });

  it('leads from the board to the changes of today and of the bookings of its day, and back to that day', async () => {
    const { date, day } = zonedFormat(sandbox.timeZone, sandbox.timeZones);
    await page.getByRole('link', { name: 'history of this day' }).click();
    await page.getByRole('heading', { name: `Activity: changes of the bookings for ${day(sandbox.day)}` }).waitFor();
    await page.locator('.activity li', { hasText: 'Ana R.' }).first().waitFor();
    await page.getByRole('link', { name: 'back to the board' }).click();
    await page.locator('#day', { hasText: day(sandbox.day) }).waitFor();
    await page.getByRole('link', { name: 'what changed today' }).click();
    const today = sandbox.day - DAY;
    await page.getByRole('heading', { name: `Activity: changes made on ${day(today)}` }).waitFor();
    await page
      .locator('.activity li', { hasText: /Ana R\..*booked in USchedule/ })
      .first()
      .waitFor();
    await page.goto(`${sandbox.url}/activity?visit=${date(today)}`);
    await page.getByText('No change matches.').waitFor();
  });

  it('places overlapping events side by side', async () => {
    // A user may drag one event over another. USchedule refuses that, so both overlap only for a moment.
    const places = sideBySide([
      { start: 0, end: 60 },
      { start: 30, end: 90 },
      { start: 60, end: 120 },
      { start: 200, end: 260 },
    ]);
    expect(places).to.deep.equal([
      { column: 0, columns: 2 },
      { column: 1, columns: 2 },
      { column: 0, columns: 2 },
      { column: 0, columns: 1 },
    ]);
  });

  it('can be used by the keyboard alone', async () => {
    const id = idOf('Ivo P.');
    await page.locator(`[data-focus="uschedule-${id}"]`).focus();
    await page.keyboard.press('Enter');
    await page.locator('#chosen-title:focus', { hasText: 'Ivo P.' }).waitFor();
    await page.locator('[data-focus="after"]').focus();
    await page.keyboard.press('Enter');
    await page
      .locator('#day', { hasText: zonedFormat(sandbox.timeZone, sandbox.timeZones).day(sandbox.day + DAY) })
      .waitFor();
    await page.goBack();
    await block(page, id, 'google', /Ivo P\./).waitFor();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      it(`has no serious accessibility finding of axe in ${colorScheme} at ${width} pixels`, async () => {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 844 });
        await page.locator(`[data-focus="google-${idOf('Ben K.')}"]`).click();
        await page.locator('#story .story').waitFor();
        expect(await seriousFindings(page)).to.deep.equal([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).to.equal(true);
      });
    }
  }
});

describeInBrowser('the console of a service, in a browser', (browser) => {
  let studio: SimulatedStudio;
  let origin: string;
  let watched: WatchedPage;
  let page: Page;
  before(async () => {
    studio = await SimulatedStudio.open();
    const service = await studio.serve();
    origin = `http://127.0.0.1:${await service.listening()}`;
  });
  after(() => studio?.close());

  beforeEach(async () => {
    watched = await openPage(browser(), origin);
    page = watched.page;
  });
  afterEach(async () => {
    const { complaints, outside } = watched;
    await watched.close();
    expect(complaints, 'complaints of the browser').to.deep.equal([]);
    expect(outside, 'requests to elsewhere').to.deep.equal([]);
  });

  async function signIn(): Promise<void> {
    await page.goto(origin);
    await page.getByLabel('Admin token').fill('the-admin-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await isLive(page);
  }

  it('asks for the token, and signs out', async () => {
    await page.goto(origin);
    expect(await seriousFindings(page)).to.deep.equal([]);
    await page.getByLabel('Admin token').fill('another');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    (watched.complaints as string[]).length = 0;
    await signIn();
    const [cookie] = await page.context().cookies();
    expect(cookie).to.include({ name: 'loft_session', httpOnly: true, sameSite: 'Strict' });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Admin token').waitFor();
    await page.goto(origin);
    await page.getByLabel('Admin token').waitFor();
  });

  it('shows a dead letter and replays it', async () => {
    await signIn();
    studio.google.addFault({ kind: 'answer', status: 400, reason: 'invalid', method: 'events.insert' });
    const id = studio.book(30);
    const replay = page.getByRole('button', { name: `Try again: appointment ${id}` });
    await replay.waitFor();
    const day = zonedFormat('America/Phoenix', intlTimeZones()).date(
      startOfDay(studio.hour(30), 'America/Phoenix', intlTimeZones()),
    );
    await page.goto(`${origin}/?day=${day}`);
    await isLive(page);
    await page.locator(`.lane.uschedule .dead-letter[data-appointment="${id}"]`).waitFor();
    await replay.click();
    await page.locator('#message', { hasText: /is being retried|is synced/ }).waitFor();
    await page.locator('#message', { hasText: 'is synced' }).waitFor();
    await page.locator(`.lane.google .in-step[data-appointment="${id}"]`).waitFor();
    await page.locator('#letters', { hasText: 'Nothing needs attention' }).waitFor();
    expect(studio.eventOf(id)).not.to.equal(null);
    expect(studio.hour(30) % HOUR).to.equal(0);
  });

  it('explains why a bay is red, since when, and what to do', async () => {
    await signIn();
    studio.google.addFault({ kind: 'answer', status: 404, reason: 'notFound', method: 'events.list' });
    const trouble = page.locator('.trouble').first();
    await trouble.waitFor();
    expect(await trouble.innerText()).to.match(
      /The calendar of Bay [12] cannot be used\. It was last read at \d\d:\d\d\. .*share it with .* as "Make changes to events"/s,
    );
    expect(await seriousFindings(page)).to.deep.equal([]);
    studio.google.clearFaults();
    await trouble.waitFor({ state: 'detached', timeout: 60_000 });
  });

  it('works without JavaScript', async () => {
    const plain = await openPage(browser(), origin, { javaScriptEnabled: false });
    await plain.page.goto(origin);
    await plain.page.getByLabel('Admin token').fill('the-admin-token');
    await plain.page.getByRole('button', { name: 'Sign in' }).click();
    await plain.page.getByRole('link', { name: 'day after' }).click();
    expect(plain.page.url()).to.contain('?day=');
    await plain.page.locator('.bay').first().waitFor();
    await plain.close();
  });
});
