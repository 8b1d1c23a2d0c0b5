import { setTimeout as pause } from 'node:timers/promises';
import { intlTimeZones } from '@loft/sync-core';
import { calendarSystemSuite } from '@loft/sync-core/testing';
import { CalDavCalendarSystem } from '#src/caldav/caldav-calendar-system.js';
import { CalDavPerson } from './support/caldav-person.js';
import { requireRadicale, startRadicale, type Radicale } from '../../scripts/radicale.mjs';

/** The first installation of the server takes a minute. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;
const log = (message: string): void => void process.stderr.write(`${message}\n`);
describe('the CalDAV example on a real server', function () {
  this.timeout(60_000);
  let radicale: Radicale;
  let count = 0;

  before(async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    radicale = requireRadicale(await startRadicale({ log }), () => this.skip());
  });
  after(() => radicale?.stop());

  calendarSystemSuite(
    { describe, it },
    {
      supports: { watch: false, move: false, syncToken: false, tombstones: false },
      create: async () => {
        count++;
        const calendarIds = [`bay-1-of-${count}`, `bay-2-of-${count}`] as const;
        for (const name of calendarIds) await radicale.createCalendar(name);
        return {
          calendars: new CalDavCalendarSystem({
            account: radicale.account,
            timeZone: 'America/Phoenix',
            timeZones: intlTimeZones(),
            callTimeoutMs: 20_000,
            now: () => Date.now(),
          }),
          calendarIds,
          person: new CalDavPerson(radicale),
          pageSize: null,
          address: '',
          received: async () => [],
          share: (calendarId, access) => radicale.share(calendarId, access),
          expireSyncTokens: () => {},
          now: () => Date.now(),
          elapse: (milliseconds) => pause(milliseconds),
          close: async () => {},
        };
      },
    },
  );
});
