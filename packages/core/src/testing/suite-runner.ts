/** The two functions of a test framework that a contract suite needs: of mocha, jest, node:test, or a collector. */
export interface SuiteRunner {
  /** Groups the tests that `body` declares. */
  readonly describe: (title: string, body: () => void) => void;
  /** Declares one test. */
  readonly it: (title: string, body: () => Promise<void>) => void;
}
