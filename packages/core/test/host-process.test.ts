import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const PROBES = fileURLToPath(new URL('probes/run-probes.js', import.meta.url));

describe('a process that embeds the engine', function () {
  this.timeout(120_000);
  let lines: readonly string[];
  before(async () => {
    const { stdout } = await run(process.execPath, [PROBES], { timeout: 100_000 });
    lines = stdout.trimEnd().split('\n');
  });

  it('survives every mistake of its host and its adapters', () => {
    expect(lines.length).to.be.greaterThan(40);
    expect(lines.at(-1)).to.equal('alive');
  });

  it('gets a throw, a rejection and a malformed answer as invalid, and a call that never settles as transient', () => {
    for (const line of lines.filter((it) => /^(bookings|calendars|store)\./.test(it))) {
      const [, port, method, how] = /^(\w+)\.(\w+) ([^:]+):/.exec(line) ?? [];
      const system = { bookings: 'uschedule', calendars: 'google', store: 'store' }[port as 'store'];
      const kind = how === 'never answers' ? 'transient' : 'invalid';
      expect(line).to.equal(`${port}.${method} ${how}: ${kind} ${system}.${method}`);
    }
  });

  it('gets all faults of its settings at once', () => {
    expect(lines).to.include.members([
      'an unknown time zone: settings.timeZone',
      'no ports: bookings, calendars, store',
      'a hint without an id: invalid',
    ]);
  });
});
