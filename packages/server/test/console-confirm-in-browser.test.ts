import { HOUR } from '@loft/sync-core';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { zonedFormat } from '#src/http/zoned-format.js';
import { startSandbox, type Sandbox } from '#src/sandbox/start-sandbox.js';
import { dayIsMirrored } from '#src/sandbox/tour.js';
import { describeInBrowser, openPage, seriousFindings, type WatchedPage } from './support/browser.js';
import { waitFor } from './support/wait-for.js';

describeInBrowser('the confirmation step of the console, in a browser', (browser) => {
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
  const addressOf = (id = ''): string => {
    const date = zonedFormat(sandbox.timeZone, sandbox.timeZones).date(sandbox.day);
    return `${sandbox.url}/?day=${date}${id === '' ? '' : `&appointment=${id}`}`;
  };

  it('shows what an undo would do, does nothing when it is closed, and undoes the change when it is confirmed', async () => {
    const id = idOf('Jules D.');
    const before = startOf(id);
    sandbox.uschedule.move(id, { start: before + HOUR });
    await page.goto(addressOf(id));
    const undo = page.getByRole('link', { name: 'Undo this change …' });
    await undo.click();
    const dialog = page.getByRole('dialog', { name: 'Undo a change of Jules D.' });
    await dialog.waitFor();
    expect(await dialog.innerText()).to.match(/move the booking back to .* 19:00–20:00, Bay 2/);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await undo.click();
    await dialog.getByRole('link', { name: 'Change nothing' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(startOf(id)).to.equal(before + HOUR);
    await undo.click();
    await dialog.getByRole('button', { name: 'Move 1 booking back' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page
      .locator('#message', { hasText: /^Jules D\. is syncing: .*booking moved back to .*\. The event follows/ })
      .waitFor();
    // Until then neither side counts as synced.
    await page.locator(`.lane.uschedule .on-its-way[data-appointment="${id}"]`, { hasText: '19:00–20:00' }).waitFor();
    await waitFor('the booking', () => startOf(id) === before);
    await page.locator('#story', { hasText: 'a person undid the change before' }).waitFor();
    await page.locator(`.lane.google [data-appointment="${id}"]`, { hasText: '19:00–20:00' }).waitFor();
    await page.locator('#message', { hasText: /^Jules D\. is synced: the event follows the undo/ }).waitFor();
  });

  it('says that the appointment has changed meanwhile, and undoes nothing', async () => {
    const id = idOf('Emil W.');
    const before = startOf(id);
    sandbox.uschedule.move(id, { start: before + HOUR });
    await page.goto(addressOf(id));
    await page.getByRole('link', { name: 'Undo this change …' }).click();
    const button = page.getByRole('button', { name: 'Move 1 booking back' });
    await button.waitFor();
    sandbox.uschedule.move(id, { start: before + 2 * HOUR });
    await page.locator(`.lane.google [data-appointment="${id}"]`, { hasText: '20:00–22:00' }).waitFor();
    await button.click();
    await page
      .getByRole('alert')
      .filter({ hasText: /was changed again since/ })
      .waitFor();
    expect(startOf(id)).to.equal(before + 2 * HOUR);
    // The browser itself reports the answers 409 and 404, and nothing else.
    expect(watched.complaints.every((complaint) => /status of 40[49]/.test(complaint))).to.equal(true);
    (watched.complaints as string[]).length = 0;
  });

  it('lists the held edits of a bay, is accessible in each colour scheme and width, and releases only these edits', async () => {
    const events = sandbox.uschedule.liveBookings().filter(({ unit }) => unit === sandbox.uschedule.units[0]?.id);
    expect(events.length).to.be.greaterThan(2);
    // All deletions at once: with pauses, the first booking would be cancelled before the guard counts the last deletion.
    const calendarId = sandbox.bays[0]?.calendarId ?? '';
    for (const { id } of events) sandbox.google.person.deleteEvent(calendarId, `loft${id}`);
    await page.goto(addressOf());
    const release = page.getByRole('link', { name: 'Carry out these edits …' });
    await release.waitFor();
    // A held edit is not synced, neither on the day nor in the week.
    await page.locator(`.lane.uschedule .dead-letter[data-appointment="${events[0]?.id}"]`).waitFor();
    await page
      .locator('.week .count.dead-letter', { hasText: `${events.length} of ${events.length} bookings need attention` })
      .waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 390]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 844 });
        await release.click();
        const dialog = page.getByRole('dialog');
        await dialog.getByRole('button', { name: `Carry out ${events.length} edits` }).waitFor();
        expect(await seriousFindings(page), `${colorScheme}, ${width} wide`).to.deep.equal([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).to.equal(true);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'hidden' });
      }
    }
    expect(sandbox.uschedule.liveBookings()).to.have.length.greaterThan(events.length);
    await page.getByRole('link', { name: 'Revert these edits …' }).click();
    const revert = page.getByRole('dialog').getByRole('button', { name: `Revert ${events.length} edits` });
    await revert.click();
    await page.locator('#message', { hasText: `${events.length} edits are reverted.` }).waitFor();
    const [first] = events;
    await page.locator(`.lane.google [data-appointment="${first?.id}"]`).waitFor();
    expect(events.every(({ id }) => sandbox.uschedule.booking(id)?.state === 'live')).to.equal(true);
  });

  it('is a separate page without JavaScript', async () => {
    const id = idOf('Gus T.');
    const before = startOf(id);
    sandbox.uschedule.move(id, { start: before + HOUR });
    await page.goto(addressOf(id));
    await page.getByRole('link', { name: 'Undo this change …' }).waitFor();
    const plain = await openPage(browser(), sandbox.url, { javaScriptEnabled: false });
    await plain.page.goto(addressOf(id));
    await plain.page.getByRole('link', { name: 'Undo this change …' }).click();
    await plain.page.getByRole('heading', { name: 'Undo a change of Gus T.' }).waitFor();
    await plain.page.getByRole('button', { name: 'Move 1 booking back' }).click();
    expect(plain.page.url()).to.equal(addressOf(id));
    await plain.close();
    await waitFor('the booking', () => startOf(id) === before);
  });
});
