import { SECOND } from '../../domain/instant.js';
import type { MemoryData } from '../../store/memory-data.js';
import { MemoryStore } from '../../store/memory-store.js';
import { Replica, type ReplicaWatch } from './replica.js';
import type { SeededRandom } from './seeded-random.js';
import { LEASE_MS, type Sabotage, type SimulationWorld } from './simulation-world.js';
import { restore } from './store-backup.js';
import type { Trace } from './trace.js';

/** While the store is replaced, nobody is there for so long. */
const AWAY_MS: number = 20 * SECOND;

/** The processes of a world: one, or two replicas. One that dies is replaced. */
export class Processes {
  readonly #world: SimulationWorld;
  readonly #sabotage: Sabotage;
  readonly #watch: ReplicaWatch;
  readonly #trace: Trace;
  readonly #replicas: Replica[] = [];
  /** On the same calendars, with a store of its own; null: there is none. */
  #second: Replica | null = null;
  #started = 0;
  #crashes = 0;
  /** How often all of them were stopped together. */
  #restarts = 0;
  /** Replicas that die with one of their next calls, and with which. */
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

  /** A second installation with a store of its own: what `from` holds, or nothing. It is stopped after that time. */
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

  /** Nothing is left of a second installation. */
  removeSecond(): void {
    restore(this.#world.second, null);
  }

  /** Nobody stalls any more, and nobody is about to die. */
  heal(): void {
    this.#doomed.clear();
    this.#second?.kill();
    for (const replica of this.#replicas) {
      replica.resume();
      replica.setSkew(0);
    }
  }

  pick(random: SeededRandom): Replica | undefined {
    return random.pick(this.#replicas);
  }

  /** It dies after so many more of its calls have taken effect, before it learns of the last. */
  doom(replica: Replica, calls: number): void {
    this.#doomed.set(replica.name, calls);
  }

  /** To be called whenever a call of a replica has taken effect. */
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

  /** All are stopped; when what they had sent has arrived, the change is made, and they are started again. */
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
    // A store that one process owns forgets the leases of the one before when it is opened.
    if (!shared) for (const old of this.#replicas) await store.releaseTasks(old.name);
    const replica = new Replica({
      name,
      world: this.#world,
      store: powerCut.watch(this.#sabotage.store?.(store, data) ?? store),
      leaseMs: LEASE_MS,
      watch: this.#watch,
    });
    this.#replicas[index] = replica;
    this.#trace.say(() => `${name} starts`);
    await replica.engine.start();
  }
}
