import type { Environment } from '../config/environment.js';
import { portSchema } from '../config/environment-schema.js';
import { zonedFormat } from '../http/zoned-format.js';
import { EXIT } from '../process/exit-codes.js';
import { stopSignal } from '../process/stop-signal.js';
import { waitUntil } from '../process/wait-until.js';
import { Narrator } from '../sandbox/narrator.js';
import { SANDBOX_ADMIN_TOKEN, SANDBOX_TIME_ZONE } from '../sandbox/sandbox-settings.js';
import { startSandbox, type Sandbox } from '../sandbox/start-sandbox.js';
import { newestTimeZones } from '../time-zones/time-zone-sources.js';
import { dayIsMirrored, playTour } from '../sandbox/tour.js';
import type { Output } from './output.js';

export interface SandboxCommandOptions {
  /** `--data`: keeps database and log in this directory. */
  readonly data?: string;
}

/** Maximum wait for the report of an action. The tour continues without the report. */
const REPORT_WAIT_MS = 5000;

function greeting(sandbox: Sandbox, wantedPort: number, shownToken: string): string {
  const { date, day } = zonedFormat(sandbox.timeZone, sandbox.timeZones);
  const { port } = sandbox.service;
  const elsewhere =
    wantedPort === 0 || port === wantedPort ? '' : `   (port ${wantedPort} is in use by another program)`;
  return [
    '',
    'The sandbox runs: the whole service with a simulated studio and simulated calendars.',
    '',
    `  see it at   ${sandbox.url}/?day=${date(sandbox.day)}${elsewhere}`,
    `  ask it      LOFT_SYNC_URL=${sandbox.url} ADMIN_TOKEN=${shownToken} npx loft-sync status`,
    `  its log     ${sandbox.logPath}`,
    `  its events  npm run clients -- ${sandbox.google.rootUrl} ${sandbox.googleKeyPath}`,
    '              as Home Assistant reads them; the address and the key work with any client of Google Calendar',
    '  stop it     Ctrl-C',
    '',
    `${day(sandbox.day)} at the studio:`,
  ].join('\n');
}

/** `loft-sync sandbox`: runs the service on two simulators with a day's bookings, until it receives a stop signal. */
export async function sandbox(
  environment: Environment,
  output: Output,
  options: SandboxCommandOptions,
): Promise<number> {
  const port = portSchema.safeParse(environment.PORT ?? '8080');
  if (!port.success) {
    output.err('PORT is not a port. Write a number from 0 to 65535.');
    return EXIT.configuration;
  }
  const asked = stopSignal();
  let ended = false;
  // Lines that are reported before the greeting are printed after it.
  let waiting: string[] | null = [];
  const timeZones = newestTimeZones(environment);
  const say = (line: string): void => {
    if (waiting) waiting.push(line);
    else output.out(line);
  };
  const narrator = new Narrator(SANDBOX_TIME_ZONE, timeZones, say);
  const started = await startSandbox({
    port: port.data,
    adminToken: environment.ADMIN_TOKEN ?? SANDBOX_ADMIN_TOKEN,
    timeZones,
    dataDirectory: options.data ?? null,
    onSignal: ({ type, data }) => {
      const about = [data.customerName, data.bayName].filter(Boolean).join(', ');
      say(`      signal ${type}${about === '' ? '' : ` (${about})`} arrived at the webhook of the sandbox`);
    },
    onEvent: (uschedule, bays, event) => narrator.report(event, (id) => uschedule.booking(id), bays),
  });
  if (started.err) {
    output.err(started.val);
    return EXIT.failed;
  }
  const running = started.val;
  output.out(greeting(running, port.data, environment.ADMIN_TOKEN === undefined ? SANDBOX_ADMIN_TOKEN : '…'));
  for (const line of waiting) output.out(line);
  waiting = null;
  const shown = (async (): Promise<void> => {
    await dayIsMirrored(running, () => ended);
    await waitUntil(() => ended || narrator.actions >= running.uschedule.liveBookings().length, REPORT_WAIT_MS);
    if (!ended) output.out('\nNow simulated persons make changes on both sides:');
    await playTour(
      running,
      say,
      () => narrator.actions,
      () => ended,
    );
    if (!ended) output.out('\nEnd of the tour. The service runs until you press Ctrl-C.');
  })();
  await asked;
  ended = true;
  output.out('\nStopping …');
  await shown;
  await running.close();
  output.out(
    options.data === undefined
      ? 'Stopped; all files are removed.'
      : `Stopped; database and log are in ${options.data}.`,
  );
  return EXIT.ok;
}
