import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { requireRadicale, startRadicale } from '../../scripts/radicale.mjs';

/** The first installation of the server takes a minute. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;
const log = (message: string): void => void process.stderr.write(`${message}\n`);
const run = promisify(execFile);
const atExamples = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Runs an example to its own end; rejects when it exits with another code than 0. Answers what it printed. */
async function output(example: string, variables: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const options = { timeout: 50_000, env: { ...process.env, ...variables } };
  const { stdout } = await run(process.execPath, [atExamples(`dist/${example}.js`)], options);
  return stdout.trimEnd().split('\n');
}

describe('the examples', () => {
  it('embed-engine mirrors a booking and carries an edit back', async () => {
    expect(await output('embed-engine')).to.deep.equal([
      'Bay 1 shows loft700001: Ana R., 2026-05-09T18:00:00.000Z',
      'Booking 700001 is now at 2026-05-09T20:00:00.000Z',
    ]);
  });

  it('embed-with-adapters does it over HTTP and keeps it in SQLite', async () => {
    expect(await output('embed-with-adapters')).to.deep.equal(['create: loft700001', "[ 'Ana R.' ]"]);
  });

  it('subscribe-to-events tells what the engine does, and counts its calls', async () => {
    const lines = await output('subscribe-to-events');
    expect(lines).to.include.members([
      'USCHEDULE_TO_GCAL: create for 700001 (new-booking): ok',
      'GCAL_TO_USCHEDULE: cancel for 700001 (event-deleted): ok',
      'the engine has stopped',
      'google insertEvent: 1',
      'uschedule cancelBooking: 1',
    ]);
    expect(lines.filter((line) => line.includes('GCAL'))).to.have.length(2);
  });

  it('own-booking-adapter keeps the contract of the port', async () => {
    const lines = await output('own-booking-adapter');
    const count = lines.filter((line) => line.startsWith('ok ')).length;
    expect(count).to.be.greaterThan(15);
    expect(lines.at(-1)).to.equal(`Tee Time Club keeps ${count} of the ${count} promises of the port.`);
  });

  it('club-service runs the whole service with the booking system that the settings file names', async () => {
    expect(await output('club-service')).to.deep.equal([
      'North shows loft700001: Ana R.',
      'Reservation 700001 is in the lane south',
      'the metrics count calls to tee-time-club',
    ]);
  });

  it('caldav-service runs the whole service with CalDAV calendars that the settings file names', async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    const radicale = requireRadicale(await startRadicale({ log }), () => this.skip());
    try {
      for (const name of ['bay-1', 'bay-2']) await radicale.createCalendar(name);
      const { home, username, password } = radicale.account;
      const variables = { CALDAV_HOME: home, CALDAV_USERNAME: username, CALDAV_PASSWORD: password };
      const [created, moved, ...others] = await output('caldav-service', variables);
      const id = /^Bay 1 shows loft(\d+): Ana R\.$/.exec(created ?? '')?.[1];
      expect([moved, ...others]).to.deep.equal([
        `Bay 2 shows loft${id}g1: Ana R.`,
        `Booking ${id} is canceled`,
        'the metrics count calls to caldav',
      ]);
    } finally {
      await radicale.stop();
    }
  });

  it('simulators-in-tests tests a program of its own', async () => {
    const lines = await output('simulators-in-tests');
    expect(lines.filter((line) => /\b(?:pass|fail) \d/.test(line)).map((line) => line.slice(2))).to.deep.equal([
      'pass 3',
      'fail 0',
    ]);
  });
});

describe('the page about embedding', () => {
  it('shows the program that is run here', async () => {
    const program = await readFile(atExamples('src/embed-engine.ts'), 'utf8');
    const page = await readFile(atExamples('../docs/embedding.md'), 'utf8');
    expect(page).to.include(`\`\`\`ts\n${program}\`\`\``);
  });
});
