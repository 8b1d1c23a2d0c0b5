import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { completionScript } from '#src/cli/completion.js';
import { COMMANDS } from '#src/cli/commands.js';
import { wrapText } from '#src/cli/wrap.js';
import { misspeltVariables } from '#src/config/misspelt-variables.js';
import { ServiceProcess } from './support/service-process.js';
import { minimalFile } from './support/settings-fixture.js';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const COMPLETE_IN_ZSH = fileURLToPath(new URL('../test/fixtures/complete-in-zsh.zsh', import.meta.url));

describe('settings at the command line', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'loft-sync-cli-'));
  });
  after(() => rm(directory, { recursive: true }));

  const check = async (file: unknown, environment: Record<string, string> = {}): Promise<ServiceProcess> => {
    const path = join(directory, 'settings.json');
    await writeFile(path, JSON.stringify(file));
    const account = {
      USCHEDULE_BASE_URL: 'https://clients.example.com',
      USCHEDULE_ALIAS: 'loft',
      USCHEDULE_APP_KEY: 'key',
      USCHEDULE_IMPERSONATE: 'desk',
    };
    const process = new ServiceProcess(['config', 'check', '--config', path], { ...account, ...environment });
    await process.end();
    return process;
  };

  it('are read from the file that --config names', async () => {
    const process = await check(minimalFile);
    expect(process.stderr).to.equal('');
    expect(process.stdout).to.contain('The settings are complete.');
  });

  it('that are misspelt in the environment are named, with the correct name', async () => {
    const process = await check(minimalFile, { USCHEDULE_WEBHOOK_SECERT: 'x', ADMIN_TOKE: 'y', PATHS: 'z' });
    expect(process.ending?.code).to.equal(78);
    expect(process.stderr).to.contain(
      '  - USCHEDULE_WEBHOOK_SECERT is not a variable of this service. Did you mean USCHEDULE_WEBHOOK_SECRET?\n',
    );
    expect(process.stderr).to.contain('ADMIN_TOKE is not a variable of this service. Did you mean ADMIN_TOKEN?');
    expect(process.stderr).not.to.contain('PATHS');
  });

  it('do not report variables of other programs as misspelt', () => {
    const others = {
      HTTPS_PROXY: 'x',
      NO_PROXY: 'x',
      NODE_ENV: 'x',
      GOOGLE_CLOUD_PROJECT: 'x',
      PATH: 'x',
      HOSTNAME: 'x',
      OTEL_SERVICE_NAME: 'x',
      OTEL_EXPORTER_OTLP_HEADERS: 'x',
      MONGO_PASSWORD: 'x',
      PORT: 'x',
      ADMIN_TOKEN: 'x',
      ADMIN_TOKENS: 'x',
      LOG_LEVEL: 'x',
    };
    expect(misspeltVariables(others)).to.deep.equal([]);
    expect(misspeltVariables({ LOFT_SYNC_DATABASE_ADDRESS: 'x' })).to.deep.equal([
      { written: 'LOFT_SYNC_DATABASE_ADDRESS', meant: null },
    ]);
    expect(misspeltVariables({ USCHEDULE_APPKEY: '' })).to.deep.equal([]);
  });

  it('with placeholders of the example are refused', async () => {
    const [bay, ...rest] = minimalFile.bays;
    const calendarId = 'id-of-bay-1@group.calendar.google.com';
    const process = await check({ ...minimalFile, bays: [{ ...bay, calendarId }, ...rest] });
    expect(process.ending?.code).to.equal(78);
    expect(process.stderr)
      .to.contain('bays[0].calendarId is "id-of-bay-1')
      .and.to.contain('placeholder of the example');
  });
});

describe('loft-sync completion', () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    it(`names every command and its options for ${shell}`, () => {
      const script = completionScript(shell, COMMANDS) ?? '';
      for (const { name, options = [] } of COMMANDS) {
        expect(script).to.contain(name.split(' ')[0]);
        for (const [flags] of options) expect(script).to.contain((flags.split(' ')[0] ?? '').slice(2));
      }
    });
  }

  describe('in the shell itself', () => {
    const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).error === undefined;
    /** Skips a test with a message if the shell is not on this machine. */
    function requireShell(shell: string, skip: () => void): void {
      if (isThere(shell)) return;
      process.stderr.write(`\n*** NO ${shell}: its completion was not tested. Install it. ***\n\n`);
      skip();
    }
    const run = (program: string, args: readonly string[]): string => {
      const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
      expect(status, stderr).to.equal(0);
      return stdout;
    };
    let directory: string;
    let script: (shell: string) => string;
    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'loft-sync-completion-'));
      script = (shell) => {
        const path = join(directory, `loft-sync.${shell}`);
        writeFileSync(path, run(process.execPath, [PROGRAM, 'completion', shell]));
        return path;
      };
    });
    after(() => rm(directory, { recursive: true, force: true }));

    it('completes commands and options in bash', function () {
      requireShell('bash', () => this.skip());
      const ask = `. ${script('bash')}
complete -p loft-sync >/dev/null || exit 1
COMP_WORDS=(loft-sync sta); COMP_CWORD=1; _loft_sync; echo "\${COMPREPLY[@]}"
COMP_WORDS=(loft-sync held re); COMP_CWORD=2; _loft_sync; echo "\${COMPREPLY[@]}"
COMP_WORDS=(loft-sync sync --w); COMP_CWORD=2; _loft_sync; echo "\${COMPREPLY[@]}"`;
      expect(run('bash', ['--norc', '-c', ask])).to.equal('status\nrelease revert\n--wait\n');
    });

    it('completes commands and options in zsh, on a terminal', function () {
      requireShell('zsh', () => this.skip());
      const lines = ['loft-sync sta', 'loft-sync held rel', 'loft-sync sync --w', 'loft-sync status --jso'];
      const completed = run('zsh', ['-f', COMPLETE_IN_ZSH, script('zsh'), ...lines]).split('\n');
      expect(completed.map((line) => line.trim()).filter((line) => line !== '')).to.deep.equal([
        'loft-sync status',
        'loft-sync held release',
        'loft-sync sync --wait',
        'loft-sync status --json',
      ]);
    });

    it('completes commands and options in fish, with their descriptions', function () {
      requireShell('fish', () => this.skip());
      const path = script('fish');
      const complete = (line: string): string => run('fish', ['-c', `source ${path}; complete -C '${line}'`]);
      expect(complete('loft-sync sta')).to.match(/^status\tshow whether a running service is ready/);
      expect(complete('loft-sync held re')).to.equal('release\nrevert\n');
      expect(complete('loft-sync sync --w')).to.equal('--wait\twait until it is done, and show the result\n');
      const commands = complete('loft-sync ').trim().split('\n');
      const names = new Set(COMMANDS.map(({ name }) => name.split(' ')[0]));
      expect(commands).to.have.length(names.size);
    });
  });

  it('lists the supported shells', async () => {
    const process = new ServiceProcess(['completion', 'tcsh'], {});
    expect((await process.end()).code).to.equal(1);
    expect(process.stderr).to.equal('Supported shells: bash, zsh and fish.\n');
  });
});

describe('a long remedy of a fault', () => {
  it('is wrapped with an indent', () => {
    expect(wrapText('FAIL  check  it is shut. Open it at once', 24, 13)).to.equal(
      'FAIL  check  it is shut.\n             Open it at\n             once',
    );
    expect(wrapText('ok    check  fine', 80, 13)).to.equal('ok    check  fine');
  });
});
