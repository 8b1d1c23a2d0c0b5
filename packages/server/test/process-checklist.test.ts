import { expect } from 'chai';
import { ServiceProcess } from './support/service-process.js';

interface Answer {
  readonly passed: boolean;
  readonly checks: readonly {
    readonly bay: string;
    readonly check: string;
    readonly passed: boolean;
    readonly writesThere: number;
    readonly writesBack: number;
  }[];
}

describe('loft-sync checklist', function () {
  this.timeout(300_000);

  async function run(...options: readonly string[]): Promise<Answer> {
    const command = new ServiceProcess(['checklist', '--json', ...options], {});
    const { code } = await command.end(240_000);
    const answer = JSON.parse(command.stdout) as Answer;
    expect(
      answer.checks.filter(({ passed }) => !passed),
      command.stdout,
    ).to.deep.equal([]);
    expect({ code, passed: answer.passed }).to.deep.equal({ code: 0, passed: true });
    return answer;
  }

  it('passes for both bays, with one write for each change and no write back', async () => {
    const { checks } = await run();
    expect(checks.map(({ bay }) => bay)).to.deep.equal([...Array<string>(6).fill('1'), ...Array<string>(6).fill('2')]);
    for (const { writesThere, writesBack } of checks) {
      expect({ writesThere, writesBack }).to.deep.equal({ writesThere: 1, writesBack: 0 });
    }
  });

  it('passes for both bays of a USchedule as in production: cancellations, abandoned checkouts, rebookings with a lost answer', async () => {
    const { checks } = await run('--production');
    const words = checks.filter(({ bay }) => bay === '2').map(({ check }) => check);
    expect(words).to.have.length(9);
    for (const what of [
      /^cancel it/,
      /^abandon a checkout/,
      /the answer is lost/,
      /to the other bay/,
      /^delete its event/,
    ]) {
      expect(
        words.some((check) => what.test(check)),
        String(what),
      ).to.equal(true);
    }
    const abandoned = checks.filter(({ check }) => check.startsWith('abandon'));
    expect(abandoned.map(({ writesThere }) => writesThere)).to.deep.equal([0, 0]);
  });
});
