import { DAY, HOUR, MINUTE, SECOND } from '../../domain/instant.js';
import type { SeededRandom } from './seeded-random.js';
import type { SettingsChangesOptions } from './settings-changes.js';
import { MOST_SKEW, MOST_SKEW_OF_REPLICAS } from './simulation-world.js';

/** Errors of a clock that is ahead, in milliseconds. */
const AHEAD_MS: readonly number[] = [10 * MINUTE, HOUR, 30 * HOUR, 40 * DAY, 400 * DAY];

/** Clocks of processes that are wrong. */
export class ClockFaults {
  readonly #options: SettingsChangesOptions;

  constructor(options: SettingsChangesOptions) {
    this.#options = options;
  }

  /** The clock of a process is corrected, or becomes slow: by hours if no other process shares its store. */
  jump(random: SeededRandom): void {
    const { world, processes, trace } = this.#options;
    const replica = processes.pick(random);
    if (!replica) return;
    const most = world.shared ? MOST_SKEW_OF_REPLICAS : MOST_SKEW;
    const ms = random.chance(0.3) ? 0 : random.int(0, most + MOST_SKEW_OF_REPLICAS) - most;
    world.faults.count('clock-jump');
    trace.say(() => `the clock of ${replica.name} is off by ${ms / SECOND} s from now on`);
    replica.setSkew(ms);
  }

  /** The clock of the host of all processes is far ahead for some minutes, and is corrected then. */
  advance(random: SeededRandom): void {
    const { world, processes, trace, onDisrupted } = this.#options;
    const ms = random.pick(AHEAD_MS) ?? MINUTE;
    const duration = random.int(1, 20) * MINUTE;
    trace.say(() => `all clocks are ahead by ${ms / HOUR} h`);
    world.faults.begin('clock-ahead', duration);
    onDisrupted('edits-lost');
    processes.setSkew(ms);
    world.clock.setTimer(duration, () => {
      trace.say(() => 'all clocks are corrected');
      processes.setSkew(0);
    });
  }
}
