import { expect } from 'chai';
import { outcomeOf } from '#src/http/console/outcome.js';
import { isCancelled } from '#src/journal/appointment-story.js';

const AT_REST = { isSyncing: false, isCancelled: false };
const MOVED = {
  steps: ['moved in Google Calendar', 'booking rescheduled'],
  tone: 'done',
  reason: 'event-moved',
} as const;

describe('the message that replaces the answer to an act on the console', () => {
  it('says that both sides are synced, and ends', () => {
    expect(outcomeOf('Ana R.', MOVED, AT_REST)).to.deep.equal({
      message: 'Ana R. is synced: moved in Google Calendar → booking rescheduled.',
      isDone: true,
    });
  });

  it('says that the other side is not reached yet, and does not end', () => {
    expect(outcomeOf('Ana R.', MOVED, { ...AT_REST, isSyncing: true })).to.deep.equal({
      message: 'Ana R. is syncing: moved in Google Calendar → booking rescheduled.',
      isDone: false,
    });
  });

  it('explains after an undo why the event takes some seconds', () => {
    const undone = { steps: ['booking moved back'], tone: 'done', reason: 'change-undone' } as const;
    const { isDone, message } = outcomeOf('Ana R.', undone, { ...AT_REST, isSyncing: true });
    expect(message).to.match(
      /^Ana R\. is syncing: booking moved back\. The event follows when USchedule shows the new time/,
    );
    expect(isDone).to.equal(false);
  });

  it('says that an attempt failed and is repeated, and does not end', () => {
    const failed = { steps: ['failed', 'is tried again 10:00:00'], tone: 'waiting', reason: 'event-moved' } as const;
    const { isDone, message } = outcomeOf('Ana R.', failed, { ...AT_REST, isSyncing: true });
    expect(message).to.equal('Ana R. is not synced yet: failed → is tried again 10:00:00.');
    expect(isDone).to.equal(false);
  });

  it('says that a change needs attention, was reverted or cancelled the booking', () => {
    const messages = [
      outcomeOf('Ana R.', { ...MOVED, tone: 'dead-letter' }, AT_REST),
      outcomeOf('Ana R.', { ...MOVED, tone: 'put-back' }, AT_REST),
      outcomeOf('Ana R.', MOVED, { ...AT_REST, isCancelled: true }),
    ].map(({ isDone, message }) => [message?.split(':')[0], isDone]);
    expect(messages).to.deep.equal([
      ['Ana R. needs attention', true],
      ['Ana R. was reverted', true],
      ['Ana R. is cancelled on both sides', true],
    ]);
  });

  it('does not call a booking cancelled that continues under another id', () => {
    expect(isCancelled({ status: 'CANCELED', supersededBy: null })).to.equal(true);
    expect(isCancelled({ status: 'CANCELED', supersededBy: '700456' })).to.equal(false);
    expect(isCancelled(null)).to.equal(false);
  });
});
