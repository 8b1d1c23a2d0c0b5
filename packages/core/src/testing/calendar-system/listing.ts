import type { CalendarCapabilities } from '../../ports/capabilities.js';
import type { CalendarEvent, EventPage } from '../../domain/calendar-event.js';
import { assertEqual, assertErr, assertOk, assertTrue } from '../assert.js';
import { type CalendarTest, type WholeCalendarHarness, EVENT_ID, hour, insert, read, readList } from './harness.js';

function ids(events: readonly CalendarEvent[]): readonly string[] {
  return events.map(({ eventId }) => eventId).toSorted();
}

/** More events than two pages can contain. */
async function fillPages(harness: WholeCalendarHarness): Promise<readonly string[]> {
  const all = Array.from(
    { length: 2 * (harness.pageSize ?? 2) + 1 },
    (_, index) => `loftpage${String(index).padStart(4, '0')}`,
  );
  for (const eventId of all) await insert(harness, {}, eventId);
  return all;
}

/** Checks that the list has pages, if the calendar system has pages. */
function assertPaged({ pageSize }: WholeCalendarHarness, pages: readonly EventPage[]): void {
  if (pageSize === null) return assertEqual(pages.length, 1, 'how many pages there are');
  assertTrue(pages.length > 2, `there are more than two pages, not ${pages.length}`);
  const largest = Math.max(...pages.map((page) => page.events.length));
  assertTrue(largest <= pageSize, 'a page holds no more than it may');
}

export function fullListTests(it: CalendarTest, { syncToken: hasTokens }: CalendarCapabilities): void {
  if (hasTokens)
    it('answers an empty calendar with a sync token', async (harness) => {
      const { events, syncToken } = await readList(harness);
      assertEqual(events, [], 'the events');
      assertTrue(syncToken !== '', 'the sync token is a text');
    });

  it('answers every event of the calendar, and of no other', async (harness) => {
    const here = await insert(harness, { write: 'w-1', titleDigest: 't-1' });
    await insert(harness, {}, 'loftother', harness.calendarIds[1]);
    assertEqual((await readList(harness)).events, [here], 'the events');
  });

  it('answers page by page, every event once', async (harness) => {
    const all = await fillPages(harness);
    const { pages, events } = await readList(harness);
    assertPaged(harness, pages);
    assertEqual(ids(events), all, 'the events');
  });

  if (hasTokens)
    it('loses no change that is made while its pages are read', async (harness) => {
      const all = await fillPages(harness);
      const first = all[0] ?? '';
      const { syncToken } = await readList(harness, null, harness.calendarIds[0], () =>
        harness.person.renameEvent(harness.calendarIds[0], first, 'Changed meanwhile'),
      );
      // Without pages there is no moment between them.
      if (harness.pageSize === null) return;
      const { events } = await readList(harness, syncToken);
      assertEqual(
        events.map(({ eventId, title }) => [eventId, title]),
        [[first, 'Changed meanwhile']],
        'what the next list answers',
      );
    });

  it('reports the parameters of its tokens', async (harness) => {
    assertTrue(harness.calendars.listParameters !== '', 'there is a name');
  });
}

export function incrementalListTests(it: CalendarTest): void {
  it('returns no event without changes', async (harness) => {
    await insert(harness);
    const first = await readList(harness);
    const second = await readList(harness, first.syncToken);
    assertEqual(second.events, [], 'the events');
    assertEqual((await readList(harness, second.syncToken)).events, [], 'the events after that');
  });

  it('returns each changed event once, in its current state', async (harness) => {
    const [calendarId] = harness.calendarIds;
    for (const id of ['loftkept', 'loftmoved', 'loftgone']) await insert(harness, {}, id);
    const { syncToken } = await readList(harness);
    await harness.person.dragEvent(calendarId, 'loftmoved', { start: hour(harness, 20) });
    await harness.person.dragEvent(calendarId, 'loftmoved', { start: hour(harness, 21) });
    assertOk(await harness.calendars.deleteEvent(calendarId, 'loftgone'));
    await insert(harness, {}, 'loftadded');
    const { events } = await readList(harness, syncToken);
    assertEqual(ids(events), ['loftadded', 'loftgone', 'loftmoved'], 'the events that changed');
    const stateOf = (id: string): string | undefined => events.find(({ eventId }) => eventId === id)?.state;
    assertEqual(['loftadded', 'loftgone', 'loftmoved'].map(stateOf), ['live', 'gone', 'live'], 'their states');
    const moved = events.find(({ eventId }) => eventId === 'loftmoved');
    assertEqual(moved, await read(harness, 'loftmoved'), 'the moved event, as read');
  });

  it('answers page by page', async (harness) => {
    const { syncToken } = await readList(harness);
    const all = await fillPages(harness);
    const { pages, events } = await readList(harness, syncToken);
    assertPaged(harness, pages);
    assertEqual(ids(events), all, 'the events');
  });

  it('loses no change that is made while its pages are read', async (harness) => {
    const { syncToken } = await readList(harness);
    const all = await fillPages(harness);
    const last = all.at(-1) ?? '';
    const list = await readList(harness, syncToken, harness.calendarIds[0], () =>
      harness.person.renameEvent(harness.calendarIds[0], last, 'Changed meanwhile'),
    );
    if (harness.pageSize === null) return;
    const { events } = await readList(harness, list.syncToken);
    const titles = [...list.events, ...events].filter(({ eventId }) => eventId === last).map(({ title }) => title);
    assertEqual(titles.at(-1), 'Changed meanwhile', 'what is known of it in the end');
    assertEqual(
      ids([...list.events, ...events].filter(({ eventId }) => eventId !== last)),
      all.slice(0, -1),
      'the others',
    );
  });

  it('answers the same again to the same token', async (harness) => {
    const { syncToken } = await readList(harness);
    await insert(harness);
    const { events } = await readList(harness, syncToken);
    assertEqual(ids(events), [EVENT_ID], 'the events');
    assertEqual((await readList(harness, syncToken)).events, events, 'the events again');
  });
}

export function tokenTests(it: CalendarTest, { tombstones }: CalendarCapabilities): void {
  it('answers token-expired for an expired token', async (harness) => {
    await insert(harness);
    const { syncToken } = await readList(harness);
    await harness.expireSyncTokens();
    const cursor = { syncToken, pageToken: null };
    assertErr(await harness.calendars.listEvents(harness.calendarIds[0], cursor), 'token-expired');
    const again = await readList(harness);
    assertEqual(ids(again.events), [EVENT_ID], 'the events of a full list');
    assertEqual((await readList(harness, again.syncToken)).events, [], 'what changed since that');
  });

  it('does not list, in the next full list, events that were deleted meanwhile', async (harness) => {
    await insert(harness, {}, 'loftkept');
    await insert(harness, {}, 'loftgone');
    await harness.person.deleteEvent(harness.calendarIds[0], 'loftgone');
    await harness.expireSyncTokens();
    assertEqual(ids((await readList(harness)).events), ['loftkept'], 'the events');
    if (!tombstones) return;
    assertEqual((await read(harness, 'loftgone')).state, 'gone', 'the deleted event, read by its id');
  });

  it('refuses a text that is no token', async (harness) => {
    const cursor = { syncToken: 'nonsense', pageToken: null };
    const list = await harness.calendars.listEvents(harness.calendarIds[0], cursor);
    const kind = list.ok ? 'ok' : list.val.kind;
    assertTrue(kind === 'token-expired' || kind === 'invalid', `it is refused, not ${kind}`);
  });
}
