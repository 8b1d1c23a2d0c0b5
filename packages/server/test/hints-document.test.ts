import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { signHint } from '#src/http/hint-signature.js';
import { ServiceOnSimulators } from './support/service-on-simulators.js';
import { waitFor } from './support/wait-for.js';

const DOCUMENT = readFileSync(new URL('../../../docs/hints.md', import.meta.url), 'utf8');

/** The one example in a language. */
function example(language: string): string {
  const blocks = [...DOCUMENT.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))];
  expect(blocks, `examples in ${language}`).to.have.length(1);
  return blocks[0]?.[1] ?? '';
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program without blocking the service in this process. */
function run(command: string, args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
  const { PATH = '' } = process.env;
  const child = spawn(command, args, { env: { PATH, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

function isThere(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

describe('docs/hints.md', function () {
  this.timeout(300_000);

  it('shows a request with its correct signature', () => {
    const [head = '', body = ''] = example('http').trimEnd().split('\n\n');
    const headers = new Map(head.split('\n').map((line) => line.split(': ') as [string, string]));
    const timestamp = headers.get('X-Loft-Timestamp') ?? '';
    expect(headers.get('X-Loft-Signature')).to.equal(signHint('a-shared-secret', timestamp, body));
    expect(DOCUMENT).to.contain(`\`${timestamp}.${body}\``).and.to.contain('With the key `a-shared-secret`');
  });

  describe('has an example', () => {
    let studio: ServiceOnSimulators;
    beforeEach(async () => {
      studio = await (await ServiceOnSimulators.open()).start();
    });
    afterEach(() => studio.close());

    const environment = (id: string, secret = 'the-webhook-secret'): Readonly<Record<string, string>> => ({
      LOFT_SYNC_URL: studio.url,
      USCHEDULE_WEBHOOK_SECRET: secret,
      APPOINTMENT_ID: id,
    });

    const works = async (command: string, args: readonly string[]): Promise<void> => {
      const id = studio.book(30);
      const sent = await run(command, args, environment(id));
      expect(sent.output).not.to.match(/error/i);
      expect(sent.code).to.equal(0);
      await waitFor('the event', () => studio.mirrored.length > 0);
      expect(studio.mirrored).to.deep.equal([id]);

      const refused = await run(command, args, environment(id, 'another-secret'));
      expect(refused.code).not.to.equal(0);
      expect(refused.output).to.contain('401');
    };

    it('for a shell, whose hint is accepted', async function () {
      const missing = ['bash', 'curl', 'openssl'].filter((program) => !isThere(program));
      if (missing.length > 0) {
        const problem = `The shell example of docs/hints.md was not tested: there is no ${missing.join(', no ')} here.`;
        if (process.env['CI'] === 'true') throw new Error(problem);
        process.stderr.write(`\n*** ${problem} ***\n\n`);
        this.skip();
      }
      await works('bash', ['-eu', '-o', 'pipefail', '-c', example('bash')]);
    });

    it('for a step that runs JavaScript, whose hint is accepted', async () => {
      await works(process.execPath, ['--input-type=module', '-e', example('js')]);
    });

    it('in Swift, which signs and sends the same', () => {
      const swift = example('swift');
      expect(swift).to.contain(
        'HMAC<SHA256>.authenticationCode(for: Data("\\(timestamp).".utf8) + body, using: secret)',
      );
      for (const part of ['webhook/uschedule', 'X-Loft-Timestamp', '"sha256=\\(signature)"', 'X-Loft-Signature']) {
        expect(swift).to.contain(part);
      }
    });
  });
});
