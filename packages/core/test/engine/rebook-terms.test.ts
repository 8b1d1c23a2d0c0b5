import { expect } from 'chai';
import { HOUR, type Bay } from '@loft/sync-core';
import type { BookingTerms } from '@loft/sync-core/adapters';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { BAY1, BAY2, only, World } from './world.js';

const GOLF: Bay = { ...BAY1, serviceId: 35_371 };
const GOLF_ONLY: Bay = { ...BAY2, serviceId: 42_215 };
const PAID: BookingTerms = {
  groupSize: 3,
  serviceId: 35_371,
  employeeId: '12',
  prepaid: { creditId: '4411', paymentType: 4 },
};

/** A studio whose bays offer different services, and whose bookings are moved by a rebooking. */
async function studio(rebookPaid: boolean): Promise<World> {
  const services = new Map([
    [GOLF.resourceUnitId, [35_371]],
    [GOLF_ONLY.resourceUnitId, [42_215]],
  ]);
  const settings = { bays: [GOLF, GOLF_ONLY], uschedule: { reschedule: 'rebook', rebookPaid } } as const;
  return new World({ settings, studio: { services, notesLimit: 250 } }).start();
}

async function booked(world: World, terms: BookingTerms): Promise<string> {
  const { user } = world.bookings;
  const start = world.hour(50);
  const id = user.book({ unit: GOLF.resourceUnitId, start, customerName: 'Ana R.', notes: 'left-handed', terms });
  await world.settle();
  return id;
}

describe('a rebooking', () => {
  it('keeps the customer, the note, the group size, the employee and the credit', async () => {
    const world = await studio(true);
    await booked(world, PAID);
    const { eventId } = only(world.on(GOLF));
    world.calendars.person.dragEvent(GOLF.calendarId, eventId, { start: world.hour(60) });
    await world.settle();
    const [moved, ...others] = world.bookings.user.liveBookings();
    expect(others).to.deep.equal([]);
    expect(moved).to.deep.include({ start: world.hour(60), customerName: 'Ana R.', terms: PAID });
    expect(moved?.notes).to.match(/^\[loft:\d+\] left-handed$/);
    expect(only(world.on(GOLF))).to.deep.include({ title: 'Ana R.', description: 'left-handed' });
    await expectInSync(world);
    await expectIdle(world);
  });

  it('uses the service of the bay to which the event was moved', async () => {
    const world = await studio(true);
    await booked(world, PAID);
    const { eventId } = only(world.on(GOLF));
    world.calendars.person.moveToCalendar(GOLF.calendarId, eventId, GOLF_ONLY.calendarId);
    await world.settle();
    const [moved] = world.bookings.user.liveBookings();
    expect(moved).to.deep.include({ unit: GOLF_ONLY.resourceUnitId, terms: { ...PAID, serviceId: 42_215 } });
    await expectInSync(world);
  });

  it('of a booking that is paid with a credit is refused without rebookPaid, and its event is reverted', async () => {
    const world = await studio(false);
    const id = await booked(world, PAID);
    const { eventId, start } = only(world.on(GOLF));
    world.calendars.person.dragEvent(GOLF.calendarId, eventId, { start: world.hour(60) });
    await world.settle();
    expect(only(world.on(GOLF)).start).to.equal(start);
    expect(world.bookings.writeCount).to.equal(0);
    expect(world.bookings.user.booking(id)?.state).to.equal('live');
    const refusal = world.events.find((event) => event.type === 'action' && event.reason === 'edit-refused');
    expect(JSON.stringify(refusal)).to.include('uschedule.rebookPaid');
    await expectIdle(world);
  });

  it('of a booking without a credit is allowed without rebookPaid', async () => {
    const world = await studio(false);
    await booked(world, { groupSize: 2, serviceId: 35_371, prepaid: null });
    const { eventId } = only(world.on(GOLF));
    world.calendars.person.dragEvent(GOLF.calendarId, eventId, {
      start: world.hour(60),
      end: world.hour(60) + 2 * HOUR,
    });
    await world.settle();
    const [moved] = world.bookings.user.liveBookings();
    expect(moved).to.deep.include({ start: world.hour(60), terms: { groupSize: 2, serviceId: 35_371, prepaid: null } });
  });
});
