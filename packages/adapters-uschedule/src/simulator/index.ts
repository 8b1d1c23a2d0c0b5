/**
 * USchedule on loopback, for tests, the sandbox and trying things out.
 * @module @loft/sync-uschedule/simulator
 */
export { startUScheduleSimulator, type UScheduleSimulator } from './uschedule-simulator.js';
export type { RecordDistortion, SimulatorConnection } from './simulator-world.js';
export { PRODUCTION } from './simulator-options.js';
export type { SimulatedUnit, SimulatorBehaviour, SimulatorOptions, TimeStyle } from './simulator-options.js';
export type { ApiAnswer } from './api-answer.js';
export type { ApiCall } from './api-log.js';
export type { Outage } from './faults.js';
