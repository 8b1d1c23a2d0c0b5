import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Instant } from '@loft/sync-core';
import type { UnitId } from '@loft/sync-core/adapters';
import type { BookingUser, NewBooking, BookingMove, Studio, StudioBooking } from '@loft/sync-core/testing';
import type { ApiAnswer } from './api-answer.js';
import type { ApiCall } from './api-log.js';
import type { AuthKeys } from './auth-keys.js';
import type { Outage } from './faults.js';
import { closeServer, listen } from './http-listener.js';
import type { SimulatedApi } from './simulated-api.js';
import type { SimulatedUnit, SimulatorBehaviour, SimulatorOptions } from './simulator-options.js';
import { type RecordDistortion, type SimulatorConnection, SimulatorWorld } from './simulator-world.js';

/**
 * USchedule as docs/uschedule.md describes it: a real HTTP server on loopback, and the people who use the studio.
 * Started by `startUScheduleSimulator`.
 */
export class UScheduleSimulator implements BookingUser {
  readonly #studio: Studio;
  readonly #api: SimulatedApi;
  readonly #authKeys: AuthKeys;
  readonly #server: Server;
  readonly #world: SimulatorWorld;
  readonly connection: SimulatorConnection;

  constructor(world: SimulatorWorld, server: Server, connection: SimulatorConnection) {
    this.#world = world;
    this.#studio = world.studio;
    this.#api = world.api;
    this.#authKeys = world.authKeys;
    this.#server = server;
    this.connection = connection;
  }

  /** `http://127.0.0.1:<port>`, to be given as the base URL. */
  get url(): string {
    return this.connection.baseUrl;
  }

  get units(): readonly SimulatedUnit[] {
    return this.#world.units;
  }

  /** Closes the server, all sockets and all timers. */
  async close(): Promise<void> {
    this.#api.close();
    await closeServer(this.#server);
  }

  // -- people ---------------------------------------------------------------------------------------------------
  book(request: NewBooking): string {
    return this.#studio.book(request);
  }

  beginCheckout(request: NewBooking): string {
    return this.#studio.beginCheckout(request);
  }

  finishCheckout(id: string): void {
    this.#studio.finishCheckout(id);
  }

  abandonCheckout(id: string): void {
    this.#studio.abandonCheckout(id);
  }

  move(id: string, to: BookingMove): string {
    return this.#studio.move(id, to);
  }

  setNotes(id: string, notes: string): void {
    this.#studio.setNotes(id, notes);
  }

  cancel(id: string): void {
    this.#studio.cancel(id);
  }

  booking(id: string): StudioBooking | null {
    return this.#studio.booking(id);
  }

  bookings(): readonly StudioBooking[] {
    return this.#studio.bookings();
  }

  liveBookings(): readonly StudioBooking[] {
    return this.#studio.liveBookings();
  }

  /** Is the slot free now? */
  isFree({ unit, start, end }: { readonly unit: UnitId; readonly start: Instant; readonly end: Instant }): boolean {
    return this.#studio.isFree({ unit, start, end });
  }

  // -- the calls of the API -------------------------------------------------------------------------------------
  /** Every call in the order of arrival, including refused and failed calls. */
  get calls(): readonly ApiCall[] {
    return this.#api.log.calls;
  }

  /** The calls that changed a booking: `bookit`, `cancelappointment`, `rescheduleappointment`, carried out. */
  get writes(): readonly ApiCall[] {
    return this.#api.log.writes;
  }

  // -- deployments and faults -----------------------------------------------------------------------------------
  /** Changes how this deployment behaves, from the next call on. */
  configure(change: Partial<SimulatorBehaviour>): void {
    this.#world.configure(change);
  }

  /** The next `times` calls of a method (`*`: any method) get this answer and have no effect. */
  failNext(method: string, times: number, answer: ApiAnswer): void {
    this.#api.faults.plan(method, times, { kind: 'fail', answer });
  }

  /** The next `times` calls take effect, then the connection is cut in place of an answer. */
  loseAnswers(method: string, times = 1): void {
    this.#api.faults.plan(method, times, { kind: 'lose' });
  }

  /** The next `times` calls take effect and are never answered. */
  keepAnswers(method: string, times = 1): void {
    this.#api.faults.plan(method, times, { kind: 'keep' });
  }

  /** The next `times` calls have no effect and are never answered. */
  hang(method: string, times = 1): void {
    this.#api.faults.plan(method, times, { kind: 'hang' });
  }

  /** Delays every call. */
  setLatency(milliseconds: number): void {
    this.#api.faults.latencyMs = milliseconds;
  }

  /** Starts an outage; null ends it. */
  setOutage(outage: Outage | null): void {
    this.#api.faults.outage = outage;
  }

  /** Invalidates all AuthKeys: they are answered 401. */
  invalidateAuthKeys(): void {
    this.#authKeys.invalidateAll();
  }

  /** The next `times` answers of `getavailability` report taken slots as free. */
  flickerAvailability(times = 1): void {
    this.#world.flickers = times;
  }

  /** Changes the served record of this booking; null: no change. */
  distortRecord(id: string, distortion: RecordDistortion | null): void {
    if (distortion) this.#world.distortions.set(id, distortion);
    else this.#world.distortions.delete(id);
  }

  /** Changes every served record; null: no change. */
  distortRecords(distortion: RecordDistortion | null): void {
    this.#world.distortion = distortion;
  }

  /** Ends all faults and changes of records. */
  heal(): void {
    this.#api.faults.clear();
    this.#world.flickers = 0;
    this.#world.distortions.clear();
    this.#world.distortion = null;
  }
}

/** Starts a simulator on a free port of 127.0.0.1. The caller closes it. */
export async function startUScheduleSimulator(options: SimulatorOptions = {}): Promise<UScheduleSimulator> {
  const access = {
    alias: options.alias ?? 'loftgolf',
    applicationKey: options.applicationKey ?? randomUUID(),
    username: options.username ?? 'sync@example.com',
    password: options.password ?? randomUUID(),
    timeZone: options.timeZone ?? 'America/Phoenix',
    locationId: options.locationId ?? 1,
    serviceId: options.serviceId ?? 11,
    serviceLengthMinutes: options.serviceLengthMinutes ?? 60,
  };
  const world = new SimulatorWorld(options, access);
  const server = await listen(options.port ?? 0, (request) => world.api.handle(request));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return new UScheduleSimulator(world, server, { ...access, baseUrl: `http://127.0.0.1:${port}` });
}
