import { expect } from 'chai';
import { HttpWorld } from './support/http-world.js';

const HINT = '{"appointmentId": "700123", "note": "of Ana R."}';

describe('incoming requests', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await new HttpWorld().start();
  });
  afterEach(() => world.close());

  const refusals = (): readonly Record<string, unknown>[] =>
    world.logLines.filter((line) => line.includes('a webhook was refused')).map((line) => JSON.parse(line) as never);

  it('are counted by route and status', async () => {
    await world.hint(HINT);
    await world.hint(HINT, { 'X-Loft-Signature': 'sha256=00' });
    await world.admin('POST', '/admin/dead-letters/700123/replay');
    await world.admin('POST', '/admin/dead-letters/700124/replay');
    await world.request('GET', '/wp-login.php');
    const { text } = await world.admin('GET', '/metrics');
    for (const line of [
      'loft_sync_requests_total{route="/webhook/uschedule",status="202"} 1',
      'loft_sync_requests_total{route="/webhook/uschedule",status="401"} 1',
      'loft_sync_requests_total{route="/admin/dead-letters/:id/replay",status="404"} 2',
      'loft_sync_requests_total{route="other",status="404"} 1',
    ]) {
      expect(text).to.contain(line);
    }
  });

  it('that a webhook refuses cause one log line with the reason and without the body', async () => {
    await world.hint(HINT, { 'X-Loft-Signature': 'sha256=00' });
    const [line, ...more] = refusals();
    expect(more).to.deep.equal([]);
    expect(line).to.include({ level: 'warn', route: '/webhook/uschedule', status: 401 });
    expect(line?.['reason']).to.match(/^X-Loft-Signature is not the signature/);
    expect(JSON.stringify(line)).not.to.contain('Ana').and.not.to.contain('700123');
  });

  it('that are refused by the hundred are no longer logged at info', async () => {
    for (let count = 0; count < 310; count++) await world.hint(HINT, { 'X-Loft-Signature': 'sha256=00' });
    expect(refusals().filter(({ level }) => level === 'warn')).to.have.length(300);
  });

  it('with a timestamp in milliseconds are answered with the fault', async () => {
    const answer = await world.hint(HINT, { 'X-Loft-Timestamp': String(world.clock.now()) });
    expect(answer.status).to.equal(401);
    expect(answer.json).to.deep.equal({ error: 'X-Loft-Timestamp is in milliseconds. Send Unix seconds.' });
    expect(refusals()[0]?.['reason']).to.contain('milliseconds');
  });

  it('for an unknown channel are logged with the reason', async () => {
    await world.request('POST', '/webhook/gcal', { headers: { 'X-Goog-Channel-ID': 'unknown' } });
    expect(refusals()[0]).to.include({ status: 404, reason: 'There is no such channel.' });
  });
});
