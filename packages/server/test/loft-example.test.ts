import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { configCheck } from '#src/cli/config-check.js';
import { readEnvironment } from '#src/config/environment.js';
import { minimalEnvironment, serviceAccountJson } from './support/settings-fixture.js';

const EXAMPLE = new URL('../../../examples/loft/loft-sync.config.json', import.meta.url);

describe('examples/loft', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'loft-sync-test-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function check(text: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const path = join(directory, 'settings.json');
    await writeFile(path, text);
    const said = { out: '', err: '' };
    const output = {
      out: (line: string): void => void (said.out += `${line}\n`),
      err: (line: string): void => void (said.err += `${line}\n`),
    };
    const environment = {
      ...minimalEnvironment,
      LOFT_SYNC_CONFIG: path,
      GOOGLE_SERVICE_ACCOUNT_JSON: serviceAccountJson,
    };
    const code = await configCheck(readEnvironment(environment), output, true);
    return { code, ...said };
  }

  it('passes config check with calendar ids filled in, and matches the studio’s known settings', async () => {
    const text = await readFile(EXAMPLE, 'utf8');
    const filled = text.replace(/CALENDAR_ID_OF_BAY_(\d)/g, 'bay-$1@group.calendar.google.com');
    const { code, out, err } = await check(filled);
    expect(err).to.equal('');
    expect(code).to.equal(0);
    const settings = JSON.parse(out) as { bays: readonly { serviceId: number }[]; uschedule: object; rules: object };
    expect(settings.bays.map(({ serviceId }) => serviceId)).to.deep.equal([35_371, 42_215]);
    expect(settings.uschedule).to.include({
      status: 'blind',
      reschedule: 'rebook',
      rebookPaid: false,
      holdMinutes: 10,
    });
    expect(settings.rules).to.include({ direction: 'to-google' });
  });

  it('names an unknown field of its templates', async () => {
    const text = await readFile(EXAMPLE, 'utf8');
    const { code, err } = await check(text.replace('{customerName|Customer}', '{customer|Customer}'));
    expect(code).to.equal(78);
    expect(err).to.include('google.title names an unknown field: {customer}');
  });
});
