import type { ServiceProcess } from './service-process.js';
import type { SimulatedStudio } from './simulated-studio.js';

/** Timeout for several processes that start at once on a busy machine. */
const START_PATIENCE_MS = 60_000;

/** One of several services on the same database. */
interface Running {
  readonly service: ServiceProcess;
  readonly port: number;
  paused: boolean;
}

/** Several replicas of one studio's service behind a load balancer that uses the healthy ones. */
export class StudioReplicas {
  readonly #studio: SimulatedStudio;
  #running: readonly Running[] = [];
  /** All replicas that were ever started. */
  readonly services: ServiceProcess[] = [];
  kills = 0;
  pauses = 0;

  constructor(studio: SimulatedStudio) {
    this.#studio = studio;
  }

  /** The running replicas, including paused ones. */
  get living(): readonly ServiceProcess[] {
    return this.#running.map(({ service }) => service);
  }

  /** Starts another replica. */
  async start(): Promise<ServiceProcess> {
    const service = this.#studio.run(['serve']);
    this.services.push(service);
    const port = await service.listening(START_PATIENCE_MS);
    this.#set([...this.#running, { service, port, paused: false }]);
    return service;
  }

  /** Kills a replica by SIGKILL. */
  async kill(service: ServiceProcess): Promise<void> {
    this.kills++;
    const ended = service.stop('SIGKILL');
    this.#set(this.#running.filter((running) => running.service !== service));
    await ended;
  }

  pause(service: ServiceProcess): void {
    this.pauses++;
    service.send('SIGSTOP');
    this.#mark(service, true);
  }

  resume(service: ServiceProcess): void {
    service.send('SIGCONT');
    this.#mark(service, false);
  }

  /** The address of a replica. */
  urlOf(service: ServiceProcess): string {
    const running = this.#running.find((it) => it.service === service);
    return `http://127.0.0.1:${running?.port ?? 0}`;
  }

  /** Stops all replicas by SIGTERM. @returns their exit codes */
  async stop(): Promise<readonly (number | null)[]> {
    const endings = await Promise.all(this.living.map((service) => service.stop()));
    this.#set([]);
    return endings.map(({ code }) => code);
  }

  #mark(service: ServiceProcess, paused: boolean): void {
    for (const running of this.#running) if (running.service === service) running.paused = paused;
    this.#set(this.#running);
  }

  #set(running: readonly Running[]): void {
    this.#running = running;
    this.#studio.route(running.filter(({ paused }) => !paused).map(({ port }) => port));
  }
}
