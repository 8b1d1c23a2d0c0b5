import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import { type OpenStudio, openStudio } from './helpers/open-studio.js';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A plain HTTP client of the simulator, without the adapter. */
describe('the simulator', () => {
  let studio: OpenStudio;
  let key: string;

  beforeEach(async () => {
    studio = await openStudio();
    key = await login();
  });
  afterEach(() => studio.simulator.close());

  async function call(method: string, body: object | null, headers: Record<string, string> = {}): Promise<Answer> {
    const { url, connection } = studio.simulator;
    const response = await fetch(`${url}/api/${connection.alias}/${method}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'X-US-Application-Key': connection.applicationKey, 'X-US-AuthToken': key, ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text };
  }

  async function login(): Promise<string> {
    key = 'none';
    const { username, password } = studio.simulator.connection;
    const { body } = await call('validateuser', { UserName: username, Password: password });
    return (body as { AuthKey: string }).AuthKey;
  }

  describe('checks', () => {
    it('the application key of every call', async () => {
      const wrong = { 'X-US-Application-Key': 'wrong' };
      for (const method of ['validateuser', 'impersonateuser', 'getappointment']) {
        expect((await call(method, {}, wrong)).status).to.equal(403);
      }
    });

    it('the password', async () => {
      const { username } = studio.simulator.connection;
      expect((await call('validateuser', { UserName: username, Password: '' })).status).to.equal(401);
    });

    it('the AuthKey of every method but the logins', async () => {
      const stale = { 'X-US-AuthToken': 'stale' };
      const methods = ['getapiappointments', 'getappointment', 'getavailability', 'bookit', 'cancelappointment'];
      for (const method of [...methods, 'rescheduleappointment', 'resourceunits']) {
        expect((await call(method, {}, stale)).status, method).to.equal(401);
      }
    });

    it('the address', async () => {
      expect((await call('nosuchmethod', {})).status).to.equal(404);
      expect((await call('toString', {})).status).to.equal(404);
      expect((await call('bookit', null)).status).to.equal(405);
    });

    it('the fields of a request', async () => {
      for (const [method, body] of [
        ['getapiappointments', { StartDate: '2026-05-09', EndDate: '2026-05-10' }],
        ['getavailability', { LocationID: 1, ServiceID: 11, ResourceUnitID: 1, StartDate: '2026-05-09T00:00:00' }],
        ['bookit', { LocationID: 1, ServiceID: 11, ResourceUnitID: 5523, GroupSize: 1, StartTime: 'x' }],
        ['cancelappointment', { AppointmentID: 700001 }],
        ['rescheduleappointment', { Id: 700001 }],
      ] as const) {
        expect((await call(method, body)).status, method).to.equal(400);
      }
    });
  });

  it('lists records with the fields of docs/uschedule.md#methods', async () => {
    const { simulator, clock, start } = studio;
    clock.fireNext();
    simulator.book({ unit: 5523, start, minutes: 90, customerName: 'Ana', notes: 'left-handed' });
    const { body } = await call('getapiappointments', { StartDate: '01/18/2026', EndDate: '01/18/2026' });
    expect(body).to.deep.equal([
      {
        AppointmentID: 700001,
        CustomerID: 90001,
        CustomerName: 'Ana',
        StatusID: 1,
        StartTime: '2026-01-18T10:00:00',
        EndTime: '2026-01-18T11:30:00',
        ResourceUnitID: 5523,
        ResourceName: 'Golf Simulator - Bay 1',
        Description: 'left-handed',
        CreatedDate: '2026-01-15T11:00:00',
      },
    ]);
    expect((await call('getapiappointments?StartDate=01%2F18%2F2026&EndDate=01%2F18%2F2026', null)).body).to.deep.equal(
      body,
    );
    const one = (await call('getappointment', { id: 700001 })).body;
    expect(one).to.include({ Id: 700001 }).and.not.have.property('AppointmentID');
  });

  it('reports the status of a record, or hides it', async () => {
    const { simulator, start } = studio;
    simulator.configure({ reschedule: 'new-id' });
    const live = simulator.book({ unit: 5523, start });
    const canceled = simulator.book({ unit: 5524, start });
    simulator.cancel(canceled);
    const moved = simulator.move(simulator.book({ unit: 5524, start }), { start: start + HOUR });
    const checkout = simulator.beginCheckout({ unit: 5524, start });
    const statuses = async (): Promise<unknown[]> => {
      const { body } = await call('getapiappointments', { StartDate: '01/18/2026', EndDate: '01/18/2026' });
      return (body as { AppointmentID: number; StatusID: number }[]).map((it) => [
        String(it.AppointmentID),
        it.StatusID,
      ]);
    };
    expect(await statuses()).to.deep.equal([
      [live, 1],
      [canceled, 9],
      ['700003', 10],
      [moved, 1],
      [checkout, 11],
    ]);
    simulator.configure({ status: 'blind' });
    expect((await statuses()).map((it) => (it as unknown[])[1])).to.deep.equal([0, 0, 0, 0, 0]);
  });

  describe('of a checkout', () => {
    it('holds the slot until the hold runs out, and keeps the record', async () => {
      const { simulator, start, clock } = studio;
      const id = simulator.beginCheckout({ unit: 5523, start });
      await clock.advance(5 * MINUTE - 1);
      expect(simulator.isFree({ unit: 5523, start, end: start + HOUR })).to.equal(false);
      await clock.advance(1);
      expect(simulator.isFree({ unit: 5523, start, end: start + HOUR })).to.equal(true);
      expect(simulator.booking(id)?.state).to.equal('abandoned');
      expect(() => simulator.finishCheckout(id)).to.throw('abandoned');
    });

    it('counts it as live only after its completion', () => {
      const { simulator, start } = studio;
      const id = simulator.beginCheckout({ unit: 5523, start });
      expect(simulator.liveBookings()).to.deep.equal([]);
      simulator.finishCheckout(id);
      expect(simulator.liveBookings().map((it) => it.id)).to.deep.equal([id]);
    });
  });

  it('offers nothing inside the lead time', async () => {
    const { simulator, clock } = studio;
    const starts = async (): Promise<string[]> => {
      const body = { LocationID: 1, ServiceID: 11, ResourceUnitID: 5523, ServiceLength: 60 };
      const answer = await call('getavailability', { ...body, StartDate: '2026-01-15T00:00:00' });
      return (answer.body as { StartTime: string }[]).map(({ StartTime }) => StartTime.slice(11, 16));
    };
    expect((await starts())[0]).to.equal('12:00');
    await clock.advance(1);
    expect((await starts())[0]).to.equal('12:15');
    simulator.configure({ leadMinutes: 0 });
    expect((await starts())[0]).to.equal('11:15');
  });

  it('writes times in the configured style', async () => {
    const { simulator, start } = studio;
    const id = simulator.book({ unit: 5523, start });
    const styles = { fractions: '10:00:00.000', offset: '10:00:00-07:00', utc: '17:00:00.000Z', wall: '10:00:00' };
    for (const [timeStyle, text] of Object.entries(styles)) {
      simulator.configure({ timeStyle: timeStyle as keyof typeof styles });
      const { body } = await call('getappointment', { id: Number(id) });
      expect((body as { StartTime: string }).StartTime).to.equal(`2026-01-18T${text}`);
    }
  });

  describe('logs', () => {
    it('every call with its outcome, and no password', async () => {
      const { simulator } = studio;
      await call('cancelappointment', { Id: 1 });
      expect(simulator.calls).to.deep.equal([
        {
          method: 'validateuser',
          http: 'POST',
          body: { UserName: simulator.connection.username, Password: '…' },
          at: studio.clock.now(),
          status: 200,
          performed: true,
        },
        {
          method: 'cancelappointment',
          http: 'POST',
          body: { Id: 1 },
          at: studio.clock.now(),
          status: 404,
          performed: false,
        },
      ]);
      expect(simulator.writes).to.deep.equal([]);
    });

    it('a write with a lost answer as executed, and one that hung as not executed', async () => {
      const { simulator, start } = studio;
      const id = Number(simulator.book({ unit: 5523, start }));
      simulator.loseAnswers('cancelappointment');
      const lost = await call('cancelappointment', { Id: id }).catch(() => 'lost');
      expect(lost).to.equal('lost');
      expect(simulator.writes).to.have.lengthOf(1);
      expect(simulator.writes[0]).to.include({ status: null, performed: true });
    });

    it('a write without an answer as executed', async () => {
      const { simulator, start } = studio;
      const id = simulator.book({ unit: 5523, start });
      simulator.keepAnswers('cancelappointment');
      const waiting = call('cancelappointment', { Id: Number(id) }).then(
        () => 'answered',
        () => 'cut',
      );
      while (simulator.writes.length === 0) await call('getappointment', { id: Number(id) });
      expect(simulator.booking(id)?.state).to.equal('canceled');
      expect(simulator.writes[0]).to.include({ status: null, performed: true });
      await simulator.close();
      expect(await waiting).to.equal('cut');
    });
  });

  describe('with a fault', () => {
    it('applies it the requested number of times, in order, and then stops', async () => {
      const { simulator } = studio;
      simulator.failNext('resourceunits', 2, { status: 500, body: 'a' });
      simulator.failNext('*', 1, { status: 503, body: 'b' });
      const statuses: number[] = [];
      for (let index = 0; index < 4; index++) statuses.push((await call('resourceunits', null)).status);
      expect(statuses).to.deep.equal([500, 500, 503, 200]);
    });

    it('does not execute calls that it fails', async () => {
      const { simulator, start } = studio;
      const id = simulator.book({ unit: 5523, start });
      simulator.failNext('cancelappointment', 1, { status: 200, body: 'Ok' });
      await call('cancelappointment', { Id: Number(id) });
      expect(simulator.liveBookings()).to.have.lengthOf(1);
      expect(simulator.writes).to.deep.equal([]);
    });

    it('shortens or empties the list, and answers other calls normally', async () => {
      const { simulator, start } = studio;
      for (let hour = 0; hour < 5; hour++) simulator.book({ unit: 5523, start: start + hour * HOUR });
      const count = async (): Promise<number> => {
        const { body } = await call('getapiappointments', { StartDate: '01/18/2026', EndDate: '01/18/2026' });
        return (body as unknown[]).length;
      };
      simulator.setOutage('half-list');
      expect(await count()).to.equal(3);
      simulator.setOutage('empty-list');
      expect(await count()).to.equal(0);
      expect((await call('getappointment', { id: 700001 })).status).to.equal(200);
      simulator.heal();
      expect(await count()).to.equal(5);
    });

    it('answers all calls like a broken backend, or with garbage', async () => {
      const { simulator } = studio;
      simulator.setOutage('bad-gateway');
      expect((await call('validateuser', {})).status).to.equal(502);
      simulator.setOutage('garbage');
      expect(await call('bookit', {})).to.deep.equal({ status: 200, body: '<html><p>We will be back soon' });
    });

    it('returns a distorted record', async () => {
      const { simulator, start } = studio;
      const id = simulator.book({ unit: 5523, start });
      simulator.distortRecord(id, (record) => ({ ...record, StartTime: null }));
      expect((await call('getappointment', { id: Number(id) })).body).to.include({ StartTime: null });
      simulator.distortRecord(id, () => null);
      expect((await call('getappointment', { id: Number(id) })).body).to.equal(null);
    });

    it('flickers the requested number of times', async () => {
      const { simulator, bookings, start } = studio;
      simulator.book({ unit: 5523, start });
      simulator.flickerAvailability(2);
      const seen: boolean[] = [];
      for (let index = 0; index < 3; index++) {
        seen.push((await bookings.listFreeSlots(5523, start)).unwrap().includes(start));
      }
      expect(seen).to.deep.equal([true, true, false]);
    });

    it('delays its answers', async () => {
      const { simulator } = studio;
      simulator.setLatency(40);
      const begun = performance.now();
      await call('resourceunits', null);
      expect(performance.now() - begun).to.be.at.least(38);
    });
  });

  it('can be closed during delayed and hanging calls', async () => {
    const { simulator } = studio;
    simulator.hang('resourceunits');
    const hanging = call('resourceunits', null).catch(() => 'closed');
    simulator.setLatency(60_000);
    const waiting = call('bookit', {}).catch(() => 'closed');
    while (simulator.calls.length < 3) await new Promise((resolve) => setImmediate(resolve));
    await simulator.close();
    expect(await Promise.all([hanging, waiting])).to.deep.equal(['closed', 'closed']);
  });
});
