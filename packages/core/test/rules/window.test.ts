import { expect } from 'chai';
import { pollWindow } from '#src/rules/window.js';

function windowOf(now: string, zone: string, pastDays: number, futureDays: number): readonly string[] {
  const { from, to } = pollWindow(Date.parse(now), zone, { pastDays, futureDays });
  return [from, to].map((instant) => new Date(instant).toISOString());
}

describe('the window of the poll', () => {
  it('is whole local days, today and both ends included', () => {
    expect(windowOf('2026-01-15T18:00:00Z', 'America/Phoenix', 1, 60)).to.deep.equal([
      '2026-01-14T07:00:00.000Z',
      '2026-03-17T07:00:00.000Z',
    ]);
    expect(windowOf('2026-01-15T18:00:00Z', 'America/Phoenix', 0, 0)).to.deep.equal([
      '2026-01-15T07:00:00.000Z',
      '2026-01-16T07:00:00.000Z',
    ]);
  });

  it('moves at local midnight', () => {
    expect(windowOf('2026-01-16T06:59:59.999Z', 'America/Phoenix', 1, 1)[0]).to.equal('2026-01-14T07:00:00.000Z');
    expect(windowOf('2026-01-16T07:00:00.000Z', 'America/Phoenix', 1, 1)[0]).to.equal('2026-01-15T07:00:00.000Z');
  });

  it('counts days, not hours, where clocks change', () => {
    expect(windowOf('2026-03-08T12:00:00Z', 'America/New_York', 1, 1)).to.deep.equal([
      '2026-03-07T05:00:00.000Z',
      '2026-03-10T04:00:00.000Z',
    ]);
  });
});
