import { expect } from 'chai';
import { SimulatedStudio } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

describe('loft-sync explain', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  before(async () => {
    studio = await SimulatedStudio.open();
    await studio.serve();
  });
  after(() => studio.close());

  const run = async (...command: string[]): Promise<{ code: number | null; out: string; err: string }> => {
    const process = studio.run(command, { LOFT_SYNC_URL: studio.url });
    const { code } = await process.end();
    return { code, out: process.stdout, err: process.stderr };
  };

  it('describes what was done to an appointment and why, also as JSON', async () => {
    const id = studio.book(30);
    await waitFor('the event', () => studio.eventOf(id) !== null);
    await waitFor('the journal', async () => (await studio.admin(`/admin/appointments/${id}/journal`)).includes('→'));
    const { code, out } = await run('explain', id);
    expect(code).to.equal(0);
    expect(out).to.contain(`Appointment ${id}. Both sides last agreed on `);
    expect(out).to.match(/^ {2}\d\d:\d\d:\d\d {2}booked in USchedule .* → event created {2}\[new-booking\]$/m);
    const json = JSON.parse((await run('explain', id, '--json')).out) as Record<string, unknown>;
    expect(json).to.include({ appointmentId: id, state: 'in-step' });
  });

  it('fails for an unknown id', async () => {
    const { code, err } = await run('explain', '1');
    expect(code).to.equal(1);
    expect(err).to.equal(
      'Appointment 1 is unknown: it was never read, or its records have expired. loft-sync find <name> finds an appointment by the customer.\n',
    );
  });
});
