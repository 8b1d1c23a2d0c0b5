import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { answeringService, CLIENT_COMMANDS } from './support/answering-service.js';
import { bundledProgram } from './support/bundled-program.js';
import { processorTimes } from './support/processor-time.js';
import { ServiceProcess } from './support/service-process.js';
import { SimulatedStudio } from './support/simulated-studio.js';
import { TraceCollector } from './support/trace-collector.js';
import { waitFor } from './support/wait-for.js';

const run = promisify(execFile);

interface Meta {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<
    Record<string, { readonly bytes: number; readonly inputs: Readonly<Record<string, unknown>> }>
  >;
}

/** The bundle runs outside the repository: no `node_modules` of ours is above it. */
describe('the bundle', function () {
  this.timeout(300_000);
  let directory: string;
  let bundle: string;
  let program: string;
  let meta: Meta;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'loft-sync-bundle-'));
    bundle = join(directory, 'app');
    program = join(bundle, 'loft-sync.js');
    const made = bundledProgram();
    await cp(made.directory, bundle, { recursive: true });
    meta = JSON.parse(await readFile(made.meta, 'utf8')) as Meta;
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it('contains code, source maps, the licence and SQLite, and nothing else', async () => {
    const files = await readdir(bundle, { recursive: true, withFileTypes: true });
    const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
    const allowed =
      /^(loader|(loft-sync|episode-worker)(\.main)?|chunk-[A-Z0-9]+)\.js(\.map|\.cache|\.LEGAL\.txt)?$|^package\.json$|^LICENSE$|^assets\/[\w.-]+$|^node_modules\/moment-timezone\/(LICENSE|package\.json|data\/[\w/.-]+\.json)$|^node_modules\/@libsql\/[\w-]+\/(index\.node|package\.json|README\.md)$/;
    for (const path of paths) expect(path.slice(bundle.length + 1)).to.match(allowed);
    expect(paths.some((path) => path.endsWith('index.node'))).to.equal(true);
  });

  it("contains only the calendar API of Google's library", () => {
    const apis = Object.keys(meta.inputs).filter((input) => input.includes('googleapis/build/src/apis/'));
    expect(apis).not.to.have.length(0);
    for (const api of apis) expect(api).to.match(/apis\/calendar\//);
  });

  /** The modules of the chunk with this module, and of all chunks that are loaded with it. */
  function loadedWith(module: string): readonly string[] {
    const outputs = new Map(Object.entries(meta.outputs));
    const reached = new Set<string>();
    const follow = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      const { imports = [] } = outputs.get(file) as { imports?: { path: string; kind: string; external?: true }[] };
      for (const { path, kind, external } of imports) if (kind !== 'dynamic-import' && !external) follow(path);
    };
    const [first = ''] =
      [...outputs].find(([, { inputs }]) => Object.keys(inputs).some((it) => it.endsWith(module))) ?? [];
    follow(first);
    return [...reached].flatMap((file) => Object.keys(outputs.get(file)?.inputs ?? {}));
  }

  it('keeps rarely used code in separate chunks', () => {
    const inputs = loadedWith('process/start-service.js');
    expect(inputs.length).to.be.greaterThan(100);
    for (const module of ['/mongodb/', '/libsql/', '@opentelemetry/sdk-node', '/simulator/', '/sandbox/']) {
      expect(
        inputs.filter((input) => input.includes(module)),
        module,
      ).to.deep.equal([]);
    }
  });

  it('answers /health before it loads the engine, Koa and the adapters', () => {
    const inputs = loadedWith('cli/serve.js');
    expect(inputs.some((input) => input.endsWith('http/http-host.js'))).to.equal(true);
    for (const module of ['core/dist/engine/engine.js', '/koa/', '/undici/', '/googleapis/', '/inversify/', '/pino/']) {
      expect(
        inputs.filter((input) => input.includes(module)),
        module,
      ).to.deep.equal([]);
    }
  });

  it('maps its code to the sources', async () => {
    const map = JSON.parse(await readFile(join(bundle, 'loft-sync.main.js.map'), 'utf8')) as {
      readonly sources: readonly string[];
    };
    expect(map.sources.some((source) => source.endsWith('packages/server/src/main.ts'))).to.equal(true);
  });

  it('reports a stack trace with the names of the source', async () => {
    const fault = `process.stdout.write = () => { throw new Error('planted'); };`;
    const env = { ...process.env, NODE_OPTIONS: '--enable-source-maps' };
    const preload = join(directory, 'fault.cjs');
    await writeFile(preload, fault);
    const failed = await run(process.execPath, ['--require', preload, program, 'version'], { env }).catch(
      (error: unknown) => error as { readonly stderr: string },
    );
    expect(failed.stderr)
      .to.contain('planted')
      .and.to.match(/packages\/server\/src\/cli\/\w+\.ts:\d+:\d+/);
  });

  it('contains a code cache, and runs without it or with one of another version', async () => {
    const caches = (await readdir(bundle)).filter((name) => name.endsWith('.cache'));
    expect(caches).to.include('loft-sync.main.js.cache');
    expect(caches.length).to.be.greaterThan(10);
    const copy = join(directory, 'copy');
    await cp(bundle, copy, { recursive: true });
    const version = async () => (await run(process.execPath, [join(copy, 'loft-sync.js'), 'version'])).stdout;
    const expected = await version();
    for (const name of caches) await writeFile(join(copy, name), 'of another version');
    expect(await version()).to.equal(expected);
    for (const name of caches) await rm(join(copy, name));
    expect(await version()).to.equal(expected);
  });

  it('shows its version and its commands', async () => {
    const { version } = JSON.parse(await readFile(join(bundle, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    const result = await run(process.execPath, [program, 'version'], { cwd: directory });
    expect(result.stdout.trim()).to.equal(version);
    const help = await run(process.execPath, [program, '--help'], { cwd: directory });
    expect(help.stdout).to.contain('serve').and.to.contain('checklist');
  });

  it('takes a small multiple of the processor time of bare Node for a command that only talks to a service', async () => {
    const service = await answeringService();
    const commands = CLIENT_COMMANDS.map((words) => [words.join(' '), [program, ...words]] as const);
    const runs = { bare: ['--eval', '0'], ...Object.fromEntries(commands) } as Record<string, readonly string[]>;
    const times = await processorTimes(
      runs,
      { ADMIN_TOKEN: 'any', LOFT_SYNC_URL: service.url },
      { rounds: 9, limit: 5 },
    ).finally(service.close);
    const { bare = 0 } = times;
    const ratios = Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, (ms / bare).toFixed(2)]));
    // About 2 (docs/performance.md), more on a busy machine. The service itself takes 7.
    expect(Math.max(...Object.values(times)) / bare, JSON.stringify(ratios)).to.be.lessThan(5);
  });

  it('loads neither HTTP/2 nor the undici of Node, and asks for no report, in a run with both systems', async () => {
    const list = join(directory, 'modules.json');
    const watch = join(directory, 'watch.cjs');
    await writeFile(
      watch,
      `let reports = 0;
      process.report.getReport = () => (reports++, {});
      process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify({ reports, modules: process.moduleLoadList })));`,
    );
    const studio = await SimulatedStudio.open({ program, environment: { NODE_OPTIONS: `--require ${watch}` } });
    try {
      const service = await studio.serve();
      const id = studio.book(30);
      await waitFor('the event', () => studio.eventOf(id) !== null);
      expect((await service.stop()).code).to.equal(0);
    } finally {
      await studio.close();
    }
    const { reports, modules } = JSON.parse(await readFile(list, 'utf8')) as Record<'reports' | 'modules', unknown>;
    expect(reports).to.equal(0);
    expect(modules).to.include('NativeModule http');
    expect(modules).not.to.include.members(['NativeModule http2']);
    expect(modules).not.to.include.members(['NativeModule internal/deps/undici/undici']);
  });

  it('does the main job, both ways, and sends its traces', async () => {
    const collector = await TraceCollector.open();
    const studio = await SimulatedStudio.open({ program, environment: collector.environment });
    try {
      const service = await studio.serve();
      const id = studio.book(30);
      await waitFor('the event', () => studio.eventOf(id) !== null);
      const { calendarId = '' } = studio.bays[0] ?? {};
      studio.google.person.dragEvent(calendarId, studio.eventOf(id)?.id ?? '', { start: studio.hour(40) });
      await waitFor('the booking to move', () => studio.uschedule.booking(id)?.start === studio.hour(40));
      await waitFor('the traces', () => collector.named('uschedule rescheduleBooking').length > 0);
      expect(await service.stop()).to.deep.equal({ code: 0, signal: null });
      expect(service.stderr).to.equal('');
    } finally {
      await studio.close();
      await collector.close();
    }
  });

  it('runs the sandbox, with its simulators and the page', async () => {
    const data = join(directory, 'sandbox');
    const sandbox = new ServiceProcess(['sandbox', '--data', data], { PORT: '0' }, program);
    const address = (): string | undefined => /see it at\s+(\S+)/.exec(sandbox.stdout)?.[1];
    await waitFor('the sandbox', () => address() !== undefined || sandbox.ending !== null);
    const page = await fetch(address() ?? '');
    expect(page.status).to.equal(200);
    expect(page.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    const health = await fetch(new URL('/health', address()));
    expect(health.headers.get('content-type')).to.equal('application/json; charset=utf-8');
    const html = await page.text();
    expect(html).to.contain('Bay 1').and.to.contain('← and → change the day');
    for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/[\w/]+\.\w+)"/g)) {
      expect((await fetch(new URL(path, address()))).status, path).to.equal(200);
    }
    expect((await sandbox.stop()).code).to.equal(0);
    expect(sandbox.stdout).to.contain(`Stopped; database and log are in ${data}.`);
  });

  it('names the missing settings if it is started without any', async () => {
    const service = new ServiceProcess(['serve'], { LOFT_SYNC_CONFIG: join(directory, 'nothing.json') }, program);
    expect((await service.end()).code).to.equal(78);
    expect(service.stderr).to.contain('USCHEDULE_BASE_URL');
  });
});
