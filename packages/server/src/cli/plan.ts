import { Ok, systemClock } from '@loft/sync-core';
import { planSync } from '@loft/sync-core/reports';
import { createHttpClient } from '@loft/sync-http';
import { tryToMake } from '../adapters/make-adapters.js';
import type { Environment } from '../config/environment.js';
import { googleAccountOf } from '../config/google-account.js';
import { loadSettings } from '../config/load-settings.js';
import { systemName } from '../journal/words.js';
import { planJson } from '../plan/plan-json.js';
import { planText } from '../plan/plan-text.js';
import { NOTHING_REMEMBERED, readRemembered } from '../plan/remembered.js';
import { EXIT } from '../process/exit-codes.js';
import type { Output } from './output.js';
import { ownSettingsFault } from './own-settings.js';

export interface PlanCommandOptions {
  readonly json?: boolean;
  /** Plan plan as if the store had been lost. */
  readonly emptyStore?: boolean;
  /** End with exit code 2 if the plan has a write to one of the two sides. */
  readonly exitCode?: boolean;
}

/**
 * `loft-sync plan`: shows what a sync would do, as a diff. Writes nothing to the two sides and nothing to the store.
 */
export async function plan(environment: Environment, output: Output, options: PlanCommandOptions): Promise<number> {
  const loaded = await loadSettings(environment);
  if (loaded.err) {
    output.err(ownSettingsFault('plan', loaded.val, environment));
    return EXIT.configuration;
  }
  const settings = loaded.val;
  const remembered = options.emptyStore ? Ok(NOTHING_REMEMBERED) : await readRemembered(settings.store);
  if (remembered.err) {
    output.err(`${remembered.val} --empty-store plans without it.`);
    return EXIT.failed;
  }
  const clock = systemClock();
  const http = createHttpClient({ proxies: settings.proxies });
  const made = await tryToMake(settings, clock, http);
  if (made.err) {
    output.err(made.val);
    return EXIT.failed;
  }
  const planned = await planSync({
    ...made.val,
    account: await googleAccountOf(settings),
    clock,
    settings: settings.sync,
    timeZones: settings.timeZones,
    ...remembered.val,
  });
  if (planned.err) {
    const { system, message } = planned.val;
    output.err(
      `${systemName(system)} cannot be read: ${message.replace(/\.$/, '')}. Run loft-sync doctor for the remedy.`,
    );
    return EXIT.failed;
  }
  const { timeZone, bays } = settings.sync;
  const bayName = (short: string): string => bays.find(({ bay }) => bay === short)?.name ?? `bay ${short}`;
  if (options.json) output.out(JSON.stringify(planJson(planned.val), null, 2));
  else output.out(planText(planned.val, { timeZone, timeZones: settings.timeZones, bayName, colours: output.colours }));
  const writes = planned.val.entries.some((entry) => entry.writes !== 'store');
  return options.exitCode && writes ? EXIT.changes : EXIT.ok;
}
