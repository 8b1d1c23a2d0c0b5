/** Measurements: alternating samples, medians, ratios. */

/** Milliseconds of a clock that all processes of this machine share. */
export const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

/** Processor time of all threads of this process so far, in milliseconds. */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @param {readonly number[]} samples @param {number} share 0.5: the median */
export function quantile(samples, share) {
  const sorted = samples.toSorted((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  return low + (high - low) * (place - below);
}

/** @param {readonly number[]} samples */
export const median = (samples) => quantile(samples, 0.5);

/**
 * Runs the subject and its yardsticks in turn, A B A B …, so that other load of the machine affects all of them equally.
 * Each returns its measurement, or nothing: then its duration in milliseconds is used.
 *
 * @template {string} K
 * @param {Record<K, (round: number) => unknown>} contestants
 * @param {{ rounds: number, warmUp?: number, between?: () => unknown }} options `between`: before each of them, not measured
 * @returns {Promise<Record<K, number[]>>}
 */
export async function alternate(contestants, { rounds, warmUp = 0, between }) {
  const names = /** @type {K[]} */ (Object.keys(contestants));
  const samples = /** @type {Record<K, number[]>} */ (Object.fromEntries(names.map((name) => [name, []])));
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of names) {
      await between?.();
      const startedAt = nowMs();
      const measured = await contestants[name](round);
      const sample = typeof measured === 'number' ? measured : nowMs() - startedAt;
      if (round >= warmUp) samples[name].push(sample);
    }
  }
  return samples;
}

/** @param {string} message Progress, for a person. */
export function progress(message) {
  process.stderr.write(`  ${message}\n`);
}

/** @param {() => unknown} condition @param {number} [withinMs] */
export async function waitUntil(condition, withinMs = 60_000, what = 'what was waited for') {
  const until = nowMs() + withinMs;
  for (;;) {
    if (await condition()) return;
    if (nowMs() > until) throw new Error(`${what} did not come about within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
