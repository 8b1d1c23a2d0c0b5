import { expect } from 'chai';
import {
  adapter,
  BAY_1,
  BAY_2,
  BEGINNING,
  closeAll,
  DRAFT,
  EVENT_ID,
  HOUR,
  MARKS,
  simulate,
  START,
} from './helpers/simulated.js';

describe('GoogleCalendarSystem’s requests', () => {
  afterEach(closeAll);

  async function inserted() {
    const simulator = await simulate();
    const system = adapter(simulator);
    await system.insertEvent(BAY_1, EVENT_ID, DRAFT);
    return { simulator, system, last: () => new URL(simulator.calls.at(-1)?.path ?? '', 'http://simulator') };
  }

  it('stamp a new event with our properties and the source', async () => {
    const { simulator } = await inserted();
    expect(simulator.event(BAY_1, EVENT_ID)?.extendedProperties?.private).to.deep.equal({
      bay: '1',
      loftSyncManaged: 'true',
      loftSyncSource: 'USCHEDULE',
      uscheduleAppointmentId: '700123',
    });
  });

  it('do not change a user’s own fields and properties', async () => {
    const { simulator, system } = await inserted();
    simulator.person.editEvent(BAY_1, EVENT_ID, {
      colorId: '7',
      reminders: { useDefault: false },
      extendedProperties: { private: { homeAssistant: 'lights-on' } },
    });
    await system.patchEvent(BAY_1, EVENT_ID, { start: START + HOUR, end: START + 2 * HOUR, ...MARKS }, null);
    const event = simulator.event(BAY_1, EVENT_ID);
    expect([
      event?.['colorId'],
      event?.['reminders'],
      event?.extendedProperties?.private?.['homeAssistant'],
    ]).to.deep.equal(['7', { useDefault: false }, 'lights-on']);
  });

  it('write with the studio’s zone, without attendees', async () => {
    const { simulator, system, last } = await inserted();
    expect(simulator.event(BAY_1, EVENT_ID)?.start?.timeZone).to.equal('America/Phoenix');
    expect(last().searchParams.get('sendUpdates')).to.equal('none');
    await system.patchEvent(BAY_1, EVENT_ID, MARKS, null);
    expect(last().searchParams.get('sendUpdates')).to.equal('none');
    await system.moveEvent(BAY_1, EVENT_ID, BAY_2);
    expect(last().searchParams.get('sendUpdates')).to.equal('none');
    await system.deleteEvent(BAY_2, EVENT_ID);
    expect(last().searchParams.get('sendUpdates')).to.equal('none');
    expect(simulator.event(BAY_2, EVENT_ID)).to.not.have.property('attendees');
  });

  it('list with the same parameters in full and since a token, and request only the used fields', async () => {
    const { system, last } = await inserted();
    const named = Object.fromEntries(new URLSearchParams(system.listParameters));
    expect(named).to.deep.equal({ maxResults: '2500', showDeleted: 'true', singleEvents: 'false' });
    const list = await system.listEvents(BAY_1, BEGINNING);
    expect(Object.fromEntries(last().searchParams)).to.deep.equal(named);
    const syncToken = list.ok ? list.val.nextSyncToken : null;
    await system.listEvents(BAY_1, { syncToken, pageToken: null });
    expect(Object.fromEntries(last().searchParams)).to.deep.equal({ ...named, syncToken });
  });

  it('send no etag if none is known', async () => {
    const { system } = await inserted();
    for (const ifMatch of ['', null]) {
      expect((await system.patchEvent(BAY_1, EVENT_ID, MARKS, ifMatch)).ok).to.equal(true);
    }
    const stale = await system.patchEvent(BAY_1, EVENT_ID, MARKS, '"1"');
    expect(stale.err && stale.val.kind).to.equal('conflict');
  });

  it('escape ids', async () => {
    const { simulator, system } = await inserted();
    const special = 'bay/1?x=#%20@group.calendars.example';
    simulator.addCalendar(special);
    expect((await system.insertEvent(special, EVENT_ID, DRAFT)).ok).to.equal(true);
    expect(simulator.events(special)).to.have.length(1);
    expect((await system.listEvents(special, BEGINNING)).ok).to.equal(true);
  });

  it('share a connection if they are sequential', async () => {
    const { simulator, system } = await inserted();
    for (let count = 0; count < 5; count++) await system.getEvent(BAY_1, EVENT_ID);
    expect(simulator.connections).to.equal(1);
  });
});
