/**
 * Calls, units of Google's quota and store operations that one change of each kind costs, against the least possible, which
 * was counted by hand and stands below with its reasons. Counts, so nothing is measured, and every run gives the same.
 *
 * What happens in USchedule is told by a hint, what happens in a calendar is found by a sweep of that calendar: there are
 * no watch channels here. With them each write of ours to an event is told back to us, and costs one `events.list` for all
 * that come meanwhile (ADR 12).
 */
import { progress } from '../harness/measure.mjs';
import { counted } from '../harness/rows.mjs';
import { startSimulators } from '../systems/simulators.mjs';
import { startWatchedService } from '../systems/watched-service.mjs';

/** As few as a move between bays needs. */
const BAYS = 2;
/** Nothing is asked any more when nobody has asked anything for so long. */
const QUIET_MS = 60;
/** An appointment rests for half a second after a hint that had something to tell (ADR 16). */
const HINT_REST_MS = 600;
const PATCH_UNITS = 3;

/**
 * Of every task: it is added, it is claimed with a map to be read, it is ended; and when nothing is due any more, the time
 * is asked when something will be.
 */
const TASK = ['addTasks', 'claimTasks', 'getMap', 'completeTask', 'nextTaskDueAt'];
/** Of every sweep that finds something: its state, the map of the event, and the next token. */
const SWEEP = ['getFeedState', 'findMapByEvent', 'putFeedState'];

/**
 * The least that each kind can cost.
 *
 * - A hint says which booking has changed and not how: it is read.
 * - A change of time, bay or text is announced in the map before it is made (ADR 8), and recorded after it; a move to another
 *   calendar does not change the event, so it is moved and then patched.
 * - Before a first event is made, the changes under way are listed, and the map is read once more after that: the booking
 *   may be one that we are just making.
 * - Before an edit is carried back, the booking is read (ADR 5).
 * - Before a booking is cancelled, the event is looked for twice, at home and in the other bays' calendars: it may have been
 *   moved past us while we looked (docs/decision-table.md#guards). Right before the cancellation its calendar is listed once
 *   more: nothing else shows an event that another installation made in its place.
 */
const LEAST = {
  create: {
    calls: ['getappointment', 'events.insert'],
    store: [...TASK, 'listMaps', 'getMap', 'putMap'],
  },
  'change of time': { calls: ['getappointment', 'events.patch'], store: [...TASK, 'putMap', 'putMap'] },
  'change of text': { calls: ['getappointment', 'events.patch'], store: [...TASK, 'putMap', 'putMap'] },
  'move to another bay': {
    calls: ['getappointment', 'events.move', 'events.patch'],
    store: [...TASK, 'putMap', 'putMap'],
  },
  cancellation: { calls: ['getappointment', 'events.delete'], store: [...TASK, 'putMap'] },
  'edit in the calendar': {
    calls: ['events.list', 'getappointment', 'rescheduleappointment'],
    store: [...SWEEP, ...TASK, 'putMap', 'putMap'],
  },
  'deletion in the calendar': {
    calls: [
      ...Array(2).fill('events.list'),
      ...Array(2 * BAYS).fill('events.get'),
      'getappointment',
      'cancelappointment',
    ],
    store: [...SWEEP, ...TASK, 'putMap'],
  },
};

/** @param {Readonly<Record<string, number>>} calls */
const totalOf = (calls) => Object.values(calls).reduce((sum, count) => sum + count, 0);

/** Units of Google's quota: a patch costs three. @param {Readonly<Record<string, number>>} calls */
function unitsOf(calls) {
  const google = Object.entries(calls).filter(([name]) => name.startsWith('events.'));
  return google.reduce((sum, [name, count]) => sum + count * (name === 'events.patch' ? PATCH_UNITS : 1), 0);
}

/** @param {readonly string[]} names */
function tally(names) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** What is counted more often than it would have to be. @param {Readonly<Record<string, number>>} had @param {Readonly<Record<string, number>>} least */
function surplus(had, least) {
  return Object.entries(had)
    .filter(([name, count]) => count > (least[name] ?? 0))
    .map(([name, count]) => `${name} ${count} for ${least[name] ?? 0}`)
    .join(', ');
}

export async function run() {
  const simulators = await startSimulators({ bays: BAYS });
  const service = await startWatchedService(simulators);
  const { ask, calendarIds } = simulators;
  const { counts, engine, runFeed } = service;
  const rest = async () => {
    await service.settled();
    await ask('quiet', QUIET_MS);
  };
  const sweepAll = async () => {
    for (const calendarId of calendarIds) await runFeed(`calendar:${calendarId}`);
    await rest();
  };
  const rows = [];
  /** @param {keyof typeof LEAST} kind @param {() => Promise<unknown>} happen @param {() => Promise<unknown>} notice */
  const count = async (kind, happen, notice) => {
    progress(kind);
    await sweepAll();
    await ask('quiet', HINT_REST_MS);
    await happen();
    counts.clear();
    await ask('forgetArrivals');
    const ran = await notice();
    // Our own question whether it is over must not be counted, so the other side's silence has to tell.
    await ask('quiet', 5 * QUIET_MS);
    // A flush reads and writes nothing: it waits for what was written.
    const store = Object.fromEntries(
      [...counts]
        .filter(([name]) => name.startsWith('store ') && name !== 'store flush')
        .map(([name, times]) => [name.slice(6), times]),
    );
    // What made the feed run has read its state once.
    if (ran !== undefined) store['getFeedState'] = (store['getFeedState'] ?? 0) - 1;
    const calls = await ask('calls');
    const least = { calls: tally(LEAST[kind].calls), store: tally(LEAST[kind].store) };
    rows.push(
      counted({
        name: `${kind}: API calls`,
        unit: '',
        count: totalOf(calls),
        least: totalOf(least.calls),
        note: surplus(calls, least.calls),
      }),
      counted({ name: `${kind}: quota units`, unit: '', count: unitsOf(calls), least: unitsOf(least.calls) }),
      counted({
        name: `${kind}: store operations`,
        unit: '',
        count: totalOf(store),
        least: totalOf(least.store),
        note: surplus(store, least.store),
      }),
    );
  };
  try {
    let id = '';
    const hint = async () => void (await engine.hint(id));
    const sweep = () => runFeed(`calendar:${calendarIds[1]}`);
    const book = async (/** @type {number} */ slot) => void ([id] = await ask('book', slot, 1));
    // Slots alternate between the bays: even ones are the first bay's, odd ones the second's.
    await count('create', () => book(0), hint);
    await count('change of time', () => ask('move', id, 2), hint);
    await count('change of text', () => ask('setNotes', id, 'Two guests'), hint);
    await count('move to another bay', () => ask('move', id, 3), hint);
    await count('edit in the calendar', () => ask('drag', id, 5), sweep);
    await count('deletion in the calendar', () => ask('deleteEvent', id), sweep);
    await book(6);
    await hint();
    await count('cancellation', () => ask('cancel', id), hint);
    return rows;
  } finally {
    await service.stop();
    await simulators.close();
  }
}
