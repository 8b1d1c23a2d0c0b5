import { expect } from 'chai';
import { Err, MINUTE, Ok, SECOND, type CalendarEvent, type CalendarSystem, type SyncError } from '@loft/sync-core';
import { expectIdle } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, World, type WorldOptions } from './world.js';

const NOT_FOUND: SyncError = { kind: 'not-found', system: 'google', method: 'getEvent', message: 'not found' };

/** A calendar whose lists are current, while a reading by id returns an earlier state during `lagMs` after a change. */
class LaggingCalendarWorld extends World {
  lagMs = 0;
  readonly #states = new Map<string, { readonly until: number; readonly before: CalendarEvent | null }>();

  constructor(options: WorldOptions = {}) {
    super(options);
    const { calendars, clock } = this;
    const getEvent: CalendarSystem['getEvent'] = async (calendarId, eventId) => {
      const lagging = this.#states.get(`${calendarId} ${eventId}`);
      if (!lagging || clock.now() >= lagging.until) return calendars.getEvent(calendarId, eventId);
      return lagging.before ? Ok(lagging.before) : Err(NOT_FOUND);
    };
    this.through({ calendars: overridden(calendars, { getEvent }) });
  }

  /** Makes a change whose events are read by id in their earlier state for a while. */
  async change(eventId: string, make: () => void): Promise<void> {
    const until = this.clock.now() + this.lagMs;
    for (const { calendarId } of [BAY1, BAY2]) {
      const before = await this.calendars.getEvent(calendarId, eventId);
      this.#states.set(`${calendarId} ${eventId}`, { until, before: before.ok ? before.val : null });
    }
    make();
  }
}

describe('a calendar whose readings by id are behind its lists', function () {
  this.timeout(300_000);

  async function mirrored(
    lagMs: number,
    google = {},
  ): Promise<{ world: LaggingCalendarWorld; id: string; eventId: string }> {
    const world = new LaggingCalendarWorld({ settings: { google: { sweepSeconds: 1, ...google } } });
    await world.start();
    const id = world.bookings.user.book({ unit: BAY1.resourceUnitId, start: world.hour(30), customerName: 'Ana R.' });
    await world.settle(10 * MINUTE);
    world.lagMs = lagMs;
    return { world, id, eventId: `loft${id}` };
  }

  for (const lagMs of [SECOND, 10 * SECOND, 90 * SECOND]) {
    const lag = `by ${lagMs / SECOND} s`;

    it(`${lag}: an event moved to another bay moves its booking`, async () => {
      const { world, id, eventId } = await mirrored(lagMs);
      const { person } = world.calendars;
      await world.change(eventId, () => person.moveToCalendar(BAY1.calendarId, eventId, BAY2.calendarId));
      await world.settle(5 * MINUTE);
      expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY2.resourceUnitId });
      await expectIdle(world);
    });

    it(`${lag}: a deleted event cancels its booking, without a grace as well`, async () => {
      const { world, id, eventId } = await mirrored(lagMs, { deleteGraceSeconds: 0 });
      await world.change(eventId, () => world.calendars.person.deleteEvent(BAY1.calendarId, eventId));
      await world.settle(5 * MINUTE);
      expect(world.bookings.user.booking(id)).to.include({ state: 'canceled' });
      await expectIdle(world);
    });

    it(`${lag}: an event that is moved to another bay and back keeps its booking`, async () => {
      const { world, id, eventId } = await mirrored(lagMs, { deleteGraceSeconds: 0 });
      const { person } = world.calendars;
      await world.change(eventId, () => person.moveToCalendar(BAY1.calendarId, eventId, BAY2.calendarId));
      await world.settle(lagMs / 2);
      await world.change(eventId, () => person.moveToCalendar(BAY2.calendarId, eventId, BAY1.calendarId));
      await world.settle(5 * MINUTE);
      expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY1.resourceUnitId });
      await expectIdle(world);
    });
  }

  it('permanently: a reading by id counts after two minutes', async () => {
    const { world, id, eventId } = await mirrored(1e12);
    const before = world.calls()['getEvent'] ?? 0;
    await world.change(eventId, () => world.calendars.person.deleteEvent(BAY1.calendarId, eventId));
    await world.settle(5 * MINUTE);
    expect((world.calls()['getEvent'] ?? 0) - before).to.be.at.most(150);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live' });
  });
});
