import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { expect } from 'chai';
import { parse } from 'yaml';
import { readEnvironment } from '#src/config/environment.js';
import { VARIABLES } from '#src/config/variables.js';
import { readSettings } from '#src/config/read-settings.js';
import { minimalFile } from './support/settings-fixture.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const text = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');
const yaml = async (path: string): Promise<unknown> => parse(await text(path));

/** The value at a path of a parsed file, such as `spec.containers.0.image`; undefined if there is none. */
function at(tree: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, name) => (typeof node === 'object' && node ? Reflect.get(node, name) : undefined), tree);
}

interface EnvironmentEntry {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

describe('the image', () => {
  let lines: readonly string[];
  let final: readonly string[];

  before(async () => {
    const source = (await text('Dockerfile')).replaceAll('\\\n', ' ');
    lines = source.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const last = lines.findLastIndex((line) => line.startsWith('FROM '));
    final = lines.slice(last);
  });

  it('is small, has no shell, and does not run as root', () => {
    expect(final[0]).to.match(/distroless\/nodejs\d+-debian\d+:nonroot$/);
    expect(final).to.include('USER 65532:65532');
    expect(final.filter((line) => line.startsWith('RUN '))).to.deep.equal([]);
  });

  it('holds the bundle and an empty directory for the store, and nothing else', () => {
    expect(final.filter((line) => /^(COPY|ADD) /.test(line))).to.deep.equal([
      'COPY --from=build /build/dist-bundle /app',
      'COPY --from=build --chown=65532:65532 /data /data',
    ]);
  });

  it('has a health check', () => {
    const check = final.find((line) => line.startsWith('HEALTHCHECK')) ?? '';
    expect(check).to.contain('/health');
    const [, , script] = JSON.parse(check.slice(check.indexOf('['))) as readonly string[];
    expect(() => new Script(script ?? '')).not.to.throw();
  });

  it('sets only variables that the service reads', () => {
    const named = final.join(' ').matchAll(/\b([A-Z]+(?:_[A-Z]+)+)=/g);
    for (const [, name = ''] of named) expect([...VARIABLES, 'NODE_ENV', 'NODE_OPTIONS']).to.include(name);
    expect(final.at(-1)).to.equal('CMD ["serve"]');
  });

  it('is built from all files that the build needs, and from no secret', async () => {
    const sources = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const ignore = (await text('.dockerignore')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const source of sources) {
      expect((await stat(join(ROOT, source))).isFile() || source === 'packages' || source === 'scripts').to.equal(true);
      expect(ignore).to.include(`!${source}`);
    }
    const { workspaces } = JSON.parse(await text('package.json')) as { readonly workspaces: readonly string[] };
    expect(workspaces).to.deep.equal(['packages/*', 'examples', 'scripts/reference']);
    expect(sources).to.include.members(['packages', 'examples/package.json', 'package-lock.json']);
    expect(ignore[0]).to.equal('*');
    expect(ignore).to.include.members(['**/node_modules', '**/.env*', '**/*key*.json', '**/*.pem', '**/*.db*']);
  });
});

describe('compose.yaml', () => {
  it('runs the image with MongoDB, which is reachable from the service only', async () => {
    const file = await yaml('compose.yaml');
    expect(at(file, 'services.sync.depends_on.mongo.condition')).to.equal('service_healthy');
    expect(at(file, 'services.sync.environment.STORE_URL')).to.match(
      /^mongodb:\/\/loft:\$\{MONGO_PASSWORD:\?.*\}@mongo:27017\/loft-sync\?/,
    );
    expect(at(file, 'services.sync')).to.include({ read_only: true, build: '.' });
    expect(at(file, 'services.sync.cap_drop')).to.deep.equal(['ALL']);
    expect(at(file, 'services.mongo')).not.to.have.property('ports');
    expect(at(file, 'services.mongo.networks')).to.deep.equal(['store']);
    expect(at(file, 'networks.store.internal')).to.equal(true);
    expect(at(file, 'volumes')).to.have.property('store');
    for (const port of at(file, 'services.sync.ports') as string[]) expect(port).to.match(/^127\.0\.0\.1:/);
  });
});

describe('.env.example', () => {
  const named = async (): Promise<readonly string[]> =>
    [...(await text('.env.example')).matchAll(/^#?([A-Z_]+)=/gm)].map(([, name = '']) => name);

  it('names every variable that the service reads, and explains a $ in a value', async () => {
    expect(await named()).to.have.members([...VARIABLES, 'MONGO_PASSWORD']);
    expect(await text('.env.example')).to.contain('single quotes around a value that holds $');
  });

  it('names the variables that compose.yaml passes on', async () => {
    /** Variables of the host, or with a fixed value in a container. */
    const notPassed = ['GOOGLE_APPLICATION_CREDENTIALS', 'MONGO_PASSWORD', 'LOFT_SYNC_CONFIG', 'LOFT_SYNC_URL'];
    const ofTests = ['GOOGLE_API_ROOT_URL', 'TZDIR'];
    const passed = at(await yaml('compose.yaml'), 'services.sync.environment') as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(passed)) expect(VARIABLES).to.include(name);
    for (const name of await named()) {
      if ([...notPassed, ...ofTests].includes(name)) continue;
      expect(Object.keys(passed), name).to.include(name);
    }
  });
});

describe('the systemd unit', () => {
  it('starts the bundle with its store, and does not restart it if a setting is wrong', async () => {
    const unit = await text('deploy/systemd/loft-sync.service');
    const settings = unit.split('\n').filter((line) => /^\w+=/.test(line));
    expect(settings).to.include.members([
      'ExecStart=/usr/bin/node --enable-source-maps /opt/loft-sync/loft-sync.js serve',
      'Environment=STORE_URL=sqlite:/var/lib/loft-sync/loft-sync.db',
      'LoadCredential=google-key.json:/etc/loft-sync/google-key.json',
      'Environment=GOOGLE_APPLICATION_CREDENTIALS=%d/google-key.json',
      'StateDirectory=loft-sync',
      'RestartPreventExitStatus=78',
      'DynamicUser=yes',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
    ]);
    for (const [, name = ''] of unit.matchAll(/^Environment=(\w+)=/gm)) {
      expect([...VARIABLES, 'NODE_ENV']).to.include(name);
    }
    expect(unit.split('\n').filter((line) => line.startsWith('['))).to.deep.equal(['[Unit]', '[Service]', '[Install]']);
  });
});

describe('the Cloud Run service', () => {
  let service: unknown;
  let container: unknown;
  let environment: readonly EnvironmentEntry[];

  before(async () => {
    service = await yaml('deploy/cloud-run/service.yaml');
    container = at(service, 'spec.template.spec.containers.0');
    environment = at(container, 'env') as readonly EnvironmentEntry[];
  });

  it('always runs one instance with its processor', () => {
    expect(service).to.include({ apiVersion: 'serving.knative.dev/v1', kind: 'Service' });
    expect(at(service, 'spec.template.metadata.annotations')).to.include({
      'autoscaling.knative.dev/minScale': '1',
      'run.googleapis.com/cpu-throttling': 'false',
    });
    expect(at(service, 'spec.template.spec.serviceAccountName')).to.match(/^loft-sync@PROJECT\./);
    expect(at(container, 'startupProbe.httpGet.path')).to.equal('/health?started=1');
    expect(at(container, 'livenessProbe.httpGet.path')).to.equal('/health');
  });

  it('sets only variables that the service reads, and every secret by reference', () => {
    const secret = /KEY|PASSWORD|SECRET|TOKEN|STORE_URL/;
    for (const { name, value, valueFrom } of environment) {
      expect(VARIABLES).to.include(name);
      if (secret.test(name)) {
        expect(value, name).to.equal(undefined);
        expect(valueFrom?.secretKeyRef, name).to.have.all.keys('name', 'key');
      } else expect(value, name).to.be.a('string');
    }
  });

  it('sets all required variables', () => {
    const example: Readonly<Record<string, string>> = {
      STORE_URL: 'mongodb+srv://loft:password@cluster.example.net/loft-sync',
      PUBLIC_URL: 'https://loft-sync.example.com',
    };
    const filled = environment.map(({ name, value }) => [name, example[name] ?? value ?? 'a-secret'] as const);
    const settings = readSettings(readEnvironment(Object.fromEntries(filled)), { text: JSON.stringify(minimalFile) });
    expect(settings.err ? settings.val : []).to.deep.equal([]);
    if (settings.err) return;
    expect(settings.val.trustedProxies).to.equal(1);
    expect(settings.val.admins).to.deep.equal([{ name: 'admin', role: 'act', token: 'a-secret' }]);
    expect(settings.val.google.credentials).to.deep.equal({ kind: 'platform' });
    expect(settings.val.push?.address).to.equal('https://loft-sync.example.com/webhook/gcal');
  });

  it('reads its settings file where it is mounted', () => {
    const volume = at(service, 'spec.template.spec.volumes.0');
    const mount = at(container, 'volumeMounts.0');
    const path = environment.find(({ name }) => name === 'LOFT_SYNC_CONFIG')?.value;
    expect(at(mount, 'name')).to.equal(at(volume, 'name'));
    expect(path).to.equal(`${String(at(mount, 'mountPath'))}/${String(at(volume, 'secret.items.0.path'))}`);
  });

  it('accepts the tokens of the scheduler that wakes it if it has no timers', async () => {
    const timerless = await yaml('deploy/cloud-run/timerless.yaml');
    const job = at(await yaml('deploy/cloud-run/scheduler-jobs.json'), '0');
    expect(at(timerless, 'spec.template.metadata.annotations')).to.include({
      'autoscaling.knative.dev/minScale': '0',
      'run.googleapis.com/cpu-throttling': 'true',
    });
    const entries = at(timerless, 'spec.template.spec.containers.0.env') as readonly EnvironmentEntry[];
    const tick = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
    for (const name of Object.keys(tick)) expect(VARIABLES).to.include(name);
    expect(at(job, 'httpTarget')).to.deep.include({ uri: 'PUBLIC_URL/tasks/tick', httpMethod: 'POST' });
    expect(at(job, 'httpTarget.oidcToken')).to.deep.equal({
      audience: tick['TICK_AUDIENCE'],
      serviceAccountEmail: tick['TICK_SERVICE_ACCOUNT'],
    });
  });

  describe('in its guide', () => {
    let guide: string;
    before(async () => {
      guide = await text('docs/deploy-cloud-run.md');
    });

    it('creates every secret it refers to, and the settings', () => {
      const referred = environment.flatMap(({ valueFrom }) => (valueFrom ? [valueFrom.secretKeyRef.name] : []));
      const made = [...guide.matchAll(/\bput (loft-sync-[\w-]+)/g)].map(([, name]) => name);
      const secretName = at(service, 'spec.template.spec.volumes.0.secret.secretName');
      expect(made).to.have.members([...referred, secretName]);
      expect(guide).to.contain('on seven secrets');
      expect(made).to.have.length(7);
    });

    it('replaces every placeholder', async () => {
      const yamlText = await text('deploy/cloud-run/service.yaml');
      const body = yamlText.replace(/^\s*#.*$/gm, '');
      const placeholders = new Set([...body.matchAll(/\b(PROJECT|REGION|TAG)\b/g)].map(([, name]) => name));
      for (const { value, name } of environment) if (value === name) placeholders.add(name);
      for (const name of placeholders) expect(guide).to.match(new RegExp(`s\\|[^|]*${name ?? ''}[^|]*\\|`));
    });

    it('names files and settings that exist', async () => {
      for (const [path] of guide.matchAll(/\b(?:deploy|examples|docs)\/[\w/.-]*\w/g)) {
        expect((await stat(join(ROOT, path))).size, path).to.be.greaterThan(0);
      }
      const known = [...VARIABLES, 'PROJECT', 'REGION', 'TAG', 'ALIAS', 'LOGIN'] as readonly string[];
      for (const [, name = ''] of guide.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)) expect(known).to.include(name);
    });

    it('says at each step which rights it grants', () => {
      const steps = guide.split(/^## /m).filter((step) => /^[2-7]\. |^Without timers/.test(step));
      expect(steps).to.have.length(7);
      for (const step of steps) expect(step, step.split('\n')[0]).to.match(/\*\*(Rights|read and write one database)/);
    });
  });
});

describe('the folder of deployments', () => {
  it('contains only files that a test checks', async () => {
    const entries = await readdir(join(ROOT, 'deploy'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    expect(files).to.have.members(['service.yaml', 'timerless.yaml', 'scheduler-jobs.json', 'loft-sync.service']);
  });
});
