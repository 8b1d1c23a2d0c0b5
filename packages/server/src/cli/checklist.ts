import { HOUR } from '@loft/sync-core';
import { checksOf } from '../checklist/checks.js';
import { productionChecksOf } from '../checklist/production-checks.js';
import { FOLLOW_WITHIN_MS } from '../checklist/check.js';
import { runCheck, waitForQuiet, type CheckResult } from '../checklist/run-check.js';
import { EXIT } from '../process/exit-codes.js';
import { PLAIN_STUDIO, PRODUCTION_STUDIO, SANDBOX_ADMIN_TOKEN } from '../sandbox/sandbox-settings.js';
import { startSandbox, type Sandbox } from '../sandbox/start-sandbox.js';
import { dayIsMirrored } from '../sandbox/tour.js';
import type { Output } from './output.js';
import { paintWords, progressLine } from './paint.js';
import { table } from './table.js';

function row({ check, followedMs, passed, writesBack, writesThere }: CheckResult): readonly string[] {
  const time =
    followedMs === null
      ? `not within ${(check.withinMs ?? FOLLOW_WITHIN_MS) / 1000} s`
      : `${(followedMs / 1000).toFixed(2)} s`;
  const { bay, changedSide, words } = check;
  return [passed ? 'pass' : 'FAIL', bay.name, changedSide, words, time, String(writesThere), String(writesBack)];
}

/** A result for programs. */
function view({ check, ...result }: CheckResult): Readonly<Record<string, unknown>> {
  return { bay: check.bay.bay, changedIn: check.changedSide, check: check.words, ...result };
}

async function runAll(sandbox: Sandbox, output: Output, checksFor: typeof checksOf): Promise<readonly CheckResult[]> {
  await dayIsMirrored(sandbox, () => false);
  await waitForQuiet(sandbox);
  const results: CheckResult[] = [];
  // A day without bookings.
  const emptyDay = sandbox.day + 48 * HOUR;
  const checks = sandbox.bays.flatMap((bay) => checksFor(sandbox, bay, emptyDay + 9 * HOUR));
  for (const check of checks) {
    output.progress?.(progressLine(results.length, checks.length, `${check.bay.name}: ${check.words}`));
    results.push(await runCheck(sandbox, check));
  }
  output.progress?.(null);
  return results;
}

export interface ChecklistOptions {
  readonly json: boolean;
  /** `--production`: USchedule has the known traits of the studio's own deployment. */
  readonly production: boolean;
}

/** The counts in the table. */
const WRITES = 'one write on the other side for each change, and none back';
const PRODUCTION_WRITES =
  'one write on the other side for each change, and none back. A rebooking is two writes on each side: book, cancel, and the event is handed to the new booking and names its id';

/**
 * `loft-sync checklist`: runs the validation checklist for every bay (docs/operating-contract.md#commands) in a sandbox
 * of its own.
 */
export async function checklist(output: Output, { json, production }: ChecklistOptions): Promise<number> {
  const started = await startSandbox({
    port: 0,
    adminToken: SANDBOX_ADMIN_TOKEN,
    studio: production ? PRODUCTION_STUDIO : PLAIN_STUDIO,
    dataDirectory: null,
    onEvent: () => undefined,
  });
  if (started.err) {
    output.err(started.val);
    return EXIT.failed;
  }
  if (!json)
    output.out(
      `Running the validation checklist over real HTTP; this takes about ${production ? 'two minutes' : 'a minute'}.\n`,
    );
  const results = await runAll(started.val, output, production ? productionChecksOf : checksOf);
  await started.val.close();
  const failed = results.filter(({ passed }) => !passed).length;
  if (json) {
    output.out(JSON.stringify({ passed: failed === 0, checks: results.map(view) }, null, 2));
    return failed === 0 ? EXIT.ok : EXIT.failed;
  }
  const head = ['', 'bay', 'changed in', 'check', 'followed after', 'writes there', 'writes back'];
  output.out(paintWords(table(head, results.map(row)), { pass: 'good', FAIL: 'bad' }, output.colours));
  output.out(
    failed === 0
      ? `\nAll ${results.length} checks passed: ${production ? PRODUCTION_WRITES : WRITES}.`
      : `\n${failed} of ${results.length} checks failed.`,
  );
  return failed === 0 ? EXIT.ok : EXIT.failed;
}
