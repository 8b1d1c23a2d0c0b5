import { expect } from 'chai';
import { HOUR, type Booking } from '@loft/sync-core';
import { PRODUCTION } from '@loft/sync-uschedule/simulator';
import { type OpenStudio, openStudio } from './helpers/open-studio.js';

const BAY_1 = 5523;
const BAY_2 = 5524;

describe('a deployment like the studio’s', () => {
  let studio: OpenStudio;

  beforeEach(async () => {
    studio = await openStudio(PRODUCTION, {
      status: 'blind',
      locationId: 11_274,
      serviceId: 35_371,
      unitServices: new Map([['5524', 42_215]]),
    });
  });

  afterEach(async () => {
    await studio.simulator.close();
  });

  function slot(resourceUnitId: number, hours = 1): { resourceUnitId: number; start: number; end: number } {
    return { resourceUnitId, start: studio.start, end: studio.start + hours * HOUR };
  }

  async function listed(id: string): Promise<Booking | undefined> {
    const list = (await studio.bookings.listBookings({ from: studio.start, to: studio.start + 1 })).unwrap();
    return list.bookings.find(({ appointmentId }) => appointmentId === id);
  }

  it('is read for free slots with the service that each unit offers', async () => {
    for (const unit of [BAY_1, BAY_2]) {
      expect((await studio.bookings.listFreeSlots(unit, studio.start)).unwrap()).to.include(studio.start);
    }
    const asked = studio.simulator.calls.filter(({ method }) => method === 'getavailability');
    expect(asked.map(({ body }) => (body as { ServiceID: number }).ServiceID)).to.deep.equal([35_371, 42_215]);
  });

  it('has no slot for a unit that is read with another service', async () => {
    studio.simulator.configure({ services: { [BAY_1]: [35_371], [BAY_2]: [99] } });
    expect((await studio.bookings.listFreeSlots(BAY_2, studio.start)).unwrap()).to.deep.equal([]);
    expect((await studio.bookings.book({ ...slot(BAY_2), customerId: null, notes: '' })).val).to.include({
      kind: 'refused',
    });
  });

  it('lists the units that offer a service', async () => {
    expect((await studio.bookings.listUnitsOfService(42_215)).unwrap()).to.deep.equal([BAY_2]);
    expect((await studio.bookings.listUnitsOfService(1)).unwrap()).to.deep.equal([]);
  });

  it('is read with the shorter of the record’s length and the service’s', async () => {
    for (const minutes of [30, 240, undefined]) await studio.bookings.listFreeSlots(BAY_1, studio.start, minutes);
    const asked = studio.simulator.calls.filter(({ method }) => method === 'getavailability');
    expect(asked.map(({ body }) => (body as { ServiceLength: number }).ServiceLength)).to.deep.equal([30, 60, 60]);
  });

  it('books with the terms of the replaced booking', async () => {
    const terms = {
      groupSize: 3,
      serviceId: 42_215,
      employeeId: '12',
      prepaid: { creditId: '4411', paymentType: null },
    };
    const id = (await studio.bookings.book({ ...slot(BAY_2, 2), customerId: null, notes: 'x', terms })).unwrap();
    const body = studio.simulator.writes.at(-1)?.body;
    expect(body).to.include({
      ServiceID: 42_215,
      GroupSize: 3,
      EmployeeID: 12,
      PaymentType: 4,
      PrepayServiceCustomerID: 4411,
    });
    const read = (await studio.bookings.getBooking(id)).unwrap();
    expect(read.terms?.prepaid?.creditId).to.equal('4411');
  });

  it('has the customer only in the list, and the terms only by id', async () => {
    const id = studio.simulator.book({ unit: BAY_1, start: studio.start, customerName: 'Ana', notes: 'left-handed' });
    const byId = (await studio.bookings.getBooking(id)).unwrap();
    expect(byId).to.deep.include({ customerName: '', notes: 'left-handed', createdAt: null });
    expect(byId.missing).to.deep.equal({ customerName: 'absent' });
    expect(byId.terms).to.deep.equal({ groupSize: 1, serviceId: 35_371, prepaid: null });
    expect(await listed(id)).to.deep.include({ customerName: 'Ana', notes: 'left-handed' });
  });

  it('cuts long notes', async () => {
    const id = (
      await studio.bookings.book({ ...slot(BAY_1), customerId: null, notes: `[loft:7] ${'x'.repeat(300)}` })
    ).unwrap();
    expect((await studio.bookings.getBooking(id)).unwrap().notes)
      .to.match(/^\[loft:7\] x+$/)
      .and.have.length(250);
  });
});
