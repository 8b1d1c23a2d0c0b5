import { expect } from 'chai';
import { collapseAttempts } from '#src/journal/collapse-attempts.js';
import type { StoryLine } from '#src/journal/story.js';

interface Line extends StoryLine {
  readonly appointmentId: string;
}

function line(appointmentId: string, time: string, change: Partial<StoryLine> = {}): Line {
  const steps = ['waits: Google Calendar says: not shared', `is tried again ${time}`];
  return { appointmentId, at: 0, day: 'Sun 29 Nov 2026', time, steps, tone: 'waiting', reason: null, ...change };
}

const collapsed = (lines: readonly Line[]): readonly string[] =>
  collapseAttempts(lines, ({ appointmentId }) => appointmentId).map(
    ({ appointmentId, steps, time }) => `${time} ${appointmentId}: ${steps.join(' → ')}`,
  );

describe('failed attempts in the activity', () => {
  it('are one line for each appointment, with the change, the number, the first and the next attempt', () => {
    const first = { steps: ['booked in USchedule', 'failed', 'is tried again 10:01'], reason: 'new-booking' } as const;
    const lines = [line('1', '10:04'), line('2', '10:03'), line('1', '10:02'), line('1', '10:00', first)];
    expect(collapsed(lines)).to.deep.equal([
      '10:04 1: booked in USchedule → failed → 3 attempts since 10:00 → is tried again 10:04',
      '10:03 2: waits: Google Calendar says: not shared → is tried again 10:03',
    ]);
  });

  it('are separate before and after a success', () => {
    const success = { steps: ['event created'], tone: 'done' } as const;
    const lines = [line('1', '10:04'), line('1', '10:02', success), line('1', '10:00'), line('1', '09:59')];
    expect(collapsed(lines)).to.deep.equal([
      '10:04 1: waits: Google Calendar says: not shared → is tried again 10:04',
      '10:02 1: event created',
      '10:00 1: waits: Google Calendar says: not shared → 2 attempts since 09:59 → is tried again 10:00',
    ]);
  });

  it('name the day of the first one if it is another day', () => {
    const lines = [line('1', '00:10'), line('1', '23:50', { day: 'Sat 28 Nov 2026' })];
    expect(collapsed(lines)[0]).to.contain('2 attempts since Sat 28 Nov 2026 23:50');
  });
});
