import { expect } from 'chai';
import { Err, MINUTE, type BookingSystem, type Clock } from '@loft/sync-core';
import { overridden } from './overridden.js';
import { BAY1, World } from './world.js';

/** A clock with an error in milliseconds; its timers are correct. */
function wrongClock({ clock }: World, skew: { ms: number }): Clock {
  return {
    now: () => clock.now() + skew.ms,
    setTimer: (delayMs, callback) => clock.setTimer(delayMs, callback),
  };
}

describe('a process whose clock is slow', () => {
  it('carries a retried edit, although its time seems to be in the future', async () => {
    const world = new World();
    let isRefused = true;
    const error = {
      kind: 'transient',
      system: 'uschedule',
      method: 'reschedule',
      message: '503',
      status: 503,
    } as const;
    const bookings = overridden<BookingSystem>(world.bookings, {
      rescheduleBooking: async (id, to) => {
        if (!isRefused) return world.bookings.rescheduleBooking(id, to);
        isRefused = false;
        return Err(error);
      },
    });
    world.through({ bookings });
    world.engine = world.newEngine({ clock: wrongClock(world, { ms: -45 * MINUTE }) });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.settle();
    const start = world.hour(110);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start });
  });

  it('processes due tasks within a minute after its clock was corrected', async () => {
    const world = new World();
    const skew = { ms: -40 * MINUTE };
    world.engine = world.newEngine({ clock: wrongClock(world, skew) });
    await world.start();
    await world.settle(MINUTE);
    const dueAt = world.clock.now() - 10 * MINUTE;
    await world.store.addTasks([{ appointmentId: '700001', trigger: 'follow-up', event: null, dueAt }], dueAt);
    await world.engine.hint('700002');
    await world.settle(MINUTE);
    expect(await world.store.nextTaskDueAt()).to.deep.include({ val: dueAt });
    skew.ms = 0;
    await world.settle(MINUTE + 1000);
    expect((await world.store.nextTaskDueAt()).unwrap()).to.equal(null);
  });
});
