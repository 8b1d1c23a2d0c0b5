import { expect } from 'chai';
import { HOUR, intlTimeZones, MINUTE } from '@loft/sync-core';
import { zonedFormat } from '#src/http/zoned-format.js';
import { HttpWorld } from './support/http-world.js';

describe('the console while the guard has paused the bookings', () => {
  let world: HttpWorld;
  let page: string;

  before(async () => {
    world = await new HttpWorld().start();
    const start = world.clock.now() + 24 * HOUR;
    const ids = Array.from({ length: 8 }, (_, hour) =>
      world.bookings.user.book({ unit: 5523, start: start + hour * HOUR, customerName: `Guest ${hour}` }),
    );
    await world.clock.advance(2 * MINUTE);
    for (const id of ids.slice(0, 7)) world.bookings.user.cancel(id);
    await world.clock.advance(2 * MINUTE);
    const day = zonedFormat('America/Phoenix', intlTimeZones()).date(start);
    page = (await world.admin('GET', `/?day=${day}`)).text.replaceAll(/\s+/g, ' ');
  });
  after(() => world.close());

  it('shows the bookings that the guard holds as needing attention, on their day and in the week', () => {
    expect(page).not.to.contain('8 bookings synced');
    expect(page).to.contain('7 of 8 bookings need attention, 1 synced');
    expect(page).to.match(/<li class="block dead-letter [^"]*"[^>]*> <a[^>]*> <span[^>]*>.*?Guest 0/);
  });

  it('says in plain words what is paused, and what to check before a resume', () => {
    expect(page).to.contain('<li>The bookings are paused: 7 of 8 bookings are gone at once.');
    expect(page).to.contain('First check in USchedule whether these bookings are really gone.');
    expect(page).not.to.contain('massChangeLimit');
    expect(page).not.to.contain('stopped by a guard');
  });

  it('repeats both in the question before the resume', async () => {
    const { text } = await world.admin('GET', '/console/confirm/resume?feed=bookings');
    expect(text).to.contain('It is paused: 7 of 8 bookings are gone at once.');
    expect(text).to.contain('First check in USchedule');
    expect(text).not.to.contain('..');
  });
});

describe('the console while the guard holds edits', () => {
  it('says in plain words that they wait for a decision', async () => {
    const world = await new HttpWorld().start();
    try {
      const start = world.clock.now() + 24 * HOUR;
      for (let hour = 0; hour < 12; hour++) {
        world.bookings.user.book({ unit: 5523, start: start + hour * HOUR, customerName: `Guest ${hour}` });
      }
      await world.clock.advance(2 * MINUTE);
      const bay1 = world.bays[0]?.calendarId ?? '';
      for (const { eventId } of world.calendars.events(bay1)) world.calendars.person.deleteEvent(bay1, eventId);
      await world.clock.advance(10 * MINUTE);
      const { text } = await world.admin('GET', '/');
      expect(text).to.contain('<li>Bay 1: 12 edits in Google Calendar are held until you decide</li>');
      expect(text).not.to.contain('held by the guard until a person');
    } finally {
      await world.close();
    }
  });
});
