import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { describeInBrowser, openPage, seriousFindings, type WatchedPage } from './support/browser.js';
import { SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const BAYS = Array.from({ length: 30 }, (_, index) => ({
  bay: `${index + 1}`,
  name: `Bay ${index + 1}`,
  resourceUnitId: 5001 + index,
  calendarId: `bay-${index + 1}@group.calendar.google.com`,
}));
const UNIT_OF_LAST_BAY = 5030;

interface Box {
  readonly top: number;
  readonly bottom: number;
}

describeInBrowser('the console of a service with 30 bays, in a browser', (browser) => {
  let studio: SimulatedStudio;
  let origin: string;
  let watched: WatchedPage;
  let page: Page;
  let lastBooking: string;

  before(async () => {
    studio = await SimulatedStudio.open({
      bays: BAYS,
      uschedule: { units: BAYS.map(({ resourceUnitId: id, name: description }) => ({ id, description })) },
      settings: { google: { quotaPerMinute: 60_000 } },
    });
    const service = await studio.serve();
    origin = `http://127.0.0.1:${await service.listening()}`;
    for (const { resourceUnitId } of BAYS) studio.book(30, `Guest of unit ${resourceUnitId}`, resourceUnitId);
    lastBooking = studio.book(32, 'Zoe L.', UNIT_OF_LAST_BAY);
    await waitFor('every event', () => studio.events.length === BAYS.length + 1);
  });
  after(() => studio?.close());

  afterEach(async () => {
    const { complaints, outside } = watched;
    await watched.close();
    expect(complaints, 'complaints of the browser').to.deep.equal([]);
    expect(outside, 'requests to elsewhere').to.deep.equal([]);
  });

  async function open(width: number, height: number): Promise<void> {
    watched = await openPage(browser(), origin, { viewport: { width, height } });
    page = watched.page;
    await page.goto(origin);
    await page.getByLabel('Admin token').fill('the-admin-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('#live[data-state="on"]').waitFor();
  }

  const boxesOf = (selector: string): Promise<readonly Box[]> =>
    page.evaluate(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => one.getBoundingClientRect())
        .map(({ top, bottom }) => ({ top, bottom }))`,
    );

  for (const [width, height] of [
    [1280, 900],
    [390, 844],
  ] as const) {
    it(`shows the week of all bays on one screen of ${width} × ${height}, and the page itself does not scroll sideways`, async () => {
      await open(width, height);
      const rows = await boxesOf('.week tr');
      expect(rows).to.have.length(1 + BAYS.length);
      const tall = (rows.at(-1)?.bottom ?? Infinity) - (rows[0]?.top ?? 0);
      expect(tall, 'height of the table').to.be.lessThan(height);
      // Where the days are scrolled, the name of the bay stays.
      await page.locator('.scroll').first().evaluate('(region) => region.scrollTo(1000, 0)');
      const name = await page.locator('.week th', { hasText: /^Bay 30$/ }).boundingBox();
      expect(name?.x).to.be.within(0, width / 2);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'no overflow').to.equal(true);
      expect(await seriousFindings(page)).to.deep.equal([]);
    });

    it(`leads from a cell of the week to that bay and day, and back, at ${width} pixels`, async () => {
      await open(width, height);
      const cells = page.locator('.week tbody tr', { hasText: 'Bay 30' }).locator('.count');
      await cells.nth(4).click();
      const inView = async (selector: string): Promise<boolean> => {
        const box = await page.locator(selector).boundingBox();
        return box !== null && box.y >= 0 && box.y < height * 0.6;
      };
      await waitFor('the bay to be in view', () => inView('#bay-30'));
      expect(page.url()).to.match(/\?day=\d{4}-\d\d-\d\d#bay-30$/);
      await page.getByRole('link', { name: 'From Bay 30 back to the week' }).click();
      await waitFor('the week to be in view', () => inView('#week'));
    });

    it(`shows the story of a chosen booking without a scroll, at ${width} pixels`, async () => {
      await open(width, height);
      await page.getByLabel('Find').fill('zoe');
      await page.keyboard.press('Enter');
      await page.locator('#found a', { hasText: 'Zoe L.' }).click();
      await page.locator(`.lane.google[data-bay="30"] [data-appointment="${lastBooking}"] a`).click();
      const standing = page.locator('#story .standing');
      await waitFor('the story to be in view', async () => {
        const box = await standing.boundingBox();
        return box !== null && box.y >= 0 && box.y + box.height <= height;
      });
    });

    it(`shows the day of the last bay, and its customer by a search, at ${width} pixels`, async () => {
      await open(width, height);
      await page.getByLabel('Find').fill('zoe');
      await page.keyboard.press('Enter');
      await page.locator('#found a', { hasText: 'Zoe L.' }).click();
      await page.locator('#chosen-title', { hasText: 'Zoe L.' }).waitFor();
      const event = page.locator(`.lane.google[data-bay="30"] [data-appointment="${lastBooking}"]`);
      await event.scrollIntoViewIfNeeded();
      const box = await event.boundingBox();
      expect(box?.x).to.be.within(0, width - (box?.width ?? Infinity));
      expect(await page.locator('.bay').count()).to.equal(BAYS.length);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'no overflow').to.equal(true);
      expect(await seriousFindings(page)).to.deep.equal([]);
    });
  }
});
