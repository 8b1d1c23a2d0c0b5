/**
 * The benchmarks by name, in the order they are run.
 *
 * To add one: write `benchmarks/<name>.mjs` with `export async function run()`, which answers rows made by `compared`
 * (the subject compared with its yardstick), `counted` (compared with the minimum), `plain` (a number, with an aim or none) or
 * `skipped` of `harness/rows.mjs`, and name it here. `alternate` of `harness/measure.mjs` takes the samples in turn,
 * `progress` shows the progress to a person. Each benchmark is run in a separate process (`--expose-gc`), must leave
 * nothing behind, and should take less than a minute. Simulators (`systems/simulators.mjs`) are a separate process.
 *
 * @type {Readonly<Record<string, () => Promise<{ run: () => Promise<import('./harness/rows.mjs').Row[]> }>>>}
 */
export const BENCHMARKS = {
  propagation: () => import('./benchmarks/propagation.mjs'),
  before: () => import('./benchmarks/before.mjs'),
  backfill: () => import('./benchmarks/backfill.mjs'),
  writes: () => import('./benchmarks/writes.mjs'),
  commands: () => import('./benchmarks/commands.mjs'),
  calls: () => import('./benchmarks/calls.mjs'),
  idle: () => import('./benchmarks/idle.mjs'),
  start: () => import('./benchmarks/start.mjs'),
  stores: () => import('./benchmarks/stores.mjs'),
  growth: () => import('./benchmarks/growth.mjs'),
  year: () => import('./benchmarks/year.mjs'),
  decide: () => import('./benchmarks/decide.mjs'),
  simulate: () => import('./benchmarks/simulate.mjs'),
  'many-bays': () => import('./benchmarks/many-bays.mjs'),
  replicas: () => import('./benchmarks/replicas.mjs'),
  storm: () => import('./benchmarks/storm.mjs'),
  peers: () => import('./benchmarks/peers.mjs'),
};
