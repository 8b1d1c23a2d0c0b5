import { Worker } from 'node:worker_threads';
import { MINUTE } from '@loft/sync-core';
import type { SimulationReport } from '@loft/sync-core/testing';
import type { EpisodeTask } from './episode-task.js';
import { brokenReport } from './run-episode.js';

/** Time limit of an episode, far above the usual duration. A longer one is an endless loop. */
const patienceMs = ({ steps }: EpisodeTask): number => 5 * MINUTE + 5 * steps;

/** Threads that run simulations in parallel, one at a time each. A thread that ends or hangs is replaced. */
export class EpisodePool {
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  /**
   * Runs all tasks with a maximum concurrency, and reports each finished one. Returns the reports in the order of the
   * tasks.
   */
  async runAll(
    tasks: readonly EpisodeTask[],
    jobs: number,
    onReport: (report: SimulationReport) => void = () => undefined,
  ): Promise<readonly SimulationReport[]> {
    const reports: SimulationReport[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < tasks.length; index = next++) {
        const task = tasks[index];
        if (!task) return;
        const report = await this.run(task);
        reports[index] = report;
        onReport(report);
      }
    };
    await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, work));
    return reports;
  }

  run(task: EpisodeTask): Promise<SimulationReport> {
    const worker = this.#idle.pop() ?? this.#start();
    return new Promise((resolve) => {
      const done = (report: SimulationReport): void => {
        clearTimeout(timer);
        worker.off('message', answered).off('error', failed).off('exit', ended);
        resolve(report);
      };
      const broken = (words: string): void => {
        this.#all.delete(worker);
        void worker.terminate();
        done(brokenReport(task, words));
      };
      const answered = (report: SimulationReport): void => {
        this.#idle.push(worker);
        done(report);
      };
      const failed = (error: unknown): void =>
        broken(error instanceof Error ? (error.stack ?? error.message) : String(error));
      const ended = (code: number): void => broken(`the thread exited with ${code}`);
      const timer = setTimeout(() => broken('the simulation does not end'), patienceMs(task));
      worker.on('message', answered).on('error', failed).on('exit', ended);
      worker.postMessage(task);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./episode-worker.js', import.meta.url));
    this.#all.add(worker);
    return worker;
  }
}
