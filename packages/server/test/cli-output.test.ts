import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { terminalOutput, type Output } from '#src/cli/output.js';
import { painted, paintWords, progressLine } from '#src/cli/paint.js';
import { createProgram } from '#src/cli/program.js';
import { ServiceProcess } from './support/service-process.js';

class FakeStream extends PassThrough {
  readonly isTTY: boolean;
  readonly columns = 40;
  text = '';

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
    this.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
  }
}

function outputOn(
  isTTY: boolean,
  environment: NodeJS.ProcessEnv = {},
): { output: Output; out: FakeStream; err: FakeStream } {
  const out = new FakeStream(isTTY);
  const err = new FakeStream(isTTY);
  const as = (stream: FakeStream) => stream as unknown as NodeJS.Process['stdout'] & NodeJS.Process['stderr'];
  return { output: terminalOutput({ stdout: as(out), stderr: as(err) }, environment), out, err };
}

describe('the output of a command', () => {
  it('has colours and progress at a terminal', () => {
    const { output, err, out } = outputOn(true);
    expect(output.colours).to.equal(true);
    output.progress?.('half');
    output.out('done');
    expect(err.text).to.equal('half\r\u001b[2K');
    expect(out.text).to.equal('done\n');
  });

  it('cuts progress to the width of the terminal', () => {
    const { output, err } = outputOn(true);
    output.progress?.('x'.repeat(100));
    expect(err.text).to.have.length(39);
  });

  for (const [what, isTTY, environment] of [
    ['in a pipe', false, {}],
    ['for who wants none', true, { NO_COLOR: '1' }],
    ['at a dumb terminal', true, { TERM: 'dumb' }],
  ] as const) {
    it(`has neither colours nor progress ${what}`, () => {
      const { output } = outputOn(isTTY, environment);
      expect(output.colours).to.equal(false);
      expect(output.progress).to.equal(undefined);
    });
  }

  it('colours whole words, and only where colours are allowed', () => {
    const words = { pass: 'good', FAIL: 'bad' } as const;
    expect(paintWords('pass passed FAIL', words, true)).to.equal(
      '\u001b[32mpass\u001b[0m passed \u001b[31mFAIL\u001b[0m',
    );
    expect(paintWords('pass', words, false)).to.equal('pass');
    expect(painted('x', 'bad', undefined)).to.equal('x');
  });

  it('shows progress as a count and a total', () => {
    expect(progressLine(6, 12, 'Bay 1')).to.equal('[############············]  6/12  Bay 1');
  });
});

describe('the help', () => {
  const COMMANDS = [
    'serve',
    'sandbox',
    'checklist',
    'doctor',
    'plan',
    'status',
    'sync',
    'activity',
    'find',
    'explain',
    'dead-letters',
    'replay',
    'simulate',
    'config',
    'completion',
    'version',
  ];

  it('names every command, how to reach a service, and the exit codes', async () => {
    const help = new ServiceProcess(['--help'], {});
    expect((await help.end()).code).to.equal(0);
    for (const command of COMMANDS) expect(help.stdout).to.match(new RegExp(`^ {2}${command}\\b`, 'm'));
    expect(help.stdout).to.contain('LOFT_SYNC_URL').and.to.contain('Exit codes');
  });

  it('describes every command and every option', () => {
    const output = { out: () => undefined, err: () => undefined };
    const program = createProgram({}, output, () => undefined);
    for (const command of program.commands) {
      expect(command.description(), command.name()).not.to.equal('');
      for (const option of command.options)
        expect(option.description, `${command.name()} ${option.flags}`).not.to.equal('');
    }
  });

  it('suggests the command or option that is spelled most alike', async () => {
    const typo = new ServiceProcess(['statsu'], {});
    expect((await typo.end()).code).to.equal(1);
    expect(typo.stderr).to.contain('Did you mean status?');
    // The error message must stay visible below the help.
    expect(typo.stderr.trim().split('\n')).to.have.length(3);
  });

  it('shows the version, also as JSON', async () => {
    const flag = new ServiceProcess(['--version'], {});
    const version = new ServiceProcess(['version', '--json'], {});
    expect(await flag.end()).to.deep.equal({ code: 0, signal: null });
    await version.end();
    expect(flag.stdout.trim()).to.equal((JSON.parse(version.stdout) as { readonly version: string }).version);
    expect(JSON.parse(version.stdout))
      .to.have.property('version')
      .that.matches(/^\d+\.\d+\.\d+/);
  });
});
