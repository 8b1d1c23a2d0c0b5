import { expect } from 'chai';
import { Ok, SECOND, type BookingSystem, type CalendarSystem } from '@loft/sync-core';
import { BOOKING_PORT, CALENDAR_PORT, decoratePort, STORE_PORT, type CallDecorator } from '@loft/sync-core/adapters';
import type { CallEvent } from '@loft/sync-core/reports';
import { MemoryBookings, MemoryCalendars, VirtualClock } from '@loft/sync-core/testing';
import { Circuits } from '#src/engine/ports/circuit-breakers.js';
import { engineBookings, engineCalendars } from '#src/engine/ports/engine-ports.js';
import { DEFAULT_SETTINGS } from '#src/rules/settings.js';
import { MemoryStore } from '#src/store/memory-store.js';
import { overridden } from './overridden.js';

describe('a decorated port', () => {
  const clock = new VirtualClock();
  const bookings = new MemoryBookings({ clock });

  it('passes each call through its decorators in order, with its effect and its target', async () => {
    const seen: unknown[] = [];
    const noting =
      (name: string): CallDecorator =>
      (call, send) => {
        seen.push([name, call.system, call.method, call.effect, call.target]);
        return send();
      };
    const port = decoratePort<BookingSystem>(bookings, BOOKING_PORT, noting('outer'), noting('inner'));
    await port.cancelBooking('700123');
    expect(seen).to.deep.equal([
      ['outer', 'uschedule', 'cancelBooking', 'write', { appointmentId: '700123' }],
      ['inner', 'uschedule', 'cancelBooking', 'write', { appointmentId: '700123' }],
    ]);
  });

  it('returns the result of a decorator that does not send the call', async () => {
    const port = decoratePort<BookingSystem>(bookings, BOOKING_PORT, async () => Ok('from the decorator'));
    expect((await port.getBooking('1')).unwrap()).to.equal('from the decorator');
  });

  it('leaves members that are not methods unchanged', async () => {
    const store = decoratePort(new MemoryStore({ shared: true }), STORE_PORT, async () => Ok('never'));
    expect(store.supports?.sharing).to.equal(true);
    expect(await store.close()).to.equal(undefined);
  });

  it('names the target calendar of a move, and the quota units of each call', () => {
    const { moveEvent, patchEvent, insertEvent } = CALENDAR_PORT.methods;
    expect(moveEvent.target('from', 'event', 'to')).to.deep.equal({
      calendarId: 'from',
      eventId: 'event',
      toCalendarId: 'to',
    });
    expect([patchEvent.quotaUnits, insertEvent.quotaUnits, moveEvent.quotaUnits]).to.deep.equal([3, 1, 1]);
  });
});

describe('an adapter that breaks its promises', () => {
  function made(): { clock: VirtualClock; events: CallEvent[]; decoration: Parameters<typeof engineBookings>[1] } {
    const clock = new VirtualClock();
    const events: CallEvent[] = [];
    const circuits = new Circuits(clock, DEFAULT_SETTINGS.retry);
    const emit = (event: CallEvent): void => void events.push(event);
    return { clock, events, decoration: { clock, emit, circuits, settlesWithinMs: 60 * SECOND } };
  }

  it('and throws causes an error of kind invalid that names port and method', async () => {
    const { clock, events, decoration } = made();
    for (const getBooking of [
      () => {
        throw new Error('boom');
      },
      () => Promise.reject(new Error('boom')),
    ]) {
      const port = engineBookings(overridden<BookingSystem>(new MemoryBookings({ clock }), { getBooking }), decoration);
      const answer = await port.getBooking('1');
      expect(answer.val).to.include({ kind: 'invalid', system: 'uschedule', method: 'getBooking' });
      expect(answer.val)
        .to.have.property('message')
        .that.matches(/uschedule\.getBooking threw Error: boom/);
    }
    expect(events.map(({ outcome }) => outcome)).to.deep.equal(['invalid', 'invalid']);
  });

  it('and never answers causes an error of kind transient after the timeout', async () => {
    const { clock, decoration } = made();
    const calendars = overridden<CalendarSystem>(new MemoryCalendars({ clock, calendars: ['bay-1'] }), {
      getEvent: () => new Promise(() => undefined),
    });
    const answer = engineCalendars(calendars, decoration).getEvent('bay-1', 'event');
    await clock.advance(60 * SECOND);
    const { val } = await answer;
    expect(val).to.include({ kind: 'transient', system: 'google', method: 'getEvent' });
    expect(val)
      .to.have.property('message')
      .that.matches(/google\.getEvent did not settle within 60000 ms/);
  });

  it('leaves no timer behind if it answers in time', async () => {
    const { clock, decoration } = made();
    await engineBookings(new MemoryBookings({ clock }), decoration).getBooking('1');
    expect(clock.pendingTimers).to.equal(0);
  });
});
