import { NO_MARKS } from '../../domain/calendar-event.js';
import { assertEqual, assertOk, assertTrue } from '../assert.js';
import { type CalendarTest, EVENT_ID, hour, insert, MARKS, read } from './harness.js';

export function personTests(it: CalendarTest): void {
  it('shows where a person dragged an event, and that it changed', async (harness) => {
    const before = await insert(harness);
    await harness.elapse(1000);
    await harness.person.dragEvent(harness.calendarIds[0], EVENT_ID, { start: hour(harness, 21) });
    const { start, end, etag, updatedAt, marks } = await read(harness);
    assertEqual([start, end], [hour(harness, 21), hour(harness, 22)], 'the time');
    assertEqual(marks, before.marks, 'the marks');
    assertTrue(etag !== before.etag, 'the etag changes');
    assertTrue((updatedAt ?? 0) > (before.updatedAt ?? 0), 'the time of the change is reported');
  });

  it('shows an event of a person’s own as not managed', async (harness) => {
    const [calendarId] = harness.calendarIds;
    const times = { start: hour(harness, 10), end: hour(harness, 11) };
    const eventId = await harness.person.createEvent(calendarId, { ...times, title: 'Staff meeting' });
    const event = await read(harness, eventId);
    assertEqual(event.marks, NO_MARKS, 'the marks');
    assertEqual([event.title, event.start, event.end], ['Staff meeting', times.start, times.end], 'the event');
  });

  it('distinguishes the creator of our events from a user, if it names creators', async (harness) => {
    const [calendarId] = harness.calendarIds;
    const ours = await insert(harness);
    const other = await insert(harness, { appointmentId: '700124' }, 'loft0000002');
    const times = { start: hour(harness, 10), end: hour(harness, 11) };
    const theirs = await read(harness, await harness.person.createEvent(calendarId, times));
    assertEqual(other.creatorEmail, ours.creatorEmail, 'the creator of another event of ours');
    assertTrue(ours.creatorEmail === null || ours.creatorEmail !== theirs.creatorEmail, 'a person is another creator');
    await harness.person.renameEvent(calendarId, EVENT_ID, 'By a person');
    const { creatorEmail, createdAt } = await read(harness);
    assertEqual([creatorEmail, createdAt], [ours.creatorEmail, ours.createdAt], 'creator and time after an edit');
  });

  it('shows a copy with its marks, under another id', async (harness) => {
    const [here, there] = harness.calendarIds;
    const original = await insert(harness);
    const copyId = await harness.person.copyEvent(here, EVENT_ID);
    const elsewhereId = await harness.person.copyEvent(here, EVENT_ID, there);
    assertTrue(copyId !== EVENT_ID, 'a copy has an id of its own');
    assertEqual((await read(harness, copyId)).marks, original.marks, 'the marks of the copy');
    assertEqual((await read(harness, elsewhereId, there)).marks, original.marks, 'the marks of the copy elsewhere');
    assertEqual(await read(harness), original, 'the original');
  });

  it('shows removed marks as removed', async (harness) => {
    await insert(harness);
    await harness.person.stripMetadata(harness.calendarIds[0], EVENT_ID);
    const event = await read(harness);
    assertEqual(event.marks, NO_MARKS, 'the marks');
    assertEqual(event.title, 'Ann Example', 'the title');
  });
}

export function shapeTests(it: CalendarTest): void {
  it('shows an all-day event as one, and makes it timed with a time', async (harness) => {
    const [calendarId] = harness.calendarIds;
    await insert(harness);
    await harness.person.makeAllDay(calendarId, EVENT_ID);
    const { shape, start, end, state } = await read(harness);
    assertEqual({ shape, start, end, state }, { shape: 'all-day', start: null, end: null, state: 'live' }, 'all day');
    const times = { start: hour(harness, 18), end: hour(harness, 19) };
    const timed = assertOk(await harness.calendars.patchEvent(calendarId, EVENT_ID, { ...times, ...MARKS }, null));
    assertEqual([timed.shape, timed.start, timed.end], ['timed', times.start, times.end], 'the event with a time');
  });

  it('shows a series as one, and makes it single on request', async (harness) => {
    const [calendarId] = harness.calendarIds;
    await insert(harness);
    await harness.person.makeRecurring(calendarId, EVENT_ID);
    const { shape, start, end, marks } = await read(harness);
    assertEqual({ shape, start, end }, { shape: 'recurring', start: null, end: null }, 'the series');
    assertEqual(marks.appointmentId, '700123', 'its mark');
    const patch = { start: hour(harness, 18), end: hour(harness, 19), single: true as const, ...MARKS };
    const single = assertOk(await harness.calendars.patchEvent(calendarId, EVENT_ID, patch, null));
    assertEqual([single.shape, single.start, single.end], ['timed', patch.start, patch.end], 'the single event');
  });

  it('makes no single event of an event that is single', async (harness) => {
    const [calendarId] = harness.calendarIds;
    const before = await insert(harness);
    const patch = { single: true as const, ...MARKS };
    const after = assertOk(await harness.calendars.patchEvent(calendarId, EVENT_ID, patch, null));
    assertEqual([after.shape, after.start, after.end], ['timed', before.start, before.end], 'the event');
  });
}
