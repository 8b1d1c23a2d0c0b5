import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import type { SimulatorOptions } from '@loft/sync-uschedule/simulator';
import { type OpenStudio, openStudio, timesCalled } from './helpers/open-studio.js';

describe('writes', () => {
  let studio: OpenStudio;

  afterEach(() => studio.simulator.close());

  /** Bodies of the calls of a method, in their order. */
  function bodies(method: string): unknown[] {
    return studio.simulator.calls.filter((call) => call.method === method).map(({ body }) => body);
  }

  describe('cancelBooking', () => {
    async function open(deployment: SimulatorOptions = {}): Promise<[string, string]> {
      studio = await openStudio(deployment);
      const { simulator, start } = studio;
      return [simulator.book({ unit: 5523, start }), simulator.book({ unit: 5524, start })];
    }

    describe('on a deployment that accepts', () => {
      const expected = { Id: ['Id'], AppointmentID: ['Id', 'AppointmentID'], id: ['Id', 'AppointmentID', 'id'] };
      for (const [cancelKey, tried] of Object.entries(expected)) {
        it(`${cancelKey}, tries ${tried.join(', then ')}, and keeps the accepted key`, async () => {
          const [one, two] = await open({ cancelKey: cancelKey as keyof typeof expected });
          expect((await studio.bookings.cancelBooking(one)).ok).to.equal(true);
          expect((await studio.bookings.cancelBooking(two)).ok).to.equal(true);
          expect(studio.simulator.liveBookings()).to.deep.equal([]);
          expect(bodies('cancelappointment')).to.deep.equal([
            ...tried.map((key) => ({ [key]: Number(one) })),
            { [cancelKey]: Number(two) },
          ]);
          expect(studio.simulator.writes.length).to.equal(2);
        });
      }
    });

    it('accepts the text Ok as an answer', async () => {
      const [one] = await open({ textAnswers: true });
      expect((await studio.bookings.cancelBooking(one)).ok).to.equal(true);
    });

    it('accepts an empty answer', async () => {
      const [one] = await open();
      studio.simulator.failNext('cancelappointment', 1, { status: 200, body: '' });
      expect((await studio.bookings.cancelBooking(one)).ok).to.equal(true);
    });

    it('refuses an HTML page as an answer, and learns nothing from it', async () => {
      const [one] = await open({ cancelKey: 'AppointmentID' });
      studio.simulator.failNext('cancelappointment', 1, { status: 200, body: '<html>' });
      expect((await studio.bookings.cancelBooking(one)).val).to.include({ kind: 'transient' });
      expect((await studio.bookings.cancelBooking(one)).ok).to.equal(true);
    });

    it('tries no other key if the reason is clearly the studio’s', async () => {
      const [one] = await open();
      studio.simulator.configure({ cancellationHours: 24 * 30 });
      const error = (await studio.bookings.cancelBooking(one)).val;
      expect(error).to.include({ kind: 'refused', status: 400 });
      expect(error).to.have.property('reason').that.includes('cannot be cancelled within');
      expect(bodies('cancelappointment')).to.have.lengthOf(1);
    });

    it('reports the studio’s reason, also if it is the answer to another key than the first', async () => {
      const [one] = await open({ cancelKey: 'AppointmentID' });
      studio.simulator.cancel(one);
      const error = (await studio.bookings.cancelBooking(one)).val;
      expect(error).to.include({ kind: 'refused', reason: 'The appointment has already been canceled.' });
    });

    it('does not keep a key that was refused', async () => {
      const [one, two] = await open({ cancelKey: 'id' });
      studio.simulator.cancel(one);
      await studio.bookings.cancelBooking(one);
      expect((await studio.bookings.cancelBooking(two)).ok).to.equal(true);
    });

    it('reports the reason that is not about the form of the request', async () => {
      const [one] = await open();
      for (const body of ['The request is invalid.', 'Not this one.', 'AppointmentID is required.']) {
        studio.simulator.failNext('cancelappointment', 1, { status: 400, body });
      }
      expect((await studio.bookings.cancelBooking(one)).val).to.include({ kind: 'refused', reason: 'Not this one.' });
    });

    it('reports the first refusal when no reason is better than the others', async () => {
      const [one] = await open();
      for (const body of ['first', 'second', 'third']) {
        studio.simulator.failNext('cancelappointment', 1, { status: 400, body });
      }
      expect((await studio.bookings.cancelBooking(one)).val).to.include({ kind: 'refused', reason: 'first' });
      expect(bodies('cancelappointment')).to.have.lengthOf(3);
    });

    for (const [what, body, reason] of [
      ['text', 'Error: it is too late to cancel.', 'Error: it is too late to cancel.'],
      ['a JSON string', '"This appointment cannot be cancelled."', 'This appointment cannot be cancelled.'],
      ['a message', { Message: 'Unable to cancel within 24 hours.' }, 'Unable to cancel within 24 hours.'],
      ['a field', { Id: 700001, Success: false, Message: 'Ask at the desk.' }, 'Ask at the desk.'],
    ] as const) {
      it(`is refused if a 200 contains the refusal in ${what}`, async () => {
        const [one] = await open();
        studio.simulator.failNext('cancelappointment', 3, { status: 200, body });
        expect((await studio.bookings.cancelBooking(one)).val).to.include({ kind: 'refused', status: 200, reason });
      });
    }

    for (const body of [
      'Ok',
      '"Ok"',
      'true',
      'The appointment was cancelled.',
      { Success: true, Message: 'Canceled' },
      { Id: 700001, Description: 'cannot bend his knee' },
      null,
      {},
      [],
    ]) {
      it(`is successful after ${JSON.stringify(body)}`, async () => {
        const [one] = await open();
        studio.simulator.failNext('cancelappointment', 1, { status: 200, body });
        expect((await studio.bookings.cancelBooking(one)).ok).to.equal(true);
        expect(bodies('cancelappointment')).to.have.lengthOf(1);
      });
    }

    for (const status of [403, 429, 500, 502]) {
      it(`tries no other key after ${status}`, async () => {
        const [one] = await open();
        studio.simulator.failNext('cancelappointment', 1, { status, body: '' });
        expect((await studio.bookings.cancelBooking(one)).ok).to.equal(false);
        expect(bodies('cancelappointment')).to.have.lengthOf(1);
      });
    }

    it('tries no other key if the answer is lost, because the booking may be cancelled', async () => {
      const [one] = await open();
      await studio.bookings.listResourceUnits();
      studio.simulator.loseAnswers('cancelappointment');
      expect((await studio.bookings.cancelBooking(one)).val).to.include({ kind: 'transient' });
      expect(studio.simulator.booking(one)?.state).to.equal('canceled');
      expect(timesCalled(studio.simulator, 'cancelappointment')).to.equal(1);
    });
  });

  describe('rescheduleBooking', () => {
    async function open(deployment: SimulatorOptions = {}, timeZone = 'America/Phoenix'): Promise<string> {
      studio = await openStudio({ ...deployment, timeZone }, { timeZone });
      return studio.simulator.book({ unit: 5523, start: studio.start });
    }

    function toTheOtherBay(id: string): ReturnType<OpenStudio['bookings']['rescheduleBooking']> {
      const start = studio.start + HOUR;
      return studio.bookings.rescheduleBooking(id, { resourceUnitId: 5524, start, end: start + 90 * MINUTE });
    }

    it('sends wall time and minutes', async () => {
      const id = await open();
      expect((await toTheOtherBay(id)).val).to.equal(id);
      expect(bodies('rescheduleappointment')).to.deep.equal([
        { Id: Number(id), StartTime: '2026-01-18T11:00:00', ServiceLength: 90, ResourceUnitID: 5524 },
      ]);
    });

    it('returns the new id', async () => {
      const id = await open({ reschedule: 'new-id' });
      const newId = (await toTheOtherBay(id)).val;
      expect(newId).not.to.equal(id);
      expect(studio.simulator.booking(id)?.state).to.equal('rescheduled');
      expect(studio.simulator.liveBookings().map((it) => it.id)).to.deep.equal([newId]);
    });

    for (const body of ['Ok', '', null, {}, { Id: 0 }, { Id: null }, true]) {
      it(`reads ${JSON.stringify(body)} as the same id`, async () => {
        const id = await open();
        studio.simulator.failNext('rescheduleappointment', 1, { status: 200, body });
        expect((await toTheOtherBay(id)).val).to.equal(id);
      });
    }

    for (const body of [{ Id: 2 ** 60 }, { Id: {} }, '<html>']) {
      it(`has an unknown result after ${JSON.stringify(body)}`, async () => {
        const id = await open();
        studio.simulator.failNext('rescheduleappointment', 1, { status: 200, body });
        expect((await toTheOtherBay(id)).val).to.include({ kind: 'transient' });
      });
    }

    it('is refused if the deployment has no such method', async () => {
      const id = await open({ reschedule: 'off' });
      expect((await toTheOtherBay(id)).val).to.include({ kind: 'refused', status: 404, reason: 'unknown-method' });
    });

    for (const status of [405, 501]) {
      it(`is refused if the deployment answers the method with ${status}`, async () => {
        const id = await open();
        studio.simulator.failNext('rescheduleappointment', 1, { status, body: '' });
        expect((await toTheOtherBay(id)).val).to.include({ kind: 'refused', status });
      });
    }

    it('is refused if a 200 contains a refusal', async () => {
      const id = await open();
      studio.simulator.failNext('rescheduleappointment', 1, {
        status: 200,
        body: 'Error: that time is not available.',
      });
      expect((await toTheOtherBay(id)).val).to.include({
        kind: 'refused',
        reason: 'Error: that time is not available.',
      });
    });

    it('is not-found if the deployment has no such appointment', async () => {
      await open();
      expect((await toTheOtherBay('123')).val).to.include({ kind: 'not-found', status: 404 });
    });

    it('sends the wall time on a day of a clock change', async () => {
      const id = await open({}, 'America/New_York');
      const start = Date.parse('2026-03-08T07:00:00Z');
      const to = { resourceUnitId: 5523, start, end: start + HOUR };
      await studio.bookings.rescheduleBooking(id, to);
      expect(bodies('rescheduleappointment')[0]).to.include({ StartTime: '2026-03-08T03:00:00', ServiceLength: 60 });
      expect((await studio.bookings.getBooking(id)).val).to.include({ start, end: start + HOUR });
    });
  });

  describe('book', () => {
    async function open(): Promise<{ resourceUnitId: number; start: number; end: number }> {
      studio = await openStudio({ locationId: 3, serviceId: 44 });
      return { resourceUnitId: 5523, start: studio.start, end: studio.start + 2 * HOUR };
    }

    it('sends the fields of docs/uschedule.md#methods', async () => {
      const slot = await open();
      await studio.bookings.book({ ...slot, customerId: '90001', notes: 'moved' });
      await studio.bookings.book({ ...slot, resourceUnitId: 5524, customerId: null, notes: '' });
      const common = { LocationID: 3, ServiceID: 44, GroupSize: 1, PaymentType: 0 };
      const where = { StartTime: '2026-01-18T10:00:00', ServiceLength: 120 };
      expect(bodies('bookit')).to.deep.equal([
        { ...common, ...where, ResourceUnitID: 5523, Notes: 'moved', CustomerID: 90001 },
        { ...common, ...where, ResourceUnitID: 5524, Notes: '' },
      ]);
    });

    it('sends an id as text if JSON cannot represent it as a number', async () => {
      const slot = await open();
      await studio.bookings.book({ ...slot, customerId: '90071992547409931234', notes: '' });
      expect(bodies('bookit')[0]).to.include({ CustomerID: '90071992547409931234' });
    });

    for (const body of ['Ok', '', null, {}, { Id: 0 }, { Id: [] }]) {
      it(`has an unknown result after the booking answer ${JSON.stringify(body)}`, async () => {
        const slot = await open();
        studio.simulator.failNext('bookit', 1, { status: 200, body });
        const result = await studio.bookings.book({ ...slot, customerId: null, notes: '' });
        expect(result.val).to.include({ kind: 'transient', method: 'bookit' });
      });
    }

    it('is not retried if the answer is lost', async () => {
      const slot = await open();
      await studio.bookings.listResourceUnits();
      studio.simulator.loseAnswers('bookit');
      expect((await studio.bookings.book({ ...slot, customerId: null, notes: '' })).val).to.include({
        kind: 'transient',
      });
      expect(studio.simulator.liveBookings()).to.have.lengthOf(1);
      expect(timesCalled(studio.simulator, 'bookit')).to.equal(1);
    });
  });
});
