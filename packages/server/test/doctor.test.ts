import { expect } from 'chai';
import { Ok } from '@loft/sync-core';
import { CALENDAR_EVENTS_SCOPE, type GoogleAccessCheck } from '@loft/sync-google';
import { freePort } from '#src/process/free-port.js';
import { doctor } from '#src/cli/doctor.js';
import { readEnvironment } from '#src/config/environment.js';
import { examineGoogle } from '#src/doctor/examine-google.js';
import type { Finding } from '#src/doctor/finding.js';
import { SimulatedStudio, type StudioOptions } from './support/simulated-studio.js';

const ACCOUNT = 'sync-bot@simulator.example';
/** How long Google’s answer may take on a busy machine. The measured clock offset is uncertain by this much. */
const ANSWER_SECONDS = 20;

describe('loft-sync doctor', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  let bay2 = '';
  const open = async (options: StudioOptions = {}): Promise<void> => {
    studio = await SimulatedStudio.open(options);
    bay2 = studio.bays[1]?.calendarId ?? '';
  };
  afterEach(() => studio.close());

  interface Examination {
    readonly code: number;
    readonly out: string;
    readonly err: string;
  }

  async function run(change: Readonly<Record<string, string>> = {}, json = false): Promise<Examination> {
    const lines = { out: '', err: '' };
    const output = {
      out: (text: string) => (lines.out += `${text}\n`),
      err: (text: string) => (lines.err += `${text}\n`),
    };
    const code = await doctor(
      readEnvironment({ ...studio.environment, ...(await reachable()), ...change }),
      output,
      json,
      {
        syncWaitMs: 3000,
      },
    );
    return { code, ...lines };
  }

  /** A port that Google reaches at the public address while no service runs. */
  async function reachable(): Promise<Readonly<Record<string, string>>> {
    const port = String(await freePort(0));
    return { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` };
  }

  /** The output line of a check. */
  function lineOf({ out }: Examination, check: string): string {
    const lines = out.split('\n').filter((line) => line.slice(6).startsWith(`${check} `));
    expect(lines, `lines about ${check} in\n${out}`).to.have.length(1);
    return lines[0] ?? '';
  }

  const secondsIn = (line: string): number => Number(/(\d+) s /.exec(line)?.[1]);

  const verdicts = ({ out }: Examination): readonly string[] =>
    out
      .split('\n')
      .filter((line) => /^(ok|WARN|FAIL|-) /.test(line))
      .map((line) => `${line.slice(0, 4).trim()} ${line.slice(6, 30).trim()}`);

  it('finds no fault in a working installation, changes nothing, and exits with 0', async () => {
    await open();
    studio.book(30);
    const examined = await run();
    expect(verdicts(examined)).to.deep.equal([
      'ok Google key',
      'ok Google access token',
      'ok Google scope',
      'ok clock',
      'ok calendar of Bay 1',
      'ok writing to Bay 1',
      'ok watching Bay 1',
      'ok calendar of Bay 2',
      'ok writing to Bay 2',
      'ok watching Bay 2',
      'ok USchedule login',
      'ok USchedule units',
      'ok USchedule services',
      'ok USchedule bookings',
      'ok time zone rules',
      'ok time zone at Google',
    ]);
    expect(lineOf(examined, 'Google key')).to.contain(`the key of ${ACCOUNT}`);
    expect(lineOf(examined, 'Google scope')).to.contain('calendar.events alone');
    expect(lineOf(examined, 'USchedule units')).to.contain('Bay 1 is "Golf Simulator - Bay 1"');
    expect(examined.out).to.contain('The service can work.');
    expect(examined.code).to.equal(0);
    expect(studio.google.writes).to.deep.equal([]);
    expect(studio.google.channels).to.deep.equal([]);
    expect(studio.uschedule.writes).to.deep.equal([]);
  });

  it('verifies that notifications arrive: at its own port, or through the running service', async () => {
    await open();
    expect(lineOf(await run(), 'watching Bay 1')).to.match(/^ok .*its sync message arrived/);
    await studio.serve();
    const { PUBLIC_URL = '' } = studio.environment;
    const examined = await run({ PUBLIC_URL, LOFT_SYNC_URL: studio.url });
    expect(lineOf(examined, 'watching Bay 1')).to.match(/^ok .*its sync message arrived/);
    expect(examined.code).to.equal(0);
  });

  it('finds a wrong PUBLIC_URL, and says how to correct it', async () => {
    await open();
    const examined = await run({ PUBLIC_URL: 'http://127.0.0.1:1' });
    expect(lineOf(examined, 'watching Bay 1')).to.match(
      /^FAIL .*sync message did not arrive at port \d+\. Google sends notifications to http:\/\/127\.0\.0\.1:1\/webhook\/gcal\. Correct PUBLIC_URL/,
    );
    expect(examined.code).to.equal(1);
  });

  it('says when it cannot verify whether notifications arrive', async () => {
    await open();
    const examined = await run({ PORT: '0' });
    expect(lineOf(examined, 'watching Bay 1')).to.match(
      /^WARN .*it could not be checked whether notifications arrive\. Run this beside the running service/,
    );
  });

  it('opens no channel without PUBLIC_URL', async () => {
    await open();
    const examined = await run({ PUBLIC_URL: '' });
    expect(verdicts(examined).join()).to.not.contain('watching');
    expect(examined.code).to.equal(0);
  });

  it('reports the same as JSON', async () => {
    await open();
    studio.google.shareCalendar(bay2, 'reader');
    const { code, out } = await run({}, true);
    const findings = JSON.parse(out) as Finding[];
    expect(code).to.equal(1);
    expect(findings).to.have.length(16);
    expect(findings.filter(({ verdict }) => verdict !== 'pass')).to.deep.equal([
      {
        check: 'writing to Bay 2',
        verdict: 'fail',
        found: 'not allowed (reader)',
        cure:
          'In Google Calendar, under the settings of the calendar, change the share of ' +
          `${ACCOUNT} to "Make changes to events".`,
      },
    ]);
  });

  it('names missing settings, and exits with 78', async () => {
    await open();
    const { code, out, err } = await run({ GOOGLE_SERVICE_ACCOUNT_JSON: '{"type": "service_account"}' });
    expect(code).to.equal(78);
    expect(out).to.equal('');
    expect(err).to.contain('GOOGLE_SERVICE_ACCOUNT_JSON is not the key of a service account');
  });

  describe('at Google', () => {
    const keyWith = (change: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
      const key = JSON.parse(studio.google.serviceAccountKey()) as object;
      return { GOOGLE_SERVICE_ACCOUNT_JSON: JSON.stringify({ ...key, ...change }) };
    };

    it('finds a key whose account was deleted, and skips the checks that need a token', async () => {
      await open();
      const examined = await run(keyWith({ client_email: 'gone@simulator.example' }));
      expect(lineOf(examined, 'Google access token')).to.match(
        /^FAIL .*account not found\. The account gone@simulator\.example or this key of it is not there any more.*make a new key/,
      );
      expect(verdicts(examined).filter((line) => line.startsWith('- '))).to.have.length(8);
      expect(lineOf(examined, 'calendar of Bay 1')).to.equal('-     calendar of Bay 1       needs an access token.');
      expect(lineOf(examined, 'USchedule login')).to.match(/^ok /);
      expect(examined.code).to.equal(1);
    });

    it('finds a clock that is wrong by a lot', async () => {
      await open({ google: { now: () => Date.now() - 600_000 } });
      const examined = await run();
      const line = lineOf(examined, 'clock');
      expect(line).to.match(/^FAIL .* s ahead of Google’s\. Synchronize the clock of this machine/);
      expect(secondsIn(line)).to.be.closeTo(600, ANSWER_SECONDS);
      expect(lineOf(examined, 'Google access token')).to.contain('Set the clock of this machine');
    });

    it('finds a clock that is a little wrong', async () => {
      await open({ google: { now: () => Date.now() + 60_000 } });
      const examined = await run();
      const line = lineOf(examined, 'clock');
      expect(line).to.match(/^WARN .* s behind Google’s/);
      expect(secondsIn(line)).to.be.closeTo(60, ANSWER_SECONDS);
      expect(examined.code).to.equal(0);
    });

    it('finds that it cannot be reached', async () => {
      await open();
      const examined = await run(keyWith({ token_uri: 'http://127.0.0.1:1/token' }));
      expect(lineOf(examined, 'Google access token')).to.match(/^FAIL .*Check that this machine reaches the internet/);
      expect(lineOf(examined, 'clock')).to.match(/^WARN /);
    });

    it('finds a calendar that is not shared, or whose id is wrong', async () => {
      await open();
      studio.google.shareCalendar(bay2, 'none');
      const examined = await run();
      expect(lineOf(examined, 'calendar of Bay 2')).to.contain(
        `Not Found. In Google Calendar, under the settings of the calendar, share it with ${ACCOUNT} as "Make changes to ` +
          `events". If it is shared, compare its id there with the one in the settings file, ${bay2}.`,
      );
      expect(lineOf(examined, 'writing to Bay 2')).to.match(/^- .*needs a calendar that can be read/);
      expect(lineOf(examined, 'calendar of Bay 1')).to.match(/^ok /);
      expect(examined.code).to.equal(1);
    });

    it('finds a calendar that may only be read', async () => {
      await open();
      studio.google.shareCalendar(bay2, 'reader');
      const examined = await run();
      expect(lineOf(examined, 'calendar of Bay 2')).to.match(/^ok /);
      expect(lineOf(examined, 'writing to Bay 2')).to.match(/^FAIL .*not allowed \(reader\)\. .*change the share of/);
    });

    it('finds an API that is not enabled', async () => {
      await open();
      const message = 'Google Calendar API has not been used in project 42 before or it is disabled.';
      const disabled = { status: 403, reason: 'accessNotConfigured', message, times: 9 };
      studio.google.addFault({ kind: 'answer', ...disabled, method: 'events.list' });
      const examined = await run();
      expect(lineOf(examined, 'calendar of Bay 1')).to.contain('enable the Google Calendar API of the project');
    });

    it('finds a public address to which Google will not send', async () => {
      await open();
      const refused = {
        status: 401,
        reason: 'push.webhookUrlUnauthorized',
        message: 'Unauthorized WebHook callback channel',
      };
      studio.google.addFault({ kind: 'answer', ...refused, method: 'events.watch', times: 9 });
      const examined = await run();
      expect(lineOf(examined, 'watching Bay 1')).to.match(
        /^FAIL .*Unauthorized WebHook callback channel\. Google must be able to reach \S+\/webhook\/gcal by https/,
      );
      expect(lineOf(examined, 'writing to Bay 1')).to.match(/^ok /);
    });

    it('finds an identity with more rights than it needs', async () => {
      await open();
      const access: GoogleAccessCheck = {
        account: async () => Ok(null),
        token: async () => Ok(undefined),
        tokenInfo: async () =>
          Ok({ scopes: [CALENDAR_EVENTS_SCOPE, 'https://www.googleapis.com/auth/cloud-platform'], clockAheadMs: 100 }),
        calendar: () => Promise.reject(new Error('not asked')),
      };
      const patient = { access, calendars: {} as never, bays: [], push: null, messages: null };
      const findings: Finding[] = [];
      for await (const finding of examineGoogle(patient)) findings.push(finding);
      expect(findings.find(({ check }) => check === 'Google scope')).to.deep.include({
        verdict: 'warn',
        found: 'wider than needed: also cloud-platform',
      });
    });
  });

  describe('at USchedule', () => {
    it('finds a password that is wrong', async () => {
      await open();
      const examined = await run({ USCHEDULE_PASSWORD: 'a-wrong-password' });
      expect(lineOf(examined, 'USchedule login')).to.match(
        /^FAIL .*password is incorrect.*Correct USCHEDULE_USERNAME and USCHEDULE_PASSWORD/,
      );
      expect(lineOf(examined, 'USchedule units')).to.match(/^- .*needs a login/);
      expect(examined.out).to.not.contain('a-wrong-password');
      expect(examined.code).to.equal(1);
    });

    it('finds an application key that is wrong', async () => {
      await open();
      const examined = await run({ USCHEDULE_APP_KEY: 'another-key' });
      expect(lineOf(examined, 'USchedule login')).to.match(/^FAIL .*compare USCHEDULE_APP_KEY/);
      expect(examined.out).to.not.contain('another-key');
    });

    it('finds an account that does not exist', async () => {
      await open();
      const examined = await run({ USCHEDULE_ALIAS: 'another-studio' });
      expect(lineOf(examined, 'USchedule login')).to.match(/^FAIL .*USCHEDULE_ALIAS/);
    });

    it('finds that it cannot be reached', async () => {
      await open();
      const examined = await run({ USCHEDULE_BASE_URL: 'http://127.0.0.1:1' });
      expect(lineOf(examined, 'USchedule login')).to.match(/^FAIL .*Check USCHEDULE_BASE_URL/);
    });

    it('finds a bay that is no unit of the account, and lists the units', async () => {
      const bays = [
        { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1@group.calendar.google.com' },
        { bay: '2', name: 'Bay 2', resourceUnitId: 9999, calendarId: 'bay-2@group.calendar.google.com' },
      ];
      await open({ bays });
      const examined = await run();
      expect(lineOf(examined, 'USchedule units')).to.contain(
        'Bay 2 has unit 9999, which does not exist. Correct resourceUnitId in the settings file. The units of the account are: ' +
          '5523 (Golf Simulator - Bay 1), 5524 (Golf Simulator - Bay 2).',
      );
    });

    it('finds a bay whose unit does not offer its service', async () => {
      await open();
      studio.uschedule.configure({ services: { 5523: [11], 5524: [42_215] } });
      const examined = await run();
      expect(lineOf(examined, 'USchedule services')).to.match(
        /^FAIL .*unit 5524 of Bay 2 does not offer service 11\. Set serviceId .* Offered are: 11 by 5523\./,
      );
      expect(examined.code).to.equal(1);
    });

    it('finds a deployment that hides the status although the settings trust it', async () => {
      await open();
      studio.uschedule.configure({ status: 'blind' });
      studio.book(30);
      expect(lineOf(await run(), 'USchedule bookings')).to.match(/^FAIL .*hides it\. Set uschedule\.status to "blind"/);
    });

    it('finds a record that cannot be parsed', async () => {
      await open();
      const id = studio.book(30);
      studio.uschedule.distortRecord(id, (record) => ({ ...record, StartTime: 'soon' }));
      expect(lineOf(await run(), 'USchedule bookings')).to.match(
        new RegExp(`^WARN .*Check appointment ${id} in USchedule`),
      );
    });
  });
});
