import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('../../../scripts/settings-reference.mjs', import.meta.url));

describe('docs/reference/settings.md', () => {
  it('agrees with the schema for every setting and every variable', async () => {
    // Fails with the names of missing settings.
    await promisify(execFile)(process.execPath, [SCRIPT, '--check']);
  });
});
