import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const PROBES = fileURLToPath(new URL('probes/run-probes.js', import.meta.url));
const PORT_PROBES = fileURLToPath(new URL('probes/run-port-probes.js', import.meta.url));
const MORE_PROBES = fileURLToPath(new URL('probes/run-more-probes.js', import.meta.url));

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

describe('a process that embeds the engine and makes rarer mistakes', function () {
  this.timeout(300_000);
  let lines: readonly string[];
  before(async () => {
    const { stdout } = await run(process.execPath, [MORE_PROBES], { timeout: 280_000 });
    lines = stdout.trimEnd().split('\n');
  });
  const about = (subject: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${subject}: `)).map((line) => line.slice(subject.length + 2));

  it('survives them all', () => {
    expect(lines.at(-1)).to.equal('alive');
  });

  it('stops, whatever any method of any port does instead of its work', async () => {
    const { stdout } = await run(process.execPath, [PORT_PROBES], { timeout: 280_000, maxBuffer: 1 << 26 });
    const calls = stdout.trimEnd().split('\n');
    expect(calls.length).to.be.greaterThan(800);
    expect(calls.pop()).to.equal('alive');
    for (const line of calls) expect(line).to.match(/^(bookings|calendars|store)\.\w.*: stops$/);
  });

  it('mirrors bookings whatever an observer does, and reports the fault of the observer once', () => {
    const fates = about('observer');
    expect(fates).to.have.length(7);
    for (const fate of fates) {
      expect(fate).to.match(
        /(rejects|throws).*: mirrors, stops, 1 reported$|(engine|stop): mirrors, stops, 0 reported$/,
      );
    }
  });

  it('mirrors bookings through frozen ports', () => {
    expect(about('ports')).to.deep.equal(['frozen objects: mirrors, stops']);
  });

  it('gets each fault of its options by name', () => {
    const faults = about('options').map((line) => line.split(': '));
    expect(faults).to.have.length(15);
    for (const [what, where] of faults)
      expect(where, what)
        .to.match(/^[a-z]/)
        .and.not.to.contain('made');
    expect(faults).to.deep.include(['an unknown zone', 'settings.timeZone']);
    expect(faults).to.deep.include(['settings that throw', 'settings']);
  });

  it('gets every number that is not finite, or negative, refused by name', () => {
    const numbers = about('number').map((line) => line.split(': '));
    expect(numbers.length).to.be.greaterThan(15);
    for (const [name = '', refused = ''] of numbers) {
      const places = refused.split(', ');
      expect(
        places.filter((place) => place === `settings.${name}`),
        name,
      ).to.have.length(4);
      expect(refused, name).not.to.contain('made');
    }
  });

  it('starts and stops in any order', () => {
    const refusal = 'the engine was stopped and cannot be started again: make a new one';
    expect(about('order')).to.deep.equal([
      'start twice: true true, 1 events, stops',
      'stop twice: a third time, too',
      `stop before start: ${refusal}`,
      'stop during start: stops, does not run',
      `start after stop: invalid: ${refusal}`,
      'calls after stop: object, object',
    ]);
  });

  it('gets a report of a store that never answers, and of one whose records miss fields', () => {
    expect(about('store')).to.have.length(2);
    expect(about('store')[0]).to.match(/^no method ever answers: not ready, the store cannot be reached: .*, stops$/);
    expect(about('store')[1]).to.match(/^a record of which most is missing: the engine met a bug: TypeError.*, stops$/);
  });
});
