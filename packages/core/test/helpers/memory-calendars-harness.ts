import type { ChannelNotification } from '#src/index.js';
import type { CalendarCapabilities } from '#src/entries/adapters.js';
import {
  type CalendarSystemFactory,
  MemoryCalendars,
  type MemoryCalendarsOptions,
  VirtualClock,
} from '#src/testing/index.js';

/** A factory of harnesses around `MemoryCalendars`, or around what `make` makes of its options. */
export function memoryCalendarsFactory(
  make: (options: MemoryCalendarsOptions) => MemoryCalendars = (options) => new MemoryCalendars(options),
  supports: Partial<CalendarCapabilities> = {},
): CalendarSystemFactory {
  return {
    supports,
    create: async () => {
      const clock = new VirtualClock();
      const received: ChannelNotification[] = [];
      const calendars = make({
        clock,
        calendars: ['bay-1@calendars.example', 'bay-2@calendars.example'],
        pageSize: 3,
        supports,
        onNotification: (notification) => received.push(notification),
      });
      return {
        calendars,
        calendarIds: ['bay-1@calendars.example', 'bay-2@calendars.example'],
        person: calendars.person,
        pageSize: 3,
        address: 'https://sync.example/webhook/gcal',
        received: async () => {
          await clock.advance(1);
          return [...received];
        },
        share: (calendarId, access) => calendars.shareCalendar(calendarId, access),
        expireSyncTokens: () => calendars.expireSyncTokens(),
        now: () => clock.now(),
        elapse: (milliseconds) => clock.advance(milliseconds),
        close: async () => calendars.close(),
      };
    },
  };
}
