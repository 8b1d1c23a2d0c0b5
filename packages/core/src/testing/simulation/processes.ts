import { SECOND } from '../../domain/instant.js';
import type { MemoryData } from '../../store/memory-data.js';
import { MemoryStore } from '../../store/memory-store.js';
import { Replica, type ReplicaWatch } from './replica.js';
import type { SeededRandom } from './seeded-random.js';
import { LEASE_MS, type Sabotage, type SimulationWorld } from './simulation-world.js';
import { restore } from './store-backup.js';
import type { Trace } from './trace.js';

/** Downtime while the store is replaced. */
const AWAY_MS: number = 20 * SECOND;

/** The processes of a world: one, or two replicas. A dead process is replaced. */
export class Processes {
  readonly #world: SimulationWorld;
  readonly #sabotage: Sabotage;
  readonly #watch: ReplicaWatch;
  readonly #trace: Trace;
  readonly #replicas: Replica[] = [];
  /** A second installation on the same calendars, with its own store. Null if there is none. */
  #second: Replica | null = null;
  #started = 0;
  #crashes = 0;
  #skew = 0;
  /** Number of times that all processes were stopped together. */
  #restarts = 0;
  /** Replicas that die after one of their next calls, with the number of the call. */
  readonly #doomed = new Map<string, number>();

  constructor(world: SimulationWorld, sabotage: Sabotage, watch: ReplicaWatch, trace: Trace) {
    this.#world = world;
    this.#sabotage = sabotage;
    this.#watch = watch;
    this.#trace = trace;
  }

  get crashes(): number {
    return this.#crashes;
  }

  async startAll(): Promise<void> {
    for (let index = 0; index < (this.#world.shared ? 2 : 1); index++) await this.#start(index);
  }

  killAll(): void {
    for (const replica of this.#replicas) replica.kill();
    this.#second?.kill();
  }

  /** Starts a second installation with its own store (a copy of `from`, or empty), and stops it after the given time. */
  startSecond(from: MemoryData | null, ms: number): void {
    this.#second?.kill();
    const { second, clock } = this.#world;
    restore(second, from);
    const name = `second-${++this.#started}`;
    const store = new MemoryStore({ shared: false, data: second });
    const installed = new Replica({ name, world: this.#world, store, leaseMs: LEASE_MS, watch: this.#watch });
    this.#second = installed;
    clock.setTimer(ms, () => installed.kill());
    void installed.engine.start();
  }

  stopSecond(): void {
    this.#second?.kill();
  }

  /** Removes all data of a second installation. */
  removeSecond(): void {
    restore(this.#world.second, null);
  }

  /** Ends all stalls and planned crashes. */
  heal(): void {
    this.#doomed.clear();
    this.#skew = 0;
    this.#second?.kill();
    for (const replica of this.#replicas) {
      replica.resume();
      replica.setSkew(0);
    }
  }

  pick(random: SeededRandom): Replica | undefined {
    return random.pick(this.#replicas);
  }

  /** Sets the error of the clocks of all processes, and of later ones. */
  setSkew(ms: number): void {
    this.#skew = ms;
    for (const replica of this.#replicas) replica.setSkew(ms);
    this.#second?.setSkew(ms);
  }

  /** The replica dies after this number of further calls has taken effect, before the answer of the last one. */
  doom(replica: Replica, calls: number): void {
    this.#doomed.set(replica.name, calls);
  }

  /** Call whenever a call of a replica has taken effect. */
  countCall(name: string): void {
    const left = this.#doomed.get(name);
    if (left === undefined) return;
    this.#doomed.set(name, left - 1);
    if (left > 1) return;
    this.#doomed.delete(name);
    const replica = this.#replicas.find((it) => it.name === name);
    if (replica) this.kill(replica);
  }

  kill(replica: Replica): void {
    const { faults, clock, shared, random } = this.#world;
    const index = this.#replicas.indexOf(replica);
    if (index < 0 || !replica.alive) return;
    faults.count('crash');
    this.#crashes++;
    this.#trace.say(() => `${replica.name} crashes`);
    replica.kill();
    const down = shared ? random.int(0, 60) * SECOND : 0;
    const round = this.#restarts;
    clock.setTimer(down, () => {
      if (round === this.#restarts) void this.#start(index);
    });
  }

  /** Stops all processes, makes the change after their requests have arrived, and starts them again. */
  restartAll(change: () => void, changeAtOnce: () => void = () => {}): void {
    for (const replica of this.#replicas) replica.kill();
    changeAtOnce();
    this.#doomed.clear();
    const round = ++this.#restarts;
    this.#world.clock.setTimer(AWAY_MS, () => {
      if (round !== this.#restarts) return;
      change();
      for (const index of this.#replicas.keys()) if (!this.#replicas[index]?.alive) void this.#start(index);
    });
  }

  async #start(index: number): Promise<void> {
    const { data, shared, powerCut } = this.#world;
    const name = `replica-${++this.#started}`;
    const store = new MemoryStore({ shared, data });
    // A store with a single owner removes the leases of the previous process when it is opened.
    if (!shared) for (const old of this.#replicas) await store.releaseTasks(old.name);
    const replica = new Replica({
      name,
      world: this.#world,
      store: powerCut.watch(this.#sabotage.store?.(store, data) ?? store),
      leaseMs: LEASE_MS,
      watch: this.#watch,
    });
    this.#replicas[index] = replica;
    if (this.#skew !== 0) replica.setSkew(this.#skew);
    this.#trace.say(() => `${name} starts`);
    await replica.engine.start();
  }
}
