/**
 * USchedule on loopback, for tests, the sandbox and trying things out.
 *
 * @example
 * ```ts
 * const uschedule = await startUScheduleSimulator({ timeZone: 'America/Phoenix' });
 * uschedule.book({ unit: 5523, start, customerName: 'Ana R.' });
 * await uschedule.close();
 * ```
 * @module @loft/sync-uschedule/simulator
 */
export { startUScheduleSimulator, type UScheduleSimulator } from './uschedule-simulator.js';
export type { RecordDistortion, SimulatorConnection } from './simulator-world.js';
export { PRODUCTION } from './simulator-options.js';
export type { SimulatedUnit, SimulatorBehaviour, SimulatorOptions, TimeStyle } from './simulator-options.js';
export type { ApiAnswer } from './api-answer.js';
export type { ApiCall } from './api-log.js';
export type { Outage } from './faults.js';
