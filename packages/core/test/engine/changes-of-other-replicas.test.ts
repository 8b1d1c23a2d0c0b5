import { expect } from 'chai';
import { HOUR, MINUTE, SECOND, type Instant } from '@loft/sync-core';
import { Replicas, type TestReplica } from './replicas.js';

/** Longer than an equal change is suppressed, plus a poll. */
const LONG_ENOUGH = 7 * MINUTE;

describe('a change that one replica observed and another one processed', () => {
  let replicas: Replicas;
  let one: TestReplica;
  let two: TestReplica;
  let id: string;

  beforeEach(async () => {
    replicas = new Replicas();
    [one, two] = (await replicas.start(2)) as [TestReplica, TestReplica];
    id = replicas.book(1, 30);
    await replicas.ask(one.engine.hint(id));
    await replicas.pass(5 * SECOND);
    expect(replicas.events()).to.have.length(1);
  });
  afterEach(() => replicas.stop());

  const start = (): Instant => replicas.bookings.user.booking(id)!.start;
  const drag = (by: number): Instant => {
    const [event] = replicas.events();
    const to = start() + by;
    replicas.calendars.person.dragEvent(event!.calendarId, event!.eventId, { start: to });
    return to;
  };

  it('is not used for the next edit, which only the other replica observed', async () => {
    const first = drag(HOUR);
    one.pauseIn('addTasks');
    replicas.notifyTo(one);
    await replicas.pass(5 * SECOND);
    expect(start(), 'two has followed what one has seen').to.equal(first);
    one.resume();
    await replicas.pass(5 * SECOND);

    const second = drag(2 * HOUR);
    two.pauseIn('addTasks');
    replicas.notifyTo(two);
    await replicas.pass(5 * SECOND);
    expect(start()).to.equal(second);
    two.resume();
  });

  it('is not reverted by an earlier list of a replica, although the clock of the other one is some seconds ahead', async () => {
    two.clock.setSkew(8 * SECOND);
    one.callMs = 10 * SECOND;
    void one.engine.syncNow();
    await replicas.pass(6 * SECOND);
    one.callMs = 20;
    const away = start() + 3 * HOUR;
    replicas.bookings.user.move(id, { start: away });
    await replicas.ask(two.engine.hint(id));
    expect(replicas.events()[0]!.start).to.equal(away);
    await replicas.pass(10 * SECOND);
    expect(one.called('listBookings')).to.be.greaterThan(0);
    expect(one.called('patchEvent')).to.equal(0);
    expect(replicas.events()[0]!.start).to.equal(away);
  });

  it('does not suppress a later equal change permanently', async () => {
    const away = start() + 3 * HOUR;
    replicas.bookings.user.move(id, { start: away });
    one.pauseIn('addTasks');
    void one.engine.syncNow();
    await replicas.pass(5 * SECOND);
    expect(replicas.events()[0]!.start, 'two has shown what one has seen').to.equal(away);
    one.resume();
    await replicas.pass(5 * SECOND);

    replicas.bookings.user.move(id, { start: away + HOUR });
    await replicas.ask(two.engine.hint(id));
    await replicas.pass(5 * SECOND);
    expect(replicas.events()[0]!.start).to.equal(away + HOUR);
    two.kill();
    replicas.bookings.user.move(id, { start: away });
    await replicas.pass(LONG_ENOUGH);
    expect(replicas.events()[0]!.start).to.equal(away);
  });
});
