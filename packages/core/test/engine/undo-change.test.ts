import { expect } from 'chai';
import { Err, HOUR, MINUTE, type Result, type SyncError } from '@loft/sync-core';
import type { EditRecord, Slot } from '@loft/sync-core/store';
import { BAY1, BAY2, only, World, type WorldOptions } from './world.js';
import { overridden } from './overridden.js';

/** A studio with one booking in two days that was moved by an hour on both sides. */
async function movedBooking(
  options: WorldOptions = {},
): Promise<{ world: World; id: string; before: Slot; after: Slot }> {
  const world = new World(options);
  await world.start();
  const id = world.book(BAY1.resourceUnitId, 48);
  await world.settle();
  const { start, end } = world.bookings.user.booking(id)!;
  const before = { start, end, bay: '1' };
  const after = { start: start + HOUR, end: end + HOUR, bay: '1' };
  world.bookings.user.move(id, { start: after.start });
  await world.settle(5 * MINUTE);
  expect(only(world.on(BAY1)).start).to.equal(after.start);
  return { world, id, before, after };
}

/** The details of the decisions about undo requests. */
function undoDetails(world: World): readonly (string | null)[] {
  return world.events.flatMap((event) =>
    event.type === 'decision' && event.reason === 'change-undone' ? [event.detail] : [],
  );
}

/** A stored request to undo a change. */
function requestOf(appointmentId: string, leftAt: Slot, backTo: Slot): EditRecord {
  return {
    kind: 'edit',
    id: appointmentId,
    appointmentId,
    at: 0,
    bay: leftAt.bay ?? '',
    change: 'moved',
    start: backTo.start,
    end: backTo.end,
    toBay: backTo.bay ?? '',
    base: leftAt,
    customerName: 'Ana R.',
    state: 'undo',
    putBacks: 0,
    putBackAt: null,
    waitsFor: null,
  };
}

/** Stores a dead letter of another failure. */
async function deadLetter({ store, clock }: World, appointmentId: string): Promise<void> {
  const now = clock.now();
  const dueAt = now + HOUR;
  (await store.addTasks([{ appointmentId, dueAt, trigger: 'hint', event: null }], now)).unwrap();
  const request = { owner: 'test', now: dueAt, limit: 1, leaseMs: HOUR };
  const [task] = (await store.claimTasks(request)).unwrap();
  const error = { kind: 'invalid', system: 'uschedule', method: 'appointment', message: 'it fails' } as const;
  const letter = { appointmentId, calendarId: null, eventId: null, reason: null, attempts: 1, error, at: now };
  (await store.deadLetterTask(task!, { ...letter, fingerprint: null, retryAt: null, revivals: 0 })).unwrap();
}

describe('undoing a change', () => {
  it('moves the booking back, and its event follows', async () => {
    const { world, id, before, after } = await movedBooking();
    const asked = await world.engine.undoChange({ appointmentId: id, leftAt: after, backTo: before });
    expect(asked.unwrap()).to.equal('accepted');
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: before.start, end: before.end });
    expect(only(world.on(BAY1))).to.include({ start: before.start, end: before.end });
  });

  it('moves the booking back although a hint arrives between the request and its task', async () => {
    const { world, id, before, after } = await movedBooking();
    world.hintAfterEachRequest();
    const asked = await world.engine.undoChange({ appointmentId: id, leftAt: after, backTo: before });
    expect(asked.unwrap()).to.equal('accepted');
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: before.start, end: before.end });
    expect(only(world.on(BAY1))).to.include({ start: before.start, end: before.end });
  });

  it('of an edit of the event moves both sides back', async () => {
    const { world, id, after } = await movedBooking();
    const later = { start: after.start + 2 * HOUR, end: after.end + 2 * HOUR, bay: '1' };
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: later.start });
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start: later.start });
    await world.engine.undoChange({ appointmentId: id, leftAt: later, backTo: after });
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start: after.start });
    expect(only(world.on(BAY1)).start).to.equal(after.start);
  });

  it('of a change of bay moves the booking and its event back to the other bay', async () => {
    const { world, id, after } = await movedBooking();
    world.bookings.user.move(id, { unit: BAY2.resourceUnitId });
    await world.settle(5 * MINUTE);
    expect(world.on(BAY1)).to.deep.equal([]);
    const leftAt = { ...after, bay: '2' };
    expect((await world.engine.undoChange({ appointmentId: id, leftAt, backTo: after })).unwrap()).to.equal('accepted');
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ unit: BAY1.resourceUnitId });
    expect(only(world.on(BAY1)).start).to.equal(after.start);
    expect(world.on(BAY2)).to.deep.equal([]);
  });

  it('by a rebooking results in one booking at the previous time, and one event', async () => {
    const { world, id, before, after } = await movedBooking({ settings: { uschedule: { reschedule: 'rebook' } } });
    await world.engine.undoChange({ appointmentId: id, leftAt: after, backTo: before });
    await world.settle(10 * MINUTE);
    const live = world.bookings.user.bookings().filter(({ state }) => state === 'live');
    expect(live.map(({ start }) => start)).to.deep.equal([before.start]);
    expect(only(world.on(BAY1)).start).to.equal(before.start);
  });

  for (const reschedule of ['method', 'rebook'] as const) {
    it(`with ${reschedule} and a lost answer of the booking system still moves the event`, async () => {
      const { world, id, before, after } = await movedBooking({ settings: { uschedule: { reschedule } } });
      const { bookings } = world;
      let lost = 0;
      const loseOnce = async <T>(answer: Promise<Result<T, SyncError>>): Promise<Result<T, SyncError>> => {
        const given = await answer;
        if (lost++ > 0) return given;
        return Err({ kind: 'transient', system: 'uschedule', method: 'reschedule', message: 'the answer is lost' });
      };
      await world.engine.stop();
      world.through({
        bookings: overridden(bookings, {
          rescheduleBooking: async (...args) => loseOnce(bookings.rescheduleBooking(...args)),
          book: async (...args) => loseOnce(bookings.book(...args)),
        }),
      });
      await world.start();
      await world.engine.undoChange({ appointmentId: id, leftAt: after, backTo: before });
      await world.settle(20 * MINUTE);
      expect(lost).to.be.greaterThan(0);
      const live = world.bookings.user.liveBookings();
      expect(live.map(({ start }) => start)).to.deep.equal([before.start]);
      expect(only(world.on(BAY1)).start).to.equal(before.start);
    });
  }

  it('does nothing if the booking has changed before the request', async () => {
    const { world, id, before, after } = await movedBooking();
    const elsewhere = { ...after, start: after.start + HOUR, end: after.end + HOUR };
    const asked = await world.engine.undoChange({ appointmentId: id, leftAt: elsewhere, backTo: before });
    expect(asked.unwrap()).to.equal('changed');
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start: after.start });
  });

  it('is dropped if the customer moves the booking meanwhile', async () => {
    const { world, id, before, after } = await movedBooking();
    world.bookings.user.move(id, { start: after.start + 3 * HOUR });
    await world.engine.undoChange({ appointmentId: id, leftAt: after, backTo: before });
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start: after.start + 3 * HOUR });
    expect(only(world.on(BAY1)).start).to.equal(after.start + 3 * HOUR);
    expect(undoDetails(world)).to.deep.equal(['the appointment is not as that change left it any more']);
  });

  it('is dropped in favour of an edit that was made meanwhile', async () => {
    const { world, id, before, after } = await movedBooking();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: after.start + 2 * HOUR });
    await world.engine.undoChange({ appointmentId: id, leftAt: after, backTo: before });
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start: after.start + 2 * HOUR });
    expect(only(world.on(BAY1)).start).to.equal(after.start + 2 * HOUR);
  });

  it('changes neither side if the slot is taken, and reports the reason', async () => {
    const { world, id, before, after } = await movedBooking();
    const other = world.book(BAY1.resourceUnitId, 48);
    await world.settle(5 * MINUTE);
    await world.engine.undoChange({ appointmentId: id, leftAt: after, backTo: before });
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: after.start });
    expect(world.bookings.user.booking(other)).to.include({ state: 'live', start: before.start });
    expect(world.on(BAY1).map(({ start }) => start)).to.have.members([before.start, after.start]);
    expect(undoDetails(world)).to.have.length(1);
    expect(undoDetails(world)[0]).to.match(/^it was refused: /);
  });

  it('is dropped for a bay whose direction allows no change of a booking', async () => {
    const { world, id, before, after } = await movedBooking({ settings: { rules: { direction: 'to-google' } } });
    await world.engine.undoChange({ appointmentId: id, leftAt: after, backTo: before });
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start: after.start });
    expect(undoDetails(world)).to.deep.equal(['the calendars of this bay change no booking']);
  });

  it('is not executed by a later replay of another failure', async () => {
    const { world, id, before, after } = await movedBooking();
    const forgotten = { ...requestOf(id, after, before), at: world.clock.now() - 2 * HOUR };
    (await world.store.putEventRecords([forgotten])).unwrap();
    await deadLetter(world, id);
    expect((await world.engine.replay(id)).unwrap()).to.equal(true);
    await world.settle(5 * MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start: after.start });
    expect(undoDetails(world)).to.deep.equal(['it was asked for more than an hour ago']);
  });

  it('is refused while the appointment has a dead letter', async () => {
    const { world, id, before, after } = await movedBooking();
    await deadLetter(world, id);
    const asked = await world.engine.undoChange({ appointmentId: id, leftAt: after, backTo: before });
    expect(asked.unwrap()).to.equal('busy');
  });
});
