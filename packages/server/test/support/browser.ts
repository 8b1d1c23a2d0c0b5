import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `CHROMIUM`, or the first browser on the path; null if there is none. */
function findBrowser(): string | null {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM) return CHROMIUM;
  const places = PATH.split(delimiter).flatMap((directory) => NAMES.map((name) => join(directory, name)));
  return places.find(isProgram) ?? null;
}

/**
 * A suite in a real browser. It is skipped with a message if there is none.
 */
export function describeInBrowser(title: string, body: (browser: () => Browser) => void): void {
  describe(title, function () {
    this.timeout(300_000);
    let browser: Browser | null = null;
    before(async function () {
      const executablePath = findBrowser();
      if (executablePath === null) {
        const problem = 'There is no Chromium on this machine: the console was not tested in a browser.';
        process.stderr.write(`\n*** ${problem} Install one, or name it in CHROMIUM. ***\n\n`);
        this.skip();
      }
      browser = await chromium.launch({ executablePath, args: FLAGS });
    });
    after(() => browser?.close());
    body(() => {
      if (!browser) throw new Error('the browser is not open');
      return browser;
    });
  });
}

/** A page that records what must not happen: errors of the browser, and requests to other hosts. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly outside: readonly string[];
  close(): Promise<void>;
}

export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const outside: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    if (asked !== origin && protocol !== 'data:') outside.push(request.url());
  });
  return { page, complaints, outside, close: () => context.close() };
}

/** The findings of axe that are serious or worse, as text. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // The page's policy forbids other scripts; the browser's console may run them.
  await page.evaluate(axe.source);
  const run = (await page.evaluate('axe.run(document)')) as AxeResults;
  const serious = run.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
