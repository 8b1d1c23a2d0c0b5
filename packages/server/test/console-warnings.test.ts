import { intlTimeZones } from '@loft/sync-core';
import { expect } from 'chai';
import { warnedAppointments, warningLines } from '#src/http/console/warning-lines.js';
import { zonedFormat } from '#src/http/zoned-format.js';

const FORMAT = zonedFormat('America/Phoenix', intlTimeZones());
const ABOUT = new Map([['700003', { name: 'Carla M.', start: Date.UTC(2026, 10, 22, 20) }]]);
const WAR = 'appointment 700003: edit-war: the same edit was reverted 2 times';

describe('the warnings at the top of the console', () => {
  it('name the customer and the time, and lead to the booking on its day', () => {
    expect(warnedAppointments([WAR, 'the store is slow'])).to.deep.equal(['700003']);
    const { text } = warningLines([WAR], ABOUT, FORMAT);
    expect(text.replaceAll(/<[^>]*>/g, '').trim()).to.equal(
      'Carla M., Sun 22 Nov 13:00: the same edit was reverted 2 times',
    );
    expect(text).to.contain('href="/?day=2026-11-22&amp;appointment=700003"');
    expect(text).to.contain('title="edit-war"');
  });

  it('name the id of an appointment that is not known', () => {
    const { text } = warningLines([WAR], new Map(), FORMAT);
    expect(text.replaceAll(/<[^>]*>/g, '').trim()).to.equal('Appointment 700003: the same edit was reverted 2 times');
  });

  it('are unchanged if they are about no appointment', () => {
    const { text } = warningLines(['Bay 1: no notification since 10:00'], ABOUT, FORMAT);
    expect(text.replaceAll(/<[^>]*>/g, '').trim()).to.equal('Bay 1: no notification since 10:00');
  });
});
