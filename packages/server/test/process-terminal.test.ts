import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { SimulatedStudio } from './support/simulated-studio.js';
import { hasTerminals, Terminal } from './support/terminal.js';

const CTRL_C = '\u0003';

describe('Ctrl-C in a terminal', function () {
  this.timeout(120_000);
  before(function () {
    if (hasTerminals()) return;
    process.stderr.write('\n*** There is no `script` of util-linux here: Ctrl-C was not tested in a terminal. ***\n\n');
    this.skip();
  });

  for (const run of [1, 2, 3]) {
    it(`ends npm run sandbox with 0 and leaves no file or process behind, run ${run}`, async () => {
      // Without npm's hooks: they would rebuild the files that this test runs.
      const terminal = new Terminal('exec npm run sandbox --silent --ignore-scripts', { PORT: '0', NO_COLOR: '1' });
      await terminal.shows(run === 1 ? 'End of the tour.' : 'stop it');
      const logPath = /its log +(\S+)/.exec(terminal.output)?.[1] ?? '';
      expect(existsSync(logPath)).to.equal(true);
      terminal.press(CTRL_C);
      // An impatient person presses twice within a second.
      if (run === 3) terminal.press(CTRL_C);
      expect(await terminal.end(), terminal.output).to.equal(0);
      expect(terminal.output).to.contain('Stopped; all files are removed.');
      // The stop aborts the first reading.
      expect(terminal.output).not.to.contain('cannot be read');
      expect(existsSync(dirname(logPath))).to.equal(false);
    });
  }

  for (const run of [1, 2]) {
    it(`ends npm start with 0, run ${run}`, async () => {
      const studio = await SimulatedStudio.open();
      try {
        const terminal = new Terminal('exec npm start --silent --ignore-scripts', studio.environment);
        await terminal.shows(run === 1 ? '"started"' : '"listening"');
        terminal.press(CTRL_C);
        expect(await terminal.end(), terminal.output).to.equal(0);
        expect(terminal.output).to.contain('"stopped"');
      } finally {
        await studio.close();
      }
    });
  }
});
