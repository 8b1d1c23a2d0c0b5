/**
 * The rows that benchmarks return.
 *
 * @typedef {object} Row
 * @property {string} name Unique in its benchmark.
 * @property {string} unit
 * @property {number} median Of the subject; a plain number if it was measured once.
 * @property {number | null} p99
 * @property {number | null} yardstick The yardstick's median, in the same unit.
 * @property {number | null} yardstickP99
 * @property {number | null} ratio Median to median; for a plain number with an aim, the number to the aim.
 * @property {number | null} p99Ratio
 * @property {string} aim
 * @property {boolean | null} met null if there is no aim, or it could not be measured.
 * @property {string} note
 */
import { median, quantile } from './measure.mjs';

const EMPTY = {
  p99: null,
  yardstick: null,
  yardstickP99: null,
  ratio: null,
  p99Ratio: null,
  aim: '',
  met: null,
  note: '',
};

/**
 * The subject compared with its yardstick.
 *
 * @param {{ name: string, unit: string, thing: readonly number[], yardstick: readonly number[], aim?: number, aimP99?: number, note?: string, tail?: boolean }} row
 *   `tail` false: too few samples for a 99th percentile
 * @returns {Row}
 */
export function compared({ name, unit, thing, yardstick, aim, aimP99, note = '', tail = true }) {
  const ratio = median(thing) / median(yardstick);
  const p99 = tail ? quantile(thing, 0.99) : null;
  const yardstickP99 = tail ? quantile(yardstick, 0.99) : null;
  const p99Ratio = p99 === null || yardstickP99 === null ? null : p99 / yardstickP99;
  const aims = [...(aim === undefined ? [] : [`≤ ${aim} ×`]), ...(aimP99 === undefined ? [] : [`p99 ≤ ${aimP99} ×`])];
  const met =
    aims.length === 0
      ? null
      : (aim === undefined || ratio <= aim) && (aimP99 === undefined || (p99Ratio !== null && p99Ratio <= aimP99));
  return {
    ...EMPTY,
    name,
    unit,
    median: median(thing),
    p99,
    yardstick: median(yardstick),
    yardstickP99,
    ratio,
    p99Ratio,
    aim: aims.join(', '),
    met,
    note,
  };
}

/**
 * A count with a minimum that was counted by hand.
 *
 * @param {{ name: string, unit: string, count: number, least: number, note?: string }} row
 * @returns {Row}
 */
export function counted({ name, unit, count, least, note = '' }) {
  const ratio = least === 0 ? (count === 0 ? 1 : count + 1) : count / least;
  return { ...EMPTY, name, unit, median: count, yardstick: least, ratio, aim: 'equal', met: count <= least, note };
}

/**
 * A number with its own aim, or without one.
 *
 * @param {{ name: string, unit: string, value: number, atLeast?: number, atMost?: number, note?: string }} row
 * @returns {Row}
 */
export function plain({ name, unit, value, atLeast, atMost, note = '' }) {
  if (atLeast !== undefined) {
    const met = value >= atLeast;
    return { ...EMPTY, name, unit, median: value, ratio: value / atLeast, aim: `≥ ${format(atLeast)}`, met, note };
  }
  if (atMost !== undefined) {
    const met = value <= atMost;
    const ratio = atMost === 0 ? null : value / atMost;
    return { ...EMPTY, name, unit, median: value, ratio, aim: `≤ ${format(atMost)}`, met, note };
  }
  return { ...EMPTY, name, unit, median: value, note };
}

/**
 * A benchmark that cannot be run on this machine, with the reason.
 *
 * @param {{ name: string, note: string }} row
 * @returns {Row}
 */
export function skipped({ name, note }) {
  return { ...EMPTY, name, unit: '', median: Number.NaN, note: `not measured: ${note}` };
}

/** @param {number | null | undefined} value */
export function format(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1000 || Number.isInteger(value)) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
