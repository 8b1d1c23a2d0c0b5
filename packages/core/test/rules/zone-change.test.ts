import { expect } from 'chai';
import { HOUR } from '@loft/sync-core';
import { timeZonesFrom } from '@loft/sync-core/adapters';
import { zoneChangeText } from '#src/rules/mass-cancel-guard.js';

const VANCOUVER = 'America/Vancouver';
const newRules = timeZonesFrom({
  source: 'test',
  version: '2026f',
  isZone: () => true,
  offsetAt: () => -7 * HOUR,
});
const DAY_10 = Date.UTC(2026, 11, 10, 20);
const at = (from: number, hours: number) => ({ from, to: from + hours * HOUR });

describe('many bookings that move at once', () => {
  it('are explained by new zone rules if all move by the change of the offset', () => {
    // 13:30 was −8, is −7: an hour earlier.
    const moved = [at(DAY_10 + 24 * HOUR, -1), at(DAY_10, -1), at(DAY_10 + 48 * HOUR, -1)];
    expect(zoneChangeText(moved, VANCOUVER, newRules)).to.match(
      /^the offset of America\/Vancouver changed from −8 to −7 from 2026-12-10 on, .* now 2026f$/,
    );
    expect(zoneChangeText([at(DAY_10, 0.75)], VANCOUVER, newRules)).to.contain('from −6:15 to −7');
  });

  it('are not explained if they move differently, not at all, or by an impossible offset', () => {
    for (const moved of [[], [at(DAY_10, -1), at(DAY_10, -2)], [at(DAY_10, 0)], [at(DAY_10, 24)], [at(DAY_10, 0.1)]]) {
      expect(zoneChangeText(moved, VANCOUVER, newRules)).to.equal(null);
    }
  });
});
