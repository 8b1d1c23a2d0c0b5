/**
 * Calls, units of Google's quota and store operations for one change of each kind, compared with the minimum, which
 * was counted by hand and is explained below. These are counts, so every run gives the same numbers.
 *
 * A hint reports a change in USchedule, and a sweep of a calendar finds a change in it: there are
 * no watch channels here. With them each of our writes to an event causes a notification, and one `events.list` for all
 * that arrive meanwhile (ADR 12).
 */
import { progress } from '../harness/measure.mjs';
import { counted } from '../harness/rows.mjs';
import { startSimulators } from '../systems/simulators.mjs';
import { startWatchedService } from '../systems/watched-service.mjs';

/** The minimum for a move between bays. */
const BAYS = 2;
/** A change counts as completed after this time without a request. */
const QUIET_MS = 60;
/** An appointment is debounced for half a second after a hint with a change (ADR 16). */
const HINT_REST_MS = 600;
const PATCH_UNITS = 3;

/**
 * For every task: it is added, claimed with a read of its map, and completed. When nothing is due any more, the store
 * is asked for the next due time.
 */
const TASK = ['addTasks', 'claimTasks', 'getMap', 'completeTask', 'nextTaskDueAt'];
/** For every sweep with a change: its state, the map of the event, and the next token. */
const SWEEP = ['getFeedState', 'findMapByEvent', 'putFeedState'];

/**
 * The minimum for each kind of change.
 *
 * - A hint names a changed booking without the change, so the booking is read.
 * - A change of time, bay or text is announced in the map before it is made (ADR 8), and recorded after it; a move to another
 *   calendar does not change the event, so it is moved and then patched. A deletion is announced, too: its answer may be
 *   lost, and the booking live again by then.
 * - Before a first event is created, the started changes are listed, and the map is read again after that: the booking
 *   may be one that we are just creating.
 * - Before an edit is carried back, the booking is read (ADR 5).
 * - Before a booking is cancelled, the event is searched twice, in its own and in the other bays' calendars: it may have been
 *   moved during the search (docs/decision-table.md#guards). Right before the cancellation its calendar is listed once
 *   more, because only a list shows an event that another installation created in its place.
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
  cancellation: { calls: ['getappointment', 'events.delete'], store: [...TASK, 'putMap', 'putMap'] },
  'edit in the calendar': {
    calls: ['events.list', 'getappointment', 'rescheduleappointment'],
    store: [...SWEEP, ...TASK, 'putMap', 'putMap'],
  },
  'deletion in the calendar': {
    calls: [
      ...Array(2).fill('events.list'),
      ...Array(2 * BAYS).fill('events.get'),
      // Soon after our write, a second installation may have replaced the event by one of its own.
      ...Array(BAYS).fill('events.get'),
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

/** The counts above the minimum. @param {Readonly<Record<string, number>>} had @param {Readonly<Record<string, number>>} least */
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
    // A question to the service about its completion would be counted, so a time without requests is used instead.
    await ask('quiet', 5 * QUIET_MS);
    // A flush reads and writes nothing: it waits for earlier writes.
    const store = Object.fromEntries(
      [...counts]
        .filter(([name]) => name.startsWith('store ') && name !== 'store flush')
        .map(([name, times]) => [name.slice(6), times]),
    );
    // The trigger of the feed has read its state once.
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
    // Slots alternate between the two bays, starting with the first bay.
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
