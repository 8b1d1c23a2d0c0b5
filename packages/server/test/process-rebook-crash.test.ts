import { expect } from 'chai';
import { HOUR } from '@loft/sync-core';
import type { StatusTrust } from '@loft/sync-core/adapters';
import { SimulatedStudio, QUICK } from './support/simulated-studio.js';
import { waitFor } from './support/wait-for.js';

interface Crash {
  readonly title: string;
  readonly mode: 'rebook' | 'method';
  /** The service is killed during this call … */
  readonly method: 'bookit' | 'cancelappointment' | 'rescheduleappointment';
  /** … before or after the call takes effect. */
  readonly performed: boolean;
  /** The name of the deployment's parameter for the id of a cancelled booking. */
  readonly cancelKey?: 'Id' | 'AppointmentID';
}

const CRASHES: readonly Crash[] = [
  { title: 'after bookit, before cancelappointment', mode: 'rebook', method: 'cancelappointment', performed: false },
  {
    title: 'after bookit, before cancelappointment, which goes by AppointmentID and answers in text',
    mode: 'rebook',
    method: 'cancelappointment',
    performed: false,
    cancelKey: 'AppointmentID',
  },
  { title: 'after cancelappointment, before its answer', mode: 'rebook', method: 'cancelappointment', performed: true },
  { title: 'after bookit, before its answer', mode: 'rebook', method: 'bookit', performed: true },
  {
    title: 'after rescheduleappointment, before its answer',
    mode: 'method',
    method: 'rescheduleappointment',
    performed: true,
  },
];

/**
 * The event is dragged, the process is killed at the worst moment, and
 * started again.
 */
describe('the service, killed while it carries an edit to USchedule', function () {
  this.timeout(300_000);
  let studio: SimulatedStudio;
  afterEach(() => studio.close());

  for (const status of ['trusted', 'blind'] satisfies readonly StatusTrust[]) {
    for (const { title, mode, method, performed, cancelKey = 'Id' } of CRASHES) {
      it(`${title} and restarted, leaves one booking and one event that agree (${status})`, async () => {
        let ago = HOUR;
        studio = await SimulatedStudio.open({
          settings: { ...QUICK, uschedule: { ...QUICK.uschedule, status, reschedule: mode } },
          uschedule: {
            status,
            cancelKey,
            textAnswers: cancelKey !== 'Id',
            reschedule: 'new-id',
            now: () => Date.now() - ago,
          },
        });
        const { uschedule, google, bays } = studio;
        const id = studio.book(50);
        ago = 0;
        const first = await studio.serve();
        await waitFor('the event', () => studio.eventOf(id) !== null);
        const calendarId = bays[0]?.calendarId ?? '';
        const eventId = studio.eventOf(id)?.id ?? '';
        const start = studio.hour(60);

        if (performed) uschedule.keepAnswers(method);
        else uschedule.hang(method);
        google.person.dragEvent(calendarId, eventId, { start });
        const reached = (): boolean =>
          uschedule.calls.some((call) => call.method === method && call.performed === performed);
        await waitFor(`${method} to be called`, reached);
        expect((await first.stop('SIGKILL')).signal).to.equal('SIGKILL');
        expect(uschedule.liveBookings()).to.have.length(performed && method !== 'bookit' ? 1 : 2);

        await studio.serve();
        await waitFor('one booking to be left', () => uschedule.liveBookings().length === 1);
        await studio.settled();
        const [booking] = uschedule.liveBookings();
        expect(booking).to.include({ unit: 5523, start, customerName: 'Ana R.' });
        expect(booking?.id).not.to.equal(id);
        expect(studio.eventOf(booking?.id ?? '')?.id).to.equal(eventId);
        expect(studio.events).to.have.length(1);
        expect(uschedule.writes.map((write) => write.method)).to.deep.equal(
          mode === 'rebook' ? ['bookit', 'cancelappointment'] : ['rescheduleappointment'],
        );
      });
    }
  }
});
