import type { CalendarCapabilities } from '../../ports/capabilities.js';
import { NO_MARKS } from '../../domain/calendar-event.js';
import { normaliseText } from '../../domain/content.js';
import { HOUR } from '../../domain/instant.js';
import { assertEqual, assertErr, assertOk, assertTrue } from '../assert.js';
import { type CalendarTest, draft, EVENT_ID, hour, insert, MARKS, read } from './harness.js';

export function insertTests(it: CalendarTest, { tombstones }: CalendarCapabilities): void {
  it('returns the event as requested', async (harness) => {
    const [calendarId] = harness.calendarIds;
    const event = await insert(harness);
    const { start, end, title, description } = draft(harness);
    const marks = { ...NO_MARKS, appointmentId: '700123', managed: true, bay: '1' };
    const asked = { calendarId, eventId: EVENT_ID, start, end, title, description, free: false, marks };
    assertEqual(
      { ...event, description: normaliseText(event.description) },
      { ...event, ...asked, state: 'live', shape: 'timed' },
      'the event',
    );
    assertTrue(event.etag !== '', 'a live event has an etag');
    assertTrue(event.updatedAt !== null, 'a live event says when it was changed');
  });

  it('returns the same event when it is read', async (harness) => {
    const event = await insert(harness);
    assertEqual(await read(harness), event, 'the event as read');
  });

  it('stamps the write and the digests that the draft gives', async (harness) => {
    const given = { write: 'w-1', titleDigest: 't-1', descriptionDigest: 'd-1' };
    const event = await insert(harness, given);
    assertEqual(event.marks, { ...given, appointmentId: '700123', managed: true, bay: '1' }, 'the marks');
    assertEqual((await read(harness)).marks, event.marks, 'the marks as read');
  });

  it('keeps an event that is shown as free', async (harness) => {
    assertEqual((await insert(harness, { free: true })).free, true, 'free');
    assertEqual((await read(harness)).free, true, 'free, as read');
  });

  it('refuses an id that exists, and does not change that event', async (harness) => {
    const event = await insert(harness);
    const again = draft(harness, { title: 'Another customer', appointmentId: '700999' });
    assertErr(await harness.calendars.insertEvent(harness.calendarIds[0], EVENT_ID, again), 'conflict');
    assertEqual(await read(harness), event, 'the event');
  });

  if (tombstones) {
    it('refuses the id of a deleted event', async (harness) => {
      await insert(harness);
      assertOk(await harness.calendars.deleteEvent(harness.calendarIds[0], EVENT_ID));
      assertErr(await harness.calendars.insertEvent(harness.calendarIds[0], EVENT_ID, draft(harness)), 'conflict');
      assertEqual((await read(harness)).state, 'gone', 'the deleted event');
    });
  } else {
    it('takes the id of a deleted event again', async (harness) => {
      await insert(harness);
      assertOk(await harness.calendars.deleteEvent(harness.calendarIds[0], EVENT_ID));
      assertEqual((await insert(harness)).state, 'live', 'the new event');
    });
  }

  it('takes the same id in another calendar', async (harness) => {
    await insert(harness);
    const other = await insert(harness, { bay: '2' }, EVENT_ID, harness.calendarIds[1]);
    assertEqual(other.calendarId, harness.calendarIds[1], 'the calendar');
  });

  it('refuses an id with characters that ids do not have', async (harness) => {
    assertErr(await harness.calendars.insertEvent(harness.calendarIds[0], 'Bay-1_xyz', draft(harness)), 'invalid');
  });

  it('refuses an event that ends before it starts', async (harness) => {
    const backwards = draft(harness, { end: hour(harness, 17) });
    assertErr(await harness.calendars.insertEvent(harness.calendarIds[0], EVENT_ID, backwards), 'invalid');
  });

  it('takes any text', async (harness) => {
    const title = `\u0000Ann\u001b[31m \u{1f3cc}${'x'.repeat(5000)}`;
    const event = await insert(harness, { title, description: `${'\u{1f3cc}'.repeat(9000)}\ud800` });
    assertTrue(event.title.includes('Ann'), 'the title is kept as far as it can be');
  });

  it('keeps instants exactly, across changes of the clocks and years', async (harness) => {
    const starts = ['2027-03-14T09:59:00Z', '2027-11-07T06:30:00Z', '2027-11-07T07:30:00Z', '2027-12-31T23:30:00Z'];
    for (const [index, text] of starts.entries()) {
      const start = Date.parse(text);
      await insert(harness, { start, end: start + HOUR }, `loftclock${index}`);
      const event = await read(harness, `loftclock${index}`);
      assertEqual([event.start, event.end], [start, start + HOUR], `times of ${text}`);
    }
  });
}

export function patchTests(it: CalendarTest): void {
  it('changes the fields that are given, and no others', async (harness) => {
    const [calendarId] = harness.calendarIds;
    const before = await insert(harness);
    const patch = { title: 'Ann Example-Smith', ...MARKS };
    const after = assertOk(await harness.calendars.patchEvent(calendarId, EVENT_ID, patch, null));
    const same = { etag: '', updatedAt: 0 };
    assertEqual({ ...after, ...same }, { ...before, ...same, title: patch.title }, 'the event');
    assertTrue(after.etag !== before.etag, 'the etag changes with the event');
    assertEqual(await read(harness), after, 'the event as read');
  });

  it('changes time, description and visibility', async (harness) => {
    const [calendarId] = harness.calendarIds;
    await insert(harness);
    const fields = { start: hour(harness, 20), end: hour(harness, 22), description: 'Alone', free: true };
    const event = assertOk(await harness.calendars.patchEvent(calendarId, EVENT_ID, { ...fields, ...MARKS }, null));
    const { start, end, description, free, title } = event;
    assertEqual({ start, end, description: normaliseText(description), free }, fields, 'the changed fields');
    assertEqual(title, draft(harness).title, 'the title');
  });

  it('empties a text', async (harness) => {
    await insert(harness);
    const patch = { description: '', ...MARKS };
    const event = assertOk(await harness.calendars.patchEvent(harness.calendarIds[0], EVENT_ID, patch, null));
    assertEqual(event.description, '', 'the description');
  });

  it('writes when the etag is the event’s', async (harness) => {
    const { etag } = await insert(harness);
    const patch = { title: 'New', ...MARKS };
    const event = assertOk(await harness.calendars.patchEvent(harness.calendarIds[0], EVENT_ID, patch, etag));
    assertEqual(event.title, 'New', 'the title');
  });

  it('does not write after a concurrent change', async (harness) => {
    const [calendarId] = harness.calendarIds;
    const { etag } = await insert(harness);
    await harness.person.renameEvent(calendarId, EVENT_ID, 'By a person');
    const patch = { title: 'By us', ...MARKS };
    assertErr(await harness.calendars.patchEvent(calendarId, EVENT_ID, patch, etag), 'conflict');
    assertEqual((await read(harness)).title, 'By a person', 'the title');
  });

  it('keeps a user’s edits of other fields', async (harness) => {
    const [calendarId] = harness.calendarIds;
    await insert(harness);
    await harness.person.renameEvent(calendarId, EVENT_ID, 'By a person');
    const patch = { start: hour(harness, 20), end: hour(harness, 21), ...MARKS };
    const event = assertOk(await harness.calendars.patchEvent(calendarId, EVENT_ID, patch, null));
    assertEqual([event.title, event.start], ['By a person', patch.start], 'title and start');
  });

  it('stamps the marks again, also with other values', async (harness) => {
    const [calendarId] = harness.calendarIds;
    await insert(harness);
    await harness.person.stripMetadata(calendarId, EVENT_ID);
    const stamped = { appointmentId: '700999', bay: '2' };
    const event = assertOk(await harness.calendars.patchEvent(calendarId, EVENT_ID, stamped, null));
    assertEqual(event.marks, { ...NO_MARKS, ...stamped, managed: true }, 'the marks');
    assertEqual((await read(harness)).marks, event.marks, 'the marks as read');
  });

  it('stamps the write and the digests that the patch gives, and keeps the others', async (harness) => {
    const [calendarId] = harness.calendarIds;
    await insert(harness, { write: 'w-1', titleDigest: 't-1', descriptionDigest: 'd-1' });
    const patch = { write: 'w-2', titleDigest: 't-2', ...MARKS };
    const event = assertOk(await harness.calendars.patchEvent(calendarId, EVENT_ID, patch, null));
    const { write, titleDigest, descriptionDigest } = event.marks;
    assertEqual([write, titleDigest, descriptionDigest], ['w-2', 't-2', 'd-1'], 'the marks');
    assertEqual((await read(harness)).marks, event.marks, 'the marks as read');
  });

  it('does not find an event that never existed', async (harness) => {
    assertErr(await harness.calendars.patchEvent(harness.calendarIds[0], EVENT_ID, MARKS, null), 'not-found');
  });
}
