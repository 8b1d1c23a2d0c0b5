import { expect } from 'chai';
import { createRouting } from '#src/rules/rules.js';
import { BAY1, BAY2, BAYS } from '../engine/world.js';
import { FOREIGN_UNIT } from './situations.js';

describe('the routing', () => {
  const routing = createRouting(BAYS);

  it('finds each bay by its unit, its calendar and its name', () => {
    expect(routing.bays).to.equal(BAYS);
    for (const bay of [BAY1, BAY2]) {
      expect(routing.ofUnit(bay.resourceUnitId)).to.equal(bay);
      expect(routing.ofCalendar(bay.calendarId)).to.equal(bay);
      expect(routing.ofBay(bay.bay)).to.equal(bay);
    }
  });

  it('finds no bay for other values', () => {
    expect(routing.ofUnit(FOREIGN_UNIT)).to.equal(null);
    expect(routing.ofCalendar('primary')).to.equal(null);
    expect(routing.ofBay('3')).to.equal(null);
    expect(routing.ofBay('Bay 1')).to.equal(null);
    expect(createRouting([]).ofBay('1')).to.equal(null);
  });
});
