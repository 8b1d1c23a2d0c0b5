import { expect } from 'chai';
import { Err, HOUR, Ok, type BookingEventMap } from '@loft/sync-core';
import type { SyncIntent } from '@loft/sync-core/store';
import { aBooking, aMap, anEdit, anEvent, eventSeen, ID, START } from '../rules/situations.js';
import { failure } from './act-bench.js';
import { bookingSystem, FAILS, type Given } from './observe-bench.js';
import { done, ONE_WAY, REBOOKS, RoundsBench, seen, type Script } from './rounds-bench.js';

const NEW_ID = '700900';
const REFUSED = failure('uschedule', 'refused');

/** A mirror whose booking is in two days, and the reading of that. */
async function mirrored(given: Given = {}, change: Partial<BookingEventMap> = {}) {
  const bench = new RoundsBench({ bookings: bookingSystem({ [ID]: aBooking() }), ...given });
  const place = { start: bench.at + 48 * HOUR, end: bench.at + 49 * HOUR };
  const map = aMap({ base: { ...aMap().base, ...place }, lastSyncedAt: 0, ...change });
  await bench.put(map);
  return { bench, map, place, event: anEvent(place) };
}

describe('a task with a begun change of its booking', () => {
  const intentAt = (at: number, successor: string | null): SyncIntent => {
    const place = { start: START + HOUR, end: START + 2 * HOUR, bay: '1' };
    return { kind: 'reschedule', ...place, since: at, triedAt: at, successor };
  };

  it('fails if the evidence does not show which of two bookings exists', async () => {
    const { bench } = await mirrored(REBOOKS, { intent: intentAt(0, NEW_ID) });
    const rebooking = { phase: 'resumed', settled: true, cancelRefusal: REFUSED, old: 'unclear' } as const;
    const refused: Script = ({ situation }) => Ok({ wrote: false, next: { ...situation, rebooking } });
    const both = { [ID]: aBooking(), [NEW_ID]: aBooking({ appointmentId: NEW_ID }) };
    const two = await mirrored({ ...REBOOKS, bookings: bookingSystem(both) }, { intent: intentAt(0, NEW_ID) });
    const outcome = await two.bench.work(refused, seen(bench));
    expect(outcome).to.deep.include({ kind: 'failed', attempt: null });
    expect(outcome).to.have.nested.property('error.kind', 'invalid');
    expect(outcome).to.have.nested.property('fingerprint').that.is.a('string');
  });

  it('has no fingerprint if its booking cannot be read again', async () => {
    const given = { bookings: { getBooking: async () => Err(FAILS) } };
    const begun = await mirrored(given, { intent: intentAt(0, null) });
    const failed = { kind: 'failed', error: FAILS, fingerprint: null };
    expect(await begun.bench.work(done, seen(begun.bench))).to.deep.include(failed);
    const later = await mirrored(given, { lastSyncedAt: begun.bench.at });
    const early = seen(later.bench).booking;
    const observed = { booking: early ? { ...early, at: later.bench.at - 1 } : null };
    expect(await later.bench.work(done, observed)).to.deep.include(failed);
  });
});

describe('a task that waits', () => {
  it('keeps what the lists have shown while the calendar still answers with an older version', async () => {
    const { bench, event } = await mirrored();
    const old = { ...event, updatedAt: bench.at - 2 };
    const reading = new RoundsBench({ events: [old] });
    await reading.put(aMap({ lastSyncedAt: 0 }));
    const events = [eventSeen({ ...event, updatedAt: bench.at - 1 }, { at: bench.at })];
    const outcome = await reading.work(done, { events, mustReread: true, ...seen(bench) });
    expect(outcome).to.have.property('kind', 'wait');
    expect(outcome).to.have.deep.property('keeps', events);
  });

  it('keeps nothing otherwise, and is done if it waits for a change', async () => {
    const waits = new RoundsBench({ ...ONE_WAY, settings: { uschedule: { status: 'blind', reschedule: 'off' } } });
    const unknown = seen(waits);
    const booking = unknown.booking ? { ...unknown.booking, status: 'unknown' as const } : null;
    expect(await waits.work(done, { booking })).to.deep.equal({ kind: 'done', attempt: null, refusal: null });
  });
});

describe('the report of a round', () => {
  it('warns about an event without our marks until a later decision finds them', async () => {
    const bench = new RoundsBench(ONE_WAY);
    await bench.work(() => Ok({ map: aMap({ flags: { unmarked: true } }) }), seen(bench));
    expect(bench.parts.warnings.get(ID)).to.match(/^metadata-removed: /);
    await bench.work(() => Ok({ map: aMap() }), seen(bench));
    expect(bench.parts.warnings.has(ID)).to.equal(false);
  });

  it('has no step that only records an edit, and the reschedule that is not the last write of its task', async () => {
    const { bench, map, place, event } = await mirrored();
    const moved = {
      ...event,
      start: place.start + HOUR,
      end: place.end + HOUR,
      etag: '"2"',
      updatedAt: bench.at - HOUR,
    };
    const record = { start: map.base.start, end: map.base.end, bay: '1' };
    const edit = anEdit({ start: moved.start, end: moved.end, base: record, at: bench.at });
    const script: Script = ({ action, situation }) => {
      if (action.do === 'record-edits') return Ok({ wrote: false, next: { ...situation, edits: [edit] } });
      return Ok({ next: action.do === 'reschedule-booking' ? { ...situation, map: null, event: undefined } : null });
    };
    const events = [eventSeen(moved, { at: bench.at, proven: true })];
    await bench.work(script, { events, ...seen(bench) });
    expect(bench.actions.slice(0, 2)).to.deep.equal(['record-edits', 'reschedule-booking']);
    expect(bench.reported.slice(0, 2)).to.deep.equal(['event-moved', `update ${ID} ok`]);
  });

  it('has no action of an event in the middle of its task', async () => {
    const bench = new RoundsBench(ONE_WAY);
    const script: Script = ({ situation }, round) => Ok({ next: round === 1 ? situation : null });
    await bench.work(script, seen(bench));
    expect(bench.reported).to.deep.equal(['new-booking', 'new-booking']);
  });
});
