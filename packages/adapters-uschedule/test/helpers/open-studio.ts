import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Instant, intlTimeZones } from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import { VirtualClock } from '@loft/sync-core/testing';
import { createUScheduleBookingSystem, type UScheduleBookingSystem, type UScheduleOptions } from '@loft/sync-uschedule';
import {
  type SimulatorOptions,
  startUScheduleSimulator,
  type UScheduleSimulator,
} from '@loft/sync-uschedule/simulator';

export interface OpenStudio {
  readonly clock: VirtualClock;
  readonly simulator: UScheduleSimulator;
  readonly bookings: UScheduleBookingSystem;
  /** Ten in the morning, three local days ahead. */
  readonly start: Instant;
}

/** A simulator and its adapter on one virtual clock. The test closes the simulator. */
export async function openStudio(
  simulated: SimulatorOptions = {},
  options: Partial<UScheduleOptions> = {},
): Promise<OpenStudio> {
  const clock = new VirtualClock();
  const simulator = await startUScheduleSimulator({ now: () => clock.now(), ...simulated });
  const { username, password, ...connection } = simulator.connection;
  const bookings = createUScheduleBookingSystem({
    ...connection,
    login: { kind: 'password', username, password },
    callTimeoutMs: 10_000,
    now: () => clock.now(),
    ...options,
  });
  const start = startOfDay(clock.now(), connection.timeZone, intlTimeZones(), 3) + 10 * 3_600_000;
  return { clock, simulator, bookings, start };
}

/** Number of calls of a method. */
export function timesCalled(simulator: UScheduleSimulator, method: string): number {
  return simulator.calls.filter((call) => call.method === method).length;
}

export interface RawServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A server for answers that are none of the API. */
export async function rawServer(listener: RequestListener): Promise<RawServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
