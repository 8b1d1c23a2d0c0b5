/**
 * What is left of a studio year: 20 bookings a day in two bays for 365 days, each day with moves, cancellations and edits of
 * people, on virtual time and a SQLite file. The size of the file at the end, and a poll at the end against one of a studio
 * on its first day, in turn. Both have the same number of bookings in the window.
 */
import { alternate, median, progress } from '../harness/measure.mjs';
import { compared, plain } from '../harness/rows.mjs';
import { studioYear } from '../systems/studio-year.mjs';

const DAYS = 365;
const REPORTED = 73;
const ROUNDS = 60;
const WARM_UP = 40;
/** Polls of one sample: one alone is shorter than the clock of processor time can tell. */
const POLLS = 10;
const MB = 1024 * 1024;

export async function run() {
  const first = await studioYear();
  const last = await studioYear();
  try {
    for (let day = 0; day < DAYS; day += REPORTED) {
      await last.play(REPORTED);
      const { file, log } = await last.bytes();
      progress(`day ${day + REPORTED}: ${(file / MB).toFixed(1)} MB, and ${(log / MB).toFixed(1)} MB of writes`);
    }
    await first.play(1);
    const { bookings, events } = last.toCome();
    if (bookings !== events) throw new Error(`${bookings} bookings and ${events} events are to come`);
    const polls = (/** @type {typeof first} */ studio) => async () => {
      let sum = 0;
      for (let poll = 0; poll < POLLS; poll++) sum += await studio.poll();
      return sum / POLLS;
    };
    const { thing, yardstick } = await alternate(
      { thing: polls(last), yardstick: polls(first) },
      { rounds: ROUNDS, warmUp: WARM_UP },
    );
    const { file } = await last.bytes();
    const edits = (await last.store.listEventRecords({ kind: 'edit' })).unwrap().length;
    const maps = (await last.store.listMaps({})).unwrap().length;
    progress(`a poll: ${median(thing).toFixed(2)} ms at the end, ${median(yardstick).toFixed(2)} ms on the first day`);
    return [
      plain({ name: 'the database after a year', unit: 'MB', value: file / MB, atMost: 6 }),
      plain({ name: 'maps after a year, of 7,900 bookings', unit: '', value: maps }),
      plain({ name: 'records of edits after a year, of 730', unit: '', value: edits }),
      compared({
        name: 'a poll at the end, against one on the first day: processor time',
        unit: 'ms',
        thing,
        yardstick,
        aim: 1.1,
        tail: false,
      }),
    ];
  } finally {
    await first.stop();
    await last.stop();
  }
}
