import {
  completeSettings,
  createSyncEngine,
  HOUR,
  MemoryStore,
  MINUTE,
  type SyncEngineOptions,
  type SyncEvent,
} from '@loft/sync-core';
import { MemoryBookings, MemoryCalendars, VirtualClock } from '@loft/sync-core/testing';
import { expect } from 'chai';

const BAY1 = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'one@calendar.example' };

function optionsWith(change: object = {}): SyncEngineOptions & { clock: VirtualClock; bookings: MemoryBookings } {
  const clock = new VirtualClock();
  return {
    bookings: new MemoryBookings({ clock }),
    calendars: new MemoryCalendars({ clock, calendars: [BAY1.calendarId] }),
    store: new MemoryStore(),
    clock,
    settings: completeSettings({ timeZone: 'America/Phoenix', bays: [BAY1] }),
    ...change,
  };
}

function faultsOf(change: object): readonly string[] {
  const made = createSyncEngine(optionsWith(change));
  return made.err ? made.val.map(({ where, problem }) => `${where} ${problem}`) : [];
}

describe('createSyncEngine', () => {
  it('reports all faults of its options at once', () => {
    const { settings } = optionsWith();
    expect(
      faultsOf({
        bookings: undefined,
        calendars: { listEvents() {}, getEvent() {}, insertEvent() {}, patchEvent() {}, deleteEvent() {}, watch() {} },
        clock: { now: () => 0 },
        settings: { ...settings, timeZone: '', rules: {} },
        push: { address: '', tokenOf: () => { throw new Error('no key'); } }, // prettier-ignore
        observers: [{}],
        random: 0.5,
        concurrency: 0,
        leaseMs: 0,
      }),
    ).to.deep.equal([
      'bookings is missing',
      'calendars has no method moveEvent, stopChannel',
      'clock has no method setTimer',
      'settings.timeZone is "", and must be a time zone such as "America/Phoenix"',
      'settings.rules.direction is missing, and must be "both" or "to-google"',
      'settings.rules.echoWindowSeconds is missing, and must be a number, 0 or more',
      'settings.rules.conflict is missing, and must be "last-write-wins" or "booking-wins"',
      'settings.rules.massChangeLimit is missing, and must be a share between 0 and 1',
      'settings.rules.massChangeMinimum is missing, and must be a whole number, 0 or more',
      'push.address must be an address',
      'push.tokenOf throws: Error: no key',
      'observers[0] has no method onEvent',
      'random must be a function',
      'concurrency is 0, and must be a whole number, 1 or more',
      'leaseMs is 0, and must be a number of milliseconds above 0',
    ]);
  });

  it('refuses a clock of seconds or microseconds, and accepts one that starts at 0', () => {
    const clockAt = (now: number): object => ({ clock: { now: () => now, setTimer: () => () => {} } });
    for (const now of [1_790_000_000, 1_790_000_000_000_000]) {
      expect(faultsOf(clockAt(now))).to.deep.equal([
        `clock.now answers ${now}, and must answer a number of milliseconds since 1970`,
      ]);
    }
    for (const now of [0, 1_790_000_000_000]) expect(faultsOf(clockAt(now))).to.deep.equal([]);
  });

  it('requires different names of the systems', () => {
    const clock = new VirtualClock();
    const named = Object.assign(new MemoryCalendars({ clock, calendars: [BAY1.calendarId] }), { system: 'uschedule' });
    const problem = '"uschedule" is the name of another port; give each system a name of its own';
    expect(faultsOf({ calendars: named })).to.deep.equal([`calendars.system ${problem}`]);
  });
});

describe('a stopped engine', () => {
  it('refuses to start again', async () => {
    const engine = createSyncEngine(optionsWith()).unwrap();
    expect((await engine.start()).ok).to.equal(true);
    expect((await engine.start()).ok).to.equal(true);
    await engine.stop();
    expect((await engine.start()).val).to.deep.include({ kind: 'invalid', system: 'engine', method: 'start' });
  });
});

describe('observers that fail', () => {
  const failing = {
    'a listed one that throws': (): void => {
      throw new TypeError('no disk');
    },
    'a listed one whose promise is rejected': async (): Promise<void> => {
      throw new TypeError('no disk');
    },
  };
  for (const [what, onEvent] of Object.entries(failing)) {
    it(`do not affect the others, and are reported once: ${what}`, async () => {
      const seen: SyncEvent[] = [];
      const options = optionsWith({
        observers: [{ onEvent }, { onEvent: (event: SyncEvent) => void seen.push(event) }],
      });
      await runsOnce(options, seen);
    });
  }

  it('do not affect the others, and are reported once: a subscriber to the events', async () => {
    const seen: SyncEvent[] = [];
    const options = optionsWith({ observers: [{ onEvent: (event: SyncEvent) => void seen.push(event) }] });
    await runsOnce(options, seen, () => {
      throw new TypeError('no disk');
    });
  });

  async function runsOnce(
    options: ReturnType<typeof optionsWith>,
    seen: SyncEvent[],
    subscriber: (event: SyncEvent) => void = () => {},
  ): Promise<void> {
    const { clock, bookings } = options;
    const engine = createSyncEngine(options).unwrap();
    engine.events.subscribe(subscriber);
    bookings.user.book({ unit: 5523, start: clock.now() + 26 * HOUR });
    await engine.start();
    await clock.advance(3 * MINUTE);
    await engine.stop();
    expect(seen.filter(({ type }) => type === 'action')).to.have.length(1);
    const notices = seen.filter((event) => event.type === 'notice');
    expect(notices.map(({ message }) => message)).to.deep.equal([
      "an observer of the engine's events failed; further faults of it are not reported: TypeError: no disk",
    ]);
  }
});
