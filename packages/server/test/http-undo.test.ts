import { expect } from 'chai';
import { HOUR, MINUTE } from '@loft/sync-core';
import type { AdminToken } from '#src/http/admins.js';
import { ANA, DISPLAY, HttpWorld, type Answer } from './support/http-world.js';

describe('undoing a change through /admin', () => {
  let world: HttpWorld;
  let id: string;
  let before: number;
  let after: number;

  beforeEach(async () => {
    world = await new HttpWorld({ admins: [ANA, DISPLAY] }).start();
    before = world.clock.now() + 24 * HOUR;
    after = before + 2 * HOUR;
    id = world.bookings.user.book({ unit: 5523, start: before, customerName: 'Ana R.' });
    await world.clock.advance(2 * MINUTE);
    world.bookings.user.move(id, { start: after });
    await world.clock.advance(2 * MINUTE);
  });
  afterEach(() => world.close());

  const as = ({ token }: AdminToken, method: string, path: string, body?: unknown): Promise<Answer> =>
    world.request(method, path, {
      headers: { Authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const undo = (method: string, body?: unknown): Promise<Answer> =>
    as(ANA, method, `/admin/appointments/${id}/undo`, body);
  const start = (): number | undefined => world.bookings.user.booking(id)?.start;

  it('shows the last change, and moves the booking back on request', async () => {
    const { status, json } = await undo('GET');
    expect(status).to.equal(200);
    const change = json['change'] as Record<string, Record<string, unknown>>;
    expect(change).to.include({ customerName: 'Ana R.' });
    expect(change['leftAt']).to.include({ start: new Date(after).toISOString(), bay: '1' });
    expect(change['backTo']).to.include({ start: new Date(before).toISOString(), bay: '1' });
    const asked = await undo('POST', { entry: change['entry'] });
    expect(asked.status).to.equal(202);
    expect(asked.json).to.deep.include({ status: 'accepted', change });
    await world.clock.advance(2 * MINUTE);
    expect(start()).to.equal(before);
    const journal = await as(ANA, 'GET', `/admin/appointments/${id}/journal`);
    expect(JSON.stringify(journal.json['items'])).to.contain('Ana asked to undo a change');
    const texts = (journal.json['items'] as { text: string }[]).map(({ text }) => text);
    expect(texts.at(-1)).to.match(/^the event follows the undo → event moved back to .+, Bay 1$/);
    const activity = await as(ANA, 'GET', '/admin/activity');
    expect((activity.json['items'] as { text: string }[])[0]?.text).to.equal(texts.at(-1));
  });

  it('offers an undo of the undo, and none of the event that follows it', async () => {
    await undo('POST');
    await world.clock.advance(2 * MINUTE);
    const { json } = await undo('GET');
    const { entry, leftAt } = json['change'] as { entry: string; leftAt: { start: string } };
    expect(leftAt.start).to.equal(new Date(before).toISOString());
    const { text } = await as(ANA, 'GET', `/?appointment=${id}`);
    const [follows = '', undone = ''] = text.split('<li class="done">').slice(1);
    expect(follows).to.contain('the event follows the undo').and.not.to.contain('Undo this change');
    expect(undone).to.contain('a person undid the change before').and.to.contain(`entry=${entry}`);
  });

  it('undoes the last change if the request has no body', async () => {
    expect((await undo('POST')).status).to.equal(202);
    await world.clock.advance(2 * MINUTE);
    expect(start()).to.equal(before);
  });

  it('answers 409 and does nothing if the booking has changed since it was shown', async () => {
    const { json } = await undo('GET');
    const { entry } = json['change'] as Record<string, unknown>;
    world.bookings.user.move(id, { start: after + HOUR });
    await world.clock.advance(2 * MINUTE);
    const asked = await undo('POST', { entry });
    expect(asked.status).to.equal(409);
    await world.clock.advance(2 * MINUTE);
    expect(start()).to.equal(after + HOUR);
  });

  it('answers 404 if nothing can be undone, and 400 if the entry is not text or has another name', async () => {
    const fresh = world.bookings.user.book({ unit: 5524, start: before, customerName: 'Ben K.' });
    await world.clock.advance(2 * MINUTE);
    const path = `/admin/appointments/${fresh}/undo`;
    expect((await as(ANA, 'GET', path)).json).to.have.property('change', null);
    expect((await as(ANA, 'POST', path)).status).to.equal(404);
    expect((await undo('POST', { entry: 7 })).status).to.equal(400);
    expect((await undo('POST', { entries: '1' })).status).to.equal(400);
  });

  it('is visible with the role read, but not allowed', async () => {
    const path = `/admin/appointments/${id}/undo`;
    expect((await as(DISPLAY, 'GET', path)).status).to.equal(200);
    expect((await as(DISPLAY, 'POST', path)).status).to.equal(403);
    expect((await world.request('GET', path)).status).to.equal(401);
    await world.clock.advance(2 * MINUTE);
    expect(start()).to.equal(after);
  });

  it('reports a failed undo in the journal', async () => {
    world.bookings.user.book({ unit: 5523, start: before, customerName: 'Ben K.' });
    await world.clock.advance(2 * MINUTE);
    expect((await undo('POST')).status).to.equal(202);
    await world.clock.advance(2 * MINUTE);
    expect(start()).to.equal(after);
    const journal = await as(ANA, 'GET', `/admin/appointments/${id}/journal`);
    const texts = (journal.json['items'] as { text: string }[]).map(({ text }) => text);
    expect(texts.some((text) => /a person asked to undo a change → not undone → it was refused/.test(text))).to.equal(
      true,
      texts.join('\n'),
    );
  });

  it('reports in the journal that the customer changed the booking first', async () => {
    world.bookings.user.move(id, { start: after + HOUR });
    expect((await undo('POST')).status).to.equal(202);
    await world.clock.advance(2 * MINUTE);
    expect(start()).to.equal(after + HOUR);
    const journal = await as(ANA, 'GET', `/admin/appointments/${id}/journal`);
    expect(JSON.stringify(journal.json['items'])).to.contain(
      'a person asked to undo a change → not undone → the appointment is not as that change left it any more',
    );
  });
});
