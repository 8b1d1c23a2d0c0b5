import { expect } from 'chai';
import { DAY, intlTimeZones } from '@loft/sync-core';
import { pollWindow, rememberedWindow } from '#src/rules/window.js';

const TIME_ZONES = intlTimeZones();

function windowOf(now: string, zone: string, pastDays: number, futureDays: number): readonly string[] {
  const { from, to } = pollWindow(Date.parse(now), zone, TIME_ZONES, { pastDays, futureDays });
  return [from, to].map((instant) => new Date(instant).toISOString());
}

describe('the window of the poll', () => {
  it('consists of whole local days, including today and both ends', () => {
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

  it('counts days, not hours, across clock changes', () => {
    expect(windowOf('2026-03-08T12:00:00Z', 'America/New_York', 1, 1)).to.deep.equal([
      '2026-03-07T05:00:00.000Z',
      '2026-03-10T04:00:00.000Z',
    ]);
  });

  it('is the same if it is cached, also if time goes back', () => {
    const days = { pastDays: 1, futureDays: 60 };
    // Zones that skip midnight, have it twice, or skip a day, and one without clock changes.
    for (const zone of [
      'America/Asuncion',
      'America/Havana',
      'Pacific/Apia',
      'Australia/Lord_Howe',
      'America/Phoenix',
    ]) {
      const windowAt = rememberedWindow(zone, TIME_ZONES, days);
      const from = Date.UTC(2011, 8, 1);
      const hours = Array.from({ length: 130 * 24 }, (_, hour) => from + (hour * DAY) / 24 + 17);
      for (const now of [...hours, ...hours.filter((_, index) => index % 31 === 0).toReversed()]) {
        expect(windowAt(now), `${zone}, ${new Date(now).toISOString()}`).to.deep.equal(
          pollWindow(now, zone, TIME_ZONES, days),
        );
      }
    }
  });
});
