import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { SyncError } from '@loft/sync-core';
import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import type { ApiAnswer } from '@loft/sync-uschedule/simulator';
import { type OpenStudio, openStudio, type RawServer, rawServer } from './helpers/open-studio.js';

describe('an answer of the API', () => {
  let studio: OpenStudio;

  before(async () => {
    studio = await openStudio();
  });
  after(() => studio.simulator.close());
  afterEach(() => studio.simulator.heal());

  async function errorOf(answer: ApiAnswer): Promise<SyncError> {
    studio.simulator.failNext('bookit', 1, answer);
    const { start } = studio;
    const slot = { resourceUnitId: 5523, start, end: start + 3_600_000 };
    const result = await studio.bookings.book({ ...slot, customerId: null, notes: '' });
    if (result.ok) throw new Error('it was no error');
    return result.val;
  }

  describe('with a status', () => {
    const kinds: [number, string][] = [
      [302, 'transient'],
      [400, 'refused'],
      [402, 'refused'],
      [403, 'forbidden'],
      [404, 'not-found'],
      [405, 'invalid'],
      [408, 'transient'],
      [409, 'refused'],
      [413, 'invalid'],
      [415, 'invalid'],
      [422, 'refused'],
      [429, 'rate-limited'],
      [500, 'transient'],
      [502, 'transient'],
      [503, 'transient'],
    ];
    for (const [status, kind] of kinds) {
      it(`${status} is ${kind}`, async () => {
        const error = await errorOf({ status, body: 'because' });
        expect(error).to.include({ kind, status, system: 'uschedule', method: 'bookit', reason: 'because' });
        expect(error.message).to.equal(`bookit: HTTP ${status}, because`);
      });
    }
  });

  describe('that refuses', () => {
    const reasons: [string, unknown, string | undefined][] = [
      ['plain text', 'Slot taken.', 'Slot taken.'],
      ['a JSON string', '"Slot taken."', 'Slot taken.'],
      ['a Message', { Message: 'Slot taken.' }, 'Slot taken.'],
      ['an error', { error: 'Slot taken.' }, 'Slot taken.'],
      ['an object without words', { Code: 17 }, '{"Code":17}'],
      ['nothing', '', undefined],
      ['a page', '<html>Bad Request</html>', undefined],
    ];
    for (const [what, body, reason] of reasons) {
      it(`with ${what} carries the reason`, async () => {
        const error = await errorOf({ status: 400, body });
        expect(error.kind).to.equal('refused');
        expect(error.reason).to.equal(reason);
      });
    }

    it('with a very long text is cut', async () => {
      const error = await errorOf({ status: 400, body: 'long '.repeat(10_000) });
      expect(error.reason?.length).to.be.lessThan(250);
      expect(String(error.payload).length).to.be.lessThan(600);
      expect(error.message.length).to.be.lessThan(300);
    });
  });

  describe('that asks to wait', () => {
    it('is parsed in seconds', async () => {
      const error = await errorOf({ status: 429, body: '', headers: { 'Retry-After': '30' } });
      expect(error).to.include({ kind: 'rate-limited', retryAfterMs: 30_000 });
    });

    it('is parsed as a date, relative to our clock', async () => {
      const date = new Date(studio.clock.now() + 90_000).toUTCString();
      const error = await errorOf({ status: 503, body: '', headers: { 'Retry-After': date } });
      expect(error).to.include({ kind: 'transient', retryAfterMs: 90_000 });
    });

    it('is limited to ten minutes', async () => {
      const nextYear = new Date(studio.clock.now() + 365 * 86_400_000).toUTCString();
      for (const header of ['31536000', '9'.repeat(40), nextYear]) {
        const error = await errorOf({ status: 429, body: '', headers: { 'Retry-After': header } });
        expect(error).to.include({ retryAfterMs: 600_000 });
      }
    });

    it('is ignored if it is malformed', async () => {
      const error = await errorOf({ status: 429, body: '', headers: { 'Retry-After': 'soon' } });
      expect(error).not.to.have.property('retryAfterMs');
    });
  });

  describe('to the list of bookings', () => {
    for (const [what, body] of [
      ['an object', { Message: 'busy' }],
      ['null', null],
      ['text', 'Ok'],
      ['nothing', ''],
      ['a page', '<html>'],
      ['a number', 0],
    ] as const) {
      it(`is never an empty list when it is ${what}`, async () => {
        studio.simulator.failNext('getapiappointments', 1, { status: 200, body });
        const result = await studio.bookings.listBookings({ from: studio.start, to: studio.start + 1 });
        expect(result.val).to.include({ kind: 'transient', method: 'getapiappointments', status: 200 });
      });
    }

    it('includes the unexpected answer', async () => {
      studio.simulator.setOutage('garbage');
      const result = await studio.bookings.listBookings({ from: studio.start, to: studio.start + 1 });
      expect(result.val).to.include({ kind: 'transient', payload: '<html><p>We will be back soon' });
    });
  });

  describe('to the free slots', () => {
    for (const body of [null, {}, 'Ok', '', [{ StartTime: 'x' }], [null]]) {
      it(`is never an empty list when it is ${JSON.stringify(body)}`, async () => {
        studio.simulator.failNext('getavailability', 1, { status: 200, body });
        const result = await studio.bookings.listFreeSlots(5523, studio.start);
        expect(result.val).to.include({ kind: 'transient', method: 'getavailability' });
      });
    }
  });

  describe('to a read of one appointment', () => {
    async function kindOf(answer: ApiAnswer): Promise<unknown> {
      studio.simulator.failNext('getappointment', 1, answer);
      const result = await studio.bookings.getBooking('700001');
      return result.ok ? 'ok' : result.val.kind;
    }

    for (const [what, body] of [
      ['nothing', ''],
      ['null', null],
      ['an empty object', {}],
      ['an empty record', { Id: 0, StartTime: '0001-01-01T00:00:00' }],
      ['a record without an id', { Id: null }],
      ['a cancelled record without a unit', { Id: 700001, StatusID: 9, StartTime: '2026-05-09T13:30:00' }],
      ['a cancelled record without a start', { Id: 700001, StatusID: 10, ResourceUnitID: 5523, StartTime: null }],
      [
        'an empty record',
        { Id: 0, StatusID: 0, StartTime: '0001-01-01T00:00:00', CustomerName: '', Description: null, GroupSize: 1 },
      ],
    ] as const) {
      it(`proves that it does not exist if it is ${what}`, async () => {
        expect(await kindOf({ status: 200, body })).to.equal('not-found');
      });
    }

    for (const body of ['Appointment not found.', { Message: 'No such appointment' }, 'Appointment 5 does not exist']) {
      it(`proves that it does not exist if a 400 contains ${JSON.stringify(body)}`, async () => {
        expect(await kindOf({ status: 400, body })).to.equal('not-found');
      });
    }

    it('proves nothing if a 400 contains another text', async () => {
      expect(await kindOf({ status: 400, body: 'The request is invalid.' })).to.equal('refused');
      expect(await kindOf({ status: 400, body: '' })).to.equal('refused');
    });

    it('proves that it does not exist if it is a 204', async () => {
      expect(await kindOf({ status: 204, body: '' })).to.equal('not-found');
    });

    for (const [what, answer] of [
      ['an error under status 200', { status: 200, body: { Message: 'The database is busy.' } }],
      ['a record that has lost its id', { status: 200, body: { Id: null, StartTime: '2026-05-09T13:30:00' } }],
      ['a record that has lost its id and its start', { status: 200, body: { Id: 0, CustomerName: 'Ana' } }],
      ['a record without an id, on a unit', { status: 200, body: { StartTime: null, ResourceUnitID: 5523 } }],
      ['a list', { status: 200, body: [] }],
      ['a page', { status: 200, body: '<html>' }],
      ['text', { status: 200, body: 'Ok' }],
    ] as const) {
      it(`proves nothing when it is ${what}`, async () => {
        expect(await kindOf(answer)).to.equal('transient');
      });
    }

    for (const [what, answer] of [
      ['a 404 of the web server', { status: 404, body: '<html>404 - File or directory not found.</html>' }],
      ['a 404 of the router', { status: 404, body: { Message: 'No HTTP resource was found that matches …' } }],
      ['a record that cannot be read', { status: 200, body: { Id: 700001, StartTime: 'x' } }],
      [
        'the record of another appointment',
        { status: 200, body: { Id: 5, ResourceUnitID: 5523, StartTime: '2026-05-09T13:30:00' } },
      ],
      ['a record with an invalid id', { status: 200, body: { Id: {}, StartTime: '2026-05-09T13:30:00' } }],
    ] as const) {
      it(`is invalid, and no proof, when it is ${what}`, async () => {
        expect(await kindOf(answer)).to.equal('invalid');
      });
    }
  });
});

describe('a missing answer of the API', () => {
  let server: RawServer;

  afterEach(() => server.close());

  function connect(callTimeoutMs = 10_000): ReturnType<typeof createUScheduleBookingSystem> {
    return createUScheduleBookingSystem({
      baseUrl: server.url,
      alias: 'loftgolf',
      applicationKey: 'application-key',
      login: { kind: 'impersonate', username: 'sync@example.com' },
      timeZone: 'America/Phoenix',
      callTimeoutMs,
    });
  }

  it('without a connection is transient, and names the cause', async () => {
    server = await rawServer(() => {});
    await server.close();
    const error = (await connect().getBooking('1')).val;
    expect(error).to.include({ kind: 'transient', method: 'impersonateuser' });
    expect(error).to.have.property('message').that.includes('ECONNREFUSED');
  });

  it('after the request is transient after the timeout, and the connection is closed', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    server = await rawServer((_request, response) => {
      closed = once(response, 'close');
    });
    const error = (await connect(60).getBooking('1')).val;
    expect(error).to.include({ kind: 'transient' });
    expect(error).to.have.property('message').that.includes('no complete answer within 60 ms');
    await closed;
  });

  it('after the headers is transient after the timeout', async () => {
    server = await rawServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write('{"AuthKey":');
    });
    expect((await connect(60).getBooking('1')).val).to.include({ kind: 'transient' });
  });

  it('after a part of the body is transient if the connection breaks', async () => {
    server = await rawServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' });
      response.write('{"AuthKey":', () => response.destroy());
    });
    expect((await connect().getBooking('1')).val).to.include({ kind: 'transient' });
  });

  it('behind a redirect is not fetched, so that no secret is sent elsewhere', async () => {
    const visited: (string | undefined)[] = [];
    server = await rawServer((request, response) => {
      visited.push(request.url);
      response.writeHead(307, { Location: '/elsewhere' }).end();
    });
    expect((await connect().getBooking('1')).val).to.include({ kind: 'transient', status: 307 });
    expect(visited).to.deep.equal(['/api/loftgolf/impersonateuser']);
  });

  for (const [what, end] of [
    ['closes every connection without a word', (response: ServerResponse) => response.socket?.end()],
    ['cuts it', (response: ServerResponse) => response.socket?.destroy()],
  ] as const) {
    it(`does not occur if a server with keep-alive ${what} after its answer`, async () => {
      server = await rawServer((request, response) => {
        const body = JSON.stringify(request.url?.endsWith('impersonateuser') ? { AuthKey: 'key' } : []);
        response.setHeader('Content-Length', body.length);
        response.end(body, () => end(response));
      });
      const bookings = connect();
      for (let call = 0; call < 20; call++) {
        const list = await bookings.listBookings({ from: 0, to: 1 });
        expect(list.val).to.deep.equal({ bookings: [], unreadable: [] });
      }
    });
  }

  it('to one method does not delay the others', async () => {
    const studio = await openStudio({}, { callTimeoutMs: 1500 });
    server = { url: '', close: () => studio.simulator.close() };
    await studio.bookings.listResourceUnits();
    studio.simulator.hang('getappointment');
    const hanging = studio.bookings.getBooking('1');
    expect((await studio.bookings.listResourceUnits()).ok).to.equal(true);
    expect((await hanging).val).to.include({ kind: 'transient', method: 'getappointment' });
  });
});
