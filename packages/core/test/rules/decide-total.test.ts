import { expect } from 'chai';
import type { Action, EventWrite, RoutedContent, Verdict } from '#src/rules/decision.js';
import type { Rules } from '#src/rules/rules.js';
import {
  BOOKINGS,
  buildBooking,
  buildEvent,
  buildMap,
  CALENDAR_OF,
  DESCRIPTION,
  endOf,
  START_OF,
  TITLE,
  type BookingCase,
  type EventCase,
} from './every-case.js';
import { everySituation, situationOf } from './every-situation.js';
import { NOW, rowOf } from './situations.js';
import { factsOf, ROWS, type Case } from './table.js';

/** The result of the one matching row of the table. */
function tableOn(it: Case): string {
  const facts = factsOf(it);
  let said: string | null = null;
  for (const row of ROWS) {
    if (!row.when(facts)) continue;
    if (said !== null) throw new Error(`two rows hold, ${said} and ${row.answers}, for ${JSON.stringify(it)}`);
    said = row.row === 'first' ? row.answers : `${row.answers}: ${row.does(facts)}`;
  }
  if (said === null) throw new Error(`no row holds for ${JSON.stringify(it)}`);
  return said;
}

/** A verdict in the terms of the table. */
function inWords(verdict: Verdict): string {
  if (verdict.kind === 'observe') return `look ${verdict.target}`;
  if (verdict.kind === 'fail') return `fail: ${verdict.error.message}`;
  if (verdict.kind === 'wait') return verdict.until === null ? 'wait for news' : `wait ${verdict.until - NOW}`;
  return `${verdict.reason}: ${actionInWords(verdict.action)}`;
}

function actionInWords(action: Action): string {
  switch (action.do) {
    case 'nothing':
      return 'nothing';
    case 'create-event':
      return `create ${inBay(action.base, action.bay.bay)}`;
    case 'restore-event':
      return `restore ${inBay(action.base, action.bay.bay)}`;
    case 'adopt-event':
      return `adopt with ${action.write && writeInWords(action.write)} = ${baseInWords(action.base)}`;
    case 'write-event':
      return writeInWords(action.write);
    case 'cancel-event':
      return action.event ? `cancel event in ${calendarInWords(action.event.calendarId)}` : 'cancel event';
    case 'cancel-booking':
      return 'cancel booking';
    default:
      return action.do;
    case 'reschedule-booking':
      return `reschedule ${inBay(action.base, action.bay.bay)}`;
    case 'store-map': {
      const { base, googleCalendarId, etag, intent, flags } = action.map;
      const noted = Object.keys(flags ?? {})
        .toSorted()
        .map((flag) => `, ${flag}`)
        .join('');
      const under = `${etag === '"1"' ? 'same' : 'new'}${intent ? ', underway' : ''}${noted}`;
      return `store ${baseInWords(base as RoutedContent)} in ${calendarInWords(googleCalendarId)} under ${under}`;
    }
  }
}

function inBay(base: RoutedContent, bay: string): string {
  if (base.bay !== bay) throw new Error(`the base names bay ${base.bay}, the action bay ${bay}`);
  return baseInWords(base);
}

function writeInWords({ calendarId, moveTo, fields, ifMatch, base, stamp }: EventWrite): string {
  const from = calendarInWords(calendarId);
  const names = [...Object.keys(fields), ...(stamp ? ['stamp'] : [])].sort().join();
  const etag = ifMatch === '"1"' ? 'same' : 'new';
  return `write ${from}→${moveTo === null ? from : calendarInWords(moveTo)} {${names}} if ${etag} = ${baseInWords(base)}`;
}

function calendarInWords(calendarId: string): string {
  return calendarId === CALENDAR_OF.home ? 'home' : 'other';
}

function baseInWords({ start, end, bay, title, description }: RoutedContent): string {
  const time = TIMES.find((name) => START_OF[name] === start && endOf(name) === end);
  const text = title === TITLE.changed ? 'title' : description === DESCRIPTION.changed ? 'description' : 'base';
  return `${time}/${bay === '1' ? 'home' : 'other'}/${text}`;
}

const TIMES = Object.keys(START_OF) as readonly (keyof typeof START_OF)[];

/** All possible readings of a booking that was not observed yet. */
const READABLE = BOOKINGS.flatMap((it) => (it !== null && !it.stale && it.sure ? [it] : []))
  .filter(({ time, text }) => time !== 'past' && time !== 'today' && text === 'base')
  .map((it) => ({ ...it, fresh: true }));

/** A reading of the booking: the observed state, certain and current. */
function bookingsRead({ booking }: Case): readonly BookingCase[] {
  return booking ? [{ ...booking, stale: false, sure: true, fresh: true }] : READABLE;
}

/** A reading of the event: the same state, current; or, because the observation may be wrong, no event. */
function eventsRead({ event }: Case): readonly EventCase[] {
  if (!event) throw new Error('there is no event to observe');
  const fresh = { ...event, stale: false, proven: true };
  return [fresh, { ...fresh, state: fresh.state === 'gone' ? 'live' : 'gone', marks: 'ours' }];
}

/** Supplies the readings that `decide` requests. @returns the maximum number of readings */
function looksNeeded(it: Case, rules: Rules, looked: readonly string[] = []): number {
  const { map, booking, event, refusal } = it;
  const situation = situationOf(buildMap(map), buildBooking(booking, map), buildEvent(event, map), refusal);
  const verdict = rowOf(situation, rules);
  if (verdict.kind !== 'observe') return looked.length;
  if (looked.includes(verdict.target)) throw new Error(`observes the ${verdict.target} again: ${JSON.stringify(it)}`);
  const next: readonly Case[] =
    verdict.target === 'booking'
      ? bookingsRead(it).map((read) => ({ ...it, booking: read }))
      : eventsRead(it).map((read) => ({ ...it, event: read }));
  return Math.max(...next.map((known) => looksNeeded(known, rules, [...looked, verdict.target])));
}

describe('decide, for every combination', function () {
  this.timeout(300_000);

  it('returns the result of the one matching row of the table, reproducibly', () => {
    let cases = 0;
    const answered = new Set<string>();
    for (const { it: asked, situation, rules } of everySituation()) {
      const verdict = rowOf(situation, rules);
      const said = inWords(verdict);
      const wanted = tableOn(asked);
      if (said !== wanted) {
        throw new Error(`decide says "${said}", the table "${wanted}", for ${JSON.stringify(asked, null, 1)}`);
      }
      if (cases % 7 === 0 && inWords(rowOf(situation, rules)) !== said)
        throw new Error(`decide wavers on ${JSON.stringify(asked)}`);
      answered.add(said.split(':')[0]!);
      cases++;
    }
    expect(cases).to.be.greaterThan(100_000);
    // Every row was reached, and every kind of request.
    expect([...answered].sort()).to.deep.equal([...new Set(ROWS.map(({ answers }) => answers))].sort());
  });

  it('requests only missing readings, none twice, and terminates', () => {
    let most = 0;
    let asking = 0;
    for (const { it: asked, situation, rules } of everySituation()) {
      if (asked.policy === 'booking-wins' || asked.policy === 'one-way') continue; // it is asked only when all is known
      const verdict = rowOf(situation, rules);
      if (verdict.kind !== 'observe') continue;
      const { map, booking, event } = asked;
      const known =
        verdict.target === 'booking'
          ? booking !== null && !booking.stale && booking.sure && map.written !== 'just-before'
          : event === null || (!event.stale && event.proven);
      if (known) throw new Error(`observes the ${verdict.target} without need: ${JSON.stringify(asked)}`);
      // The readings after a request take long to compute: one in ten.
      if (asking++ % 10 === 0) most = Math.max(most, looksNeeded(asked, rules));
    }
    expect(most).to.equal(2);
  });
});
