/**
 * Three replicas on one database share one quota: the maximum of their calls to Google in any minute. Takes three minutes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { progress } from '../harness/measure.mjs';
import { plain, skipped } from '../harness/rows.mjs';
import { mongoServer, NO_MONGO } from '../systems/mongo.mjs';
import { startService } from '../systems/service.mjs';
import { startSimulators } from '../systems/simulators.mjs';

/** Low enough for a store that executes one command at a time. */
const REPLICAS = 3;
const REPLICA_BAYS = 60;
const REPLICA_QUOTA = 120;
const REPLICAS_RUN_MS = 150_000;

/** @param {Readonly<Record<string, number>>} calls */
const googleCalls = (calls) =>
  Object.entries(calls).reduce((sum, [name, count]) => sum + (/^(events|channels)\./.test(name) ? count : 0), 0);

export async function run() {
  const server = await mongoServer();
  const name = `${REPLICAS} replicas: most calls in any minute, of ${REPLICA_QUOTA}`;
  if (server === null) return [skipped({ name, note: NO_MONGO })];
  const database = server.database();
  const simulators = await startSimulators({ bays: REPLICA_BAYS });
  const { ask } = simulators;
  const groups = { google: { quotaPerMinute: REPLICA_QUOTA } };
  /** @type {Awaited<ReturnType<typeof startService>>[]} */
  const services = [];
  try {
    progress(`${REPLICAS} replicas on ${server.source}`);
    for (let count = 0; count < REPLICAS; count++) {
      const options = { ready: '/health?started=1', logLevel: 'warn', store: database.url, groups };
      services.push(await startService(simulators, options));
    }
    await ask('book', 0, 200);
    await pause(REPLICAS_RUN_MS);
    const calls = googleCalls(await ask('calls'));
    return [
      plain({
        name,
        unit: '',
        value: await ask('busiestMinute'),
        atMost: REPLICA_QUOTA,
        note: `${calls} calls in ${REPLICAS_RUN_MS / 1000} s`,
      }),
    ];
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await simulators.close();
    await server.close([database.name]);
  }
}
