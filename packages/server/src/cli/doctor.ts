import { systemClock } from '@loft/sync-core';
import { createHttpClient } from '@loft/sync-http';
import { tryToMake } from '../adapters/make-adapters.js';
import type { Environment } from '../config/environment.js';
import { loadSettings } from '../config/load-settings.js';
import { examineTimeZones } from '../doctor/examine-time-zones.js';
import { examinationsOf } from '../doctor/examinations.js';
import type { Finding, Verdict } from '../doctor/finding.js';
import { SYNC_WAIT_MS, syncMessages } from '../doctor/sync-message.js';
import { EXIT } from '../process/exit-codes.js';
import { placesOf, timeZoneSources } from '../time-zones/time-zone-sources.js';
import { adminClient } from './client/admin-client.js';
import type { Output } from './output.js';
import { ownSettingsFault } from './own-settings.js';
import { wrapText } from './wrap.js';

const WORDS: Readonly<Record<Verdict, string>> = { pass: 'ok', warn: 'WARN', fail: 'FAIL', skipped: '-' };

/** Column of a finding's text. */
const INDENT = 30;

/** Width of the text without a terminal: no sentence is wrapped. */
const NO_WIDTH = 10_000;

function lineOf({ check, verdict, found, cure }: Finding, columns = NO_WIDTH): string {
  const line = `${WORDS[verdict].padEnd(4)}  ${check.padEnd(22)}  ${found.replace(/\.$/, '')}.`;
  return wrapText(cure === null ? line : `${line} ${cure}`, Math.max(60, columns - 1), INDENT);
}

export interface DoctorOptions {
  /** Maximum wait for Google's sync message, in ms. */
  readonly syncWaitMs?: number;
}

/**
 * `loft-sync doctor`: checks the access to both systems. Prints one line for each check, and a remedy for each fault.
 */
export async function doctor(
  environment: Environment,
  output: Output,
  json: boolean,
  { syncWaitMs = SYNC_WAIT_MS }: DoctorOptions = {},
): Promise<number> {
  const loaded = await loadSettings(environment);
  if (loaded.err) {
    output.err(ownSettingsFault('doctor', loaded.val, environment));
    return EXIT.configuration;
  }
  const settings = loaded.val;
  const clock = systemClock();
  const http = createHttpClient({ proxies: settings.proxies });
  const made = await tryToMake(settings, clock, http);
  if (made.err) {
    output.err(made.val);
    return EXIT.failed;
  }
  const client = adminClient(environment);
  const messages =
    settings.push === null ? null : await syncMessages(client.ok ? client.value : null, settings.port, syncWaitMs);
  const findings: Finding[] = [];
  const examinations = [
    ...examinationsOf(settings, made.val, clock, http, messages),
    examineTimeZones({
      settings: settings.sync,
      timeZones: settings.timeZones,
      sources: timeZoneSources(placesOf(environment)),
      calendars: made.val.calendars,
      now: clock.now(),
    }),
  ];
  for (const examination of examinations) {
    for await (const finding of examination) {
      findings.push(finding);
      if (!json) output.out(lineOf(finding, output.columns));
    }
  }
  await messages?.close();
  const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
  if (json) output.out(JSON.stringify(findings, null, 2));
  else output.out(failed === 0 ? '\nThe service can work.' : `\n${failed} of ${findings.length} checks failed.`);
  return failed === 0 ? EXIT.ok : EXIT.failed;
}
