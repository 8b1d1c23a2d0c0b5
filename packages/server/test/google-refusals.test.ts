import { expect } from 'chai';
import type { FaultEffect, LoggedCall } from '@loft/sync-google/simulator';
import { QUICK, SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const BOOKINGS = 20;

describe('Google, when it refuses', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let bay1 = '';
  let bay2 = '';
  beforeEach(async () => {
    studio = await SimulatedStudio.open({ skipWaits: true, settings: QUICK });
    [bay1 = '', bay2 = ''] = studio.bays.map(({ calendarId }) => calendarId);
  });
  afterEach(() => studio.close());

  const bookMany = (): readonly string[] =>
    Array.from({ length: BOOKINGS }, (_, index) =>
      studio.book(30 + Math.floor(index / 2), `Guest ${index}`, index % 2 === 0 ? 5523 : 5524),
    );

  /** Expects one event for each booking, and no dead letter. */
  async function expectAll(ids: readonly string[]): Promise<void> {
    await studio.settled();
    for (const id of ids) expect(studio.eventOf(id), `the event of ${id}`).not.to.equal(null);
    expect(studio.events).to.have.length(ids.length);
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect(await studio.metric('loft_sync_dead_letters')).to.equal(0);
    await waitFor('the service to be ready', async () => (await studio.readiness()).status === 200);
  }

  describe('in bursts', () => {
    const bursts: readonly [string, FaultEffect][] = [
      ['503', { kind: 'answer', status: 503 }],
      ['500 without a reason that makes sense', { kind: 'answer', status: 500, reason: '', message: '' }],
      ['429', { kind: 'answer', status: 429, reason: 'rateLimitExceeded' }],
      ['403 rateLimitExceeded', { kind: 'answer', status: 403, reason: 'rateLimitExceeded' }],
      ['403 userRateLimitExceeded', { kind: 'answer', status: 403, reason: 'userRateLimitExceeded' }],
      ['connections that break after the work is done', { kind: 'lose-answer' }],
    ];
    for (const [name, effect] of bursts) {
      it(`of ${name} loses and duplicates nothing`, async () => {
        await studio.serveHere();
        studio.google.addFault({ ...effect, method: ['events.insert', 'events.get'], times: 15 });
        const ids = bookMany();
        await expectAll(ids);
        // A sweep instead of a second insert may find the event whose insert was not answered.
        const failed = studio.googleCalls.filter(({ method, status }) => method === 'events.insert' && status !== 200);
        expect(failed.length).to.be.greaterThan(0);
      });
    }

    it('of every kind at once loses and duplicates nothing', async () => {
      await studio.serveHere();
      for (const [, effect] of bursts) studio.google.addFault({ ...effect, times: 5 });
      await expectAll(bookMany());
    });
  });

  it('with Retry-After, no call is made before that time', async () => {
    await studio.serveHere();
    await studio.settled();
    studio.google.clearCalls();
    const wait = { status: 429, reason: 'rateLimitExceeded', retryAfter: 4 };
    studio.google.addFault({ kind: 'answer', ...wait, method: 'events.list', calendarId: bay1 });
    await waitFor('the refusal', () => studio.google.calls.some(({ status }) => status === 429));
    const refusedAt = studio.google.calls.find(({ status }) => status === 429)?.at ?? 0;
    await expectAll(bookMany());
    const after = studio.googleCalls.map(({ at }) => at - refusedAt).filter((ms) => ms > 0);
    // A sweep of the other bay may have been running when Google refused.
    expect(after.filter((ms) => ms < 3900).length).to.be.at.most(1);
    expect(after.some((ms) => ms >= 3900)).to.equal(true);
  });

  it('for one event, that event becomes a dead letter with its ids, and its calendar continues', async () => {
    await studio.serveHere();
    const refused = studio.book(30, 'Refused');
    const other = studio.book(32, 'Other');
    await studio.settled();
    const eventId = studio.eventOf(refused)?.id ?? '';
    const reason = 'forbiddenForNonOrganizer';
    studio.google.addFault({ kind: 'answer', status: 403, reason, method: 'events.patch', eventId, times: Infinity });
    studio.uschedule.move(refused, { start: studio.hour(40) });
    await waitFor('the first refusal', () => studio.google.calls.some(({ status }) => status === 403));
    studio.uschedule.move(other, { start: studio.hour(42) });
    const startOf = (id: string): number => Date.parse(studio.eventOf(id)?.start?.dateTime ?? '');
    await waitFor('the other event of the calendar', () => startOf(other) === studio.hour(42));
    await waitFor('the dead letter', async () => (await studio.metric('loft_sync_dead_letters')) === 1);
    const { items } = JSON.parse(await studio.admin('/admin/dead-letters')) as { items: object[] };
    expect(items).to.have.length(1);
    expect(items[0]).to.include({ appointmentId: refused, calendarId: bay1, eventId });
    expect((await studio.readiness()).status).to.equal(200);
  });

  it('with 409 conflict, the same event is inserted again under the same id', async () => {
    await studio.serveHere();
    studio.google.addFault({ kind: 'answer', status: 409, reason: 'conflict', method: 'events.insert', times: 2 });
    const id = studio.book(30);
    await studio.settled();
    const inserts = studio.google.calls.filter(({ method }) => method === 'events.insert');
    expect(inserts.map(({ status }) => status)).to.deep.equal([409, 409, 200]);
    expect(new Set(inserts.map(({ eventId }) => eventId))).to.deep.equal(new Set([studio.eventOf(id)?.id]));
  });

  it('for the quota of one calendar, only that calendar waits, and is probed from time to time', async () => {
    await studio.serveHere();
    await studio.settled();
    const used = { status: 403, reason: 'quotaExceeded', message: 'Calendar usage limits exceeded.' };
    studio.google.addFault({ kind: 'answer', ...used, calendarId: bay2, method: 'events.insert', times: 1e9 });
    const ids = bookMany();
    await waitFor('the events of bay 1', () => studio.google.events(bay1).length === BOOKINGS / 2);
    await studio.morePolls(5);
    const refused = studio.googleCalls.filter(({ status }) => status === 403);
    expect(refused.length).to.be.lessThan(20);
    expect((await studio.readiness()).reasons.join()).to.match(/bay 2: Calendar usage limits exceeded/);
    studio.google.clearFaults();
    await expectAll(ids);
  });

  /** Maximum number of calls to a refusing calendar in a period: one per `retry.maxMs`, and some more at the beginning. */
  async function callsWhileNothingChanges(): Promise<{
    readonly calls: readonly LoggedCall[];
    readonly probes: number;
  }> {
    const before = studio.googleCalls.length;
    const from = studio.now();
    await studio.morePolls(5);
    const calls = studio.googleCalls.slice(before);
    const soonerAtFirst = Math.ceil(Math.log2(QUICK.retry.maxMs / QUICK.retry.baseMs));
    return { calls, probes: soonerAtFirst + Math.ceil((studio.now() - from) / QUICK.retry.maxMs) };
  }

  describe('every call to one calendar', () => {
    for (const role of ['none', 'reader'] as const) {
      it(`(shared as ${role}): the other bay continues at full speed, /ready names the calendar, and it recovers by itself`, async () => {
        await studio.serveHere();
        await studio.settled();
        studio.google.shareCalendar(bay2, role);
        const first = studio.book(30, 'Guest', 5524);
        await waitFor('/ready to name bay 2', async () => {
          const { status, reasons } = await studio.readiness();
          return status === 503 && reasons.some((reason) => reason.includes('bay 2'));
        });
        const polls: number[] = [];
        const ids = [first];
        for (let index = 0; index < 5; index++) {
          const from = studio.polls;
          const id = studio.book(40 + index, `Guest ${index}`);
          ids.push(id, studio.book(40 + index, `Guest ${index}`, 5524));
          await waitFor('the event on bay 1', () => studio.eventOf(id) !== null);
          polls.push(studio.polls - from);
        }
        // The maximum delay of the refusing calendar is longer.
        expect(Math.max(...polls), 'polls until the event on bay 1').to.be.at.most(10);
        const { reasons } = await studio.readiness();
        expect(reasons.join('\n')).to.not.contain('bay 1');
        expect(reasons.join('\n')).to.contain(bay2);
        const { calls, probes } = await callsWhileNothingChanges();
        const sweeps = calls.filter(({ method }) => method === 'events.list');
        const tries = calls.filter(({ method, status }) => method === 'events.insert' && status !== 200);
        const looks = calls.filter(({ method }) => method === 'events.get');
        expect(tries.length, 'tries to write to bay 2').to.be.at.most(probes);
        expect(looks.length, 'looks about before a try').to.be.at.most(probes);
        expect(calls.length).to.equal(sweeps.length + tries.length + looks.length);

        studio.google.shareCalendar(bay2, 'writer');
        await expectAll(ids);
      });
    }

    it('from the start: the other bay is still mirrored', async () => {
      studio.google.shareCalendar(bay2, 'none');
      const here = studio.book(30);
      const there = studio.book(30, 'Guest', 5524);
      await studio.serveHere({ ready: false });
      await waitFor('the event on bay 1', () => studio.eventOf(here) !== null);
      expect((await studio.readiness()).status).to.equal(503);
      studio.google.shareCalendar(bay2, 'writer');
      await expectAll([here, there]);
    });
  });
});
