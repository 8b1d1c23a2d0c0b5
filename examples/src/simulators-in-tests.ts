/**
 * The simulators in tests of your own, here with Node's test runner: `node --test
 * examples/dist/simulators-in-tests.js`. The tested program computes the booked hours of a day. The simulators
 * implement docs/uschedule.md and docs/google-calendar.md over real HTTP, so in a test of an outage the program gets
 * the same answers as in production.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { DAY, HOUR, Ok, type BookingSystem, type Instant, type Result, type SyncError } from '@loft/sync-core';
import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { startUScheduleSimulator, type UScheduleSimulator } from '@loft/sync-uschedule/simulator';

/** The program: the booked hours of the day that begins then. */
async function bookedHours(bookings: BookingSystem, day: Instant): Promise<Result<number, SyncError>> {
  const list = await bookings.listBookings({ from: day, to: day + DAY });
  if (list.err) return list;
  const liveBookings = list.val.bookings.filter(({ status }) => status === 'live');
  return Ok(liveBookings.reduce((hours, { start, end }) => hours + (end - start) / HOUR, 0));
}

describe('the booked hours of a day', () => {
  const day = Date.UTC(2030, 4, 8, 7);
  let uschedule: UScheduleSimulator;
  let bookings: BookingSystem;

  beforeEach(async () => {
    uschedule = await startUScheduleSimulator({ timeZone: 'America/Phoenix' });
    const { username, password, ...connection } = uschedule.connection;
    bookings = createUScheduleBookingSystem({ ...connection, login: { kind: 'password', username, password } });
  });
  afterEach(() => uschedule.close());

  it('are those of the live bookings', async () => {
    uschedule.book({ unit: 5523, start: day + 10 * HOUR, minutes: 90, customerName: 'Ana R.' });
    const cancelled = uschedule.book({ unit: 5524, start: day + 11 * HOUR, customerName: 'Ben K.' });
    uschedule.cancel(cancelled);
    assert.equal((await bookedHours(bookings, day)).val, 1.5);
  });

  it('are not zero because USchedule is away', async () => {
    uschedule.setOutage('bad-gateway');
    const hours = await bookedHours(bookings, day);
    assert.equal(hours.err && hours.val.kind, 'transient');
  });

  it('are counted although the login has expired meanwhile', async () => {
    await bookedHours(bookings, day);
    uschedule.invalidateAuthKeys();
    assert.equal((await bookedHours(bookings, day)).val, 0);
    assert.equal(uschedule.calls.filter(({ method }) => method === 'validateuser').length, 2);
  });
});
