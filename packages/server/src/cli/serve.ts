import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Environment } from '../config/environment.js';
import { loadSettings } from '../config/load-settings.js';
import { crashOnBug } from '../process/crash-line.js';
import { openHost } from '../http/http-host.js';
import { EXIT } from '../process/exit-codes.js';
import { stopSignal } from '../process/stop-signal.js';
import type { Output } from './output.js';

/** Number of turns of the event loop in which a waiting request is accepted, read and answered. */
const TURNS_BETWEEN_SLICES = 3;

/** Loads the largest parts of the service one by one, to answer requests in between. */
async function loadInSlices(): Promise<void> {
  const slices = [
    () => import('koa'),
    () => import('@loft/sync-google'),
    () => import('../observe/metrics.js'),
    () => import('inversify'),
  ];
  for (const load of slices) {
    for (let turn = 0; turn < TURNS_BETWEEN_SLICES; turn++) await nextTurn();
    await load();
  }
}

/** `loft-sync serve`: runs the service until it receives a stop signal. Returns the exit code. */
export async function serve(environment: Environment, output: Output): Promise<number> {
  const settings = await loadSettings(environment);
  if (settings.err) {
    output.err(settings.val);
    return EXIT.configuration;
  }
  const asked = stopSignal();
  // `/health` is answered before the rest of the program is loaded.
  const host = await openHost({ port: settings.val.port });
  if (host.err) {
    output.err(host.val);
    return EXIT.failed;
  }
  await loadInSlices();
  const { startService } = await import('../process/start-service.js');
  const service = await Promise.race([startService(settings.val, { host: host.val }), asked]);
  // The stop signal arrived during the start, for example while a store does not answer: no work has begun.
  if (typeof service === 'string') return EXIT.ok;
  if (service.err) {
    output.err(service.val);
    return EXIT.failed;
  }
  crashOnBug(service.val.log);
  const signal = await asked;
  service.val.log.info({ signal }, 'asked to stop');
  await service.val.stop();
  return EXIT.ok;
}
