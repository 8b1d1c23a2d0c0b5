import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR, MINUTE } from '@loft/sync-core';
import { expect } from 'chai';
import { doctor } from '#src/cli/doctor.js';
import { plan } from '#src/cli/plan.js';
import { createProgram } from '#src/cli/program.js';
import { readEnvironment } from '#src/config/environment.js';
import { settingsFileSchema } from '#src/config/settings-file.js';
import { freePort } from '#src/process/free-port.js';
import { docPages, ROOT } from './support/doc-pages.js';
import { ADMIN_TOKEN, HttpWorld } from './support/http-world.js';
import { ServiceProcess } from './support/service-process.js';
import { minimalEnvironment, minimalFile, serviceAccountJson } from './support/settings-fixture.js';
import { QUICK, SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

/** Blocks without a language that show no output: pseudocode, and a tree of folders. */
const NO_OUTPUT = [/^for a few rounds\n/, /^src\/main\.ts /];
/** Pages whose requests another test sends. */
const SENT_ELSEWHERE = new Set(['docs/hints.md']);

/** The blocks without a language of a page. */
function outputsOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return blocks.filter(([, language]) => language === '').map(([, , block = '']) => block);
}

/** The settings in JSON on a page, whole files and parts of them. Other JSON has a type or a data object. */
function settingsOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  return [...text.matchAll(/^```json\n(.*?)^```$/gms)]
    .map(([, block = '']) => (block.startsWith('{') ? block : `{${block}}`))
    .map((json) => JSON.parse(json) as Record<string, unknown>)
    .filter((value) => !('data' in value));
}

/** The requests with `curl` of a page, in shell blocks and code spans. */
function requestsOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^ *```(?:sh|bash)\n(.*?)^ *```/gms)].map(([, block = '']) => block);
  const spans = [...text.replaceAll(/^ *```.*?^ *```/gms, '').matchAll(/`(curl [^`]+)`/g)].map(([, span = '']) => span);
  return [...blocks.flatMap((block) => block.replaceAll('\\\n', ' ').split('\n')), ...spans].filter((line) =>
    /^ *curl /.test(line),
  );
}

/** The methods and paths that a page names in code spans, with real values for their placeholders. */
function routesOf(text: string): readonly (readonly [method: string, path: string])[] {
  const values: Readonly<Record<string, string>> = { id: '700123', bay: '1', name: 'bookings' };
  return [...text.matchAll(/`(GET|POST) (\/[^`\s]*)`/g)].map(([, method = '', path = '']) => [
    method,
    path.replaceAll(/[{<](\w+)[}>]/g, (placeholder, name: string) => values[name] ?? placeholder),
  ]);
}

/** A text with other numbers, weekdays and months, and without line wraps: two outputs of the same form are equal. */
function formOf(text: string): string {
  return text
    .replaceAll(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g, 'Day')
    .replaceAll(/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g, 'Month')
    .replaceAll(/\S+@\S+/g, 'address')
    .replaceAll(/\d+/g, '0')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The parts of a shown output, which `…` separates, without the line of the command. */
function partsOf(block: string): readonly string[] {
  return block
    .replaceAll(/^\$ .*\n/gm, '')
    .split(/^…$/m)
    .map(formOf)
    .filter((part) => part !== '');
}

describe('the documentation', function () {
  this.timeout(300_000);
  let pages: ReadonlyMap<string, string>;
  let directory: string;
  const tried = new Set<string>();
  before(async () => {
    pages = new Map((await docPages()).map(({ name, text }) => [name, text]));
    directory = await mkdtemp(join(tmpdir(), 'loft-sync-docs-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** The only shown output of a page that contains a text. */
  function shown(page: string, text: string): string {
    const blocks = outputsOf(pages.get(page) ?? '').filter((block) => block.includes(text));
    expect(blocks, `outputs of ${page} with “${text}”`).to.have.length(1);
    tried.add(blocks[0] ?? '');
    return blocks[0] ?? '';
  }

  function expectParts(output: string, block: string): void {
    const parts = partsOf(block);
    expect(parts.length).to.be.greaterThan(0);
    for (const part of parts) expect(formOf(output)).to.contain(part);
  }

  it('shows the output of a service that cannot start', async () => {
    const path = join(directory, 'loft-sync.config.json');
    await writeFile(path, JSON.stringify({ ...minimalFile, uschedule: { pollSecond: 30 } }));
    const { USCHEDULE_APP_KEY: _missing, ...environment } = minimalEnvironment;
    const account = { ...environment, GOOGLE_SERVICE_ACCOUNT_JSON: serviceAccountJson };
    const process = new ServiceProcess(['config', 'check', '--config', path], account);
    expect((await process.end()).code).to.equal(78);
    const output = process.stderr.replaceAll(path, './loft-sync.config.json');
    expect(output.trim()).to.equal(shown('packages/server/README.md', 'The service cannot start').trim());
  });

  it('shows the outputs of doctor and plan', async () => {
    const studio = await SimulatedStudio.open({ settings: QUICK });
    try {
      const lines = { doctor: '', plan: '' };
      const outputTo = (name: keyof typeof lines) => ({
        out: (text: string) => void (lines[name] += `${text}\n`),
        err: (text: string) => void (lines[name] += `${text}\n`),
      });
      // 10:00 at the studio (UTC−7), so that no slot ends on the next day.
      const ten = 24 + ((24 + 17 - new Date(studio.hour(0)).getUTCHours()) % 24);
      const id = studio.book(ten);
      await studio.serveHere();
      await waitFor('the event', () => studio.eventOf(id) !== null);
      await studio.settled();
      await studio.stopHere();

      studio.uschedule.move(id, { start: studio.hour(ten + 2), unit: 5524 });
      expect(await plan(readEnvironment(studio.environment), outputTo('plan'), {})).to.equal(0);
      studio.google.shareCalendar(studio.bays[1]?.calendarId ?? '', 'reader');
      const port = String(await freePort(0));
      const reachable = { ...studio.environment, PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` };
      expect(await doctor(readEnvironment(reachable), outputTo('doctor'), false, { syncWaitMs: 3000 })).to.equal(1);

      const [ofDoctor = '', ofPlan = ''] = shown('packages/server/README.md', '$ loft-sync doctor').split('\n\n');
      expectParts(lines.doctor, ofDoctor);
      expectParts(lines.plan, ofPlan);
    } finally {
      await studio.close();
    }
  });

  it('shows the output of explain', async () => {
    const world = await new HttpWorld().start();
    try {
      const start = world.clock.now() + 24 * HOUR;
      const id = world.bookings.user.book({ unit: 5523, start, customerName: 'Ana R.' });
      world.bookings.user.book({ unit: 5523, start: start + 3 * HOUR, customerName: 'Ben K.' });
      await world.clock.advance(2 * MINUTE);
      world.calendars.person.dragEvent(world.bays[0]?.calendarId ?? '', `loft${id}`, { start: start + 3 * HOUR });
      await world.clock.advance(6 * MINUTE);
      let output = '';
      const environment = readEnvironment({ LOFT_SYNC_URL: world.url, ADMIN_TOKEN });
      const write = (text: string): void => void (output += `${text}\n`);
      const program = createProgram(environment, { out: write, err: write }, () => undefined);
      await program.parseAsync(['node', 'loft-sync', 'explain', id]);
      expect(formOf(output)).to.equal(formOf(shown('docs/journal.md', 'Appointment 700123')));
    } finally {
      await world.close();
    }
  });

  it('shows no output that is not tried here', () => {
    const outputs = [...pages.values()].flatMap(outputsOf);
    expect(outputs.length).to.be.greaterThan(NO_OUTPUT.length);
    const others = outputs.filter((block) => !tried.has(block) && !NO_OUTPUT.some((form) => form.test(block)));
    expect(others).to.deep.equal([]);
  });

  it('has only settings that the service accepts', () => {
    const files = [...pages.values()].flatMap(settingsOf);
    expect(files.length).to.be.greaterThan(3);
    for (const file of files) {
      const read = settingsFileSchema.safeParse({ ...minimalFile, ...file });
      expect(read.error?.issues ?? [], JSON.stringify(file)).to.deep.equal([]);
    }
    expect(settingsFileSchema.safeParse({ ...minimalFile, signal: [] }).success).to.equal(false);
  });

  it('names only routes that exist', async () => {
    const world = await new HttpWorld().start();
    try {
      const routes = [...pages].flatMap(([, text]) => routesOf(text));
      expect(routes.length).to.be.greaterThan(30);
      const isMissing = async ([method, path]: readonly [string, string]): Promise<boolean> => {
        const { status, text } = await world.admin(method, path);
        return status === 405 || text.includes('There is nothing at');
      };
      const missing: string[] = [];
      for (const route of routes) if (await isMissing(route)) missing.push(route.join(' '));
      expect(missing).to.deep.equal([]);
      expect(await isMissing(['GET', '/admin/hold'])).to.equal(true);
      expect(await isMissing(['POST', '/admin/held'])).to.equal(true);
    } finally {
      await world.close();
    }
  });

  it('has only requests with curl that succeed, or that are marked as not run', async function () {
    if (spawnSync('curl', ['--version'], { stdio: 'ignore' }).error !== undefined) {
      const problem = 'The requests of the documentation were not sent: there is no curl here.';
      if (process.env['CI'] === 'true') throw new Error(problem);
      process.stderr.write(`\n*** ${problem} ***\n\n`);
      this.skip();
    }
    const world = await new HttpWorld().start();
    try {
      const requests = [...pages]
        .filter(([name, text]) => !SENT_ELSEWHERE.has(name) && !text.includes('The tests do not run'))
        .flatMap(([, text]) => requestsOf(text));
      expect(requests).to.have.length.above(0);
      const answers = await Promise.all(requests.map((request) => statusOf(request, world.url)));
      for (const [index, status] of answers.entries()) expect(status, requests[index]).to.match(/^20\d$/);
    } finally {
      await world.close();
    }
  });
});

/** Sends a request as a shell does. @returns the status of the answer */
async function statusOf(request: string, url: string): Promise<string> {
  const { PATH = '' } = process.env;
  const env = { PATH, LOFT_SYNC_URL: url, ADMIN_TOKEN };
  const child = spawn('sh', ['-c', `${request} --silent --output /dev/null --write-out '%{http_code}'`], {
    env,
    cwd: ROOT,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}
