import type { SuiteRunner } from '@loft/sync-core/testing';

export interface CollectedTest {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** Collects the tests of a contract suite without running them, so that another test can check their results. */
export function collectSuite(register: (runner: SuiteRunner) => void): readonly CollectedTest[] {
  const tests: CollectedTest[] = [];
  const path: string[] = [];
  register({
    describe: (title, body) => {
      path.push(title);
      body();
      path.pop();
    },
    it: (title, run) => tests.push({ title: [...path, title].join(' › '), run }),
  });
  return tests;
}

/** Runs the tests one after another up to the first that fails; its title and message, or null if all pass. */
export async function firstFailure(tests: readonly CollectedTest[]): Promise<string | null> {
  for (const test of tests) {
    try {
      await test.run();
    } catch (error) {
      return `${test.title}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return null;
}
