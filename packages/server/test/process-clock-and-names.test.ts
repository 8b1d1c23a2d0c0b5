import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { MINUTE } from '@loft/sync-core';
import { QUICK, SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

/** Puts the clock of a process forward. Google accepts a key's signature from a clock that is ahead by a few minutes. */
function clockAheadBy(ms: number): Readonly<Record<string, string>> {
  const code = `
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...fields) { fields.length === 0 ? super(RealDate.now() + ${ms}) : super(...fields); }
      static now() { return RealDate.now() + ${ms}; }
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}

const SETTINGS = { ...QUICK, google: { ...QUICK.google, deleteGraceSeconds: 0.1 } };

describe('a process whose clock was ahead, and the next one with the right clock', function () {
  this.timeout(400_000);
  let studio: SimulatedStudio;
  afterEach(() => studio.close());

  it('sync changes made under both clocks, with few reads and no dead letter', async () => {
    studio = await SimulatedStudio.open({ settings: SETTINGS });
    const { uschedule, google } = studio;
    const [dragged = '', moved = '', deleted = ''] = [30, 34, 38].map((hour) => studio.book(hour));
    const calendarId = studio.bays[0]?.calendarId ?? '';
    const startOf = (id: string): number | undefined => uschedule.liveBookings().find((it) => it.id === id)?.start;
    const touch = async (to: number): Promise<void> => {
      google.person.dragEvent(calendarId, studio.eventOf(dragged)?.id ?? '', { start: studio.hour(to) });
      uschedule.move(moved, { start: studio.hour(to + 4) });
      await waitFor('the drag to be carried', () => startOf(dragged) === studio.hour(to));
      await studio.settled();
    };
    const fast = await studio.serve(clockAheadBy(4 * MINUTE));
    await studio.settled();
    await touch(50);
    const writtenAt = Date.parse(String(fast.actions.at(-1)?.['time']));
    expect(writtenAt).to.be.greaterThan(Date.now() + 3 * MINUTE);
    await fast.stop('SIGKILL');

    await studio.serve();
    await studio.settled();
    const reads = (): number => uschedule.calls.filter(({ method }) => method === 'getappointment').length;
    const before = reads();
    await touch(60);
    google.person.deleteEvent(calendarId, studio.eventOf(deleted)?.id ?? '');
    await waitFor('the deletion to be carried', () => startOf(deleted) === undefined);
    await studio.settled();
    expect(startOf(moved)).to.equal(studio.hour(64));
    expect(reads() - before).to.be.within(1, 12);
    const { deadLetters } = JSON.parse(await studio.admin('/admin/status')) as { deadLetters: unknown };
    expect(deadLetters).to.equal(0);
  });
});

describe('a bay that has another name after a restart', function () {
  this.timeout(400_000);
  let studio: SimulatedStudio;
  afterEach(() => studio.close());

  it('has each of its events written once, and no call for a booking at the polls after that', async () => {
    studio = await SimulatedStudio.open({ settings: SETTINGS });
    const { uschedule } = studio;
    const ids = [30, 34, 38].map((hour) => studio.book(hour));
    const first = await studio.serve();
    await studio.settled();
    await first.stop();
    const path = join(studio.directory, 'settings.json');
    const file = JSON.parse(await readFile(path, 'utf8')) as { bays: readonly object[] };
    const bays = file.bays.map((bay, index) => (index === 0 ? { ...bay, bay: 'A' } : bay));
    await writeFile(path, JSON.stringify({ ...file, bays }));
    const before = studio.googleWrites;

    await studio.serve();
    const names = (): readonly unknown[] => studio.events.map((event) => event.extendedProperties?.private?.['bay']);
    await waitFor('the new name in every event', () => names().every((name) => name === 'A'));
    await studio.settled();
    expect(studio.events).to.have.length(ids.length);
    expect(studio.googleWrites - before).to.equal(ids.length);
    const calls = (): readonly number[] => [
      uschedule.calls.filter(({ method }) => method === 'getappointment').length,
      studio.googleCalls.filter(({ method }) => method !== 'events.list').length,
    ];
    const settledCalls = calls();
    await studio.morePolls(10);
    expect(calls()).to.deep.equal(settledCalls);
    expect(uschedule.writes).to.deep.equal([]);
  });
});

describe('a tool that repeats its edit after each revert', function () {
  this.timeout(400_000);
  let studio: SimulatedStudio;
  afterEach(() => studio.close());

  it('is reverted after longer and longer pauses, is reported by /ready, and moves no booking', async () => {
    const baseMs = 250;
    const settings = {
      ...SETTINGS,
      rules: { ...SETTINGS.rules, direction: 'to-google' },
      retry: { ...SETTINGS.retry, baseMs, maxMs: 4 * baseMs },
    };
    studio = await SimulatedStudio.open({ settings });
    const id = studio.book(30);
    await studio.serve();
    await studio.settled();
    const calendarId = studio.bays[0]?.calendarId ?? '';
    const eventId = studio.eventOf(id)?.id ?? '';
    const isAt = (start: number): boolean => Date.parse(studio.eventOf(id)?.start?.dateTime ?? '') === start;
    const revertedAt: number[] = [];
    while (revertedAt.length < 7) {
      studio.google.person.dragEvent(calendarId, eventId, { start: studio.hour(40) });
      await waitFor('the revert', () => isAt(studio.hour(30)));
      revertedAt.push(Date.now());
    }
    const pauses = revertedAt.slice(1).map((at, index) => at - (revertedAt[index] ?? 0));
    // A revert is seen some time after it was made, by seconds on a busy machine. So only the long pauses are compared, with
    // half of their length.
    const wanted = [16, 32, 40].map((factor) => (factor * baseMs) / 2);
    const isLongEnough = wanted.map((pause, index) => (pauses[index + 3] ?? 0) >= pause);
    expect(isLongEnough, pauses.join(', ')).to.deep.equal(wanted.map(() => true));
    expect((await studio.readiness()).warnings.join()).to.match(/edit-war: the same edit was reverted \d+ times/);
    expect(studio.uschedule.writes).to.deep.equal([]);
  });
});
