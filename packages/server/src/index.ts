/**
 * The parts of the service, for a host with its own start. The program is `loft-sync`.
 *
 * @example
 * ```ts
 * const settings = await loadSettings(readEnvironment(process.env));
 * if (settings.err) throw new Error(settings.val);
 * const service = await startService(settings.val);
 * ```
 * @module @loft/sync-server
 */
export { readEnvironment, type Environment } from './config/environment.js';
export type { Variable } from './config/variables.js';
export { describeFaults, type ConfigurationFault } from './config/configuration-fault.js';
export { loadSettings } from './config/load-settings.js';
export type {
  AdapterContext,
  AdapterSettingsSchema,
  BookingAdapterModule,
  CalendarAdapterModule,
  ChosenAdapter,
  ChosenAdapters,
} from './adapters/adapter-module.js';
export type { AdapterName } from './adapters/load-adapters.js';
export type { OwnPorts } from './container/adapters.module.js';
export { readSettings, type BroughtPorts, type OtherAdapters } from './config/read-settings.js';
export type { FileText } from './config/read-settings-file.js';
export type {
  GoogleAccess,
  LogLevel,
  PushAccess,
  ServiceSettings,
  StoreLocation,
  UScheduleAccess,
} from './config/service-settings.js';
export type { WiringOptions } from './container/create-container.js';
export type { ConsoleAccess } from './http/console-access.js';
export { signHint } from './http/hint-signature.js';
export { startService, type RunningService, type StartOptions } from './process/start-service.js';
