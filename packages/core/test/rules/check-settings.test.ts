import { checkSettings, completeSettings, DEFAULT_SETTINGS, type Bay } from '@loft/sync-core';
import { expect } from 'chai';

const BAY1: Bay = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'one@calendar.example' };
const BAY2: Bay = { bay: '2', name: 'Bay 2', resourceUnitId: 'two', calendarId: 'two@calendar.example' };
const WHOLE = completeSettings({ timeZone: 'America/Phoenix', bays: [BAY1, BAY2] });

/** The faults of settings in which some groups, or all of the settings, are replaced. */
function faultsOf(change: object): readonly string[] {
  return checkSettings({ ...WHOLE, ...change }).map(({ where, problem }) => `${where} ${problem}`);
}

describe('completeSettings', () => {
  it('fills in the defaults of every group and keeps what is given', () => {
    const settings = completeSettings({ timeZone: 'UTC', bays: [BAY1], uschedule: { pollSeconds: 30 } });
    expect(settings).to.deep.equal({
      ...DEFAULT_SETTINGS,
      timeZone: 'UTC',
      bays: [BAY1],
      uschedule: { ...DEFAULT_SETTINGS.uschedule, pollSeconds: 30 },
    });
  });

  it('makes valid settings from a zone and a bay', () => {
    expect(checkSettings(WHOLE)).to.deep.equal([]);
  });
});

describe('checkSettings', () => {
  it('names every fault at once', () => {
    const faults = checkSettings({
      timeZone: 'Mars/Base',
      bays: [BAY1, { ...BAY2, bay: '1', resourceUnitId: '5523', calendarId: '' }],
      uschedule: { ...WHOLE.uschedule, pollSeconds: 0, status: 'sometimes' },
      google: undefined,
      rules: { echoWindowSeconds: 10 },
      retry: { ...WHOLE.retry, baseMs: 2000, maxMs: 1000 },
    });
    expect(faults.map(({ where, problem }) => `${where} ${problem}`)).to.deep.equal([
      'settings.timeZone is "Mars/Base", and must be a time zone such as "America/Phoenix"',
      'settings.bays[1].calendarId is "", and must be a text',
      'settings.bays[1].bay is the same as settings.bays[0].bay ("1")',
      'settings.bays[1].resourceUnitId is the same as settings.bays[0].resourceUnitId ("5523")',
      'settings.uschedule.status is "sometimes", and must be "trusted" or "blind"',
      'settings.uschedule.pollSeconds is 0, and must be a number above 0',
      'settings.google is missing; completeSettings fills in the defaults',
      'settings.rules.direction is missing, and must be "both" or "to-google"',
      'settings.rules.conflict is missing, and must be "last-write-wins" or "booking-wins"',
      'settings.rules.massChangeLimit is missing, and must be a share between 0 and 1',
      'settings.rules.massChangeMinimum is missing, and must be a whole number, 0 or more',
      'settings.retry.maxMs is 1000, less than settings.retry.baseMs (2000)',
    ]);
  });

  const CASES: readonly (readonly [string, object, string])[] = [
    ['no bays', { bays: [] }, 'settings.bays must be a list with at least one bay'],
    ['a bay that is not an object', { bays: [null] }, 'settings.bays[0] is null, and must be an object'],
    [
      'two bays of one name',
      { bays: [BAY1, { ...BAY2, name: 'Bay 1' }] },
      'settings.bays[1].name is the same as settings.bays[0].name ("Bay 1")',
    ],
    [
      'a calendar id that differs only in spaces',
      { bays: [BAY1, { ...BAY2, calendarId: ` ${BAY1.calendarId}` }] },
      `settings.bays[1].calendarId is the same as settings.bays[0].calendarId (" ${BAY1.calendarId}")`,
    ],
    [
      'a unit that is no number',
      { bays: [{ ...BAY1, resourceUnitId: Number.NaN }] },
      'settings.bays[0].resourceUnitId is NaN, and must be a number or a text',
    ],
    [
      'a direction that is none',
      { bays: [{ ...BAY1, direction: 'from-google' }] },
      'settings.bays[0].direction is "from-google", and must be "both" or "to-google"',
    ],
    [
      'NaN where a number belongs',
      { retry: { ...WHOLE.retry, callTimeoutSeconds: Number.NaN } },
      'settings.retry.callTimeoutSeconds is NaN, and must be a number above 0',
    ],
    [
      'half an attempt',
      { retry: { ...WHOLE.retry, maxAttempts: 1.5 } },
      'settings.retry.maxAttempts is 1.5, and must be a whole number, 1 or more',
    ],
    [
      'a share above 1',
      { rules: { ...WHOLE.rules, massChangeLimit: 50 } },
      'settings.rules.massChangeLimit is 50, and must be a share between 0 and 1',
    ],
    [
      'a template with an unknown field',
      { google: { ...WHOLE.google, title: '{customer}' } },
      'settings.google.title names an unknown field: {customer}',
    ],
    [
      'a burst that is the whole quota',
      { google: { ...WHOLE.google, quotaPerMinute: 60, quotaBurst: 60 } },
      'settings.google.quotaBurst is 60, not less than settings.google.quotaPerMinute (60)',
    ],
    [
      'a burst of nothing',
      { google: { ...WHOLE.google, quotaBurst: 0 } },
      'settings.google.quotaBurst is 0, and must be a number above 0',
    ],
  ];
  for (const [what, change, fault] of CASES) {
    it(`finds ${what}`, () => expect(faultsOf(change)).to.deep.equal([fault]));
  }

  it('accepts a missing limit of the quota, and a missing burst', () => {
    expect(faultsOf({ google: { ...WHOLE.google, quotaPerMinute: null } })).to.deep.equal([]);
  });

  it('finds two ids of one calendar as the calendar system compares them, by default exactly', () => {
    const bays = [BAY1, { ...BAY2, calendarId: 'One@calendar.example' }];
    expect(faultsOf({ bays })).to.deep.equal([]);
    const faults = checkSettings({ ...WHOLE, bays }, undefined, (calendarId) => calendarId.toLowerCase());
    expect(faults).to.deep.equal([
      {
        where: 'settings.bays[1].calendarId',
        problem: 'is the same as settings.bays[0].calendarId ("One@calendar.example")',
      },
    ]);
  });

  it('reports a value that is no settings object', () => {
    for (const nothing of [undefined, null, 5, 'settings', []]) {
      expect(checkSettings(nothing).map(({ where }) => where)).to.deep.equal(['settings']);
    }
  });
});
