import { expect } from 'chai';
import { DEFAULT_SETTINGS } from '@loft/sync-core';
import { isMassChange } from '#src/rules/mass-cancel-guard.js';

describe('a mass change', () => {
  const guards = DEFAULT_SETTINGS.rules;

  it('is more than half of the mirrors, and more than five, by default', () => {
    expect([guards.massChangeLimit, guards.massChangeMinimum]).to.deep.equal([0.5, 5]);
    expect(isMassChange(6, 11, guards)).to.equal(true);
    expect(isMassChange(100, 100, guards)).to.equal(true);
    expect(isMassChange(51, 100, guards)).to.equal(true);
  });

  it('does not include exactly half of the mirrors', () => {
    expect(isMassChange(6, 12, guards)).to.equal(false);
    expect(isMassChange(50, 100, guards)).to.equal(false);
  });

  it('does not include five mirrors, even if these are all', () => {
    expect(isMassChange(5, 5, guards)).to.equal(false);
    expect(isMassChange(0, 0, guards)).to.equal(false);
    expect(isMassChange(6, 6, guards)).to.equal(true);
  });

  it('is configured by the settings', () => {
    expect(isMassChange(3, 10, { ...guards, massChangeLimit: 0.25, massChangeMinimum: 2 })).to.equal(true);
    expect(isMassChange(2, 10, { ...guards, massChangeLimit: 0.1, massChangeMinimum: 2 })).to.equal(false);
    expect(isMassChange(10, 10, { ...guards, massChangeLimit: 1, massChangeMinimum: 0 })).to.equal(false);
  });
});
