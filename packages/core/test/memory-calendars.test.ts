import { expect } from 'chai';
import type { ChannelNotification } from '#src/index.js';
import type { EventDraft } from '#src/entries/adapters.js';
import { calendarSystemSuite, MemoryCalendars, VirtualClock } from '#src/testing/index.js';
import { memoryCalendarsFactory } from './helpers/memory-calendars-harness.js';

const BAY = 'bay-1@calendars.example';
const START = Date.UTC(2026, 0, 20, 18);
const DRAFT: EventDraft = {
  start: START,
  end: START + 3_600_000,
  title: 'Ann Example',
  description: '',
  free: false,
  appointmentId: '700123',
  bay: '1',
};

async function watched(notificationDelayMs: number) {
  const clock = new VirtualClock();
  const notifications: ChannelNotification[] = [];
  const calendars = new MemoryCalendars({ clock, calendars: [BAY], notificationDelayMs });
  calendars.onNotification = (it) => notifications.push(it);
  const request = { calendarId: BAY, channelId: 'c', token: 't', address: 'https://x.example', ttlSeconds: 3600 };
  await calendars.watch(request);
  await clock.advance(notificationDelayMs);
  return { clock, calendars, notifications };
}

describe('MemoryCalendars', () => {
  calendarSystemSuite({ describe, it }, memoryCalendarsFactory());

  describe('its log of writes', () => {
    it('distinguishes writes of the service and of users, and contains only successful ones', async () => {
      const clock = new VirtualClock();
      const calendars = new MemoryCalendars({ clock, calendars: [BAY] });
      await calendars.insertEvent(BAY, 'loft00001', DRAFT);
      await calendars.insertEvent(BAY, 'loft00001', DRAFT);
      await calendars.patchEvent(BAY, 'loft00001', { title: 'X', appointmentId: '7', bay: '1' }, '"stale"');
      calendars.person.renameEvent(BAY, 'loft00001', 'By a person');
      await calendars.deleteEvent(BAY, 'loft00001');
      const at = clock.now();
      expect(calendars.writes).to.deep.equal([
        { by: 'service', method: 'insert', calendarId: BAY, eventId: 'loft00001', at },
        { by: 'person', method: 'patch', calendarId: BAY, eventId: 'loft00001', at },
        { by: 'service', method: 'delete', calendarId: BAY, eventId: 'loft00001', at },
      ]);
      expect(calendars.writeCount).to.equal(2);
      expect(calendars.events(BAY)).to.deep.equal([]);
    });
  });

  describe('its notifications', () => {
    it('are combined for changes in quick succession', async () => {
      const { clock, calendars, notifications } = await watched(500);
      await calendars.insertEvent(BAY, 'loft00001', DRAFT);
      await clock.advance(100);
      calendars.person.renameEvent(BAY, 'loft00001', 'By a person');
      await clock.advance(1000);
      expect(notifications.map(({ resourceState }) => resourceState)).to.deep.equal(['sync', 'exists']);
    });

    it('can be lost', async () => {
      const { clock, calendars, notifications } = await watched(0);
      calendars.dropNotifications(1);
      await calendars.insertEvent(BAY, 'loft00001', DRAFT);
      await clock.advance(1);
      expect(notifications).to.have.length(1);
      calendars.person.deleteEvent(BAY, 'loft00001');
      await clock.advance(1);
      expect(notifications).to.have.length(2);
    });

    it('end with the channels, and leave no timer', async () => {
      const { clock, calendars, notifications } = await watched(500);
      calendars.person.createEvent(BAY, { start: START, end: START });
      calendars.close();
      expect(clock.pendingTimers).to.equal(0);
      await clock.advance(1000);
      expect(notifications).to.have.length(1);
      expect(calendars.channels).to.deep.equal([]);
    });
  });
});
