import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

describe('a release', function () {
  this.timeout(300_000);
  let folder: string;
  let copy: string;

  const inCopy = async (command: string, ...args: readonly string[]): Promise<string> =>
    (await run(command, args, { cwd: copy, maxBuffer: 2 ** 26 })).stdout;

  const manifestOf = async (name: string): Promise<Manifest> =>
    JSON.parse(await readFile(join(copy, 'packages', name, 'package.json'), 'utf8')) as Manifest;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loft-sync-release-'));
    copy = join(folder, 'repository');
    const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
      cwd: ROOT,
      maxBuffer: 2 ** 26,
    });
    const wanted = stdout.split('\0').filter((path) => /^(package|lerna)[\w-]*\.json$|^scripts\/|^packages\/[^/]+\/(package\.json|README\.md|LICENSE|src\/|bin\/|assets\/)|^examples\/package\.json$|^\.npmrc$|^\.gitignore$/.test(path)); // prettier-ignore
    for (const path of wanted) {
      await mkdir(dirname(join(copy, path)), { recursive: true });
      await cp(join(ROOT, path), join(copy, path));
    }
    for (const name of ['core', 'http', 'adapters-uschedule']) {
      await cp(join(ROOT, 'packages', name, 'dist'), join(copy, 'packages', name, 'dist'), { recursive: true });
    }
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    // `node_modules/` in .gitignore matches folders only; here it is a link.
    await writeFile(join(copy, '.gitignore'), 'node_modules\ndist\n');
    await inCopy('git', 'init', '--quiet', '--initial-branch=main');
    await inCopy('git', 'config', 'user.name', 'Release Test');
    await inCopy('git', 'config', 'user.email', 'release@test.invalid');
    await inCopy('git', 'add', '--all');
    await inCopy('git', 'commit', '--quiet', '--message', 'feat: all of it');
    await inCopy('npm', 'exec', '--', 'lerna', 'version', 'minor', '--yes', '--no-push');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('raises peer ranges with the version, and keeps exact ranges exact', async () => {
    const { version } = await manifestOf('core');
    expect(version).to.equal('0.2.0');
    for (const name of ['adapters-google', 'adapters-uschedule', 'store-mongo', 'store-sqlite']) {
      const manifest = await manifestOf(name);
      expect(manifest.peerDependencies?.['@loft/sync-core'], name).to.equal('^0.2.0');
      expect(manifest.devDependencies?.['@loft/sync-core'] ?? '0.2.0', name).to.equal('0.2.0');
    }
    expect((await manifestOf('server')).dependencies).to.include({
      '@loft/sync-core': '0.2.0',
      '@loft/sync-google': '0.2.0',
    });
  });

  it('tags a commit with all changes of the release, and leaves no uncommitted file', async () => {
    expect(await inCopy('git', 'tag', '--points-at', 'HEAD')).to.equal('v0.2.0\n');
    expect(await inCopy('git', 'status', '--porcelain')).to.equal('');
  });

  it('can be installed from the tarballs of core and an adapter', async () => {
    const project = join(folder, 'consumer');
    await mkdir(project);
    const packages = ['core', 'http', 'adapters-uschedule'].flatMap((name) => ['--workspace', `packages/${name}`]);
    const packing = await inCopy('npm', 'pack', '--json', '--pack-destination', project, ...packages);
    const packed = JSON.parse(packing) as readonly { readonly name: string; readonly filename: string }[];
    const dependencies = Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${filename}`]));
    const manifest = { name: 'consumer', private: true, type: 'module', dependencies };
    await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
    const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    await run('npm', ['install', ...quiet], { cwd: project });
    const program = "import('@loft/sync-uschedule').then((it) => console.log(typeof it.createUScheduleBookingSystem))";
    const { stdout } = await run(process.execPath, ['--eval', program], { cwd: project });
    expect(stdout).to.equal('function\n');
  });
});
