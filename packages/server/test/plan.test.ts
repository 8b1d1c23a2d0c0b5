import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOUR, intlTimeZones } from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import { expect } from 'chai';
import { plan, type PlanCommandOptions } from '#src/cli/plan.js';
import { readEnvironment } from '#src/config/environment.js';
import { minimalFile } from './support/settings-fixture.js';
import { QUICK, SimulatedStudio, type StudioOptions } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

interface Planned {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface PlanJson {
  readonly held: readonly unknown[];
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  readonly undecided: readonly unknown[];
  readonly stops: readonly string[];
  readonly warnings: readonly string[];
}

const READING = ['events.list', 'events.get', 'oauth2.token'];

describe('loft-sync plan', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let bay1 = '';
  const open = async (options: StudioOptions = {}): Promise<void> => {
    studio = await SimulatedStudio.open({ settings: QUICK, ...options });
    bay1 = studio.bays[0]?.calendarId ?? '';
  };
  afterEach(() => studio.close());

  /** The content of every file in the service's directory. */
  async function files(): Promise<Readonly<Record<string, string>>> {
    const names = (await readdir(studio.directory)).toSorted();
    const hashes = names.map(async (name) => {
      const content = await readFile(join(studio.directory, name));
      return [name, createHash('sha256').update(content).digest('hex')] as const;
    });
    return Object.fromEntries(await Promise.all(hashes));
  }

  /** Plans, and expects that nothing was written on either side. */
  async function run(
    options: PlanCommandOptions = {},
    change: Readonly<Record<string, string>> = {},
  ): Promise<Planned> {
    const lines = { out: '', err: '' };
    const output = {
      out: (text: string) => (lines.out += `${text}\n`),
      err: (text: string) => (lines.err += `${text}\n`),
    };
    const calls = studio.google.calls.length;
    const writes = studio.uschedule.writes.length;
    const code = await plan(readEnvironment({ ...studio.environment, ...change }), output, options);
    expect(studio.uschedule.writes.length).to.equal(writes);
    const called = studio.google.calls.slice(calls).filter(({ by }) => by === 'service');
    expect(READING).to.include.members(called.map(({ method }) => method));
    return { code, ...lines };
  }

  /** The same while no service runs, so that the store must not change either. */
  async function runAlone(...parameters: Parameters<typeof run>): Promise<Planned> {
    const before = await files();
    const planned = await run(...parameters);
    expect(await files()).to.deep.equal(before);
    return planned;
  }

  const json = ({ out }: Planned): PlanJson => JSON.parse(out) as PlanJson;

  /** Mirrored bookings on the first bay; the service is stopped afterwards. */
  async function mirrored(count: number): Promise<readonly string[]> {
    const ids = Array.from({ length: count }, (_, index) => studio.book(30 + index, `Guest ${index}`));
    await studio.serveHere();
    await waitFor('the events', () => studio.events.length === count);
    await studio.settled();
    await studio.stopHere();
    return ids;
  }

  it('before the first start shows what would be created, and creates nothing, not even a store', async () => {
    await open();
    const id = studio.uschedule.book({ unit: 5523, start: Date.UTC(2030, 0, 2, 17), customerName: 'Ana R.' });
    // Starts and ends on one day, at any time of the test.
    const noon = (startOfDay(studio.hour(0), minimalFile.timeZone, intlTimeZones(), 2) - studio.hour(0)) / HOUR + 12;
    const soon = studio.book(noon, 'Bo');
    const planned = await runAlone();
    expect(planned.code).to.equal(0);
    expect(planned.err).to.equal('');
    expect(planned.out).to.match(new RegExp(`^${soon}  create  \\[new-booking\\]  written to Google Calendar$`, 'm'));
    expect(planned.out).to.match(/^  \+ when {3}\w{3} \d+ \w{3} \d{4} \d\d:\d\d–\d\d:\d\d, Bay 1$/m);
    expect(planned.out).to.match(/^  \+ title  Bo$/m);
    expect(planned.out).to.contain('It would write to Google Calendar 1 create.');
    // Beyond the window.
    expect(planned.out).to.not.contain(id);
    expect(Object.keys(await files())).to.deep.equal(['settings.json']);
  });

  it('shows changes of both sides as a diff', async () => {
    await open();
    const [moved = '', dragged = '', cancelled = '', renamed = ''] = await mirrored(4);
    studio.uschedule.move(moved, { start: studio.hour(50), unit: 5524 });
    studio.google.person.dragEvent(bay1, studio.eventOf(dragged)?.id ?? '', { start: studio.hour(52) });
    studio.uschedule.cancel(cancelled);
    studio.google.person.renameEvent(bay1, studio.eventOf(renamed)?.id ?? '', 'A birthday');
    const { out, code } = await runAlone();

    expect(code).to.equal(0);
    expect(out).to.match(
      new RegExp(
        `^${moved}  move  \\[booking-moved-bay\\]  written to Google Calendar, event loft${moved}\n` +
          '  - when   .*, Bay 1\n  \\+ when   .*, Bay 2$',
        'm',
      ),
    );
    expect(out).to.match(
      new RegExp(`^${dragged}  update  \\[event-moved\\]  written to USchedule, event loft${dragged}$`, 'm'),
    );
    expect(out).to.match(
      new RegExp(
        `^${cancelled}  cancel  \\[booking-cancelled\\]  written to .*\n  - when   .*\n  - title  Guest 2$`,
        'm',
      ),
    );
    expect(out).to.match(new RegExp(`^Only recorded in the store:\n  ${renamed}  \\[text-edited\\]$`, 'm'));
    expect(out).to.contain('It would write to Google Calendar 1 cancel, 1 move; to USchedule 1 update.');
  });

  it('lists the edits that the guard would hold: who, when, which bay, and the effect of a release', async () => {
    await open();
    const ids = await mirrored(6);
    const [deleted = '', ...dragged] = ids;
    for (const [nth, id] of dragged.entries())
      studio.google.person.dragEvent(bay1, studio.eventOf(id)?.id ?? '', { start: studio.hour(60 + 2 * nth) });
    studio.google.person.deleteEvent(bay1, studio.eventOf(deleted)?.id ?? '');
    const { out } = await runAlone();
    expect(out).to.contain('Held until a person releases or reverts them:');
    expect(out).to.match(
      new RegExp(`^  ${deleted}  Guest 0, .* \\d\\d:\\d\\d–.*, Bay 1: a release would cancel the booking$`, 'm'),
    );
    expect(
      out.match(/^ {2}\d+ {2}Guest [1-5], .*, Bay 1: a release would move the booking to .*, Bay 1$/gm),
    ).to.have.length(5);
    expect(out).to.contain('It would write nothing.');
    expect(json(await runAlone({ json: true })).held).to.have.length(6);
  });

  it('reports the same as JSON, and by its exit code if that is requested', async () => {
    await open();
    const [moved = ''] = await mirrored(2);
    const idle = await runAlone({ json: true, exitCode: true });
    expect(idle.code).to.equal(0);
    expect(json(idle)).to.deep.include({ entries: [], undecided: [], stops: [], warnings: [] });

    studio.uschedule.move(moved, { start: studio.hour(50) });
    const planned = await runAlone({ json: true, exitCode: true });
    expect(planned.code).to.equal(2);
    expect(json(planned).entries).to.deep.equal([
      {
        appointmentId: moved,
        reason: 'booking-changed',
        action: 'update',
        direction: 'USCHEDULE_TO_GCAL',
        writes: 'google',
        calendarId: bay1,
        eventId: `loft${moved}`,
        before: {
          start: new Date(studio.hour(30)).toISOString(),
          end: new Date(studio.hour(31)).toISOString(),
          bay: '1',
          title: 'Guest 0',
          description: '',
        },
        after: {
          start: new Date(studio.hour(50)).toISOString(),
          end: new Date(studio.hour(51)).toISOString(),
          bay: '1',
          title: 'Guest 0',
          description: '',
        },
      },
    ]);
  });

  it('works on a copy of the store while the service runs', async () => {
    await open();
    const id = studio.book(30);
    await studio.serveHere();
    await waitFor('the event', () => studio.eventOf(id) !== null);
    await studio.settled();
    const planned = await run({ json: true });
    expect(planned.err).to.equal('');
    expect(json(planned).entries).to.deep.equal([]);
    expect((await studio.readiness()).status).to.equal(200);
  });

  it('plans a start without the store', async () => {
    await open();
    const [kept = '', cancelled = ''] = await mirrored(2);
    studio.uschedule.cancel(cancelled);
    const { entries } = json(await runAlone({ json: true, emptyStore: true }));
    expect(entries.map(({ reason, writes, appointmentId }) => [reason, writes, appointmentId])).to.have.deep.members([
      ['adopt', 'store', kept],
      ['orphan', 'google', cancelled],
    ]);
  });

  it('shows what a guard would hold back, and faults of a calendar', async () => {
    await open();
    const ids = await mirrored(10);
    for (const id of ids.slice(0, 8)) studio.uschedule.cancel(id);
    studio.google.shareCalendar(studio.bays[1]?.calendarId ?? '', 'reader');
    const { out } = await runAlone();
    expect(out).to.match(/^Held back by a guard:\n  8 of 10 bookings are gone at once/m);
    expect(out.match(/^ {2}\d+ {2}Guest [0-7], .* \d\d:\d\d, Bay 1: a resume would cancel event$/gm)).to.have.length(8);
    expect(out).to.match(/^Warnings:\n  the calendar of bay 2 is shared with us for reading only$/m);
    expect(out).to.contain('It would write nothing.');
  });

  it('names a calendar that is not shared, and plans for the others', async () => {
    await open();
    studio.google.shareCalendar(studio.bays[1]?.calendarId ?? '', 'none');
    const id = studio.book(30);
    const { code, out } = await runAlone();
    expect(code).to.equal(0);
    expect(out).to.match(new RegExp(`^${id}  create  \\[new-booking\\]`, 'm'));
    expect(out).to.match(/^Warnings:\n  .*bay 2.*not shared with us/m);
  });

  it('names a booking on a unit without a bay, and an unreadable record', async () => {
    await open({ bays: minimalFile.bays.slice(0, 1) });
    const elsewhere = studio.book(30, 'Ana R.', 5524);
    const broken = studio.book(32);
    studio.uschedule.distortRecord(broken, (record) => ({ ...record, StartTime: 'soon' }));
    const { out } = await runAlone();
    expect(out).to.contain(elsewhere).and.to.contain('unit 5524');
    expect(out).to.match(new RegExp(`^Warnings:\n  .*${broken}.*StartTime`, 'm'));
  });

  it('explains in one sentence why it cannot plan', async () => {
    await open();
    const down = await runAlone({}, { USCHEDULE_BASE_URL: 'http://127.0.0.1:1' });
    expect(down.code).to.equal(1);
    expect(down.out).to.equal('');
    expect(down.err).to.match(
      /^USchedule cannot be read: validateuser: no answer \([^)]+\)\. Run loft-sync doctor for the remedy\.\n$/,
    );
    const password = await runAlone({}, { USCHEDULE_PASSWORD: 'a-wrong-password' });
    expect(password.err).to.match(
      /^USchedule cannot be read: .*password is incorrect.*\. Run loft-sync doctor for the remedy\.\n$/,
    );
    expect(password.err).to.not.contain('a-wrong-password');
    const key = JSON.parse(studio.google.serviceAccountKey()) as object;
    const gone = JSON.stringify({ ...key, client_email: 'gone@simulator.example' });
    const account = await runAlone({}, { GOOGLE_SERVICE_ACCOUNT_JSON: gone });
    expect(account.code).to.equal(1);
    expect(account.err).to.match(
      /^Google Calendar cannot be read: no access token: .*account not found\. Run loft-sync doctor for the remedy\.\n$/,
    );
    const settings = await runAlone({}, { STORE_URL: 'somewhere' });
    expect(settings.code).to.equal(78);
    expect(settings.err).to.contain('STORE_URL is not a known store. Write sqlite:<path>');
    const store = await runAlone({}, { STORE_URL: `sqlite:${join(studio.directory, 'settings.json')}` });
    expect(store.code).to.equal(1);
    expect(store.err).to.match(/^The store cannot be read\..*--empty-store plans without it\.\n$/);
  });
});
