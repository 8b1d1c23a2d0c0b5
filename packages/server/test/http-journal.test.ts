import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import { HttpWorld } from './support/http-world.js';

describe('GET /admin/appointments/{id}/journal', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await new HttpWorld().start();
  });
  afterEach(() => world.close());

  const path = (id: string): string => `/admin/appointments/${id}/journal`;

  it('describes what was done and why, and the current state', async () => {
    const start = world.clock.now() + 24 * HOUR;
    const id = world.bookings.user.book({ unit: 5523, start, customerName: 'Ana R.' });
    world.bookings.user.book({ unit: 5523, start: start + 3 * HOUR, customerName: 'Ben K.' });
    await world.clock.advance(2 * MINUTE);
    world.calendars.person.dragEvent(world.bays[0]?.calendarId ?? '', `loft${id}`, { start: start + 3 * HOUR });
    await world.clock.advance(6 * MINUTE);
    const { status, json, text } = await world.admin('GET', path(id));
    expect(status).to.equal(200);
    expect(json).to.include({ appointmentId: id, timeZone: 'America/Phoenix', state: 'in-step' });
    expect(json['now']).to.match(/^Both sides last agreed on .*, Bay 1\.$/);
    const [booked, waiting, reverted, ...others] = json['items'] as readonly Record<string, string>[];
    expect(others).to.deep.equal([]);
    expect(booked?.['text']).to.match(/^booked in USchedule .* → event created$/);
    expect(waiting?.['text']).to.match(
      /^moved in Google Calendar onto a taken slot → .* → waits until Ben K\. \(\S+\) has left the slot$/,
    );
    expect(reverted?.['text']).to.match(/^moved in Google Calendar .* → USchedule refused: .* → event reverted to /);
    expect(reverted).to.include({ reason: 'edit-refused', tone: 'put-back' });
    expect(text).not.to.contain('Ana');
  });

  it('includes an entry that was written a moment ago', async () => {
    const id = world.bookings.user.book({ unit: 5523, start: world.clock.now() + HOUR });
    await world.admin('POST', '/admin/sync');
    await world.clock.advance(10);
    const { json } = await world.admin('GET', path(id));
    expect(json['items']).to.have.length(1);
  });

  it('reports a dead letter', async () => {
    await world.park('700999');
    const { json } = await world.admin('GET', path('700999'));
    expect(json).to.include({ state: 'dead-letter' });
    expect(json['now']).to.contain('The time range is empty');
  });

  it('answers 404 for an unknown id', async () => {
    expect((await world.admin('GET', path('1'))).status).to.equal(404);
  });

  it('answers 401 without the token, and 503 while the store cannot be reached', async () => {
    expect((await world.request('GET', path('1'))).status).to.equal(401);
    world.storeDown = true;
    const { status } = await world.admin('GET', path('1'));
    world.storeDown = false;
    expect(status).to.equal(503);
  });
});
