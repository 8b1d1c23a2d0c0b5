import { parentPort } from 'node:worker_threads';
import type { EpisodeTask } from './episode-task.js';
import { brokenReport, runEpisode } from './run-episode.js';

/** The thread of the pool: answers each task with its report. A throw is a bug, and is reported as a finding. */
parentPort?.on('message', (task: EpisodeTask) => {
  void runEpisode(task)
    .catch((error: unknown) => brokenReport(task, error instanceof Error ? (error.stack ?? error.message) : 'a throw'))
    .then((report) => parentPort?.postMessage(report));
});
