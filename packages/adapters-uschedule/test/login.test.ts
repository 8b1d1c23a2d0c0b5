import { expect } from 'chai';
import { HOUR, type Result, type SyncError } from '@loft/sync-core';
import type { BookingSlot } from '@loft/sync-core/adapters';
import type { OpenStudio } from './helpers/open-studio.js';
import { openStudio, timesCalled } from './helpers/open-studio.js';

const DENIED = { status: 401, body: 'Authorization has been denied.' };

describe('login', () => {
  let studio: OpenStudio;

  afterEach(() => studio.simulator.close());

  function list(): ReturnType<OpenStudio['bookings']['listBookings']> {
    const now = studio.clock.now();
    return studio.bookings.listBookings({ from: now, to: now + 1 });
  }

  function calls(): string[] {
    return studio.simulator.calls.map(({ method, status }) => `${method} ${status}`);
  }

  describe('with a password', () => {
    it('happens once, before the first call', async () => {
      studio = await openStudio();
      await list();
      await list();
      expect(calls()).to.deep.equal(['validateuser 200', 'getapiappointments 200', 'getapiappointments 200']);
    });

    it('happens once for calls that start together', async () => {
      studio = await openStudio();
      await Promise.all([list(), list(), studio.bookings.getBooking('1')]);
      expect(timesCalled(studio.simulator, 'validateuser')).to.equal(1);
    });

    it('is not tried before the first call', async () => {
      studio = await openStudio();
      expect(calls()).to.deep.equal([]);
    });
  });

  describe('by impersonation', () => {
    const login = { kind: 'impersonate', username: 'sync@example.com' } as const;

    for (const impersonation of ['FieldName', 'both'] as const) {
      it(`sends FieldName if the deployment accepts ${impersonation}`, async () => {
        studio = await openStudio({ impersonation }, { login });
        expect((await list()).ok).to.equal(true);
        expect(calls()).to.deep.equal(['impersonateuser 200', 'getapiappointments 200']);
        expect(studio.simulator.calls[0]?.body).to.deep.equal({ FieldName: 'username', Value: login.username });
      });
    }

    it('sends SearchField if FieldName is refused, and keeps that', async () => {
      studio = await openStudio({ impersonation: 'SearchField' }, { login });
      expect((await list()).ok).to.equal(true);
      studio.simulator.invalidateAuthKeys();
      expect((await list()).ok).to.equal(true);
      expect(calls()).to.deep.equal([
        'impersonateuser 400',
        'impersonateuser 200',
        'getapiappointments 200',
        'getapiappointments 401',
        'impersonateuser 200',
        'getapiappointments 200',
      ]);
    });

    it('reports the refusal when both spellings are refused', async () => {
      studio = await openStudio({}, { login: { kind: 'impersonate', username: 'unknown-user' } });
      const error = (await list()).val;
      expect(error).to.include({ kind: 'unauthorized', method: 'impersonateuser', reason: 'There is no such user.' });
      expect(timesCalled(studio.simulator, 'impersonateuser')).to.equal(2);
    });

    it('does not try the other spelling after a transient error', async () => {
      studio = await openStudio({}, { login });
      studio.simulator.failNext('impersonateuser', 1, { status: 503, body: '' });
      expect((await list()).val).to.include({ kind: 'transient', status: 503 });
      expect(calls()).to.deep.equal(['impersonateuser 503']);
    });
  });

  describe('when a call is answered 401', () => {
    it('is repeated once, and so is the call', async () => {
      studio = await openStudio();
      await list();
      studio.simulator.invalidateAuthKeys();
      expect((await list()).ok).to.equal(true);
      expect(calls().slice(2)).to.deep.equal(['getapiappointments 401', 'validateuser 200', 'getapiappointments 200']);
    });

    const METHODS: Record<
      string,
      (bookings: OpenStudio['bookings'], slot: BookingSlot) => Promise<Result<unknown, SyncError>>
    > = {
      getapiappointments: (bookings, { start, end }) => bookings.listBookings({ from: start, to: end }),
      getappointment: (bookings) => bookings.getBooking('700001'),
      getavailability: (bookings, { resourceUnitId, start }) => bookings.listFreeSlots(resourceUnitId, start),
      rescheduleappointment: (bookings, slot) => bookings.rescheduleBooking('700001', slot),
      bookit: (bookings, slot) => bookings.book({ ...slot, resourceUnitId: 5524, customerId: null, notes: '' }),
      cancelappointment: (bookings) => bookings.cancelBooking('700001'),
      resourceunits: (bookings) => bookings.listResourceUnits(),
    };
    for (const [method, call] of Object.entries(METHODS)) {
      it(`is repeated once for ${method}, which is executed once`, async () => {
        studio = await openStudio();
        const { start } = studio;
        studio.simulator.book({ unit: 5523, start });
        await studio.bookings.listResourceUnits();
        studio.simulator.invalidateAuthKeys();
        const before = calls().length;
        const slot = { resourceUnitId: 5523, start: start + HOUR, end: start + 2 * HOUR };
        expect((await call(studio.bookings, slot)).ok).to.equal(true);
        expect(calls().slice(before)).to.deep.equal([`${method} 401`, 'validateuser 200', `${method} 200`]);
        expect(studio.simulator.writes.length).to.be.at.most(1);
      });
    }

    it('is one login for all such calls', async () => {
      studio = await openStudio();
      await list();
      studio.simulator.invalidateAuthKeys();
      const results = await Promise.all(Array.from({ length: 20 }, () => list()));
      expect(results.every(({ ok }) => ok)).to.equal(true);
      expect(timesCalled(studio.simulator, 'validateuser')).to.equal(2);
    });

    it('is not repeated if the fresh key is refused too, and the next login waits longer each time', async () => {
      studio = await openStudio();
      studio.simulator.failNext('getapiappointments', 1000, DENIED);
      const error = (await list()).val;
      expect(error).to.include({ kind: 'unauthorized', method: 'getapiappointments', status: 401 });
      expect(timesCalled(studio.simulator, 'validateuser')).to.equal(2);

      await Promise.all([list(), list()]);
      expect((await list()).val).to.include({ kind: 'unauthorized', retryAfterMs: 1000 });
      expect(timesCalled(studio.simulator, 'validateuser')).to.equal(2);

      await studio.clock.advance(1000);
      await list();
      await studio.clock.advance(1999);
      await list();
      expect(timesCalled(studio.simulator, 'validateuser')).to.equal(3);
      await studio.clock.advance(1);
      await list();
      expect(timesCalled(studio.simulator, 'validateuser')).to.equal(4);
    });

    it('counts one refusal if concurrent calls are refused with the same fresh key', async () => {
      studio = await openStudio();
      studio.simulator.failNext('getapiappointments', 1000, DENIED);
      await Promise.all([list(), list(), list()]);
      expect((await list()).val).to.include({ retryAfterMs: 1000 });
    });

    it('does not prevent calls of other methods with a key that they accept', async () => {
      studio = await openStudio();
      studio.simulator.failNext('getapiappointments', 2, DENIED);
      expect((await list()).ok).to.equal(false);
      expect((await studio.bookings.listResourceUnits()).ok).to.equal(true);
    });
  });

  describe('with a wrong password', () => {
    beforeEach(async () => {
      studio = await openStudio({}, { login: { kind: 'password', username: 'sync@example.com', password: 'wrong' } });
    });

    it('is unauthorized, and names what to check', async () => {
      const error = (await list()).val;
      expect(error).to.include({ kind: 'unauthorized', system: 'uschedule', method: 'validateuser', status: 401 });
      expect(error).to.have.property('message').that.includes('check the user, the password and the application key');
    });

    it('is not retried before its delay: calls fail at once with the cached error', async () => {
      const first = (await list()).val;
      await studio.clock.advance(400);
      expect((await list()).val).to.deep.equal({ ...first, retryAfterMs: 600 });
      expect(calls()).to.deep.equal(['validateuser 401']);
    });

    it('waits twice as long after each refusal, five minutes at most', async () => {
      const waits: unknown[] = [];
      for (let attempt = 0; attempt < 12; attempt++) {
        const result = await list();
        const wait = result.ok ? 0 : (result.val.retryAfterMs ?? 0);
        waits.push(wait / 1000);
        await studio.clock.advance(wait);
      }
      expect(waits).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
      expect(timesCalled(studio.simulator, 'validateuser')).to.equal(12);
    });

    it('is one attempt for calls that start together', async () => {
      await Promise.all([list(), list(), list()]);
      expect(calls()).to.deep.equal(['validateuser 401']);
    });
  });

  describe('that succeeds after refusals', () => {
    it('restarts the count of refusals', async () => {
      studio = await openStudio();
      studio.simulator.failNext('validateuser', 2, DENIED);
      await list();
      await studio.clock.advance(1000);
      expect((await list()).val).to.include({ retryAfterMs: 2000 });
      await studio.clock.advance(2000);
      expect((await list()).ok).to.equal(true);
      studio.simulator.invalidateAuthKeys();
      studio.simulator.failNext('validateuser', 1, DENIED);
      expect((await list()).val).to.include({ kind: 'unauthorized', retryAfterMs: 1000 });
    });
  });

  describe('with a refused key, then a backend that is down', () => {
    it('keeps the count, because a fault is no evidence about the key', async () => {
      studio = await openStudio();
      studio.simulator.failNext('getapiappointments', 2, DENIED);
      await list();
      studio.simulator.failNext('getapiappointments', 1, { status: 502, body: '' });
      expect((await list()).val).to.include({ kind: 'transient' });
      studio.simulator.failNext('getapiappointments', 1, DENIED);
      expect((await list()).val).to.include({ kind: 'unauthorized', retryAfterMs: 1000 });
    });
  });

  describe('with a transient error', () => {
    it('is retried with the next call', async () => {
      studio = await openStudio();
      studio.simulator.failNext('validateuser', 1, { status: 500, body: 'oops' });
      expect((await list()).val).to.include({ kind: 'transient', method: 'validateuser' });
      expect((await list()).ok).to.equal(true);
    });

    it('passes on the requested delay', async () => {
      studio = await openStudio();
      studio.simulator.failNext('validateuser', 1, { status: 429, body: '', headers: { 'Retry-After': '7' } });
      expect((await list()).val).to.include({ kind: 'rate-limited', retryAfterMs: 7000 });
    });
  });

  describe('with an unexpected answer', () => {
    const invalid: [string, unknown, string][] = [
      ['null', null, 'unauthorized'],
      ['no key', { UserId: 1 }, 'unauthorized'],
      ['an empty key', { AuthKey: '' }, 'unauthorized'],
      ['a key that no header can carry', { AuthKey: 'a\r\nX-Evil: 1' }, 'unauthorized'],
      ['a key beyond ASCII', { AuthKey: 'key✓' }, 'unauthorized'],
      ['words', 'Invalid user name or password', 'unauthorized'],
      ['a page', '<html>', 'transient'],
    ];
    for (const [what, body, kind] of invalid) {
      it(`is ${kind} for ${what}`, async () => {
        studio = await openStudio();
        studio.simulator.failNext('validateuser', 1, { status: 200, body });
        expect((await list()).val).to.include({ kind, method: 'validateuser' });
      });
    }
  });

  describe('that is refused', () => {
    for (const status of [400, 401, 403, 404, 422]) {
      it(`with ${status} is unauthorized, with the reason, and waits`, async () => {
        studio = await openStudio();
        studio.simulator.failNext('validateuser', 1, { status, body: { Message: 'Wrong.' } });
        expect((await list()).val).to.include({ kind: 'unauthorized', status, reason: 'Wrong.', retryAfterMs: 1000 });
        await list();
        expect(calls()).to.deep.equal([`validateuser ${status}`]);
      });
    }
  });

  describe('with a wrong application key', () => {
    it('is unauthorized, with the reason', async () => {
      studio = await openStudio({}, { applicationKey: 'another' });
      expect((await list()).val).to.include({ kind: 'unauthorized', reason: 'The application key is not valid.' });
    });
  });

  describe('at a wrong address', () => {
    it('is invalid, and names the address', async () => {
      studio = await openStudio({}, { alias: 'nosuch' });
      const error = (await list()).val;
      expect(error).to.include({ kind: 'invalid', reason: 'unknown-method' });
      expect(error).to.have.property('message').that.includes('no such method at this address');
    });
  });
});
