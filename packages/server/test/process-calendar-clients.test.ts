import { expect } from 'chai';
import { CLIENT_NAMES } from '../../../scripts/calendar-clients.mjs';
import { CalendarReader, INSTALL_TIMEOUT_MS, requireClient, type Reading } from './support/calendar-reader.js';
import { SimulatedStudio, type StudioOptions } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const PATIENCE_MS = 240_000;
/** Long enough for one reading on a busy machine. */
const TOKEN_SECONDS = 8;

interface Shown {
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly free: boolean;
}

/** Why a reading was refused; null: it was not. */
async function refusalOf(reading: Promise<unknown>): Promise<string | null> {
  return reading.then(
    () => null,
    (error: unknown) => String(error),
  );
}

async function isRefused(rootUrl: string, token: string): Promise<boolean> {
  const answer = await fetch(`${rootUrl}/calendar/v3/users/me/calendarList`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return answer.status === 401;
}

function inOrder(events: readonly Shown[]): readonly string[] {
  return events
    .map(({ title, start, end, free }) => `${new Date(start).toISOString()} ${end - start} ${free} ${title}`)
    .toSorted();
}

describe('third-party calendar clients, reading while the service works,', function () {
  this.timeout(PATIENCE_MS);
  let studio: SimulatedStudio;
  afterEach(() => studio?.close());

  /** The current bookings by calendar, with the titles that users gave them. */
  function booked(titles: Readonly<Record<string, string>> = {}): Record<string, readonly string[]> {
    const live = studio.uschedule.liveBookings();
    const of = (unit: unknown) =>
      live
        .filter((booking) => String(booking.unit) === String(unit))
        .map(({ id, customerName, start, end }) => ({ title: titles[id] ?? customerName, start, end, free: false }));
    return Object.fromEntries(
      studio.bays.map(({ calendarId, resourceUnitId }) => [calendarId, inOrder(of(resourceUnitId))]),
    );
  }

  function held({ events }: Reading): Record<string, readonly string[]> {
    return Object.fromEntries(Object.entries(events).map(([id, shown]) => [id, inOrder(shown)]));
  }

  for (const name of CLIENT_NAMES) {
    describe(name, () => {
      const isHandedTokens = name.startsWith('gcal_sync');
      let reader: CalendarReader | null = null;

      async function open(settings: object = {}, options: StudioOptions = {}): Promise<CalendarReader> {
        studio = await SimulatedStudio.open({ settings: { google: { sweepSeconds: 1, ...settings } }, ...options });
        reader = await CalendarReader.start(name, studio.google);
        if (!reader) throw new Error('the client is not there');
        await studio.serve();
        return reader;
      }

      before('install the client', async function () {
        this.timeout(INSTALL_TIMEOUT_MS);
        studio = await SimulatedStudio.open();
        const found = await CalendarReader.start(name, studio.google);
        await found?.stop();
        await studio.close();
        requireClient(name, found !== null, () => this.skip());
      });
      afterEach(() => reader?.stop());

      it('has the current bookings after bookings, moves, cancellations, edits and a lost sync token', async () => {
        const client = await open();
        const ids = [20, 22, 24, 26].map((hours, index) => studio.book(hours, `Guest ${index}`));
        const [moved = '', cancelled = '', dragged = '', renamed = ''] = ids;
        // A reading meanwhile sees some of the changes, and must not affect the next one.
        await client.read();
        await studio.settled();
        const first = await client.read();
        expect(held(first)).to.deep.equal(booked());
        expect(first.calendars.map(({ id, timeZone, role }) => [id, timeZone, role])).to.deep.equal(
          studio.bays.map(({ calendarId }) => [calendarId, 'America/Phoenix', 'writer']),
        );

        studio.uschedule.move(moved, { unit: 5524 });
        studio.uschedule.cancel(cancelled);
        const [bay] = studio.bays;
        const { person } = studio.google;
        person.dragEvent(bay?.calendarId ?? '', studio.eventOf(dragged)?.id ?? '', { start: studio.hour(30) });
        person.renameEvent(bay?.calendarId ?? '', studio.eventOf(renamed)?.id ?? '', 'The regulars');
        await client.read();
        await waitFor('the drag to be booked', () => studio.uschedule.booking(dragged)?.start === studio.hour(30));
        await studio.settled();
        const titles = { [renamed]: 'The regulars' };
        expect(held(await client.read())).to.deep.equal(booked(titles));

        studio.google.expireSyncTokens();
        studio.book(32, 'Late guest');
        await studio.settled();
        const last = await client.read({ search: 'REGULARS' });
        expect(held(last)).to.deep.equal(booked(titles));
        expect(last.found).to.deep.equal([studio.eventOf(renamed)?.id]);
      });

      it('has a cancelled booking as free if it is marked instead of deleted', async () => {
        const client = await open({ cancel: 'mark' });
        const id = studio.book(20, 'Guest');
        await studio.settled();
        await client.read();
        studio.uschedule.cancel(id);
        await waitFor('the mark', () => studio.eventOf(id)?.transparency === 'transparent');
        const [bay] = studio.bays;
        const shown = { title: 'CANCELED: Guest', start: studio.hour(20), end: studio.hour(21), free: true };
        expect(held(await client.read())[bay?.calendarId ?? '']).to.deep.equal(inOrder([shown]));
      });

      it('holds a moved booking once, where cancelled ones are marked: moved to a bay, back, cancelled there', async () => {
        const client = await open({ cancel: 'mark' });
        const [first, second] = studio.bays.map(({ calendarId }) => calendarId);
        const [stays, moved] = [studio.book(20, 'Stays'), studio.book(22, 'Moves')];
        await studio.settled();
        expect(held(await client.read())).to.deep.equal(booked());

        studio.uschedule.move(moved, { unit: 5524 });
        await studio.settled();
        expect(held(await client.read())).to.deep.equal(booked());
        studio.uschedule.move(moved, { unit: 5523, start: studio.hour(23) });
        await studio.settled();
        expect(held(await client.read())).to.deep.equal(booked());

        // A person moves the event itself; the booking follows, and is cancelled in its new bay.
        const { person } = studio.google;
        person.moveToCalendar(first ?? '', studio.eventOf(moved)?.id ?? '', second ?? '');
        await waitFor('the booking to change its bay', () => String(studio.uschedule.booking(moved)?.unit) === '5524');
        await studio.settled();
        expect(held(await client.read())).to.deep.equal(booked());
        studio.uschedule.cancel(moved);
        await waitFor('the mark', () => studio.eventOf(moved)?.transparency === 'transparent');
        const cancelled = { title: 'CANCELED: Moves', start: studio.hour(23), end: studio.hour(24), free: true };
        const left = { title: 'Stays', start: studio.hour(20), end: studio.hour(21), free: false };
        const last = held(await client.read());
        expect(last).to.deep.equal({ [first ?? '']: inOrder([left]), [second ?? '']: inOrder([cancelled]) });
        expect(String(studio.uschedule.booking(stays)?.unit)).to.equal('5523');
      });

      it('continues, as the service does, after its access token has run out, and after all were revoked', async () => {
        const client = await open({}, { google: { tokenLifetimeSeconds: TOKEN_SECONDS } });
        studio.book(20, 'Before');
        await studio.settled();
        const token = studio.google.issueAccessToken();
        expect(held(await client.read({ token }))).to.deep.equal(booked());

        studio.book(22, 'After the token ran out');
        await waitFor('the token to run out', () => isRefused(studio.google.rootUrl, token));
        await studio.settled();
        // Home Assistant’s library is refused with its old token, and must lose nothing by that.
        if (isHandedTokens) expect(await refusalOf(client.read({ token }))).to.match(/401|Unauthorized/i);
        expect(held(await client.read())).to.deep.equal(booked());

        studio.google.revokeAccessTokens();
        studio.book(24, 'After all were revoked');
        await studio.settled();
        await waitFor('the client to have access', async () => (await refusalOf(client.read())) === null);
        expect(held(await client.read())).to.deep.equal(booked());
      });
    });
  }
});
