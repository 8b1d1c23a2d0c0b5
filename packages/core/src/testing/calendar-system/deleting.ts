import type { CalendarCapabilities } from '../../ports/capabilities.js';
import { NO_MARKS } from '../../domain/calendar-event.js';
import { assertEqual, assertErr, assertOk } from '../assert.js';
import { type CalendarTest, type WholeCalendarHarness, draft, EVENT_ID, hour, insert, MARKS, read } from './harness.js';

/** Is the event deleted, as the calendar system shows it? */
async function assertDeleted(harness: WholeCalendarHarness, { tombstones }: CalendarCapabilities): Promise<void> {
  const [calendarId] = harness.calendarIds;
  const found = await harness.calendars.getEvent(calendarId, EVENT_ID);
  if (!tombstones) return void assertErr(found, 'not-found', 'a deleted event is not found');
  const { state, eventId, calendarId: where } = assertOk(found);
  assertEqual({ state, eventId, where }, { state: 'gone', eventId: EVENT_ID, where: calendarId }, 'the event');
}

export function deleteTests(it: CalendarTest, can: CalendarCapabilities): void {
  it('deletes an event', async (harness) => {
    await insert(harness);
    assertOk(await harness.calendars.deleteEvent(harness.calendarIds[0], EVENT_ID));
    await assertDeleted(harness, can);
  });

  it('deletes when the etag is the event’s', async (harness) => {
    const [calendarId] = harness.calendarIds;
    const { etag } = await insert(harness);
    assertOk(await harness.calendars.deleteEvent(calendarId, EVENT_ID, etag));
    await assertDeleted(harness, can);
  });

  it('does not delete an event that changed since its etag was read', async (harness) => {
    const [calendarId] = harness.calendarIds;
    const { etag } = await insert(harness);
    await harness.person.renameEvent(calendarId, EVENT_ID, 'By a person');
    assertErr(await harness.calendars.deleteEvent(calendarId, EVENT_ID, etag), 'conflict');
    assertEqual((await read(harness)).title, 'By a person', 'the event');
  });

  it('reports an event that we or a user have deleted already as gone', async (harness) => {
    const [calendarId] = harness.calendarIds;
    await insert(harness);
    await harness.person.deleteEvent(calendarId, EVENT_ID);
    assertErr(await harness.calendars.deleteEvent(calendarId, EVENT_ID), can.tombstones ? 'gone' : 'not-found');
    await assertDeleted(harness, can);
  });

  it('does not find an event that never existed', async (harness) => {
    assertErr(await harness.calendars.deleteEvent(harness.calendarIds[0], EVENT_ID), 'not-found');
    assertErr(await harness.calendars.getEvent(harness.calendarIds[0], EVENT_ID), 'not-found');
  });
}

export function reviveTests(it: CalendarTest): void {
  it('restores a deleted event with the fields of the patch', async (harness) => {
    const [calendarId] = harness.calendarIds;
    await insert(harness);
    await harness.person.deleteEvent(calendarId, EVENT_ID);
    const patch = { ...draft(harness, { start: hour(harness, 20), end: hour(harness, 21) }), revive: true as const };
    const event = assertOk(await harness.calendars.patchEvent(calendarId, EVENT_ID, patch, null));
    assertEqual(
      [event.state, event.eventId, event.start, event.end, event.title],
      ['live', EVENT_ID, patch.start, patch.end, patch.title],
      'the event',
    );
    assertEqual(event.marks, { ...NO_MARKS, appointmentId: '700123', managed: true, bay: '1' }, 'the marks');
    assertEqual(await read(harness), event, 'the event as read');
  });

  it('does not restore a deleted event by a patch of other fields', async (harness) => {
    const [calendarId] = harness.calendarIds;
    await insert(harness);
    await harness.person.deleteEvent(calendarId, EVENT_ID);
    const patch = { title: 'Too late', ...MARKS };
    assertErr(await harness.calendars.patchEvent(calendarId, EVENT_ID, patch, null), 'gone');
    assertEqual((await read(harness)).state, 'gone', 'the event');
  });

  it('lists an event that a user restores from the trash', async (harness) => {
    const [calendarId] = harness.calendarIds;
    await insert(harness);
    assertOk(await harness.calendars.deleteEvent(calendarId, EVENT_ID));
    await harness.person.undelete(calendarId, EVENT_ID);
    const { state, title, marks } = await read(harness);
    assertEqual([state, title, marks.appointmentId], ['live', 'Ann Example', '700123'], 'the event');
  });
}
