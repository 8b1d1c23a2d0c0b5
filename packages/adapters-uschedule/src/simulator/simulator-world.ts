import { Studio, type StudioRules } from '@loft/sync-core/testing';
import type { ApiState } from './api-methods.js';
import { AuthKeys } from './auth-keys.js';
import { SimulatedApi } from './simulated-api.js';
import {
  DEFAULT_BEHAVIOUR,
  DEFAULT_UNITS,
  type SimulatedUnit,
  type SimulatorBehaviour,
  type SimulatorOptions,
} from './simulator-options.js';

/** The address and the credentials of the simulator. */
export interface SimulatorConnection {
  readonly baseUrl: string;
  readonly alias: string;
  readonly applicationKey: string;
  readonly username: string;
  readonly password: string;
  readonly timeZone: string;
  readonly locationId: number;
  readonly serviceId: number;
  readonly serviceLengthMinutes: number;
}

/** Changes a record before it is served. */
export type RecordDistortion = (record: Record<string, unknown>) => unknown;

/** The state behind the API. */
export class SimulatorWorld {
  readonly studio: Studio;
  readonly authKeys: AuthKeys;
  readonly api: SimulatedApi;
  readonly units: readonly SimulatedUnit[];
  readonly distortions: Map<string, RecordDistortion> = new Map();
  /** Applies to each record without its own. */
  distortion: RecordDistortion | null = null;
  flickers = 0;
  #behaviour: SimulatorBehaviour;

  constructor(options: SimulatorOptions, access: Omit<SimulatorConnection, 'baseUrl'>) {
    const { now = () => Date.now(), units = DEFAULT_UNITS } = options;
    this.#behaviour = { ...DEFAULT_BEHAVIOUR, ...options };
    this.units = units;
    this.studio = new Studio(now, {
      timeZone: access.timeZone,
      ...(options.timeZones && { timeZones: options.timeZones }),
      units: units.map(({ id }) => id),
      serviceLengthMinutes: access.serviceLengthMinutes,
    });
    this.configure({});
    this.authKeys = new AuthKeys(access);
    this.api = new SimulatedApi({ ...access, authKeys: this.authKeys, now, state: () => this.#state(access) });
  }

  configure(change: Partial<SimulatorBehaviour>): void {
    this.#behaviour = { ...this.#behaviour, ...change };
    const { cancellationHours, reschedule, holdMinutes, leadMinutes, slotMinutes, notesLimit } = this.#behaviour;
    const rules = { cancellationHours, reschedule, holdMinutes, leadMinutes, slotMinutes, notesLimit };
    this.studio.rules = { ...this.studio.rules, ...rules, services: servicesOf(this.#behaviour) };
  }

  #state(access: Omit<SimulatorConnection, 'baseUrl'>): ApiState {
    return {
      studio: this.studio,
      behaviour: this.#behaviour,
      units: this.units,
      locationId: access.locationId,
      serviceId: access.serviceId,
      serve: (id, record) => (this.distortions.get(id) ?? this.distortion ?? asItIs)(record),
      flickers: () => this.flickers > 0 && this.flickers-- > 0,
    };
  }
}

function servicesOf({ services }: SimulatorBehaviour): StudioRules['services'] {
  return services && new Map(Object.entries(services).map(([unit, offered]) => [Number(unit), offered]));
}

function asItIs(record: Record<string, unknown>): unknown {
  return record;
}
