import { expect } from 'chai';
import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { type OpenStudio, openStudio, type RawServer, rawServer } from './helpers/open-studio.js';

describe('requests', () => {
  let studio: OpenStudio;

  afterEach(() => studio.simulator.close());

  async function sent(call: (studio: OpenStudio) => Promise<unknown>, timeZone?: string): Promise<unknown> {
    studio = await openStudio(timeZone === undefined ? {} : { timeZone });
    await call(studio);
    return studio.simulator.calls.at(-1)?.body;
  }

  it('are possible for numeric appointment ids only', async () => {
    studio = await openStudio({});
    const { bookings } = studio;
    const can = (text: string): boolean | undefined => bookings.isAppointmentId?.(text);
    expect(['700123', '1'].map(can)).to.deep.equal([true, true]);
    expect(['', '0', '07', '-3', '1.5', 'tour-1', '90071992547409931'].some(can)).to.equal(false);
  });

  it('name the local days of a period, its end excluded', async () => {
    const from = Date.parse('2026-05-09T06:59:00Z');
    const midnight = Date.parse('2026-05-12T07:00:00Z');
    expect(await sent(({ bookings }) => bookings.listBookings({ from, to: midnight }))).to.deep.equal({
      StartDate: '05/08/2026',
      EndDate: '05/11/2026',
    });
  });

  it('name one day for an empty period', async () => {
    const instant = Date.parse('2026-05-09T07:00:00Z');
    expect(await sent(({ bookings }) => bookings.listBookings({ from: instant, to: instant }))).to.deep.equal({
      StartDate: '05/09/2026',
      EndDate: '05/09/2026',
    });
  });

  it('name the local days of a period in which clocks change', async () => {
    const period = { from: Date.parse('2026-03-08T04:59:00Z'), to: Date.parse('2026-03-09T04:00:00Z') };
    expect(await sent(({ bookings }) => bookings.listBookings(period), 'America/New_York')).to.deep.equal({
      StartDate: '03/07/2026',
      EndDate: '03/08/2026',
    });
  });

  it('ask for the slots of the local day', async () => {
    const lateEvening = Date.parse('2026-05-10T06:59:00Z');
    expect(await sent(({ bookings }) => bookings.listFreeSlots(5524, lateEvening))).to.deep.equal({
      LocationID: 1,
      ResourceUnitID: 5524,
      ServiceID: 11,
      StartDate: '2026-05-09T00:00:00',
      ServiceLength: 60,
    });
  });

  it('name an appointment by a number if its id is numeric', async () => {
    expect(await sent(({ bookings }) => bookings.getBooking('700123'))).to.deep.equal({ id: 700123 });
    await studio.bookings.getBooking('0700123');
    expect(studio.simulator.calls.at(-1)?.body).to.deep.equal({ id: '0700123' });
    await studio.bookings.getBooking('9007199254740993');
    expect(studio.simulator.calls.at(-1)?.body).to.deep.equal({ id: '9007199254740993' });
  });

  it('get the units with GET', async () => {
    await sent(async ({ bookings }) => {
      expect((await bookings.listResourceUnits()).val).to.deep.equal([
        { resourceUnitId: 5523, description: 'Golf Simulator - Bay 1' },
        { resourceUnitId: 5524, description: 'Golf Simulator - Bay 2' },
      ]);
    });
    expect(studio.simulator.calls.at(-1)).to.include({ method: 'resourceunits', http: 'GET' });
  });
});

describe('the answer to a list', () => {
  let server: RawServer;
  afterEach(() => server.close());

  it('may contain bookings of other days, which are dropped', async () => {
    const record = (AppointmentID: number, StartTime: string, EndTime: string): object => {
      return { AppointmentID, StatusID: 1, ResourceUnitID: 5523, StartTime, EndTime };
    };
    const records = [
      record(1, '2026-05-08T23:30:00', '2026-05-09T00:30:00'),
      record(2, '2026-05-09T00:00:00', '2026-05-09T01:00:00'),
      record(3, '2026-05-10T23:30:00', '2026-05-11T00:30:00'),
      record(4, '2026-05-11T00:00:00', '2026-05-11T01:00:00'),
      { AppointmentID: 5 },
    ];
    server = await rawServer((request, response) => {
      response.end(JSON.stringify(request.url?.endsWith('impersonateuser') ? { AuthKey: 'key' } : records));
    });
    const bookings = createUScheduleBookingSystem({
      baseUrl: server.url,
      alias: 'loftgolf',
      applicationKey: 'application-key',
      login: { kind: 'impersonate', username: 'sync@example.com' },
      timeZone: 'America/Phoenix',
    });
    const period = { from: Date.parse('2026-05-09T20:00:00Z'), to: Date.parse('2026-05-10T20:00:00Z') };
    const list = (await bookings.listBookings(period)).unwrap();
    expect(list.bookings.map(({ appointmentId }) => appointmentId)).to.deep.equal(['2', '3']);
    expect(list.unreadable.map(({ appointmentId }) => appointmentId)).to.deep.equal(['5']);
  });
});

describe('the address', () => {
  let server: RawServer;
  const seen: { url: string | undefined; key: unknown; token: unknown }[] = [];

  before(async () => {
    server = await rawServer((request, response) => {
      const { url, headers } = request;
      seen.push({ url, key: headers['x-us-application-key'], token: headers['x-us-authtoken'] });
      response.end(JSON.stringify({ AuthKey: 'auth-key' }));
    });
  });
  after(() => server.close());

  for (const slash of ['', '/', '//']) {
    it(`may end in "${slash}"`, async () => {
      seen.length = 0;
      const bookings = createUScheduleBookingSystem({
        baseUrl: server.url + slash,
        alias: 'loft/golf',
        applicationKey: 'application-key',
        login: { kind: 'impersonate', username: 'sync@example.com' },
        timeZone: 'America/Phoenix',
      });
      await bookings.getBooking('1');
      expect(seen).to.deep.equal([
        { url: '/api/loft%2Fgolf/impersonateuser', key: 'application-key', token: undefined },
        { url: '/api/loft%2Fgolf/getappointment', key: 'application-key', token: 'auth-key' },
      ]);
    });
  }

  it('that is invalid causes a transient error value, not an exception', async () => {
    const bookings = createUScheduleBookingSystem({
      baseUrl: 'not an address',
      alias: 'loftgolf',
      applicationKey: 'application-key',
      login: { kind: 'impersonate', username: 'sync@example.com' },
      timeZone: 'America/Phoenix',
    });
    expect((await bookings.getBooking('1')).val).to.include({ kind: 'transient' });
  });
});
