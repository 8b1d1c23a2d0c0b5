import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

describe('npm start, as a supervisor sees it', function () {
  this.timeout(300_000);

  it('passes SIGTERM on to the service, which stops cleanly and leaves no process behind', async () => {
    const studio = await SimulatedStudio.open();
    const { PATH = '', HOME = '' } = process.env;
    // Without npm's hooks: they would rebuild the files that this test runs.
    const npm = spawn('npm', ['start', '--silent', '--ignore-scripts'], {
      cwd: ROOT,
      env: { PATH, HOME, ...studio.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    npm.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    // The pipes close when the last of the processes has ended: npm, its shell and the service.
    const closed = new Promise<number | null>((resolve) => npm.once('close', (code) => resolve(code)));
    let code: number | null | undefined;
    void closed.then((value) => (code = value));
    try {
      await waitFor('the service to listen', () => code !== undefined || output.includes('"listening"'));
      npm.kill('SIGTERM');
      await waitFor('npm and the service to end', () => code !== undefined);
    } finally {
      if (code === undefined && npm.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
      await closed;
      await studio.close();
    }
    expect(output).to.contain('"stopped"');
    expect(code).to.equal(0);
  });
});
