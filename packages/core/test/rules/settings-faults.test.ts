import { checkSettings, completeSettings, type Bay } from '@loft/sync-core';
import { timeZonesFrom } from '@loft/sync-core/adapters';
import { expect } from 'chai';

const BAY: Bay = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'one@calendar.example' };
const WHOLE = completeSettings({ timeZone: 'America/Phoenix', bays: [BAY] });

function faultsOf(change: object): readonly string[] {
  return checkSettings({ ...WHOLE, ...change }).map(({ where, problem }) => `${where} ${problem}`);
}

/** The faults of one value in a group. */
function faultsAt(group: 'uschedule' | 'google' | 'rules' | 'retry', key: string, value: unknown): readonly string[] {
  return faultsOf({ [group]: { ...WHOLE[group], [key]: value } });
}

describe('the check of settings, value by value', () => {
  it('accepts every choice', () => {
    for (const [group, key, choices] of [
      ['uschedule', 'status', ['trusted', 'blind']],
      ['uschedule', 'reschedule', ['method', 'rebook', 'off']],
      ['google', 'cancel', ['delete', 'mark']],
      ['rules', 'direction', ['both', 'to-google']],
      ['rules', 'conflict', ['last-write-wins', 'booking-wins']],
    ] as const) {
      for (const choice of choices) expect(faultsAt(group, key, choice), choice).to.deep.equal([]);
      expect(faultsAt(group, key, '')).to.deep.equal([
        `settings.${group}.${key} is "", and must be ${choices.map((it) => `"${it}"`).join(' or ')}`,
      ]);
    }
  });

  it('requires intervals, delays and quotas above 0', () => {
    for (const [group, key] of [
      ['uschedule', 'pollSeconds'],
      ['google', 'sweepSeconds'],
      ['google', 'channelTtlSeconds'],
      ['google', 'quotaPerMinute'],
      ['retry', 'callTimeoutSeconds'],
      ['retry', 'baseMs'],
      ['retry', 'maxMs'],
    ] as const) {
      expect(faultsAt(group, key, 0), key).to.deep.equal([
        `settings.${group}.${key} is 0, and must be a number above 0`,
      ]);
    }
    expect(faultsAt('google', 'quotaBurst', 0)).to.deep.equal([
      'settings.google.quotaBurst is 0, and must be a number above 0',
    ]);
  });

  it('accepts 0 for every other number, and nothing below', () => {
    for (const [group, key] of [
      ['uschedule', 'holdMinutes'],
      ['uschedule', 'cancellationHours'],
      ['google', 'deleteGraceSeconds'],
      ['rules', 'echoWindowSeconds'],
    ] as const) {
      expect(faultsAt(group, key, 0), key).to.deep.equal([]);
      for (const value of [-1, Number.NaN, Infinity, '5', null]) {
        const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
        expect(faultsAt(group, key, value), key).to.deep.equal([
          `settings.${group}.${key} is ${shown}, and must be a number, 0 or more`,
        ]);
      }
    }
  });

  it('requires whole numbers with their minimum', () => {
    for (const [group, key, least] of [
      ['uschedule', 'pastDays', 0],
      ['uschedule', 'futureDays', 1],
      ['uschedule', 'cancelConfirmations', 1],
      ['rules', 'massChangeMinimum', 0],
      ['retry', 'maxAttempts', 1],
    ] as const) {
      expect(faultsAt(group, key, least), key).to.deep.equal([]);
      for (const value of [least - 1, least + 0.5]) {
        expect(faultsAt(group, key, value), key).to.deep.equal([
          `settings.${group}.${key} is ${value}, and must be a whole number, ${least} or more`,
        ]);
      }
    }
  });

  it('requires a share from 0 to 1', () => {
    for (const share of [0, 0.5, 1]) expect(faultsAt('rules', 'massChangeLimit', share)).to.deep.equal([]);
    for (const share of [-0.1, 1.1]) {
      expect(faultsAt('rules', 'massChangeLimit', share)).to.deep.equal([
        `settings.rules.massChangeLimit is ${share}, and must be a share between 0 and 1`,
      ]);
    }
  });

  it('requires lists, texts and switches where the defaults have them', () => {
    expect(faultsAt('google', 'formerAccounts', 'me@calendar.example')).to.deep.equal([
      'settings.google.formerAccounts is "me@calendar.example", and must be a list',
    ]);
    expect(faultsAt('google', 'formerAccounts', ['me@calendar.example'])).to.deep.equal([]);
    expect(faultsAt('google', 'title', 5)).to.deep.equal(['settings.google.title is 5, and must be a text']);
    expect(faultsAt('uschedule', 'rebookPaid', 'yes')).to.deep.equal([
      'settings.uschedule.rebookPaid is "yes", and must be true or false',
    ]);
  });

  it('accepts null for the limit of the quota only', () => {
    expect(faultsAt('google', 'quotaPerMinute', null)).to.deep.equal([]);
    expect(faultsAt('google', 'quotaPerMinute', -5)).to.have.length(1);
    expect(faultsAt('google', 'sweepSeconds', null)).to.have.length(1);
  });

  it('names all unknown fields of both templates', () => {
    expect(faultsAt('google', 'description', '{notes} {phone} {handicap}')).to.deep.equal([
      'settings.google.description names an unknown field: {phone}, {handicap}',
    ]);
    expect(faultsAt('google', 'title', '{customerName} {phone}')).to.deep.equal([
      'settings.google.title names an unknown field: {phone}',
    ]);
  });

  it('compares the delays of retries only if both are valid', () => {
    expect(faultsOf({ retry: { ...WHOLE.retry, baseMs: 500, maxMs: 500 } })).to.deep.equal([]);
    expect(faultsOf({ retry: { ...WHOLE.retry, baseMs: 500, maxMs: 0 } })).to.deep.equal([
      'settings.retry.maxMs is 0, and must be a number above 0',
    ]);
    expect(faultsOf({ retry: { ...WHOLE.retry, baseMs: '900', maxMs: 500 } })).to.deep.equal([
      'settings.retry.baseMs is "900", and must be a number above 0',
    ]);
    expect(faultsOf({ retry: { ...WHOLE.retry, baseMs: 900, maxMs: '500' } })).to.deep.equal([
      'settings.retry.maxMs is "500", and must be a number above 0',
    ]);
    expect(faultsOf({ retry: null })).to.have.length(1);
  });

  it('compares the burst with the quota only if both are valid', () => {
    const google = (quotaBurst: unknown, quotaPerMinute: unknown = 60): readonly string[] =>
      faultsOf({ google: { ...WHOLE.google, quotaBurst, quotaPerMinute } });
    expect(google(59)).to.deep.equal([]);
    expect(google(61, null)).to.deep.equal([]);
    expect(google('61')).to.deep.equal(['settings.google.quotaBurst is "61", and must be a number above 0']);
    expect(google(5, '4')).to.deep.equal(['settings.google.quotaPerMinute is "4", and must be a number above 0']);
    expect(faultsOf({ google: null })).to.deep.equal([
      'settings.google is null; completeSettings fills in the defaults',
    ]);
  });
});

describe('the check of bays', () => {
  const faultsOfBay = (change: object): readonly string[] => faultsOf({ bays: [{ ...BAY, ...change }] });

  it('requires a text with a letter for names and calendars', () => {
    for (const key of ['bay', 'name', 'calendarId']) {
      for (const value of [5, ' ', undefined]) {
        const shown = value === undefined ? 'missing' : JSON.stringify(value);
        expect(faultsOfBay({ [key]: value })).to.deep.equal([
          `settings.bays[0].${key} is ${shown}, and must be a text`,
        ]);
      }
    }
  });

  it('requires a number or a text for units', () => {
    for (const unit of [5, 'five']) expect(faultsOfBay({ resourceUnitId: unit })).to.deep.equal([]);
    for (const unit of [Infinity, '', ' ', true, null]) {
      expect(faultsOfBay({ resourceUnitId: unit }), String(unit)).to.have.length(1);
    }
  });

  it('accepts both directions, and none', () => {
    for (const direction of ['both', 'to-google', undefined]) expect(faultsOfBay({ direction })).to.deep.equal([]);
  });

  it('names the first bay with the same name, unit or calendar', () => {
    const other = { bay: '2', name: 'Bay 2', resourceUnitId: 2, calendarId: 'two@calendar.example' };
    const third = { bay: '3', name: 'Bay 3', resourceUnitId: 3, calendarId: 'three@calendar.example' };
    expect(faultsOf({ bays: [BAY, { ...other, bay: '1' }, { ...third, bay: '1' }] })).to.deep.equal([
      'settings.bays[1].bay is the same as settings.bays[0].bay ("1")',
      'settings.bays[2].bay is the same as settings.bays[0].bay ("1")',
    ]);
  });

  it('compares only texts and numbers', () => {
    const units = [true, true].map((resourceUnitId, index) => ({
      bay: `${index}`,
      name: `Bay ${index}`,
      calendarId: `${index}@calendar.example`,
      resourceUnitId,
    }));
    expect(faultsOf({ bays: units })).to.deep.equal(
      [0, 1].map((index) => `settings.bays[${index}].resourceUnitId is true, and must be a number or a text`),
    );
  });
});

describe('the check of settings that are no settings', () => {
  it('names what it expects', () => {
    expect(checkSettings(5)).to.deep.equal([
      { where: 'settings', problem: 'must be an object; completeSettings makes one' },
    ]);
  });

  it('requires a zone that is a text and exists', () => {
    for (const [zone, shown] of [
      ['', '""'],
      [5, '5'],
      [undefined, 'missing'],
    ] as const) {
      expect(faultsOf({ timeZone: zone })).to.deep.equal([
        `settings.timeZone is ${shown}, and must be a time zone such as "America/Phoenix"`,
      ]);
    }
    const anyZone = timeZonesFrom({ source: 'test', version: null, isZone: () => true, offsetAt: () => 0 });
    const whereOf = (timeZone: unknown): readonly string[] =>
      checkSettings({ ...WHOLE, timeZone }, anyZone).map(({ where }) => where);
    expect(whereOf('Mars/Base')).to.deep.equal([]);
    expect(whereOf('')).to.deep.equal(['settings.timeZone']);
    expect(whereOf(5)).to.deep.equal(['settings.timeZone']);
  });

  it('shows values of any kind, cut to sixty characters', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const shown = (value: unknown): string | undefined =>
      /is (.*), and must/.exec(faultsOf({ timeZone: value })[0] ?? '')?.[1];
    expect(shown(5n)).to.equal('5');
    expect(shown(circular)).to.equal('object');
    expect(shown(() => 0)).to.equal('function');
    expect(shown('x'.repeat(58))).to.equal(`"${'x'.repeat(58)}"`);
    expect(shown('x'.repeat(59))).to.equal(`"${'x'.repeat(58)}…`);
  });

  it('reports an error of the settings object itself', () => {
    const broken = Object.defineProperty({ ...WHOLE }, 'bays', {
      get: () => {
        throw new Error('no bays today');
      },
    });
    expect(checkSettings(broken)).to.deep.equal([
      { where: 'settings', problem: 'cannot be read: Error: no bays today' },
    ]);
  });
});
