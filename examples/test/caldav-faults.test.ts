import { setTimeout as pause } from 'node:timers/promises';
import {
  completeSettings,
  createSyncEngine,
  HOUR,
  intlTimeZones,
  MemoryStore,
  systemClock,
  type Bay,
  type CalendarEvent,
  type SyncErrorKind,
} from '@loft/sync-core';
import { MemoryBookings } from '@loft/sync-core/testing';
import { expect } from 'chai';
import { CalDavCalendarSystem } from '#src/caldav/caldav-calendar-system.js';
import { CalDavPerson } from './support/caldav-person.js';
import { FaultyProxy, type Fault, type FaultyAnswer } from './support/faulty-proxy.js';
import { requireRadicale, startRadicale, type Radicale } from '../../scripts/radicale.mjs';

/** The first installation of the server takes a minute. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;
const CALL_TIMEOUT_MS = 2000;
const log = (message: string): void => void process.stderr.write(`${message}\n`);
const timeZone = 'America/Phoenix';
const BAY1: Bay = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1' };
const BAY2: Bay = { bay: '2', name: 'Bay 2', resourceUnitId: 5524, calendarId: 'bay-2' };
const NO_MARKS = {
  appointmentId: null,
  managed: false,
  bay: null,
  write: null,
  titleDigest: null,
  descriptionDigest: null,
};
const start = Math.ceil(Date.now() / HOUR) * HOUR + 30 * HOUR;

function calendarsAt(radicale: Radicale, home: string): CalDavCalendarSystem {
  const account = { ...radicale.account, home };
  const timeZones = intlTimeZones();
  return new CalDavCalendarSystem({ account, timeZone, timeZones, callTimeoutMs: CALL_TIMEOUT_MS, now: Date.now });
}

/** A multistatus of which one part failed. */
const partial = (body: string): string =>
  body.replace(/<\/(\w+:)?multistatus>/, (end, prefix: string = '') => {
    const tag = (name: string, inner: string): string => `<${prefix}${name}>${inner}</${prefix}${name}>`;
    return tag('response', tag('href', '/loft/x/lost.ics') + tag('status', 'HTTP/1.1 503 Service Unavailable')) + end;
  });

const ANSWERS: readonly (readonly [FaultyAnswer, SyncErrorKind])[] = [
  [{ status: 401, headers: { 'www-authenticate': 'Basic realm="dav"' } }, 'unauthorized'],
  [{ status: 403 }, 'forbidden'],
  [{ status: 404 }, 'not-found'],
  [{ status: 412 }, 'conflict'],
  [{ status: 423 }, 'transient'],
  [{ status: 429, headers: { 'retry-after': '7' } }, 'rate-limited'],
  [{ status: 500, body: '<html>' }, 'transient'],
  [{ status: 502 }, 'transient'],
  [{ status: 503, headers: { 'retry-after': '7' } }, 'transient'],
  [{ status: 507 }, 'transient'],
];

describe('the CalDAV example and a faulty server', function () {
  this.timeout(300_000);
  let radicale: Radicale;
  let proxy: FaultyProxy;
  let person: CalDavPerson;

  before(async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    radicale = requireRadicale(await startRadicale({ log }), () => this.skip());
    person = new CalDavPerson(radicale);
    for (const { calendarId } of [BAY1, BAY2]) await radicale.createCalendar(calendarId);
  });
  after(() => radicale?.stop());
  beforeEach(async () => {
    proxy = await FaultyProxy.open(radicale.account.home);
  });
  afterEach(() => proxy?.close());

  describe('of one call', () => {
    let eventId = '';
    let calendars: CalDavCalendarSystem;
    beforeEach(async () => {
      calendars = calendarsAt(radicale, proxy.url);
      eventId = await person.createEvent(BAY1.calendarId, { start, end: start + HOUR, title: 'Staff meeting' });
    });

    const draft = { start, end: start + HOUR, title: 'Ana R.', description: '', appointmentId: '1', marks: NO_MARKS };
    /** The five calls of the port. */
    const calls = (): Record<string, () => Promise<{ readonly ok: boolean; readonly val: unknown }>> => ({
      list: () => calendars.listEvents(BAY1.calendarId, { syncToken: null, pageToken: null }),
      get: () => calendars.getEvent(BAY1.calendarId, eventId),
      insert: () => calendars.insertEvent(BAY1.calendarId, `loft${Date.now()}`, draft as never),
      patch: () => calendars.patchEvent(BAY1.calendarId, eventId, { title: 'Other', marks: {} } as never, null),
      delete: () => calendars.deleteEvent(BAY1.calendarId, eventId, null),
    });

    for (const [answer, kind] of ANSWERS) {
      it(`${answer.status} is ${kind} in every call`, async () => {
        proxy.choose = () => answer;
        for (const [name, call] of Object.entries(calls())) {
          const result = await call();
          expect(result.ok, name).to.equal(false);
          expect(result.val, name).to.include({ kind, status: answer.status, system: 'caldav' });
          if (answer.headers?.['retry-after']) expect(result.val, name).to.include({ retryAfterMs: 7000 });
        }
      });
    }

    it('a Retry-After that is a date counts from now', async () => {
      const date = new Date(Date.now() + 90_000).toUTCString();
      proxy.choose = () => ({ status: 429, headers: { 'retry-after': date } });
      const { val } = await calendars.getEvent(BAY1.calendarId, eventId);
      expect((val as { readonly retryAfterMs: number }).retryAfterMs).to.be.within(60_000, 91_000);
    });

    for (const fault of ['hang', 'cut', 'lose-answer', 'cut-in-body'] as const) {
      it(`the fault "${fault}" is transient in every call that reads an answer`, async () => {
        for (const [name, call] of Object.entries(calls())) {
          proxy.choose = () => fault;
          const before = proxy.faults;
          const result = await call();
          expect(proxy.faults, name).to.be.greaterThan(before);
          // A deletion is answered by its status alone: where that has arrived, it was done.
          if (fault === 'cut-in-body' && name === 'delete' && result.ok) continue;
          expect(result.val, name).to.include({ kind: 'transient', system: 'caldav' });
        }
      });
    }

    const bodies: readonly (readonly [string, Fault])[] = [
      ['an answer up to its middle', 'half'],
      ['HTML', () => '<html><body>Maintenance</body></html>'],
      ['XML that is not closed', (body) => body.replace(/<\/(\w+:)?multistatus>\s*$/, '')],
      ['nothing', () => ''],
      ['a multistatus of which one part failed', partial],
      [
        'a multistatus without contents',
        (body) => body.replaceAll(/<(\w+:)?calendar-data>[^<]*<\/(\w+:)?calendar-data>/g, ''),
      ],
    ];
    for (const [name, fault] of bodies) {
      it(`a list that is ${name} is an error, and no shorter list`, async () => {
        proxy.choose = (method) => (method === 'REPORT' ? fault : null);
        const result = await calendars.listEvents(BAY1.calendarId, { syncToken: null, pageToken: null });
        expect(proxy.faults).to.equal(1);
        expect(result.ok).to.equal(false);
        expect((result.val as { readonly kind: string }).kind).to.equal('transient');
      });
    }

    it('a sync token is expired, because the server has none', async () => {
      const result = await calendars.listEvents(BAY1.calendarId, { syncToken: 'a token', pageToken: null });
      expect(result.val).to.include({ kind: 'token-expired' });
    });
  });

  it('an engine loses and duplicates no event while one in ten requests fails, and cancels no booking', async () => {
    const clock = systemClock();
    const bookings = new MemoryBookings({ clock });
    const settings = completeSettings({
      timeZone,
      bays: [BAY1, BAY2],
      uschedule: { pollSeconds: 0.2, cancellationHours: 0 },
      google: { sweepSeconds: 0.3, deleteGraceSeconds: 0.5 },
      retry: { baseMs: 20, maxMs: 200, maxAttempts: 50, callTimeoutSeconds: CALL_TIMEOUT_MS / 1000 },
    });
    const faults: readonly Fault[] = [
      { status: 500 },
      'lose-answer',
      { status: 429, headers: { 'retry-after': '1' } },
      'cut',
      { status: 412 },
      'half',
      { status: 423 },
      'cut-in-body',
      { status: 507 },
      'lose-answer',
      partial,
      'hang',
    ];
    let isFaulty = true;
    // A fixed sequence of numbers without a period that the requests of a task could follow.
    let random = 7;
    proxy.choose = () => {
      random = (random * 48271) % 2147483647;
      return isFaulty && random % 10 === 0 ? (faults[proxy.faults % faults.length] ?? null) : null;
    };
    const calendars = calendarsAt(radicale, proxy.url);
    const direct = calendarsAt(radicale, radicale.account.home);
    const engine = createSyncEngine({ bookings, calendars, store: new MemoryStore(), clock, settings }).unwrap();

    const mirrors = async (): Promise<readonly CalendarEvent[]> => {
      const list = async (): Promise<readonly Awaited<ReturnType<typeof direct.listEvents>>[]> =>
        Promise.all(
          [BAY1, BAY2].map(({ calendarId }) => direct.listEvents(calendarId, { syncToken: null, pageToken: null })),
        );
      let lists = await list();
      // Radicale may answer 500 during a write.
      for (let again = 0; again < 20 && lists.some(({ err }) => err); again++) {
        await pause(100);
        lists = await list();
      }
      return lists.flatMap((list) => list.unwrap().events).filter(({ marks }) => marks.managed);
    };
    const shown = async (): Promise<readonly string[]> =>
      (await mirrors()).map((it) => `${it.marks.appointmentId} ${it.calendarId} ${it.start}`).toSorted();
    const bayOf = (unit: unknown): string => (String(unit) === '5523' ? BAY1.calendarId : BAY2.calendarId);
    const booked = (): readonly string[] =>
      ids
        .map((id) => bookings.user.booking(id))
        .flatMap((it) => (it?.state === 'live' ? [`${it.id} ${bayOf(it.unit)} ${it.start}`] : []))
        .toSorted();
    const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
      for (let look = 0; look < 2400; look++) {
        if (await holds()) return;
        await pause(50);
      }
      throw new Error(`waited too long for ${what}: ${JSON.stringify([await shown(), booked()])}`);
    };
    const isInStep = async (): Promise<boolean> => JSON.stringify(await shown()) === JSON.stringify(booked());

    const ids = Array.from({ length: 8 }, (_, index) =>
      bookings.user.book({ unit: index % 2 === 0 ? 5523 : 5524, start: start + index * 2 * HOUR }),
    );
    await engine.start();
    try {
      await until('all events', isInStep);
      const [moved = '', cancelled = '', dragged = ''] = ids;
      bookings.user.move(moved, { unit: 5524, start: start + 40 * HOUR });
      bookings.user.cancel(cancelled);
      const event = (await mirrors()).find(({ marks }) => marks.appointmentId === dragged);
      await person.dragEvent(BAY1.calendarId, event?.eventId ?? '', { start: start + 50 * HOUR });
      await until('the drag', async () => bookings.user.booking(dragged)?.start === start + 50 * HOUR);
      await until('all changes', isInStep);
      for (let again = 1; proxy.faults <= 8 && again <= 40; again++) {
        bookings.user.move(moved, { unit: 5524, start: start + (40 + again) * HOUR });
        await until('another change', isInStep);
      }
      expect(proxy.faults).to.be.greaterThan(8);
      isFaulty = false;
      await pause(2000);
      expect(await shown()).to.deep.equal(booked());
      expect(ids.filter((id) => bookings.user.booking(id)?.state !== 'live')).to.deep.equal([cancelled]);
      expect((await engine.status()).unwrap().deadLetters).to.equal(0);
    } finally {
      await engine.stop();
    }
  });
});
