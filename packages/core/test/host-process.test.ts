import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const PROBES = fileURLToPath(new URL('probes/run-probes.js', import.meta.url));
const PORT_PROBES = fileURLToPath(new URL('probes/run-port-probes.js', import.meta.url));
const CLOCK_PROBES = fileURLToPath(new URL('probes/run-clock-probes.js', import.meta.url));
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

describe('a process that embeds the engine, and whose functions fail while it runs', function () {
  this.timeout(120_000);
  let lines: readonly string[];
  before(async () => {
    const { stdout } = await run(process.execPath, [CLOCK_PROBES], { timeout: 100_000 });
    lines = stdout.trimEnd().split('\n');
  });
  const about = (subject: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${subject}: `)).map((line) => line.slice(subject.length + 2));

  it('survives them all', () => {
    expect(lines.at(-1)).to.equal('alive');
  });

  it('gets one event about a clock that fails, and can stop the engine', () => {
    const fault = (what: string): string =>
      `the clock of the host failed: ${what}. The engine uses the last time that it read; stops`;
    expect(about('clock')).to.deep.equal([
      `now throws: ${fault('now threw Error: out of order')}`,
      `now answers nothing: ${fault('now answered no number of milliseconds')}`,
      `setTimer throws: ${fault('setTimer threw Error: out of order')}`,
      `setTimer answers no function: ${fault('setTimer answered no function that cancels')}`,
      `the cancel function throws: ${fault('the cancel function of setTimer threw Error: out of order')}`,
    ]);
  });

  it('names its replicas differently, whatever its random numbers are', () => {
    expect(about('random')).to.deep.equal(['throws, answers nothing, answers no number: 4 names']);
  });

  it('gets an error and a warning if its function of the tokens fails', () => {
    expect(about('push')[0]).to.match(
      /fails later: push\.tokenOf threw Error: out of order; no watch channel on .*out of order; stops$/,
    );
  });

  it('gets no throw from a method, whatever it passes', () => {
    expect(about('call')).to.deep.equal(['of any method with any value: no throw']);
  });

  it('gets faults of rxjs operators, and of consumers behind them, as events', () => {
    expect(about('events')).to.deep.equal([
      'operators and consumers behind operators that throw: 2 reported, 1 handled, others are served',
    ]);
  });

  it('gets the faults of its clock and of its push options by name', () => {
    expect(about('options')).to.deep.equal([
      'push of null: push must be an object, or absent',
      'a clock that throws: clock.now throws: Error: out of order',
      'a clock of dates: clock.now must answer a number of milliseconds since 1970',
    ]);
  });
});
