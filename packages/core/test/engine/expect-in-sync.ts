import { expect } from 'chai';
import type { World } from './world.js';

interface Shown {
  readonly bay: string;
  readonly start: number;
  readonly end: number;
  readonly title: string;
}

/** Expects one event per live booking, in the right calendar and at its time, and no other event of ours. */
export async function expectInSync(world: World, message = ''): Promise<void> {
  const { bays } = world.settings;
  const wanted = new Map<string, Shown[]>();
  for (const { id, unit, start, end, customerName: title } of world.bookings.user.liveBookings()) {
    const bay = bays.find((it) => it.resourceUnitId === unit)?.bay;
    if (bay !== undefined) wanted.set(id, [{ bay, start, end, title }]);
  }
  const shown = new Map<string, Shown[]>();
  for (const { bay, calendarId } of bays) {
    for (const { start, end, title, free, marks } of world.calendars.events(calendarId)) {
      const canceled = free && title.startsWith('CANCELED: ');
      if (!marks.managed || canceled) continue;
      const id = marks.appointmentId ?? '';
      shown.set(id, [...(shown.get(id) ?? []), { bay, start: start ?? 0, end: end ?? 0, title }]);
    }
  }
  expect(sorted(shown), message).to.deep.equal(sorted(wanted));
  const maps = (await world.store.listMaps({ status: 'ACTIVE' })).unwrap();
  expect(maps.map((map) => map.uscheduleAppointmentId).sort(), message).to.deep.equal([...wanted.keys()].sort());
  for (const map of maps) expect(map.intent, message).to.equal(null);
}

/** Expects no waiting task and no dead letter. */
export async function expectIdle(world: World, message = ''): Promise<void> {
  const counts = (await world.store.countTasks(world.clock.now())).unwrap();
  expect(counts, message).to.deep.equal({ due: 0, waiting: 0, claimed: 0 });
  expect((await world.store.listDeadLetters({})).unwrap(), message).to.deep.equal([]);
}

function sorted(shown: ReadonlyMap<string, readonly Shown[]>): readonly unknown[] {
  return [...shown].sort(([a], [b]) => (a < b ? -1 : 1));
}
