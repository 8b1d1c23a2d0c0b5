/**
 * An adapter for your own booking system: implement `BookingSystem`, then run the contract suite on it. This example
 * has a runner of a few lines. Pass mocha, jest or node:test in the same way: `{ describe, it }`.
 */
import { bookingSystemSuite } from '@loft/sync-core/testing';
import { clubFactory } from './tee-time-club/club-harness.js';

const titles: string[] = [];
const tests: { readonly title: string; readonly body: () => Promise<void> }[] = [];
const runner = {
  describe: (title: string, body: () => void): void => {
    titles.push(title);
    body();
    titles.pop();
  },
  it: (title: string, body: () => Promise<void>): void => {
    tests.push({ title: [...titles, title].join(' / '), body });
  },
};

bookingSystemSuite(runner, clubFactory);

let failed = 0;
for (const { title, body } of tests) {
  try {
    await body();
    console.log(`ok      ${title}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${title}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
console.log(`Tee Time Club keeps ${tests.length - failed} of the ${tests.length} promises of the port.`);
if (failed > 0) process.exitCode = 1;
