import { expect } from 'chai';
import { ServiceOnSimulators } from './support/service-on-simulators.js';
import { waitFor } from './support/wait-for.js';

const DAYS = 50;
const HOURS_A_DAY = 10;
const UNITS = [5523, 5524];
/** Calls of `getavailability` in one poll, at most. */
const CALLS_PER_POLL = 24;
const POLLS = 6;
/** A busy machine needs some time for a thousand events. */
const PATIENCE_MS = 400_000;

const READING = /^(get|list|find|count|next|ping)/;

describe('a thousand live bookings without a change', function () {
  this.timeout(2 * PATIENCE_MS);
  let studio: ServiceOnSimulators;
  afterEach(() => studio.close());

  it('cost one list call per poll, a bounded number of availability calls, and nothing else', async () => {
    studio = await ServiceOnSimulators.openBlind({ uschedule: { pollSeconds: 0.5 } });
    for (let day = 2; day < 2 + DAYS; day++) {
      for (let hour = 0; hour < HOURS_A_DAY; hour++) {
        for (const unit of UNITS) studio.book(studio.hoursTo(day, 8 + hour), `Customer ${day}`, unit);
      }
    }
    await studio.start();
    await waitFor('the thousand events', () => studio.googleWrites >= 1000, PATIENCE_MS);
    await waitFor('no task to be left', async () => (await studio.tasks()) === 0, PATIENCE_MS);
    // A poll that was running when the last event was created has ended two polls later; its tasks must be done too.
    await studio.morePolls(2);
    await waitFor('no task to be left of that poll', async () => (await studio.tasks()) === 0, PATIENCE_MS);

    const since = studio.events.length;
    const calls = studio.uschedule.calls.length;
    const googleCalls = studio.google.calls.length;
    const files = await studio.storeFiles();
    await studio.morePolls(POLLS);
    const asked = studio.uschedule.calls.slice(calls).map(({ method }) => method);
    const lists = asked.filter((method) => method === 'getapiappointments').length;
    const availability = asked.filter((method) => method === 'getavailability').length;
    expect(lists).to.be.within(POLLS, POLLS + 1);
    expect(availability).to.be.within(CALLS_PER_POLL * (POLLS - 1), CALLS_PER_POLL * lists);
    expect(asked).to.have.length(lists + availability);
    expect(studio.google.calls.slice(googleCalls)).to.deep.equal([]);
    expect(studio.portCalls('google', since)).to.deep.equal([]);
    expect(studio.portCalls('store', since).filter((method) => !READING.test(method))).to.deep.equal([]);
    expect(await studio.storeFiles()).to.deep.equal(files);
    expect(studio.calendarEvents).to.have.length(1000);

    const unitDays = studio.uschedule.calls.filter(({ method }) => method === 'getavailability');
    const different = new Set(unitDays.map(({ body }) => JSON.stringify(body)));
    expect(different.size, 'unit-days that had their turn').to.equal(DAYS * UNITS.length);
  });
});
