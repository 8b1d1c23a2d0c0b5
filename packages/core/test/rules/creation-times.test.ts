import { expect } from 'chai';
import { HOUR } from '@loft/sync-core';
import { creationTimeNotes } from '#src/rules/creation-times.js';
import { createRules } from '#src/rules/rules.js';
import { settingsWith } from '../engine/world.js';
import { aBooking, NOW } from './situations.js';

describe('creation times of bookings', () => {
  const { timing } = createRules(settingsWith());
  const madeAt = (appointmentId: string, createdAt: number | null) => aBooking({ appointmentId, createdAt });
  const notes = (...bookings: readonly ReturnType<typeof aBooking>[]) => creationTimeNotes(bookings, NOW, timing);

  it('cause no warning if they are known and not in the future, by at most a minute', () => {
    expect(notes(madeAt('1', null), madeAt('2', NOW), madeAt('3', NOW + timing.recordTimeSlackMs))).to.deep.equal([]);
  });

  it('cause a warning if they are in the future, which names three appointments', () => {
    const ahead = NOW + timing.recordTimeSlackMs + 1;
    const [one] = notes(madeAt('1', NOW), madeAt('7', ahead));
    expect(one).to.match(/^the creation time of appointment 7 is in the future: .*"timeZone", or a clock is wrong$/);
    const many = ['4', '5', '6', '7'].map((id) => madeAt(id, NOW + 7 * HOUR));
    expect(notes(...many)[0]).to.contain('appointment 4, 5, 6 and 1 more is in the future');
  });
});
