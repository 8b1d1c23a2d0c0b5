import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { HOUR, MINUTE } from '@loft/sync-core';
import { expect } from 'chai';
import type { Command } from 'commander';
import { createProgram } from '#src/cli/program.js';
import { readEnvironment } from '#src/config/environment.js';
import { docPages, ROOT } from './support/doc-pages.js';
import { ADMIN_TOKEN, HttpWorld } from './support/http-world.js';
import { SimulatedStudio } from './support/simulated-studio.js';

/** The commands of a page: lines of shell blocks, also after `&&`, and code spans. */
function commandsOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(([, block = '']) => block.replaceAll('\\\n', ' '));
  const spans = [...text.replaceAll(/^ *```.*?^ *```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return [...blocks.flatMap((block) => block.split('\n')), ...spans]
    .flatMap((line) => line.replace(/\s+#.*$/, '').split('&&'))
    .map((command) => command.trim().replace(/^npx /, ''))
    .filter((command) => /^(?:loft-sync|npm|node|mocha|tsc) [a-z]/.test(command));
}

/** The words of a documented command, with real values for its placeholders. */
function wordsOf(command: string, values: Readonly<Record<string, string>>): readonly string[] {
  const filled = command.replaceAll(/<([^>]+)>/g, (placeholder, name: string) => values[name] ?? placeholder);
  return filled
    .replaceAll(/\[[^\]]*\]/g, '')
    .split(/\s+/)
    .slice(1)
    .filter((word) => word !== '' && word !== '…');
}

/** The faults of a command line: unknown names, unknown options, missing arguments. */
function faultOf(words: readonly string[], program: Command): string | null {
  let command = program;
  let rest = [...words];
  for (let next; (next = command.commands.find((one) => one.name() === rest[0])); rest = rest.slice(1)) command = next;
  if (command === program) return `there is no command ${rest[0] ?? ''}`;
  const options = rest.filter((word) => word.startsWith('--'));
  const known = [...command.options, ...program.options].map(({ long }) => long);
  const unknown = options.find((option) => option !== '--help' && !known.includes(option));
  return unknown === undefined ? null : `${command.name()} has no option ${unknown}`;
}

/** Commands that other tests run, with the file of the test. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  serve: 'process-main-job',
  sandbox: 'sandbox',
  checklist: 'process-checklist',
  simulate: 'simulate',
};

/** Commands that need settings and both systems, but no running service. */
const WITHOUT_SERVICE = ['config', 'doctor', 'plan', 'version'];

/** Runs a command about the service of a world. */
async function runIn(
  world: HttpWorld,
  words: readonly string[],
): Promise<{ readonly code: number; readonly err: string }> {
  const result = { code: -1, err: '' };
  const output = { out: () => undefined, err: (text: string) => (result.err += text) };
  const environment = readEnvironment({ LOFT_SYNC_URL: world.url, ADMIN_TOKEN });
  const program = createProgram(environment, output, (code) => (result.code = code));
  await program.parseAsync(['node', 'loft-sync', ...words]);
  return result;
}

describe('the commands of the documentation', function () {
  this.timeout(300_000);
  let commands: ReadonlyMap<string, readonly string[]>;
  before(async () => {
    commands = new Map((await docPages()).map(({ name, text }) => [name, commandsOf(text)]));
  });
  const output = { out: () => undefined, err: () => undefined };
  const program = createProgram(readEnvironment({}), output, () => undefined);
  /** The distinct commands of the program on all pages, without those that list alternatives. */
  const ofProgram = (): readonly string[] =>
    [...new Set([...commands.values()].flat())].filter((one) => one.startsWith('loft-sync ') && !one.includes('|'));

  it('are found', () => {
    expect(ofProgram().length).to.be.greaterThan(25);
    for (const page of ['README.md', 'docs/runbook.md', 'docs/switching-over.md', 'docs/console.md'])
      expect(commands.get(page), page).to.have.length.above(0);
  });

  it('exist, with their options', () => {
    const faults = ofProgram().flatMap((command) => {
      const fault = faultOf(wordsOf(command, {}), program);
      return fault === null ? [] : [`${command}: ${fault}`];
    });
    expect(faults).to.deep.equal([]);
    expect(faultOf(['held', 'drop'], program)).to.equal(null);
    expect(faultOf(['hold'], program)).to.equal('there is no command hold');
    expect(faultOf(['plan', '--fast'], program)).to.equal('plan has no option --fast');
  });

  it('that other tests run have such a test', async () => {
    const tests = await readdir(fileURLToPath(new URL('../test', import.meta.url)));
    for (const test of Object.values(RUN_ELSEWHERE)) expect(tests).to.include(`${test}.test.ts`);
  });

  it('of npm are scripts of the repository', async () => {
    const { scripts } = JSON.parse(await readFile(`${ROOT}package.json`, 'utf8')) as {
      scripts: Record<string, string>;
    };
    const used = [...commands.values()].flat().flatMap((command) => /^npm run (\S+)/.exec(command)?.[1] ?? []);
    expect(used).to.include('sandbox');
    expect(used.filter((script) => !(script in scripts))).to.deep.equal([]);
  });

  it('of programs that need an account or root are marked as not run', async () => {
    const marked = (await docPages()).filter(({ text }) => /^ *(?:gcloud|kubectl|systemctl|docker) /m.test(text));
    expect(marked.map(({ name }) => name)).to.include('docs/deploy-cloud-run.md');
    for (const { name, text } of marked) expect(text, name).to.contain('The tests do not run');
  });

  it('about a running service succeed, or ask for --yes', async () => {
    const world = await new HttpWorld().start();
    try {
      const start = world.clock.now() + 24 * HOUR;
      const ids = Array.from({ length: 3 }, (_, hour) =>
        world.bookings.user.book({ unit: 5523, start: start + hour * HOUR, customerName: `Guest ${hour}` }),
      );
      await world.clock.advance(2 * MINUTE);
      const [moved = '', failed = '', other = ''] = ids;
      world.bookings.user.move(moved, { unit: 5523, start: start + 30 * HOUR });
      await world.clock.advance(2 * MINUTE);
      await world.park(failed);
      const failures: string[] = [];
      let ran = 0;
      for (const command of ofProgram()) {
        const [name = ''] = wordsOf(command, {});
        if (name in RUN_ELSEWHERE || WITHOUT_SERVICE.includes(name)) continue;
        const id = name === 'replay' ? failed : name === 'undo' ? moved : other;
        const words = wordsOf(command, { id, 'appointment id': id, bay: '1' }).map((word) =>
          word === '700123' ? id : word,
        );
        // Pages also name this command without its argument.
        const { code, err } = await runIn(world, command === 'loft-sync explain' ? [...words, id] : words);
        ran++;
        if (code !== 0 && !(code === 1 && err.includes('add --yes'))) failures.push(`${command}: ${code}, ${err}`);
      }
      expect(failures).to.deep.equal([]);
      expect(ran).to.be.greaterThan(12);
    } finally {
      await world.close();
    }
  });

  it('about the settings and both systems succeed', async () => {
    const studio = await SimulatedStudio.open();
    try {
      const failures: string[] = [];
      for (const command of ofProgram()) {
        const words = wordsOf(command, {});
        if (!WITHOUT_SERVICE.includes(words[0] ?? '')) continue;
        const run = studio.run(words);
        const { code } = await run.end();
        if (code !== 0) failures.push(`${command}: ${code}, ${run.stderr}`);
      }
      expect(failures).to.deep.equal([]);
    } finally {
      await studio.close();
    }
  });
});
