import type { FaultKind, SimulationOptions, SimulationReport } from './simulation-options.js';

/** Runs one simulation. Must return the same result for the same options. */
export type RunSimulation = (options: SimulationOptions) => Promise<SimulationReport>;

/** The result of shrinking. */
export interface Shrunk {
  /** The smallest options found that still fail. */
  readonly options: SimulationOptions;
  readonly report: SimulationReport;
  /** Number of simulations. */
  readonly runs: number;
}

/** Limit of the shrinking. */
export interface ShrinkLimits {
  /** Maximum number of simulations. */
  readonly maxRuns: number;
}

/**
 * Shrinks a failing simulation deterministically: first fewer kinds of faults, then fewer acts (delta debugging: halves,
 * quarters … down to single acts), repeated until nothing can be removed. Steps after the failure are not needed, because a
 * run ends there.
 *
 * @returns null if the simulation does not fail
 */
export async function shrinkSimulation(
  failing: SimulationOptions,
  run: RunSimulation,
  limits: ShrinkLimits = { maxRuns: 600 },
): Promise<Shrunk | null> {
  const report = await run(failing);
  if (report.violations.length === 0) return null;
  const shrinking = new Shrinking(failing, report, run, limits);
  while ((await shrinking.dropFaults()) || (await shrinking.dropActs()));
  return shrinking.result();
}

class Shrinking {
  readonly #run: RunSimulation;
  readonly #limits: ShrinkLimits;
  #options: SimulationOptions;
  #report: SimulationReport;
  #runs = 1;

  constructor(options: SimulationOptions, report: SimulationReport, run: RunSimulation, limits: ShrinkLimits) {
    this.#run = run;
    this.#limits = limits;
    this.#options = { ...options, steps: report.steps };
    this.#report = report;
  }

  result(): Shrunk {
    return { options: this.#options, report: this.#report, runs: this.#runs };
  }

  /** Returns true if at least one kind could be removed. All are removed first, since most failures need none or one. */
  async dropFaults(): Promise<boolean> {
    const before = this.#options.faults;
    if (before.length > 1) await this.#try({ faults: [] });
    for (const kind of before) {
      const { faults } = this.#options;
      if (faults.includes(kind)) await this.#try({ faults: without(faults, kind) });
    }
    return this.#options.faults.length < before.length;
  }

  /** Returns true if at least one act could be removed. */
  async dropActs(): Promise<boolean> {
    const before = this.#remaining().length;
    for (let size = Math.ceil(before / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      // From the end, because later acts depend on earlier ones.
      for (let end = this.#remaining().length; end > 0; end -= size) {
        const left = this.#remaining();
        const chunk = new Set(left.slice(Math.max(0, end - size), end));
        if (chunk.size > 0) await this.#try({ skip: new Set([...(this.#options.skip ?? []), ...chunk]) });
      }
    }
    return this.#remaining().length < before;
  }

  /** The acts up to the failure. */
  #remaining(): readonly number[] {
    const numbers = Array.from({ length: this.#report.acts }, (_, number) => number);
    return numbers.filter((number) => !this.#options.skip?.has(number));
  }

  async #try(change: Partial<SimulationOptions>): Promise<void> {
    if (this.#runs >= this.#limits.maxRuns) return;
    this.#runs++;
    const report = await this.#run({ ...this.#options, ...change });
    // A longer run to the failure is no smaller, and another violation is another failure.
    if (kindOf(report) !== kindOf(this.#report) || report.acts > this.#report.acts) return;
    this.#options = { ...this.#options, ...change, steps: report.steps };
    this.#report = report;
  }
}

function without(kinds: readonly FaultKind[], kind: FaultKind): readonly FaultKind[] {
  return kinds.filter((other) => other !== kind);
}

/** Returns the first violation without its names and numbers, or null. */
function kindOf({ violations }: SimulationReport): string | null {
  const [first] = violations;
  return first === undefined ? null : first.replaceAll(/:.*$/g, '').replaceAll(/\S*\d\S*/g, '#');
}
