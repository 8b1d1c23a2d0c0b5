import { canMoveEvents, type CalendarCapabilities } from '../../ports/capabilities.js';
import type { Result } from '../../result.js';
import type { SyncError, SyncErrorKind } from '../../domain/sync-error.js';
import { assertEqual, assertErr, assertOk } from '../assert.js';
import {
  type WholeCalendarHarness,
  type CalendarTest,
  draft,
  EVENT_ID,
  insert,
  MARKS,
  read,
  readList,
} from './harness.js';

const BEGINNING = { syncToken: null, pageToken: null } as const;

async function assertNoWrite(harness: WholeCalendarHarness, id: string, kind: SyncErrorKind): Promise<void> {
  const { calendars } = harness;
  const writes: readonly Result<unknown, SyncError>[] = [
    await calendars.insertEvent(id, 'loftnnn00', draft(harness)),
    await calendars.patchEvent(id, EVENT_ID, { title: 'Not ours to say', ...MARKS }, null),
    await calendars.deleteEvent(id, EVENT_ID),
    ...(canMoveEvents(calendars) ? [await calendars.moveEvent(id, EVENT_ID, harness.calendarIds[1])] : []),
  ];
  for (const write of writes) assertErr(write, kind);
}

export function accessTests(it: CalendarTest, { move }: CalendarCapabilities): void {
  it('reports that a calendar is writable', async (harness) => {
    const page = assertOk(await harness.calendars.listEvents(harness.calendarIds[0], BEGINNING));
    assertEqual(page.writable, true, 'writable');
  });

  it('reads, and refuses to write, with read access only', async (harness) => {
    const [calendarId] = harness.calendarIds;
    const event = await insert(harness);
    await harness.share(calendarId, 'reader');
    const { pages, events } = await readList(harness, null, calendarId);
    for (const { writable } of pages) assertEqual(writable, false, 'writable');
    assertEqual(events, [event], 'the events');
    await assertNoWrite(harness, calendarId, 'forbidden');
    assertEqual(await read(harness), event, 'the event');
  });

  if (move)
    it('does not move an event to a calendar with read access only', async (harness) => {
      const [from, to] = harness.calendarIds;
      await insert(harness);
      await harness.share(to, 'reader');
      assertErr(await harness.calendars.moveEvent(from, EVENT_ID, to), 'forbidden');
      assertEqual((await read(harness)).state, 'live', 'the event');
    });

  it('does not find a calendar that is not shared with us, and finds it again', async (harness) => {
    const [calendarId, other] = harness.calendarIds;
    const event = await insert(harness);
    await harness.share(calendarId, 'none');
    assertErr(await harness.calendars.listEvents(calendarId, BEGINNING), 'not-found');
    assertErr(await harness.calendars.getEvent(calendarId, EVENT_ID), 'not-found');
    await assertNoWrite(harness, calendarId, 'not-found');
    assertOk(await harness.calendars.listEvents(other, BEGINNING), 'the other calendar is as before');
    await harness.share(calendarId, 'writer');
    assertEqual(await read(harness), event, 'the event');
  });

  it('does not find a calendar that never existed', async (harness) => {
    assertErr(await harness.calendars.listEvents('unknown@calendars.example', BEGINNING), 'not-found');
    await assertNoWrite(harness, 'unknown@calendars.example', 'not-found');
  });
}
