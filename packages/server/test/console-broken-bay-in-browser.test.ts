import { intlTimeZones } from '@loft/sync-core';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { zonedFormat } from '#src/http/zoned-format.js';
import { describeInBrowser, openPage, seriousFindings, type WatchedPage } from './support/browser.js';
import type { ServiceProcess } from './support/service-process.js';
import { SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const BAY_2 = 'bay-2@group.calendar.google.com';
const UNIT_OF_BAY_2 = 5524;
const ADMINS = { ADMIN_TOKENS: 'Rita:read:the-token-of-rita' };

describeInBrowser('the console while the calendar of a bay is not shared, in a browser', (browser) => {
  let studio: SimulatedStudio;
  let service: ServiceProcess;
  let origin: string;
  let watched: WatchedPage;
  let page: Page;
  let mirrored: string;
  let waiting: string;

  before(async () => {
    studio = await SimulatedStudio.open();
    service = await studio.serve(ADMINS);
    origin = `http://127.0.0.1:${await service.listening()}`;
    mirrored = studio.book(30, 'Ana R.', UNIT_OF_BAY_2);
    await waitFor('the event', () => studio.eventOf(mirrored) !== null);
    studio.google.shareCalendar(BAY_2, 'none');
    waiting = studio.book(32, 'Zoe L.', UNIT_OF_BAY_2);
    await waitFor('the service to notice', async () => !(await fetch(`${origin}/ready`)).ok);
  });
  after(() => studio?.close());

  afterEach(async () => {
    const { complaints, outside } = watched;
    await watched.close();
    expect(complaints, 'complaints of the browser').to.deep.equal([]);
    expect(outside, 'requests to elsewhere').to.deep.equal([]);
  });

  async function open(width = 1280, token = 'the-admin-token'): Promise<void> {
    watched = await openPage(browser(), origin, { viewport: { width, height: 844 } });
    page = watched.page;
    await page.goto(origin);
    await page.getByLabel('Admin token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('#live[data-state="on"]').waitFor();
  }

  /** The date of that hour at the studio. */
  const dateIn = (hours: number): string => zonedFormat('America/Phoenix', intlTimeZones()).date(studio.hour(hours));

  for (const width of [1280, 390]) {
    it(`leads from the first line to the reason and the remedy, at ${width} pixels`, async () => {
      await open(width);
      const line = page.locator('#readiness li', { hasText: 'The calendar of Bay 2 cannot be used' });
      await line.getByRole('link', { name: 'why, and what to do' }).click();
      const trouble = page.getByRole('group', { name: 'Trouble of Bay 2' });
      const box = await trouble.boundingBox();
      expect(box?.y).to.be.within(0, 844 - (box?.height ?? Infinity));
      // The address of the service's account is what a person needs to share the calendar.
      expect(await trouble.innerText()).to.contain('share it with sync-bot@simulator.example');
      expect(await seriousFindings(page)).to.deep.equal([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'no overflow').to.equal(true);
    });
  }

  it('does not say that nothing needs attention', async () => {
    await open();
    await page.locator('#troubles', { hasText: 'The calendar of Bay 2 cannot be used' }).waitFor();
    expect(await page.getByText('Nothing needs attention').count()).to.equal(0);
  });

  it('shows no booking of that bay as synced, neither in the week nor on its day', async () => {
    await open();
    await page.goto(`${origin}/?day=${dateIn(30)}`);
    await page.locator(`.lane.google .not-known[data-appointment="${mirrored}"]`).waitFor();
    const cell = page.locator('.week .count', { hasText: /Bay 2, .*not known, because the calendar cannot be read/ });
    await cell.waitFor();
    expect(await page.locator('.week .count.in-step', { hasText: 'Bay 2' }).count()).to.equal(0);
    await page.locator('.week th', { hasText: /^Bay 2 !/ }).waitFor();
  });

  it('shows a booking that has no event yet: on its day, in the week, in a search, and in the activity', async () => {
    await open();
    await page.goto(`${origin}/?day=${dateIn(32)}`);
    await page.locator(`.lane.uschedule .on-its-way[data-appointment="${waiting}"]`, { hasText: 'Zoe L.' }).waitFor();
    await page
      .locator('.week .count.on-its-way', { hasText: /Bay 2, .*(?:1 booking, syncing|1 of 2 bookings syncing)/ })
      .waitFor();
    await page.getByLabel('Find').fill('zoe');
    await page.keyboard.press('Enter');
    await page.locator('#found li', { hasText: 'not in the calendar yet' }).getByRole('link').click();
    await page.locator('#chosen-title', { hasText: 'Zoe L.' }).waitFor();
    await page.locator('#story', { hasText: 'Its event does not exist yet: the service tries again.' }).waitFor();
    await page.getByRole('link', { name: 'what changed today' }).click();
    await page.locator('.activity li', { hasText: 'Zoe L.' }).first().waitFor();
  });

  it('says that the booking waits for the calendar, without a time that passes', async () => {
    await open();
    await page.goto(`${origin}/?day=${dateIn(32)}&appointment=${waiting}`);
    const words = 'is tried again when the calendar can be used again';
    await page.locator('#story .waiting', { hasText: words }).waitFor({ timeout: 60_000 });
    await page.goto(`${origin}/activity?q=zoe`);
    await page.locator('.activity li', { hasText: words }).first().waitFor({ timeout: 60_000 });
  });

  // A second attempt is made only if the calendar had not been found unreadable before.
  it('shows the failed attempts as one line of the history', async () => {
    await open();
    await page.goto(`${origin}/?day=${dateIn(32)}&appointment=${waiting}`);
    await page
      .locator('#story .waiting', { hasText: /booked in USchedule .*(?:attempts since .*)?is tried again/ })
      .waitFor({ timeout: 60_000 });
    expect(await page.locator('#story .story li').count()).to.equal(1);
  });

  it('shows it also after a restart, before the service has tried again', async () => {
    await service.stop();
    service = studio.run(['serve'], ADMINS);
    origin = `http://127.0.0.1:${await service.listening()}`;
    await waitFor('the first poll', async () => {
      const headers = { Authorization: 'Bearer the-admin-token' };
      return (await (await fetch(`${origin}/admin/bookings?q=zoe`, { headers })).text()).includes('PENDING');
    });
    const find = studio.run(['find', 'zoe'], { LOFT_SYNC_URL: origin });
    await find.end();
    expect(find.stdout).to.match(new RegExp(`^${waiting} +Zoe L\\. +.+ +Bay 2 +pending$`, 'm'));
    await open();
    await page.goto(`${origin}/?day=${dateIn(32)}`);
    await page.locator(`.lane.uschedule .on-its-way[data-appointment="${waiting}"]`, { hasText: 'Zoe L.' }).waitFor();
  });

  it('names the person, and says that the role may only read', async () => {
    await open(1280, 'the-token-of-rita');
    await page.locator('header', { hasText: 'Rita (may only read)' }).waitFor();
  });

  it('is green again by itself once the calendar is shared, and the booking has its event', async () => {
    await open();
    studio.google.shareCalendar(BAY_2, 'writer');
    await page.goto(`${origin}/?day=${dateIn(32)}`);
    await page.locator(`.lane.google .in-step[data-appointment="${waiting}"]`).waitFor({ timeout: 240_000 });
    await page.locator('#readiness', { hasText: 'Ready: all parts work.' }).waitFor({ timeout: 240_000 });
    await page.locator('.week .count.in-step', { hasText: 'Bay 2' }).first().waitFor();
  });
});
