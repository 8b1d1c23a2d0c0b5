import { expect } from 'chai';
import { ServiceOnSimulators, type ServiceOptions } from './support/service-on-simulators.js';

describe('the service in the direction to-google', function () {
  this.timeout(300_000);
  let studio: ServiceOnSimulators;
  afterEach(() => studio.close());

  async function open(options: ServiceOptions): Promise<void> {
    studio = await ServiceOnSimulators.open({ google: { deleteGraceSeconds: 0 }, ...options });
    await studio.start();
  }

  function decided(reason: string): number {
    return studio.events.filter((event) => event.type === 'decision' && event.reason === reason).length;
  }

  it('reverts moved and deleted events, writes to no booking, and does not carry these edits later', async () => {
    await open({ rules: { direction: 'to-google' } });
    const [moved, deleted] = [studio.book(50), studio.book(52, 'Ben S.', 5524)];
    await studio.settle(2);
    studio.dragEvent(moved, studio.hour(60));
    studio.deleteEvent(deleted);
    await studio.settle(3);
    expect(studio.startOf(moved)).to.equal(studio.hour(50));
    expect(studio.startOf(deleted)).to.equal(studio.hour(52));
    expect(decided('one-way')).to.be.at.least(2);
    studio.change({ rules: { direction: 'both' } });
    await studio.restart();
    await studio.settle(3);
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect(studio.startOf(moved)).to.equal(studio.hour(50));
    expect(studio.startOf(deleted)).to.equal(studio.hour(52));
    studio.dragEvent(moved, studio.hour(70));
    await studio.settle(3);
    expect(studio.uschedule.booking(moved)?.start).to.equal(studio.hour(70));
  });

  it('applies to one bay alone if only that bay sets it', async () => {
    await open({ directions: ['to-google', undefined] });
    const [here, there] = [studio.book(50), studio.book(52, 'Ben S.', 5524)];
    await studio.settle(2);
    studio.dragEvent(here, studio.hour(60));
    studio.dragEvent(there, studio.hour(62));
    await studio.settle(3);
    expect(studio.startOf(here)).to.equal(studio.hour(50));
    expect(studio.uschedule.booking(here)?.start).to.equal(studio.hour(50));
    expect(studio.uschedule.booking(there)?.start).to.equal(studio.hour(62));
  });

  it('names the customer’s id and the details of a booking in /admin/bookings', async () => {
    await open({ simulator: { recordById: 'fuller' } });
    const id = studio.book(50);
    await studio.settle(2);
    const answer = await (await studio.admin('GET', '/admin/bookings')).json();
    const [item] = (answer as { items: Readonly<Record<string, unknown>>[] }).items;
    expect(item?.['uscheduleAppointmentId']).to.equal(id);
    expect(item?.['customerId']).to.be.a('string').and.not.equal('');
    expect(item?.['details']).to.include({ customerId: item?.['customerId'] });
  });
});
