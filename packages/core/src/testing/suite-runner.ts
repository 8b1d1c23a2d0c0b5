/** The two functions of a test framework that a contract suite needs: mocha's, jest's, node:test's, or a collector. */
export interface SuiteRunner {
  /** Groups what `body` declares under a title. */
  readonly describe: (title: string, body: () => void) => void;
  /** Declares one test. */
  readonly it: (title: string, body: () => Promise<void>) => void;
}
