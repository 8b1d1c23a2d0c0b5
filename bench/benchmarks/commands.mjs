/**
 * Processor time of a command that only asks a running service, from the production bundle and from the packages, compared with
 * `node -e 0`. Each runs with almost no environment, because Node reads the certificates that some variables name.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { alternate, progress } from '../harness/measure.mjs';
import { compared } from '../harness/rows.mjs';
import { EARLIER, EARLIER_SERVICE, OF_EARLIER } from '../systems/earlier.mjs';
import { poster, signedHint, startService } from '../systems/service.mjs';
import { ADMIN_TOKEN } from '../systems/service-settings.mjs';
import { startSimulators } from '../systems/simulators.mjs';
import { startable } from '../systems/startable.mjs';

const ROUNDS = 8;
/** Runs of one command in a row: the shell counts processor time in hundredths of a second. */
const IN_A_ROW = 5;
/** The shell's own time is the first line, that of what it ran the second. */
const SCRIPT = `i=0; while [ $i -lt ${IN_A_ROW} ]; do "$@" > /dev/null || exit 1; i=$((i + 1)); done; times`;
const TIMES = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/;

/** Milliseconds of processor time of one run. @param {readonly string[]} command @param {Record<string, string>} [environment] */
async function cpuMsOfCommand(command, environment = {}) {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const { stdout } = await promisify(execFile)('sh', ['-c', SCRIPT, 'sh', ...command], { env });
  const [, userMinutes, userSeconds, systemMinutes, systemSeconds] = (TIMES.exec(stdout) ?? []).map(Number);
  if (systemSeconds === undefined) throw new Error(`the shell's times cannot be read: ${stdout}`);
  const seconds = 60 * (userMinutes + systemMinutes) + userSeconds + systemSeconds;
  return (1000 * seconds) / IN_A_ROW;
}

/** A build with a service that has mirrored one booking. @param {string | undefined} root @param {object} build Options of `startService`. */
async function studio(root, build) {
  const { programs, close: removeBundle } = await startable(root);
  const simulators = await startSimulators({ bays: 2 });
  const service = await startService(simulators, build);
  const [id] = await simulators.ask('book', 0, 1);
  const { post, close } = poster(service.port);
  await post('/webhook/uschedule', signedHint(id));
  await simulators.ask('arrival', 'POST', '^/calendar/v3/calendars/bay-.*/events', 0);
  await service.settled();
  const environment = { ADMIN_TOKEN, LOFT_SYNC_URL: service.url };
  const contestants = ['bundle', 'packages'].flatMap((from) =>
    [['status'], ['explain', id]].map((args) => [
      `${args[0]}, the ${from}`,
      () =>
        cpuMsOfCommand([process.execPath, programs[/** @type {keyof typeof programs} */ (from)], ...args], environment),
    ]),
  );
  return {
    contestants: /** @type {Record<string, () => Promise<number>>} */ (Object.fromEntries(contestants)),
    close: async () => {
      close();
      await service.stop();
      await simulators.close();
      await removeBundle();
    },
  };
}

export async function run() {
  const now = await studio(undefined, {});
  const earlier = EARLIER_SERVICE && (await studio(EARLIER, EARLIER_SERVICE));
  const ofEarlier = Object.entries(earlier?.contestants ?? {}).map(([name, run]) => [`${name}${OF_EARLIER}`, run]);
  try {
    progress('commands');
    const { yardstick, ...samples } = await alternate(
      {
        yardstick: () => cpuMsOfCommand([process.execPath, '-e', '0']),
        ...now.contestants,
        ...Object.fromEntries(ofEarlier),
      },
      { rounds: ROUNDS, warmUp: 1 },
    );
    return Object.entries(samples).map(([name, thing]) => {
      const aim = name.endsWith(OF_EARLIER) ? undefined : 2;
      return compared({ name: `processor time of ${name}`, unit: 'ms', thing, yardstick, aim, tail: false });
    });
  } finally {
    await now.close();
    await earlier?.close();
  }
}
