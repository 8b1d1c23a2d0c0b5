const { reporters, Runner } = require('mocha');

/** Time in ms after the last test after which an open handle is a leak. Closing takes less time than this. */
const LEAK_AFTER_MS = 15_000;

/**
 * mocha's spec reporter, with three additions: a last line that is easy to read for programs (`12 passed, 0 failed`); a run
 * that does not end by itself, because of a timer, socket or child process of a test, fails (that is detected if the files run
 * in this process: `npx mocha <files>`; `npm test` runs several files at a time, in others); and a run that ends before its
 * summary fails. With mocha 11.8.0 and `--parallel` an error after the last test of a file ends the run with the status 0.
 */
class TestReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    // mocha replaces it with the number of failures at the end of the run.
    process.exitCode = 1;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
      const reportLeak = () => {
        console.error(`The run does not end: still open are ${process.getActiveResourcesInfo().join(', ')}.`);
        process.exit(1);
      };
      setTimeout(reportLeak, LEAK_AFTER_MS).unref();
    });
  }
}

module.exports = TestReporter;
