import { expect } from 'chai';
import {
  Err,
  HOUR,
  Ok,
  type Booking,
  type BookingEventMap,
  type CalendarEvent,
  type Result,
  type SyncError,
} from '@loft/sync-core';
import { NO_MARKS, type EventPatch } from '#src/domain/calendar-event.js';
import { transferToNewId } from '#src/engine/act/id-change.js';
import { beginChange, hasRoute, mapOf, markCanceled, placeOf } from '#src/engine/act/map-writer.js';
import { forgetCandidate, unreadCopyOf } from '#src/engine/act/copies-of-event.js';
import { reschedule } from '#src/engine/act/booking-executor.js';
import { rescheduleIsOff } from '#src/rules/rebook-terms.js';
import {
  aBooking,
  aMap,
  anEvent,
  bookingSeen,
  bookingUnknownToSystem,
  END,
  EVENT_ID,
  FOREIGN_UNIT,
  ID,
  START,
} from '../rules/situations.js';
import { ActBench, failure, plain, type Answers } from './act-bench.js';
import { BAY1, BAY2, type Overrides } from './world.js';

const NEW_ID = '700200';
const FAILS = failure('google', 'transient');
const STORE_FAILS = failure('store', 'transient');
const INTENT = {
  kind: 'reschedule',
  start: START,
  end: END,
  bay: '1',
  since: 5,
  triedAt: 6,
  successor: null,
} as const;

describe('the transfer of an event to the new id of its booking', () => {
  interface Given {
    readonly from?: Partial<BookingEventMap>;
    /** The map that the new id has already. */
    readonly found?: Partial<BookingEventMap>;
    readonly seen?: CalendarEvent | null;
    /** The answer to the write of the marks. */
    readonly stamped?: CalendarEvent | SyncError;
    readonly answers?: Answers;
    readonly etag?: string;
    readonly settings?: Overrides;
  }

  async function transferred({
    from = {},
    found,
    seen = null,
    stamped = anEvent({ etag: '"9"', updatedAt: 9 }),
    answers = {},
    etag = '"1"',
    settings = {},
  }: Given) {
    const bench = new ActBench();
    const stamps: unknown[] = [];
    const removed: unknown[] = [];
    const puts: (readonly [string, string, string | null])[] = [];
    const parts = bench.parts(settings, {
      ...answers,
      store: {
        putMap: async (map) => {
          puts.push([map.uscheduleAppointmentId, map.status, map.intent?.successor ?? null]);
          return bench.store.putMap(map);
        },
        ...answers.store,
      },
      calendars: {
        patchEvent: async (calendarId, eventId, { appointmentId, bay }) => {
          stamps.push({ calendarId, eventId, appointmentId, bay });
          return 'eventId' in stamped ? Ok(stamped) : Err(stamped);
        },
        getEvent: async () => Ok(anEvent({ etag: etag || '"1"' })),
        deleteEvent: async (calendarId, eventId, ifMatch) => {
          removed.push({ calendarId, eventId, ifMatch });
          return Ok.EMPTY;
        },
        ...answers.calendars,
      },
    });
    const old = (await bench.store.putMap(aMap({ intent: INTENT, version: 0, fence: 0, ...from }))).unwrap();
    if (found) await bench.store.putMap(aMap({ uscheduleAppointmentId: NEW_ID, version: 0, fence: 0, ...found }));
    const base = { ...aMap().base, bay: found?.base?.bay ?? '1' };
    const moved = aMap({ base, etag, bookingWrittenAt: 77, intent: null });
    const result = plain(await transferToNewId({ from: old, to: NEW_ID, moved, seen }, bench.task(ID), parts));
    const map = async (id: string): Promise<BookingEventMap | null> => (await bench.store.getMap(id)).unwrap();
    return { result, stamps, removed, puts, old: await map(ID), current: await map(NEW_ID) };
  }

  it('stores the new id first, then its map with the marks of the event, then the old map as superseded', async () => {
    const { result, stamps, puts, old, current, removed } = await transferred({});
    expect(puts).to.deep.equal([
      [ID, 'ACTIVE', NEW_ID],
      [NEW_ID, 'ACTIVE', null],
      [NEW_ID, 'ACTIVE', null],
      [ID, 'CANCELED', null],
    ]);
    expect(stamps).to.deep.equal([{ calendarId: BAY1.calendarId, eventId: EVENT_ID, appointmentId: NEW_ID, bay: '1' }]);
    expect(current).to.include({ googleEventId: EVENT_ID, etag: '"9"', eventUpdatedAt: 9, status: 'ACTIVE' });
    expect(old).to.include({ status: 'CANCELED', supersededBy: NEW_ID, intent: null, bookingWrittenAt: 77 });
    expect(result).to.have.nested.property('ok.supersededBy', NEW_ID);
    expect(removed).to.deep.equal([]);
  });

  it('does not store the new id again, or without an intent', async () => {
    const repeated = await transferred({ from: { intent: { ...INTENT, successor: NEW_ID } } });
    expect(repeated.puts.map(([id]) => id)).to.deep.equal([NEW_ID, NEW_ID, ID]);
    const without = await transferred({ from: { intent: null } });
    expect(without.puts.map(([id]) => id)).to.deep.equal([NEW_ID, NEW_ID, ID]);
    const other = await transferred({ from: { intent: { ...INTENT, successor: '9' } } });
    expect(other.puts[0]).to.deep.equal([ID, 'ACTIVE', NEW_ID]);
  });

  it('keeps an edit that the answer to the write shows: the etag of the map stays the old one', async () => {
    for (const change of [{ start: START + 1 }, { end: END + 1 }]) {
      const { current, old } = await transferred({ stamped: anEvent({ etag: '"9"', ...change }) });
      expect(current).to.include({ etag: '"1"' });
      expect(old).to.include({ status: 'CANCELED' });
    }
  });

  it('shows the booking again if another installation has marked the event as cancelled with the old id', async () => {
    const patches: EventPatch[] = [];
    const canceled = anEvent({ etag: '"9"', title: 'CANCELED: Ana R.', free: true });
    const answersTo = (second: Result<CalendarEvent, SyncError>): Answers => ({
      calendars: {
        patchEvent: async (_calendarId, _eventId, patch) => {
          patches.push(patch);
          return patches.length === 1 ? Ok(canceled) : second;
        },
      },
    });
    const shown = await transferred({ answers: answersTo(Ok(anEvent({ etag: '"10"', updatedAt: 10 }))) });
    expect(patches[1]).to.include({ appointmentId: NEW_ID, title: 'Ana R.', free: false });
    expect(patches[1]).not.to.have.any.keys('start', 'end');
    expect(shown.current).to.include({ etag: '"10"', status: 'ACTIVE' });
    patches.length = 0;
    const failed = await transferred({ answers: answersTo(Err(FAILS)) });
    expect(failed.result).to.deep.equal({ error: FAILS });
    expect(failed.current?.flags).to.deep.equal({ unmarked: true });
  });

  it('is complete if the event was deleted meanwhile, and fails with the calendar', async () => {
    for (const kind of ['gone', 'not-found'] as const) {
      const { result, current } = await transferred({ stamped: failure('google', kind) });
      expect(result).to.have.property('ok');
      expect(current).to.include({ etag: '"1"' });
      // Another installation may have removed it as the event of the old id.
      expect(current?.flags).to.deep.equal({ unmarked: true });
    }
    const { result, old } = await transferred({ stamped: FAILS });
    expect(result).to.deep.equal({ error: FAILS });
    expect(old).to.include({ status: 'ACTIVE' });
  });

  it('is complete, too, if the calendar refuses the write to an event that is deleted by then, or in another calendar', async () => {
    for (const kind of ['forbidden', 'invalid'] as const) {
      for (const read of [Ok(anEvent({ state: 'gone' })), Err(failure('google', 'not-found'))]) {
        const answers: Answers = { calendars: { getEvent: async () => read } };
        const { result, current, old } = await transferred({ stamped: failure('google', kind), answers });
        expect(result).to.have.property('ok');
        expect(current?.flags).to.deep.equal({ unmarked: true });
        expect(old).to.include({ status: 'CANCELED', supersededBy: NEW_ID });
      }
      const answers: Answers = { calendars: { getEvent: async () => Err(FAILS) } };
      const { result } = await transferred({ stamped: failure('google', kind), answers });
      expect(result).to.have.nested.property('error.kind', kind);
    }
  });

  it('stores that the event lacks the marks of the new id until they are written', async () => {
    const ofEvent = { ...failure('google', 'forbidden'), scope: 'event' as const };
    for (const stamped of [failure('google', 'invalid'), ofEvent, failure('google', 'conflict'), FAILS]) {
      const { result, current, old } = await transferred({ stamped, from: { flags: { ownTitle: true } } });
      expect(result).to.deep.equal({ error: stamped });
      expect(current?.flags).to.include({ unmarked: true });
      expect(old).to.include({ status: 'ACTIVE' });
    }
    const { current } = await transferred({ found: { flags: { unmarked: true, ownTitle: true } } });
    expect(current?.flags).to.deep.equal({ ownTitle: true });
    const edited = await transferred({ stamped: anEvent({ start: START + 1 }) });
    expect(edited.current?.flags?.unmarked).to.equal(undefined);
  });

  it('continues an earlier attempt that has stored the map of the new id', async () => {
    const { stamps, current } = await transferred({ found: { flags: { unmarked: true } } });
    expect(stamps).to.have.length(1);
    expect(current).to.include({ etag: '"9"' });
  });

  it('does not write the marks again after the task of the new id has seen them: both tasks would refuse each other’s map', async () => {
    const { stamps, puts, old, current } = await transferred({ found: { flags: { ownTitle: true } } });
    expect(stamps).to.deep.equal([]);
    expect(puts.map(([id]) => id)).to.deep.equal([ID, ID]);
    expect(current).to.include({ etag: '"1"', version: 1 });
    expect(old).to.include({ status: 'CANCELED', supersededBy: NEW_ID });
  });

  it('changes nothing of a new booking that has changed since an earlier attempt', async () => {
    const flags = { unmarked: true as const };
    const changed = [{ status: 'CANCELED' as const }, { intent: { ...INTENT, kind: 'write-event' as const } }];
    for (const found of [...changed, ...changed.map((change) => ({ ...change, flags }))]) {
      const { stamps, old, removed } = await transferred({ found });
      expect([stamps, removed]).to.deep.equal([[], []]);
      expect(old).to.include({ status: 'CANCELED', supersededBy: NEW_ID });
    }
  });

  it('deletes the event if the new id has another one, by the etag that was seen or stored', async () => {
    const found = { googleEventId: 'loft700200' };
    const at = (ifMatch: string | null) => [{ calendarId: BAY1.calendarId, eventId: EVENT_ID, ifMatch }];
    const stored = await transferred({ found });
    expect(stored.removed).to.deep.equal(at('"1"'));
    expect(stored.stamps).to.deep.equal([]);
    expect(stored.current).to.include({ googleEventId: 'loft700200' });
    const seen = await transferred({ found, seen: anEvent({ etag: '"1"' }), etag: '"1"' });
    expect(seen.removed).to.deep.equal(at('"1"'));
    const other = await transferred({ found, seen: anEvent({ eventId: 'copy1', etag: '"5"' }) });
    expect(other.removed).to.deep.equal(at('"1"'));
  });

  it('marks the event as cancelled if the new id has another one, also with the marks of the new id', async () => {
    const found = { googleEventId: 'loft700200' };
    const settings = { google: { cancel: 'mark' } } as const;
    const stamped = anEvent({ marks: { ...anEvent().marks, appointmentId: NEW_ID } });
    const answers = { calendars: { getEvent: async () => Ok(stamped) } };
    const done = await transferred({ found, settings, answers, seen: stamped });
    expect(done.stamps).to.deep.equal([
      { calendarId: BAY1.calendarId, eventId: EVENT_ID, appointmentId: NEW_ID, bay: '1' },
    ]);
    expect(done.old).to.include({ status: 'CANCELED', supersededBy: NEW_ID });
  });

  it('fails with the store at each step, and the old map keeps its intent', async () => {
    const reads = await transferred({ answers: { store: { getMap: async () => Err(STORE_FAILS) } } });
    expect(reads.result).to.deep.equal({ error: STORE_FAILS });
    for (const step of [0, 1, 2, 3]) {
      let puts = 0;
      const bench = new ActBench();
      const putMap = async (map: BookingEventMap) => (puts++ === step ? Err(STORE_FAILS) : bench.store.putMap(map));
      const parts = bench.parts(
        {},
        { store: { putMap }, calendars: { patchEvent: async () => Ok(anEvent({ etag: '"9"' })) } },
      );
      const from = (await bench.store.putMap(aMap({ intent: INTENT, version: 0, fence: 0 }))).unwrap();
      const result = await transferToNewId({ from, to: NEW_ID, moved: aMap(), seen: null }, bench.task(ID), parts);
      expect(plain(result), `${step}`).to.deep.equal({ error: STORE_FAILS });
      expect((await bench.store.getMap(ID)).unwrap()?.intent).not.to.equal(null);
    }
  });
});

describe('the reschedule of a booking', () => {
  async function rescheduled(
    uschedule: Overrides['uschedule'] & object,
    booking: Partial<Booking> = {},
    start?: number,
  ) {
    const bench = new ActBench();
    const calls: unknown[] = [];
    const parts = bench.parts(
      { uschedule },
      {
        bookings: {
          rescheduleBooking: async (id, slot) => {
            calls.push(['reschedule', id, slot]);
            return Ok(id);
          },
          book: async (request) => {
            calls.push(['book', request]);
            return Ok(NEW_ID);
          },
        },
      },
    );
    const now = bench.clock.now();
    const base = { start: start ?? now + 48 * HOUR, end: now + 50 * HOUR, bay: '2', title: '', description: '' };
    const whole = aBooking({ start: now + 48 * HOUR, ...booking });
    const result = plain(await reschedule({ map: aMap(), bay: BAY2, base, booking: whole }, parts));
    return { result, calls, now, slot: { resourceUnitId: BAY2.resourceUnitId, start: base.start, end: base.end } };
  }

  it('is one call where the booking system offers it', async () => {
    const { result, calls, slot } = await rescheduled({ reschedule: 'method' });
    expect([result, calls]).to.deep.equal([{ ok: ID }, [['reschedule', ID, slot]]]);
  });

  it('is a new booking otherwise, with the marker, the customer and the terms of the old one', async () => {
    const { result, calls, slot } = await rescheduled({ reschedule: 'rebook' }, { terms: { groupSize: 3 } });
    const request = { ...slot, customerId: '90001', notes: `[loft:${ID}] Two players`, terms: { groupSize: 3 } };
    expect([result, calls]).to.deep.equal([{ ok: NEW_ID }, [['book', request]]]);
    const without = await rescheduled({ reschedule: 'rebook' });
    expect(without.calls[0]).not.to.have.nested.property('1.terms');
  });

  it('is refused within the cancellation window, of the old start or the new one', async () => {
    const uschedule = { reschedule: 'rebook', cancellationHours: 24 } as const;
    const message = 'within 24 hours of its start a booking cannot be cancelled, so it cannot be rebooked';
    const refused = { error: { kind: 'refused', system: 'uschedule', method: 'reschedule', message } };
    const { now } = await rescheduled(uschedule);
    const at = async (oldStart: number, newStart: number) => rescheduled(uschedule, { start: oldStart }, newStart);
    const soon = now + 24 * HOUR - 1;
    expect((await at(soon, now + 48 * HOUR)).result).to.deep.equal(refused);
    expect((await at(now + 48 * HOUR, soon)).result).to.deep.equal(refused);
    expect((await at(soon, now + 48 * HOUR)).calls).to.deep.equal([]);
    expect((await at(now + 24 * HOUR, now + 24 * HOUR)).result).to.deep.equal({ ok: NEW_ID });
  });

  it('of a booking that is paid with a credit needs a setting', async () => {
    const terms = { prepaid: { creditId: '1', paymentType: null } };
    const { result, calls } = await rescheduled({ reschedule: 'rebook' }, { terms });
    expect(result).to.deep.equal({
      error: {
        kind: 'refused',
        system: 'uschedule',
        method: 'reschedule',
        message: 'the booking is paid with a prepaid credit, and such bookings are not rebooked (uschedule.rebookPaid)',
      },
    });
    expect(calls).to.deep.equal([]);
    expect((await rescheduled({ reschedule: 'rebook', rebookPaid: true }, { terms })).result).to.have.property('ok');
    expect((await rescheduled({ reschedule: 'rebook' }, { terms: { prepaid: null } })).result).to.have.property('ok');
  });

  it('is refused where the engine makes none', async () => {
    const off = rescheduleIsOff('uschedule');
    expect(off).to.deep.equal({
      kind: 'refused',
      system: 'uschedule',
      method: 'reschedule',
      message: 'bookings are not rescheduled from the calendar here (uschedule.reschedule is "off")',
    });
    const bench = new ActBench();
    const parts = bench.parts();
    const bookings = new Proxy(parts.bookings, {
      get: (target, name) => (name === 'rescheduleBooking' ? undefined : Reflect.get(target, name)),
    });
    const base = { start: 1, end: 2, bay: '2', title: '', description: '' };
    const request = { map: aMap(), bay: BAY2, base, booking: aBooking() };
    expect(plain(await reschedule(request, { ...parts, bookings }))).to.deep.equal({ error: off });
  });
});

describe('the map of a change', () => {
  it('has the time of the first attempt of the same kind, and a fresh write id unless the booking moves', async () => {
    const bench = new ActBench();
    const parts = bench.parts();
    const base = { ...aMap().base, bay: '1' };
    const begin = async (kind: 'reschedule' | 'write-event', earlier: BookingEventMap['intent'] = null) => {
      const id = `${Math.floor(bench.clock.now())}${kind}${earlier?.kind ?? ''}`;
      const map = aMap({ uscheduleAppointmentId: id, version: 0, intent: earlier });
      return (await beginChange(kind, map, base, bench.task(id), parts)).unwrap().intent;
    };
    const now = bench.clock.now();
    const moved = { kind: 'reschedule', start: START, end: END, bay: '1', since: now, triedAt: now, successor: null };
    expect(await begin('reschedule')).to.deep.equal(moved);
    expect(await begin('reschedule', INTENT)).to.deep.equal({ ...moved, since: INTENT.since });
    const written = await begin('write-event', INTENT);
    expect(written).to.include({ kind: 'write-event', since: now });
    expect(written?.write).to.match(/^w0-/);
  });

  it('keeps the time of our last write to the booking, and its version', () => {
    const written = { event: anEvent(), base: { ...aMap().base, bay: '1' } };
    expect(mapOf(ID, aMap({ bookingWrittenAt: 5, version: 8 }), written, 'GCAL')).to.include({
      bookingWrittenAt: 5,
      version: 8,
      lastSource: 'GCAL',
      status: 'ACTIVE',
    });
    expect(mapOf(ID, null, written, 'GCAL')).to.include({ bookingWrittenAt: null, version: 0 });
    expect(mapOf(ID, null, { ...written, event: anEvent({ title: 'Party' }) }, 'GCAL')).to.have.deep.property('flags', {
      ownTitle: true,
    });
  });

  it('of a canceled event has its version as left, or as stored', () => {
    const map = aMap({ intent: INTENT });
    const left = anEvent({ etag: '"7"', updatedAt: 7 });
    expect(markCanceled(map, 'GCAL', left)).to.include({
      etag: '"7"',
      eventUpdatedAt: 7,
      status: 'CANCELED',
      intent: null,
    });
    expect(markCanceled(map, 'GCAL', null)).to.include({ etag: '"1"', eventUpdatedAt: map.eventUpdatedAt });
    expect(markCanceled(map, 'GCAL', { ...left, updatedAt: null })).to.include({ eventUpdatedAt: map.eventUpdatedAt });
  });

  it('says that the event has no marks if the calendar has not kept them, and whose texts it shows', () => {
    const base = { ...aMap().base, bay: '1' };
    const flagsAfter = (event: CalendarEvent) => mapOf(ID, null, { event, base }, 'USCHEDULE').flags;
    expect(flagsAfter(anEvent())).to.equal(undefined);
    expect(flagsAfter(anEvent({ marks: NO_MARKS }))).to.include({ unmarked: true });
    expect(flagsAfter(anEvent({ marks: NO_MARKS, state: 'gone' }))?.unmarked).to.equal(undefined);
    expect(mapOf(ID, null, { event: anEvent(), base }, 'USCHEDULE')).to.not.have.property('flags');
  });

  it('has a place, and a booking has a route unless it is live at a unit without a bay', () => {
    expect(placeOf(aMap())).to.deep.equal({ start: START, end: END, bay: '1' });
    expect(placeOf(aMap({ base: { ...aMap().base, bay: null } }))).to.have.property('bay', '');
    const parts = new ActBench().parts();
    expect(hasRoute(undefined, parts)).to.equal(true);
    expect(hasRoute(bookingUnknownToSystem(), parts)).to.equal(true);
    expect(hasRoute(bookingSeen(), parts)).to.equal(true);
    expect(hasRoute(bookingSeen({ resourceUnitId: FOREIGN_UNIT }), parts)).to.equal(false);
    expect(hasRoute(bookingSeen({ resourceUnitId: FOREIGN_UNIT, status: 'dead' }), parts)).to.equal(true);
  });
});

describe('the record of a copy', () => {
  it('of an unreadable mirror has the content of its map', () => {
    const ref = { calendarId: 'elsewhere', eventId: EVENT_ID };
    expect(unreadCopyOf(ref, ID, aMap().base, 7)).to.deep.equal({
      kind: 'copy',
      id: `elsewhere ${EVENT_ID}`,
      appointmentId: ID,
      at: 7,
      ...ref,
      start: START,
      end: END,
      title: 'Ana R.',
      description: 'Two players',
      creatorEmail: null,
      createdAt: null,
    });
  });

  it('is removed when the copy has become the mirror, unless its id is derived', async () => {
    const bench = new ActBench();
    const records = ['copy1', EVENT_ID].map((eventId) =>
      unreadCopyOf({ calendarId: 'elsewhere', eventId }, ID, aMap().base, 7),
    );
    await bench.store.putEventRecords(records);
    const kept = async (): Promise<number> => (await bench.store.listEventRecords({ kind: 'copy' })).unwrap().length;
    await forgetCandidate({ calendarId: 'elsewhere', eventId: EVENT_ID }, ID, bench.store);
    expect(await kept()).to.equal(2);
    await forgetCandidate({ calendarId: 'elsewhere', eventId: 'copy1' }, ID, bench.store);
    expect(await kept()).to.equal(1);
  });
});
