import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Err, Ok, type Result } from '@loft/sync-core';
import { FAULT_KINDS, type FaultKind } from '@loft/sync-core/testing';
import type { SimulateOptions } from './simulate-defaults.js';

/** The parsed options of the command. */
export interface SimulateArguments {
  readonly seed: number;
  readonly steps: number;
  readonly faults: readonly FaultKind[];
  readonly episodeSteps: number;
  readonly jobs: number;
  /** Numbers of actions that are omitted in every episode. */
  readonly skip: readonly number[];
  readonly trace: boolean;
  readonly shrink: boolean;
  /** The result as JSON without other output. */
  readonly json: boolean;
}

/** Random seeds are short, to be easy to pass on. */
const FRESH_SEEDS = 1_000_000_000;

/** Parses the options. The error is one sentence. */
export function parseSimulateOptions(options: SimulateOptions): Result<SimulateArguments, string> {
  const seed = options.seed === undefined ? Ok(randomInt(FRESH_SEEDS)) : wholeNumber('--seed', options.seed, 0);
  const steps = wholeNumber('--steps', options.steps);
  const episodeSteps = wholeNumber('--episode-steps', options.episodeSteps);
  const jobs = options.jobs === undefined ? Ok(availableParallelism()) : wholeNumber('--jobs', options.jobs);
  const faults = parseFaults(options.faults);
  const skip = parseRanges(options.skip);
  if (seed.err) return seed;
  if (steps.err) return steps;
  if (episodeSteps.err) return episodeSteps;
  if (jobs.err) return jobs;
  if (faults.err) return faults;
  if (skip.err) return skip;
  if (options.json && (options.trace || options.shrink)) {
    return Err('--json cannot be combined with --trace or --shrink: their output is text.');
  }
  return Ok({
    seed: seed.val,
    steps: steps.val,
    faults: faults.val,
    episodeSteps: episodeSteps.val,
    jobs: jobs.val,
    skip: skip.val,
    trace: options.trace === true,
    shrink: options.shrink === true,
    json: options.json === true,
  });
}

function wholeNumber(name: string, text: string, least = 1): Result<number, string> {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(number) && number >= least) return Ok(number);
  return Err(`${name} must be a whole number of at least ${least}, not "${text}".`);
}

function parseFaults(text: string): Result<readonly FaultKind[], string> {
  if (text === 'all') return Ok(FAULT_KINDS);
  if (text === 'none') return Ok([]);
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !FAULT_KINDS.some((kind) => kind === name));
  if (unknown.length === 0) return Ok(FAULT_KINDS.filter((kind) => names.includes(kind)));
  return Err(`--faults is all, none, or some of ${FAULT_KINDS.join(', ')}; there is no "${unknown.join('", "')}".`);
}

/** Parses `0-24,30`, the format of `formatRanges`. */
function parseRanges(text: string): Result<readonly number[], string> {
  const numbers: number[] = [];
  for (const part of text.split(',').filter((it) => it !== '')) {
    const range = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part);
    if (!range) return Err(`--skip is a list of numbers and ranges like 0-24,30, not "${text}".`);
    const from = Number(range[1]);
    for (let number = from; number <= Number(range[2] ?? from); number++) numbers.push(number);
  }
  return Ok(numbers);
}

export function formatRanges(numbers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && number <= last.to + 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
