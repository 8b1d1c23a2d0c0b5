import { calendarSystemSuite } from '@loft/sync-core/testing';
import { createGoogleCalendarSystem } from '#src/index.js';
import { startGoogleSimulator, type SimulatorOptions } from '#src/simulator/index.js';
import { asNotification, startNotificationSink } from './helpers/notification-sink.js';

const CALENDARS = ['bay-1@calendars.example', 'bay-2@calendars.example'] as const;
const PAGE_SIZE = 3;

function suiteOver(options: SimulatorOptions): void {
  calendarSystemSuite(
    { describe, it },
    {
      create: async () => {
        let ahead = 0;
        const now = (): number => Date.now() + ahead;
        const simulator = await startGoogleSimulator({ calendars: CALENDARS, pageSize: PAGE_SIZE, now, ...options });
        const sink = await startNotificationSink();
        const calendars = createGoogleCalendarSystem({
          credentials: { kind: 'key', json: simulator.serviceAccountKey() },
          timeZone: 'America/Phoenix',
          rootUrl: simulator.rootUrl,
          now,
        });
        return {
          calendars,
          calendarIds: CALENDARS,
          person: simulator.person,
          pageSize: PAGE_SIZE,
          address: sink.address,
          received: async () => {
            await simulator.idle();
            return sink.received.map(asNotification);
          },
          share: (calendarId, access) => simulator.shareCalendar(calendarId, access),
          expireSyncTokens: () => simulator.expireSyncTokens(),
          now,
          elapse: async (milliseconds) => {
            ahead += milliseconds;
          },
          close: async () => {
            await simulator.close();
            await sink.close();
          },
        };
      },
    },
  );
}

describe('GoogleCalendarSystem over the simulator', () => {
  describe('with tombstones that carry only their id', () => suiteOver({ tombstones: 'minimal' }));
  describe('with tombstones that carry everything', () => suiteOver({ tombstones: 'full' }));
  describe('with unusual answers', () => suiteOver({ manner: 'other' }));
});
