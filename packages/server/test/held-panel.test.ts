import { expect } from 'chai';
import { HOUR, intlTimeZones, type HeldEdit } from '@loft/sync-core';
import { heldPanel } from '#src/http/console/held-panel.js';
import { zonedFormat } from '#src/http/zoned-format.js';

const START = Date.UTC(2026, 4, 9, 20);
const BAY = { bay: '1', name: 'Bay 1', resourceUnitId: 5523, calendarId: 'bay-1@group.calendar.google.com' };
const HELD: HeldEdit = {
  appointmentId: '700123',
  customerName: 'Ana R.',
  bay: '1',
  would: 'cancel',
  start: START,
  end: START + HOUR,
  to: null,
  at: START - HOUR,
};

describe('the held edits in the console', () => {
  const format = zonedFormat('America/Phoenix', intlTimeZones());
  const shown = (held: readonly HeldEdit[]): string => heldPanel(held, { bays: [BAY], back: '/', format }).text;

  it('are shown by bay, also those of a bay that was removed from the settings', () => {
    const text = shown([HELD, { ...HELD, appointmentId: '700124', bay: 'closed' }]);
    expect(text).to.contain('Bay 1: 1 edit is held').and.contain('appointment 700123');
    expect(text).to.contain('closed (not in the settings): 1 edit is held').and.contain('appointment 700124');
    expect(text.match(/Carry out this edit/g)).to.have.length(2);
  });

  it('are nothing if no edit is held', () => {
    expect(shown([])).to.equal('');
  });
});
