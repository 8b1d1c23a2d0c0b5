import { MINUTE } from '@loft/sync-core';
import type { ActionEvent } from '@loft/sync-core/reports';
import { VirtualClock } from '@loft/sync-core/testing';
import { expect } from 'chai';
import { channelTokens } from '#src/http/channel-token.js';
import { PushMonitor } from '#src/http/push-monitor.js';
import { HttpWorld } from './support/http-world.js';
import { anAction } from './support/sync-events.js';

describe('the monitor of push notifications', () => {
  const edit = (at: number, change: Partial<ActionEvent> = {}): ActionEvent =>
    anAction({ at, direction: 'GCAL_TO_USCHEDULE', outcome: 'ok', trigger: 'sweep', ...change });

  it('warns when sweeps repeatedly find edits without a notification', async () => {
    const clock = new VirtualClock();
    const monitor = new PushMonitor(clock);
    for (let count = 0; count < 3; count++) {
      expect(monitor.warnings).to.deep.equal([]);
      monitor.onEvent(edit(clock.now()));
      await clock.advance(2 * MINUTE);
    }
    expect(monitor.warnings.join()).to.contain('without a push notification').and.to.contain('loft-sync doctor');
    monitor.notified('c1');
    expect(monitor.warnings).to.deep.equal([]);
    expect(monitor.lastNotifiedAt('c1')).to.equal(clock.now());
  });

  it('does not warn of edits with a notification, nor of changes that come from bookings', async () => {
    const clock = new VirtualClock();
    const monitor = new PushMonitor(clock);
    for (let count = 0; count < 5; count++) {
      monitor.notified('c1');
      monitor.onEvent(edit(clock.now() + 1000));
      monitor.onEvent(edit(clock.now() + 5 * MINUTE, { direction: 'USCHEDULE_TO_GCAL' }));
      await clock.advance(10 * MINUTE);
    }
    expect(monitor.warnings).to.deep.equal([]);
  });

  for (const push of [true, false]) {
    it(`${push ? 'warns' : 'does not warn'} in /ready where push notifications are ${push ? 'on' : 'off'}`, async () => {
      const world = await new HttpWorld({ push }).start();
      for (let count = 0; count < 3; count++) world.parts.pushMonitor.onEvent(edit(world.clock.now()));
      const { json } = await world.request('GET', '/ready');
      await world.close();
      expect(JSON.stringify(json['warnings']).includes('without a push notification')).to.equal(push);
    });
  }

  it('records the sync message of doctor’s channel if its token is right, and reports it', async () => {
    const world = await new HttpWorld().start();
    const send = async (id: string, token: string): Promise<number> => {
      const headers = { 'X-Goog-Channel-ID': id, 'X-Goog-Channel-Token': token, 'X-Goog-Resource-State': 'sync' };
      return (await world.request('POST', '/webhook/gcal', { headers })).status;
    };
    const tokenOf = channelTokens('channel-secret');
    expect(await send('loft-doctor-1', tokenOf('loft-doctor-1'))).to.equal(204);
    expect(await send('loft-doctor-2', 'wrong')).to.equal(401);
    const { json } = await world.admin('GET', '/admin/status');
    await world.close();
    expect(json['doctorChannels']).to.deep.equal(['loft-doctor-1']);
    expect(json['channels']).to.have.nested.property('[0].lastNotifiedAt');
  });
});
