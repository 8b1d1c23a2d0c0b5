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
import { poster, signedHint, startService } from '../systems/service.mjs';
import { startSimulators } from '../systems/simulators.mjs';

const BAYS = 24;
const ROUNDS = 150;
/** Rounds until the code of both sides is compiled. */
const WARM_UP = 60;
/** All work counts as completed after this time without a request. */
const QUIET_MS = 12;
/** Slightly more than the service's pause after a notification. */
const REST_MS = 700;

/** A wall time of Phoenix, which has no daylight saving. @param {number} instant */
const wallTime = (instant) => new Date(instant - 7 * 3_600_000).toISOString().slice(0, 19);

export async function run() {
  const simulators = await startSimulators({ bays: BAYS });
  // Hundreds of edits within minutes are intended: the guard of edits is off.
  const service = await startService(simulators, {
    groups: { rules: { massChangeLimit: 1, massChangeMinimum: 1_000_000 } },
  });
  const bare = await bareClient(simulators);
  const { ask } = simulators;
  const { post, close } = poster(service.port);
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-bench-'));
  const line = await open(join(directory, 'intents'), 'a');
  const count = WARM_UP + ROUNDS;
  try {
    const hinted = await ask('book', 0, count);
    const read = await ask('bookBare', 0);
    progress('hints');
    const quiet = () => ask('quiet', QUIET_MS);
    const inserts = await alternate(
      {
        thing: async (round) => {
          const startedAt = nowMs();
          await post('/webhook/uschedule', signedHint(hinted[round]));
          return (await ask('arrival', 'POST', `^/calendar/v3/calendars/bay-.*/events`, startedAt)) - startedAt;
        },
        yardstick: async (round) => {
          const startedAt = nowMs();
          await bare.readBooking(read);
          await bare.insert({ id: `bare${round}bench`, start: Date.now() });
          return (await ask('arrival', 'POST', '^/calendar/v3/calendars/bare.*/events', startedAt)) - startedAt;
        },
      },
      { rounds: ROUNDS, warmUp: WARM_UP, between: quiet },
    );

    progress('edits');
    await service.settled();
    const event = await ask('createBareEvent', 1);
    const moved = await ask('bookBare', 2);
    let token = (await bare.list()).nextSyncToken;
    const restingUntil = new Map();
    /** Waits until the calendar of this round is not debounced. @param {number} round */
    const rested = async (round) => {
      const until = restingUntil.get(round % BAYS) ?? 0;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, until - nowMs())));
      await quiet();
    };
    /** @param {number} round @param {boolean} reads @param {boolean} [flushes] */
    const bareEdit = async (round, reads, flushes = false) => {
      await quiet();
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
    };
    const edits = await alternate(
      {
        thing: async (round) => {
          await rested(round);
          const id = hinted[round];
          const startedAt = await ask('drag', id, count + round);
          const arrivedAt = await ask('arrival', 'POST', 'rescheduleappointment', startedAt);
          restingUntil.set(round % BAYS, nowMs() + REST_MS);
          return arrivedAt - startedAt;
        },
        yardstick: (round) => bareEdit(round, false),
        sameCalls: (round) => bareEdit(round, true),
        sameWork: (round) => bareEdit(round, true, true),
      },
      { rounds: ROUNDS, warmUp: WARM_UP, between: () => {} },
    );
    const edit = 'calendar edit → reschedule reaches USchedule';
    return [
      compared({
        name: 'hint → insert reaches the calendar',
        unit: 'ms',
        thing: inserts.thing,
        yardstick: inserts.yardstick,
        aim: 1.4,
        aimP99: 2.5,
      }),
      compared({ name: edit, unit: 'ms', thing: edits.thing, yardstick: edits.yardstick, aim: 1.8, aimP99: 2.5 }),
      compared({
        name: `${edit}, the yardstick reading the booking too`,
        unit: 'ms',
        thing: edits.thing,
        yardstick: edits.sameCalls,
      }),
      compared({
        name: `${edit}, the yardstick flushing one line to the disk too`,
        unit: 'ms',
        thing: edits.thing,
        yardstick: edits.sameWork,
      }),
    ];
  } finally {
    close();
    await line.close();
    await rm(directory, { recursive: true });
    await service.stop();
    await simulators.close();
  }
}
