import { HOUR } from '@loft/sync-core';
import { checksOf } from '../checklist/checks.js';
import { FOLLOW_WITHIN_MS, runCheck, waitForQuiet, type CheckResult } from '../checklist/run-check.js';
import { EXIT } from '../process/exit-codes.js';
import { SANDBOX_ADMIN_TOKEN } from '../sandbox/sandbox-settings.js';
import { startSandbox, type Sandbox } from '../sandbox/start-sandbox.js';
import { dayIsMirrored } from '../sandbox/tour.js';
import type { Output } from './output.js';
import { table } from './table.js';

function row({ check, followedMs, passed, writesBack, writesThere }: CheckResult): readonly string[] {
  const time = followedMs === null ? `not within ${FOLLOW_WITHIN_MS / 1000} s` : `${(followedMs / 1000).toFixed(2)} s`;
  const { bay, changedSide, words } = check;
  return [passed ? 'pass' : 'FAIL', bay.name, changedSide, words, time, String(writesThere), String(writesBack)];
}

async function runAll(sandbox: Sandbox): Promise<readonly CheckResult[]> {
  await dayIsMirrored(sandbox, () => false);
  await waitForQuiet(sandbox);
  const results: CheckResult[] = [];
  // A day on which nobody has booked anything.
  const emptyDay = sandbox.day + 48 * HOUR;
  for (const bay of sandbox.bays) {
    for (const check of checksOf(sandbox, bay, emptyDay + 9 * HOUR)) results.push(await runCheck(sandbox, check));
  }
  return results;
}

/** `loft-sync checklist`: the specification's validation checklist for every bay, on a sandbox of its own. */
export async function checklist(output: Output): Promise<number> {
  const started = await startSandbox({
    port: 0,
    adminToken: SANDBOX_ADMIN_TOKEN,
    dataDirectory: null,
    onEvent: () => undefined,
  });
  if (started.err) {
    output.err(started.val);
    return EXIT.failed;
  }
  output.out('Running the validation checklist over real HTTP; this takes about a minute.\n');
  const results = await runAll(started.val);
  await started.val.close();
  const head = ['', 'bay', 'changed in', 'check', 'followed after', 'writes there', 'writes back'];
  output.out(table(head, results.map(row)));
  const failed = results.filter(({ passed }) => !passed).length;
  output.out(
    failed === 0
      ? `\nAll ${results.length} checks passed: one write on the other side for each change, and none back.`
      : `\n${failed} of ${results.length} checks failed.`,
  );
  return failed === 0 ? EXIT.ok : EXIT.failed;
}
