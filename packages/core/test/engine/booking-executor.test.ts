import { expect } from 'chai';
import { Err, HOUR, MINUTE, Ok, type BookingEventMap, type CalendarEvent } from '@loft/sync-core';
import type { SyncIntent } from '@loft/sync-core/store';
import { cancelBooking, finishReschedule, rescheduleBooking } from '#src/engine/act/booking-executor.js';
import type { ActionOf } from '#src/engine/act/executor.js';
import type { EngineParts } from '#src/engine/engine-parts.js';
import type { Situation } from '#src/rules/situation.js';
import { aMap, anEvent } from '../rules/situations.js';
import { ActBench, failure, plain, type Answers } from './act-bench.js';
import { BAY1, BAY2, type Overrides } from './world.js';

type Cancellation = ActionOf<'cancel-booking'>;

/** A booking at hour 100 on bay 1, with its map. */
class Bench extends ActBench {
  readonly id: string = this.bookings.user.book({
    unit: BAY1.resourceUnitId,
    start: this.hour(100),
    customerName: 'Ana R.',
  });
  readonly base = { start: this.hour(100), end: this.hour(101), bay: '1', title: 'Ana R.', description: '' };
  readonly target = { ...this.base, start: this.hour(110), end: this.hour(111) };
  readonly map: BookingEventMap = aMap({ uscheduleAppointmentId: this.id, base: this.base, version: 0, fence: 0 });

  /** The event at a place, by default that of the map. */
  event(change: Partial<CalendarEvent> = {}): CalendarEvent {
    const { start, end } = this.base;
    return anEvent({ eventId: this.map.googleEventId, start, end, ...change });
  }

  situation(change: Partial<Situation> = {}): Situation {
    const now = this.clock.now();
    const booking = this.bookings.user.booking(this.id);
    return {
      appointmentId: this.id,
      now,
      historyBefore: 0,
      map: this.map,
      booking: booking
        ? {
            at: now,
            booking: {
              appointmentId: this.id,
              status: 'live',
              resourceUnitId: booking.unit,
              start: booking.start,
              end: booking.end,
              customerName: booking.customerName,
              notes: '',
              customerId: booking.customerId,
              createdAt: booking.createdAt,
            },
            status: 'live',
            sure: true,
          }
        : undefined,
      refusal: null,
      ...change,
    };
  }

  intent(change: Partial<SyncIntent> = {}): SyncIntent {
    const { start, end } = this.target;
    const since = this.clock.now();
    return { kind: 'reschedule', start, end, bay: '1', since, triedAt: since, successor: null, ...change };
  }

  async stored(id = this.id): Promise<BookingEventMap | null> {
    return (await this.store.getMap(id)).unwrap();
  }

  get state(): string | undefined {
    return this.bookings.user.booking(this.id)?.state;
  }
}

const REFUSED = failure('uschedule', 'refused');
const LOST = failure('store', 'conflict');
/** A store that accepts a number of maps, and then reports a concurrent write. */
function storing(bench: ActBench, times: number): Answers {
  let count = 0;
  return { store: { putMap: async (map) => (count++ < times ? bench.store.putMap(map) : Err(LOST)) } };
}

describe('the cancellation of a booking', () => {
  function cancel(bench: Bench, action: Partial<Cancellation>, change: Partial<Situation> = {}, parts = bench.parts()) {
    const whole = {
      do: 'cancel-booking',
      appointmentId: bench.id,
      because: 'event-deleted',
      intent: null,
      ...action,
    } as const;
    return cancelBooking(whole, bench.situation(change), bench.task(bench.id), parts).then(plain);
  }

  /** Parts that record which bookings are noted as canceled. */
  function noting(bench: Bench, answers: Answers = {}): { readonly parts: EngineParts; readonly noted: unknown[] } {
    const noted: unknown[] = [];
    const parts = bench.parts({}, answers);
    const noteCanceled = async (...args: unknown[]) => {
      noted.push(args);
      return Ok.EMPTY;
    };
    return { noted, parts: { ...parts, statuses: { ...parts.statuses, noteCanceled } } };
  }

  it('cancels the map of a deleted event, after a change on the side of the calendar', async () => {
    const bench = new Bench();
    const done = await cancel(bench, {}, { event: { at: 0, event: bench.event({ state: 'gone' }), proven: true } });
    expect(bench.state).to.equal('canceled');
    const now = bench.clock.now();
    const stored = await bench.stored();
    expect(stored).to.deep.include({ status: 'CANCELED', lastSource: 'GCAL', bookingWrittenAt: now, base: bench.base });
    expect(done).to.deep.equal({ ok: { map: stored, next: null, wrote: true } });
  });

  it('also cancels without an event, and without a map', async () => {
    const unseen = new Bench();
    await cancel(unseen, {});
    expect(await unseen.stored()).to.include({ status: 'CANCELED' });
    const unmapped = new Bench();
    expect(await cancel(unmapped, {}, { map: null })).to.deep.equal({ ok: { map: null, next: null, wrote: true } });
    expect(unmapped.state).to.equal('canceled');
  });

  it('keeps the map of an event that is live again, and reads the booking next', async () => {
    const bench = new Bench();
    const situation = { event: { at: 0, event: bench.event(), proven: true } };
    const done = await cancel(bench, {}, situation);
    const stored = await bench.stored();
    expect(stored).to.deep.include({ status: 'ACTIVE', bookingWrittenAt: bench.clock.now(), base: bench.base });
    expect(done).to.deep.nested.include({ 'ok.map': stored, 'ok.wrote': true });
    expect(done).to.deep.nested.include({
      'ok.next.map': stored,
      'ok.next.booking': undefined,
      'ok.next.event': situation.event,
    });
    const other = new Bench();
    expect(await cancel(other, {}, situation, other.parts({}, storing(other, 0)))).to.deep.equal({ error: LOST });
  });

  it('fails with the refusal of a booking whose event was deleted, and stores nothing', async () => {
    const bench = new Bench();
    const parts = bench.parts({}, { bookings: { cancelBooking: async () => Err(REFUSED) } });
    expect(await cancel(bench, {}, {}, parts)).to.deep.equal({ error: REFUSED });
    expect(await bench.stored()).to.equal(null);
  });

  it('is not called before the intent is stored', async () => {
    const bench = new Bench();
    const intent = bench.intent({ successor: '700999' });
    let atCall: BookingEventMap | null = null;
    const parts = bench.parts(
      {},
      {
        bookings: {
          cancelBooking: async () => {
            atCall = await bench.stored();
            return Ok.EMPTY;
          },
        },
      },
    );
    const done = await cancel(bench, { because: 'replaced', intent }, {}, parts);
    expect(atCall).to.deep.include({ intent });
    expect(done).to.deep.nested.include({
      'ok.map': atCall,
      'ok.next.map': atCall,
      'ok.next.rebooking': { phase: 'resumed', settled: true, replaced: true },
    });
    const lost = new Bench();
    const failed = await cancel(lost, { because: 'replaced', intent }, {}, lost.parts({}, storing(lost, 0)));
    expect(failed).to.deep.equal({ error: LOST });
    expect(lost.state).to.equal('live');
  });

  for (const because of ['undo', 'leftover'] as const) {
    it(`of a new booking (${because}) is noted with the end of the exchange, or else of the booking`, async () => {
      const bench = new Bench();
      const { parts, noted } = noting(bench);
      const map = { ...bench.map, intent: bench.intent({ end: bench.hour(120) }) };
      await cancel(bench, { because }, { map }, parts);
      expect(noted).to.deep.equal([[bench.id, bench.hour(120)]]);
      const single = new Bench();
      const second = noting(single);
      await cancel(single, { because }, {}, second.parts);
      expect(second.noted).to.deep.equal([[single.id, single.base.end]]);
    });

    it(`of a new booking (${because}) is not noted if it is refused, or if no end is known`, async () => {
      const refused = new Bench();
      const first = noting(refused, { bookings: { cancelBooking: async () => Err(REFUSED) } });
      await cancel(refused, { because }, {}, first.parts);
      expect(first.noted).to.deep.equal([]);
      const unknown = new Bench();
      const second = noting(unknown);
      await cancel(unknown, { because }, { booking: undefined, map: null }, second.parts);
      const gone = new Bench();
      await cancel(gone, { because }, { booking: { at: 0, booking: null, status: 'dead', sure: true } }, second.parts);
      expect(second.noted).to.deep.equal([]);
    });
  }

  it('of a replaced booking is not noted: its map shows it', async () => {
    const bench = new Bench();
    const { parts, noted } = noting(bench);
    await cancel(bench, { because: 'replaced' }, {}, parts);
    expect(bench.state).to.equal('canceled');
    expect(noted).to.deep.equal([]);
  });

  for (const kind of ['refused', 'not-found'] as const) {
    it(`of one booking of an exchange that is answered with "${kind}" is recorded for the next decision`, async () => {
      const bench = new Bench();
      const error = failure('uschedule', kind);
      const parts = bench.parts({}, { bookings: { cancelBooking: async () => Err(error) } });
      const rebooking = { phase: 'first', successor: 'exists' } as const;
      const replaced = await cancel(bench, { because: 'replaced' }, { rebooking }, parts);
      expect(replaced).to.deep.nested.include({ 'ok.wrote': false });
      expect(replaced).to.deep.nested.include({ 'ok.next.rebooking': { ...rebooking, cancelRefusal: error } });
      // Whether the new booking exists has to be read again.
      const undo = await cancel(bench, { because: 'undo' }, { rebooking }, parts);
      expect(undo).to.deep.nested.include({ 'ok.next.rebooking': { phase: 'first', undoRefusal: error } });
      const original = { appointmentId: '700001', map: null };
      const leftover = await cancel(bench, { because: 'leftover' }, { original }, parts);
      expect(leftover).to.deep.nested.include({ 'ok.next.original': { ...original, refusal: error } });
      const without = await cancel(bench, { because: 'leftover' }, {}, parts);
      expect(without).to.deep.nested.include({ 'ok.next.original': null });
    });
  }

  it('of one booking of an exchange fails with any other error', async () => {
    const bench = new Bench();
    const error = failure('uschedule', 'transient');
    const parts = bench.parts({}, { bookings: { cancelBooking: async () => Err(error) } });
    for (const because of ['replaced', 'undo', 'leftover'] as const)
      expect(await cancel(bench, { because }, {}, parts)).to.deep.equal({ error });
  });

  it('completes an exchange', async () => {
    const outcomes = [];
    for (const because of ['replaced', 'undo', 'leftover'] as const) {
      const bench = new Bench();
      const done = await cancel(bench, { because });
      outcomes.push('ok' in done && [done.ok.next?.rebooking ?? null, done.ok.wrote]);
    }
    expect(outcomes).to.deep.equal([
      [{ phase: 'resumed', replaced: true }, true],
      [{ phase: 'resumed', undone: true }, true],
      [null, true],
    ]);
  });
});

describe('the reschedule of a booking', () => {
  function reschedule(
    bench: Bench,
    change: Partial<Situation> = {},
    parts = bench.parts(),
    event = bench.event(bench.target),
  ) {
    const action = { do: 'reschedule-booking', bay: BAY1, event, base: bench.target } as const;
    return rescheduleBooking(action, bench.situation(change), bench.task(bench.id), parts).then(plain);
  }

  it('makes no call without a map, or without the booking', async () => {
    const bench = new Bench();
    expect(await reschedule(bench, { map: null })).to.deep.equal({ ok: { map: null, next: null, wrote: false } });
    const unread = { ok: { map: bench.map, next: null, wrote: false } };
    expect(await reschedule(bench, { booking: undefined })).to.deep.equal(unread);
    const gone = { at: 0, booking: null, status: 'dead', sure: true } as const;
    expect(await reschedule(bench, { booking: gone })).to.deep.equal(unread);
    expect(bench.bookings.writeCount).to.equal(0);
    expect(await bench.stored()).to.equal(null);
  });

  it('is refused if the settings turn it off, and makes no call', async () => {
    const bench = new Bench();
    const off: Overrides = { uschedule: { reschedule: 'off' } };
    expect(await reschedule(bench, {}, bench.parts(off))).to.have.nested.property('error.kind', 'refused');
    expect(bench.bookings.writeCount).to.equal(0);
  });

  it('moves the booking after its intent is stored, and then stores the event as the mirror', async () => {
    const bench = new Bench();
    const event = bench.event({ ...bench.target, etag: '"9"', updatedAt: 9 });
    const done = await reschedule(bench, {}, bench.parts(), event);
    expect(bench.bookings.user.booking(bench.id)).to.include({ start: bench.target.start, state: 'live' });
    const stored = await bench.stored();
    expect(stored).to.deep.include({
      base: bench.target,
      intent: null,
      etag: '"9"',
      eventUpdatedAt: 9,
      lastSource: 'GCAL',
    });
    expect(stored).to.include({ bookingWrittenAt: bench.clock.now(), version: 2 });
    expect(done).to.deep.equal({ ok: { map: stored, next: null, wrote: true } });
  });

  it('is not called if the intent cannot be stored, and fails if the result cannot be stored', async () => {
    const bench = new Bench();
    expect(await reschedule(bench, {}, bench.parts({}, storing(bench, 0)))).to.deep.equal({ error: LOST });
    expect(bench.bookings.writeCount).to.equal(0);
    expect(await reschedule(bench, {}, bench.parts({}, storing(bench, 1)))).to.deep.equal({ error: LOST });
    expect(await bench.stored()).to.have.nested.property('intent.kind', 'reschedule');
  });

  for (const [kind, change, remains] of [
    ['refused', {}, false],
    ['transient', { unsent: true }, false],
    ['transient', { status: 503 }, false],
    ['transient', { status: 502 }, true],
    ['transient', { status: 504 }, true],
    ['transient', {}, true],
  ] as const) {
    it(`${remains ? 'keeps' : 'removes'} its intent after "${kind}" with ${JSON.stringify(change)}`, async () => {
      const bench = new Bench();
      const error = failure('uschedule', kind, change);
      const parts = bench.parts({}, { bookings: { rescheduleBooking: async () => Err(error) } });
      expect(await reschedule(bench, {}, parts)).to.deep.equal({ error });
      expect((await bench.stored())?.intent !== null).to.equal(remains);
    });
  }

  it('updates the event next if it is not at the target: an undo, or a replay', async () => {
    const elsewhere: readonly Partial<CalendarEvent>[] = [
      {},
      { start: new Bench().target.start },
      { end: new Bench().target.end },
      { ...new Bench().target, calendarId: BAY2.calendarId },
    ];
    for (const place of elsewhere) {
      const bench = new Bench();
      const done = await reschedule(bench, {}, bench.parts(), bench.event(place));
      const stored = await bench.stored();
      // The event still shows the old place.
      expect(stored?.base).to.deep.equal({ ...bench.target, start: bench.base.start, end: bench.base.end });
      expect(done).to.deep.nested.include({ 'ok.map': stored, 'ok.next.map': stored, 'ok.next.booking': undefined });
      expect(done).to.deep.nested.include({ 'ok.wrote': true });
    }
  });

  it('transfers the map to a new id of the booking, and ends the task of the old one', async () => {
    const bench = new Bench();
    const parts = bench.parts({}, { bookings: { rescheduleBooking: async () => Ok('700999') } });
    const event = bench.event();
    (
      await bench.calendars.insertEvent(BAY1.calendarId, event.eventId, {
        ...event,
        bay: '1',
        appointmentId: bench.id,
        write: '1',
        titleDigest: '1',
        descriptionDigest: '1',
        start: bench.base.start,
        end: bench.base.end,
      })
    ).unwrap();
    const done = await reschedule(bench, {}, parts, event);
    expect(await bench.stored()).to.include({ status: 'CANCELED', supersededBy: '700999' });
    expect(await bench.stored('700999')).to.include({ status: 'ACTIVE', googleEventId: event.eventId });
    expect(done).to.deep.nested.include({ 'ok.next': null, 'ok.wrote': true });
  });

  it('by a rebooking stores the new id before the exchange continues', async () => {
    const rebook: Overrides = { uschedule: { reschedule: 'rebook', cancellationHours: 0 } };
    const bench = new Bench();
    const done = await reschedule(bench, {}, bench.parts(rebook));
    const stored = await bench.stored();
    const successor = bench.bookings.user.liveBookings().find(({ id }) => id !== bench.id)?.id;
    expect(stored).to.have.nested.property('intent.successor', successor);
    expect(done).to.deep.nested.include({ 'ok.map': stored, 'ok.next.map': stored, 'ok.wrote': false });
    expect(done).to.deep.nested.include({ 'ok.next.rebooking': { phase: 'first' } });
    expect(bench.state).to.equal('live');
    const lost = new Bench();
    expect(await reschedule(lost, {}, lost.parts(rebook, storing(lost, 1)))).to.deep.equal({ error: LOST });
  });
});

describe('the end of a reschedule', () => {
  function finish(bench: Bench, change: Partial<Situation> = {}, parts = bench.parts(), appointmentId = bench.id) {
    const action = { do: 'finish-reschedule', appointmentId, base: bench.target } as const;
    return finishReschedule(action, bench.situation(change), bench.task(bench.id), parts).then(plain);
  }

  it('stores nothing without a map', async () => {
    const bench = new Bench();
    expect(await finish(bench, { map: null })).to.deep.equal({ ok: { map: null, next: null, wrote: false } });
  });

  it('stores that the booking and its event are at the target', async () => {
    const bench = new Bench();
    const map = { ...bench.map, intent: bench.intent({ bay: '2' }) };
    const action = { do: 'finish-reschedule', appointmentId: bench.id, base: { ...bench.target, bay: '2' } } as const;
    const done = plain(await finishReschedule(action, bench.situation({ map }), bench.task(bench.id), bench.parts()));
    const stored = await bench.stored();
    expect(stored).to.deep.include({
      base: action.base,
      intent: null,
      googleCalendarId: BAY2.calendarId,
      etag: map.etag,
    });
    expect(done).to.deep.nested.include({ 'ok.map': stored, 'ok.next.map': stored, 'ok.wrote': true });
  });

  it('stores the version of the event only in the round that made the new booking', async () => {
    const event = { at: 0, event: new Bench().event({ ...new Bench().target, etag: '"9"' }), proven: true };
    const resumed = new Bench();
    await finish(resumed, { event });
    expect(await resumed.stored()).to.include({ etag: '"1"' });
    const again = new Bench();
    await finish(again, { event, rebooking: { phase: 'resumed' } });
    expect(await again.stored()).to.include({ etag: '"1"' });
    const first = new Bench();
    await finish(first, { event, rebooking: { phase: 'first' } });
    expect(await first.stored()).to.include({ etag: '"9"' });
    const unseen = new Bench();
    await finish(unseen, { rebooking: { phase: 'first' } });
    expect(await unseen.stored()).to.include({ etag: '"1"' });
  });

  it('keeps the place of an unchanged event that is not at the target', async () => {
    const bench = new Bench();
    await finish(bench, { event: { at: 0, event: bench.event(), proven: true } });
    expect((await bench.stored())?.base).to.deep.equal({
      ...bench.target,
      start: bench.base.start,
      end: bench.base.end,
    });
  });

  it('fails if the map cannot be stored', async () => {
    const bench = new Bench();
    expect(await finish(bench, {}, bench.parts({}, storing(bench, 0)))).to.deep.equal({ error: LOST });
  });

  it('of a booking with a new id ends the task of the old one', async () => {
    const bench = new Bench();
    await bench.clock.advance(MINUTE + HOUR);
    const done = await finish(
      bench,
      {},
      bench.parts({}, { calendars: { patchEvent: async () => Ok(bench.event()) } }),
      '700999',
    );
    expect(done).to.deep.nested.include({ 'ok.next': null, 'ok.wrote': true });
    expect(await bench.stored()).to.include({ supersededBy: '700999' });
  });
});
