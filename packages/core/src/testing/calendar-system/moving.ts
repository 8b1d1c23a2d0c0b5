import { claims, type CalendarCapabilities } from '../../ports/capabilities.js';
import { assertEqual, assertErr, assertOk, assertTrue } from '../assert.js';
import { type CalendarTest, type WholeCalendarHarness, EVENT_ID, insert, read, readList } from './harness.js';

/** Checks that the event is not in this calendar any more. */
async function assertGone(harness: WholeCalendarHarness, calendarId: string): Promise<void> {
  const found = await harness.calendars.getEvent(calendarId, EVENT_ID);
  const state = found.ok ? found.val.state : found.val.kind;
  const hasTombstones = claims<CalendarCapabilities>(harness.calendars, 'tombstones');
  assertEqual(state, hasTombstones ? 'gone' : 'not-found', 'the event in the calendar that it has left');
}

export function moveTests(it: CalendarTest, { syncToken: hasTokens }: CalendarCapabilities): void {
  it('moves the event to the other calendar, with its id and content', async (harness) => {
    const [from, to] = harness.calendarIds;
    const before = await insert(harness);
    const moved = assertOk(await harness.calendars.moveEvent(from, EVENT_ID, to));
    const { etag, updatedAt, htmlLink } = moved;
    assertEqual(moved, { ...before, calendarId: to, etag, updatedAt, htmlLink }, 'the event');
    assertEqual(await read(harness, EVENT_ID, to), moved, 'the event as read');
  });

  it('leaves a deleted event behind', async (harness) => {
    const [from, to] = harness.calendarIds;
    await insert(harness);
    const { syncToken } = await readList(harness);
    assertOk(await harness.calendars.moveEvent(from, EVENT_ID, to));
    await assertGone(harness, from);
    if (!hasTokens) return;
    const { events } = await readList(harness, syncToken);
    assertEqual(
      events.map(({ eventId, state }) => [eventId, state]),
      [[EVENT_ID, 'gone']],
      'what changed in its old calendar',
    );
  });

  it('can go back', async (harness) => {
    const [from, to] = harness.calendarIds;
    await insert(harness);
    assertOk(await harness.calendars.moveEvent(from, EVENT_ID, to));
    assertOk(await harness.calendars.moveEvent(to, EVENT_ID, from));
    assertEqual((await read(harness)).state, 'live', 'here');
    await assertGone(harness, to);
  });

  it('does not find an event that has moved already', async (harness) => {
    const [from, to] = harness.calendarIds;
    await insert(harness);
    await harness.person.moveToCalendar(from, EVENT_ID, to);
    const again = await harness.calendars.moveEvent(from, EVENT_ID, to);
    const kind = again.ok ? 'ok' : again.val.kind;
    assertTrue(kind === 'gone' || kind === 'not-found', `a second move is refused, not ${kind}`);
    assertEqual((await read(harness, EVENT_ID, to)).state, 'live', 'the event');
  });

  it('does not find an event that never existed', async (harness) => {
    const [from, to] = harness.calendarIds;
    assertErr(await harness.calendars.moveEvent(from, EVENT_ID, to), 'not-found');
  });

  it('does not replace a live event of the same id', async (harness) => {
    const [from, to] = harness.calendarIds;
    await insert(harness);
    const there = await insert(harness, { bay: '2', appointmentId: '700999' }, EVENT_ID, to);
    assertErr(await harness.calendars.moveEvent(from, EVENT_ID, to), 'conflict');
    assertEqual(await read(harness, EVENT_ID, to), there, 'the event there');
    assertEqual((await read(harness)).state, 'live', 'the event here');
  });
}
