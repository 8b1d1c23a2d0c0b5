import { completeSettings, createSyncEngine, MemoryStore, systemClock } from '@loft/sync-core';
import { MemoryBookings, VirtualClock } from '@loft/sync-core/testing';
import { expect } from 'chai';
import { adapter, BAY_1, BAY_2, closeAll, simulate } from './helpers/simulated.js';

describe('ids of Google calendars', () => {
  afterEach(closeAll);

  it('that differ only in capitals name one calendar: the engine refuses two bays with them', async () => {
    const calendars = adapter(await simulate());
    const faultsFor = (other: string): readonly string[] => {
      const made = createSyncEngine({
        bookings: new MemoryBookings({ clock: new VirtualClock() }),
        calendars,
        store: new MemoryStore(),
        clock: systemClock(),
        settings: completeSettings({
          timeZone: 'America/Phoenix',
          bays: [
            { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: BAY_1 },
            { bay: '2', name: 'Bay 2', resourceUnitId: 5524, calendarId: other },
          ],
        }),
      });
      return made.err ? made.val.map(({ where, problem }) => `${where} ${problem}`) : [];
    };
    expect(faultsFor(BAY_2)).to.deep.equal([]);
    const other = BAY_1.toUpperCase();
    expect(faultsFor(other)).to.deep.equal([
      `settings.bays[1].calendarId is the same as settings.bays[0].calendarId ("${other}")`,
    ]);
  });
});
