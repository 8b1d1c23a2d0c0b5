/**
 * The latency of a change: from a signed hint until its insert reaches the calendar server, and from an edit in
 * the calendar until the reschedule reaches USchedule; each compared with the same calls of a bare client.
 *
 * The service has to have its intent on the disk before it changes a booking: a third yardstick reads the booking too and flushes
 * one line, since the disk of a busy machine takes longer for that than everything else together.
 *
 * The service pauses after a notification (ADR 12). Users do not edit one calendar ten times a second, so the edits
 * are spread over many bays, and each hits an idle calendar.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alternate, nowMs, progress } from '../harness/measure.mjs';
import { compared } from '../harness/rows.mjs';
import { bareClient } from '../systems/bare-client.mjs';
import { EARLIER_SERVICE, OF_EARLIER } from '../systems/earlier.mjs';
import { poster, signedHint, startService } from '../systems/service.mjs';
import { startSimulators } from '../systems/simulators.mjs';

const BAYS = 24;
const ROUNDS = 150;
/** Rounds until the code of both sides is compiled. */
const WARM_UP = 60;
const COUNT = WARM_UP + ROUNDS;
/** All work counts as completed after this time without a request. */
const QUIET_MS = 12;
/** Slightly more than the service's pause after a notification. */
const REST_MS = 700;

/** A wall time of Phoenix, which has no daylight saving. @param {number} instant */
const wallTime = (instant) => new Date(instant - 7 * 3_600_000).toISOString().slice(0, 19);

/**
 * A build of the service with simulators of its own.
 *
 * @param {{ program?: string, groups?: Record<string, object> }} build
 */
async function studio({ groups, ...build }) {
  const simulators = await startSimulators({ bays: BAYS });
  // Hundreds of edits within minutes are intended: the guard of edits is off.
  const rules = { massChangeLimit: 1, massChangeMinimum: 1_000_000 };
  const service = await startService(simulators, { ...build, groups: { rules, ...groups } });
  const { ask } = simulators;
  const { post, close } = poster(service.port);
  /** @type {readonly string[]} */
  const hinted = await ask('book', 0, COUNT);
  const restingUntil = new Map();
  const quiet = () => ask('quiet', QUIET_MS);
  return {
    simulators,
    settled: service.settled,
    /** @param {number} round */
    hint: async (round) => {
      await quiet();
      const startedAt = nowMs();
      await post('/webhook/uschedule', signedHint(hinted[round] ?? ''));
      return (await ask('arrival', 'POST', '^/calendar/v3/calendars/bay-.*/events', startedAt)) - startedAt;
    },
    /** After the pause of this round's calendar. @param {number} round */
    edit: async (round) => {
      const until = restingUntil.get(round % BAYS) ?? 0;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, until - nowMs())));
      await quiet();
      const startedAt = await ask('drag', hinted[round], COUNT + round);
      const arrivedAt = await ask('arrival', 'POST', 'rescheduleappointment', startedAt);
      restingUntil.set(round % BAYS, nowMs() + REST_MS);
      return arrivedAt - startedAt;
    },
    close: async () => {
      close();
      await service.stop();
      await simulators.close();
    },
  };
}

/** The same calls by a bare client, on the simulators of this build. @param {import('../systems/simulators.mjs').Simulators} simulators */
async function bareCalls(simulators) {
  const { ask } = simulators;
  const bare = await bareClient(simulators);
  const read = await ask('bookBare', 0);
  const event = await ask('createBareEvent', 1);
  const moved = await ask('bookBare', 2);
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-bench-'));
  const line = await open(join(directory, 'intents'), 'a');
  let token = (await bare.list()).nextSyncToken;
  return {
    /** @param {number} round */
    insert: async (round) => {
      await ask('quiet', QUIET_MS);
      const startedAt = nowMs();
      await bare.readBooking(read);
      await bare.insert({ id: `bare${round}bench`, start: Date.now() });
      return (await ask('arrival', 'POST', '^/calendar/v3/calendars/bare.*/events', startedAt)) - startedAt;
    },
    /** @param {number} round @param {{ reads?: boolean, flushes?: boolean }} [more] */
    edit: async (round, { reads = false, flushes = false } = {}) => {
      await ask('quiet', QUIET_MS);
      await ask('dragBare', event, 100 + (round % 2));
      const startedAt = nowMs();
      token = (await bare.list(token)).nextSyncToken;
      if (reads) await bare.readBooking(moved);
      if (flushes) {
        await line.appendFile('an intent\n');
        await line.datasync();
      }
      await bare.reschedule(moved, wallTime(Date.now() + (2000 + 2 * (round % 3)) * 3_600_000));
      return (await ask('arrival', 'POST', 'rescheduleappointment', startedAt)) - startedAt;
    },
    close: async () => {
      await line.close();
      await rm(directory, { recursive: true });
    },
  };
}

export async function run() {
  const now = await studio({});
  const earlier = EARLIER_SERVICE && (await studio(EARLIER_SERVICE));
  const bare = await bareCalls(now.simulators);
  const rounds = { rounds: ROUNDS, warmUp: WARM_UP };
  try {
    progress('hints');
    const inserts = await alternate(
      { thing: now.hint, yardstick: bare.insert, ...(earlier && { earlier: earlier.hint }) },
      rounds,
    );
    progress('edits');
    await now.settled();
    await earlier?.settled();
    const edits = await alternate(
      {
        thing: now.edit,
        yardstick: (round) => bare.edit(round),
        sameCalls: (round) => bare.edit(round, { reads: true }),
        sameWork: (round) => bare.edit(round, { reads: true, flushes: true }),
        ...(earlier && { earlier: earlier.edit }),
      },
      rounds,
    );
    const hint = 'hint → insert reaches the calendar';
    const edit = 'calendar edit → reschedule reaches USchedule';
    /** @param {string} name @param {readonly number[]} thing @param {readonly number[]} yardstick */
    const row = (name, thing, yardstick) => ({ name, unit: 'ms', thing, yardstick });
    return [
      compared({ ...row(hint, inserts.thing, inserts.yardstick), aim: 1.4, aimP99: 2.5 }),
      compared({ ...row(edit, edits.thing, edits.yardstick), aim: 1.8, aimP99: 2.5 }),
      compared(row(`${edit}, the yardstick reading the booking too`, edits.thing, edits.sameCalls)),
      compared(row(`${edit}, the yardstick flushing one line to the disk too`, edits.thing, edits.sameWork)),
      ...(inserts.earlier ? [compared(row(`${hint}${OF_EARLIER}`, inserts.earlier, inserts.yardstick))] : []),
      ...(edits.earlier ? [compared(row(`${edit}${OF_EARLIER}`, edits.earlier, edits.yardstick))] : []),
    ];
  } finally {
    await bare.close();
    await now.close();
    await earlier?.close();
  }
}
