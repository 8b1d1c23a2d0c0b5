import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import { createProgram } from '#src/cli/program.js';
import { readEnvironment } from '#src/config/environment.js';
import { ADMIN_TOKEN, HttpWorld } from './support/http-world.js';

describe('commands about held edits, undo, stopped feeds and copies', () => {
  let world: HttpWorld;
  let ids: readonly string[];
  let bay1: string;

  beforeEach(async () => {
    world = await new HttpWorld().start();
    bay1 = world.bays[0]?.calendarId ?? '';
    const start = world.clock.now() + 24 * HOUR;
    ids = Array.from({ length: 12 }, (_, hour) =>
      world.bookings.user.book({ unit: 5523, start: start + hour * HOUR, customerName: `Guest ${hour}` }),
    );
    await world.clock.advance(2 * MINUTE);
  });
  afterEach(() => world.close());

  const run = async (...words: string[]): Promise<{ code: number; out: string; err: string }> => {
    const said = { code: -1, out: '', err: '' };
    const environment = readEnvironment({ LOFT_SYNC_URL: world.url, ADMIN_TOKEN });
    const output = {
      out: (text: string) => (said.out += `${text}\n`),
      err: (text: string) => (said.err += `${text}\n`),
    };
    await createProgram(environment, output, (code) => (said.code = code)).parseAsync(['node', 'loft-sync', ...words]);
    return said;
  };

  it('held lists held edits, held revert reverts some, held release carries the others out', async () => {
    expect((await run('held')).out).to.equal('No edits are held.\n');
    for (const { eventId } of world.calendars.events(bay1)) world.calendars.person.deleteEvent(bay1, eventId);
    await world.clock.advance(10 * MINUTE);
    const { code, out } = await run('held');
    expect(code).to.equal(0);
    expect(out).to.match(new RegExp(`^1 +${ids[0]} +Guest 0 +.+ +cancel the booking$`, 'm'));
    expect(JSON.parse((await run('held', '--json')).out)).to.have.length(12);

    expect((await run('held', 'revert', '1', ids[0] ?? '', ids[1] ?? '')).out).to.contain('2 edits are reverted');
    const asked = await run('held', 'release', '1', '--json');
    expect(asked.code).to.equal(1);
    expect(JSON.parse(asked.out)).to.have.property('error').that.contains('Nothing was done: add --yes');
    const shown = await run('held', 'release', '1');
    expect(shown.code).to.equal(1);
    expect(shown.out).to.match(new RegExp(`^1 +${ids[2]} +Guest 2 +.+ +cancel the booking$`, 'm'));
    expect(JSON.parse((await run('held', '--json')).out)).to.have.length(10);
    const toRevert = await run('held', 'revert', '1');
    expect(toRevert.err).to.contain('Nothing was done');
    expect(toRevert.out).to.match(/ a revert would$/m);
    expect(toRevert.out).to.match(
      new RegExp(`^1 +${ids[2]} +Guest 2 +.+ +show the booking in Google Calendar again$`, 'm'),
    );
    expect(toRevert.out).not.to.contain('cancel the booking');
    const released = await run('held', 'release', '1', '--json', '--yes');
    expect(released.code).to.equal(0);
    expect(JSON.parse(released.out)).to.have.property('appointmentIds').with.length(10);
    await world.clock.advance(10 * MINUTE);
    expect(world.calendars.events(bay1)).to.have.length(2);
    expect(world.bookings.user.booking(ids[0] ?? '')?.state).to.equal('live');
    expect(world.bookings.user.booking(ids[2] ?? '')?.state).to.equal('canceled');
  });

  it('undo shows the last change of an appointment, asks for confirmation, and moves the booking back with --yes', async () => {
    const [id = ''] = ids;
    const before = world.bookings.user.booking(id)?.start ?? 0;
    const none = await run('undo', id);
    expect([none.code, none.err]).to.deep.equal([1, `Appointment ${id} has no change to undo.\n`]);
    world.bookings.user.move(id, { unit: 5524, start: before + 30 * HOUR });
    await world.clock.advance(2 * MINUTE);
    const shown = await run('undo', id);
    expect(shown.code).to.equal(1);
    expect(shown.out).to.match(new RegExp(`^Guest 0 \\(${id}\\) is at .+, bay 2\\.$`, 'm'));
    expect(shown.out).to.match(/^Undoing its last change moves it back to .+, bay 1\.$/m);
    expect(shown.err).to.equal('Nothing was done: add --yes to undo it.\n');
    await world.clock.advance(2 * MINUTE);
    expect(world.bookings.user.booking(id)?.start).to.equal(before + 30 * HOUR);
    const done = await run('undo', id, '--yes');
    expect(done.code).to.equal(0);
    expect(done.out).to.contain(`loft-sync explain ${id}`);
    await world.clock.advance(2 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start: before, unit: 5523 });
  });

  it('exit with 1 and a sentence, or JSON with --json', async () => {
    const { code, err } = await run('held', 'release', '9');
    expect(code).to.equal(1);
    expect(err).to.equal('There is no bay "9". loft-sync status lists them.\n');
    const json = await run('held', 'revert', '9', '--json');
    expect(json.code).to.equal(1);
    expect(JSON.parse(json.out)).to.have.property('error').that.contains('There is no bay "9"');
    const unknown = await run('resume', '9', '--yes', '--json');
    expect(unknown.code).to.equal(1);
    expect(JSON.parse(unknown.out)).to.have.property('error').that.contains('There is no feed or bay "9"');
  });

  it('do not report success if another program answers', async () => {
    const other = createServer((_request, response) => response.end('{"name": "another program"}'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    for (const words of [['sync'], ['sync', '--wait'], ['mirror', '7'], ['replay', '7'], ['copies', '--remove']]) {
      const said = await run(...words, `--url=http://127.0.0.1:${port}`);
      expect(said.code, words.join(' ')).to.equal(1);
    }
    other.closeAllConnections();
    other.close();
  });

  it('resume shows the list, does nothing without confirmation, and resumes the feed with --yes', async () => {
    for (const id of ids.slice(0, 10)) world.bookings.user.cancel(id);
    await world.clock.advance(2 * MINUTE);
    const shown = await run('resume', 'bookings', '--json');
    expect(shown.code).to.equal(1);
    expect(JSON.parse(shown.out)).to.have.property('error').that.contains('--yes');
    expect(world.calendars.events(bay1)).to.have.length(12);
    const { code, out } = await run('resume', 'bookings', '--yes');
    expect(code).to.equal(0);
    expect(out).to.match(new RegExp(`^1 +${ids[0]} +Guest 0 +.+ +cancel event$`, 'm'));
    await world.clock.advance(3 * MINUTE);
    expect(world.calendars.events(bay1)).to.have.length(2);
    expect((await run('resume', '1')).out).to.equal('The calendar feed of Bay 1 is not paused by the guard.\n');
  });

  it('resume and status say what a calendar that is not shared waits for, and point to doctor', async () => {
    world.calendars.shareCalendar(bay1, 'none');
    await world.clock.advance(10 * MINUTE);
    const { code, out } = await run('resume', '1');
    expect(code).to.equal(0);
    expect(out).to.match(
      /^The calendar feed of Bay 1 is not paused by the guard\. It waits: the calendar is unknown or not shared with us .+\. It is tried again at \w{3} \d+ \w{3} \d\d:\d\d without a resume; loft-sync doctor names the remedy\.$/m,
    );
    const shown = (await run('status')).out;
    expect(shown).not.to.match(/paused/i);
    expect(shown).to.match(/^Bay 1 .+ waits, see below$/m);
    expect(shown).to.match(/^calendar of Bay 1 .+ not shared with us /m);
    expect(shown).to.contain('loft-sync doctor names the remedy');
    const [headline = ''] = shown.split('\n');
    expect(headline.match(/not shared with us/g), headline).to.have.length(1);
  });

  it('status says that the guard has paused a feed', async () => {
    for (const id of ids.slice(0, 10)) world.bookings.user.cancel(id);
    await world.clock.advance(2 * MINUTE);
    const { out } = await run('status');
    expect(out).to.match(/^Not ready: the guard has paused the feed bookings: 10 of 12 /);
    expect(out).to.match(/^bookings .+ PAUSED by the guard: 10 of 12 /m);
    expect(out).not.to.match(/stopped/i);
  });

  it('find shows the bay by its name, and a dead letter as needing attention; dead-letters shows its customer', async () => {
    await world.park(ids[0] ?? '');
    const found = (await run('find', 'guest')).out;
    expect(found).to.match(new RegExp(`^${ids[0]} +Guest 0 +.+ +Bay 1 +needs attention$`, 'm'));
    expect(found).to.match(new RegExp(`^${ids[1]} +Guest 1 +.+ +Bay 1 +active$`, 'm'));
    const { out } = await run('dead-letters');
    expect(out).to.match(new RegExp(`^${ids[0]} +Guest 0 +new-booking `, 'm'));
    expect(out).to.contain('loft-sync replay <appointment> tries it again');
    expect((await run('explain', ids[0] ?? '')).out).to.contain(`loft-sync replay ${ids[0]} tries it again.`);
  });

  it('explain names the command that finds an appointment, if the id is unknown', async () => {
    const { code, err } = await run('explain', '999');
    expect(code).to.equal(1);
    expect(err).to.match(
      /^Appointment 999 is unknown: .+ loft-sync find <name> finds an appointment by the customer\.$/m,
    );
  });

  it('mirror accepts an id, copies shows an empty list, and copies --remove reports the result', async () => {
    expect((await run('mirror', ids[0] ?? '')).code).to.equal(0);
    expect((await run('copies')).out).to.equal('There are no copies.\n');
    expect((await run('copies', '--remove')).out).to.equal('0 copies were removed.\n');
    expect(JSON.parse((await run('copies', '--json')).out)).to.deep.equal([]);
  });
});
