import { MINUTE, SECOND } from '../../domain/instant.js';
import type { WatchGrant, WatchRequest } from '../../ports/calendar-system.js';
import { assertEqual, assertErr, assertOk, assertTrue } from '../assert.js';
import { type WholeCalendarHarness, type CalendarTest, EVENT_ID, insert } from './harness.js';

function request(harness: WholeCalendarHarness, wanted: Partial<WatchRequest> = {}): WatchRequest {
  const [calendarId] = harness.calendarIds;
  const { address } = harness;
  return { calendarId, channelId: 'channel-1', token: 'secret-1', address, ttlSeconds: 600, ...wanted };
}

async function watch(harness: WholeCalendarHarness, wanted: Partial<WatchRequest> = {}): Promise<WatchGrant> {
  return assertOk(await harness.calendars.watch(request(harness, wanted)));
}

/** Returns the states of the notifications of a channel so far. */
async function statesOf(harness: WholeCalendarHarness, channelId = 'channel-1'): Promise<readonly string[]> {
  const received = await harness.received();
  return received.filter((it) => it.channelId === channelId).map(({ resourceState }) => resourceState);
}

export function channelTests(it: CalendarTest): void {
  it('opens a channel for the requested time, and sends a first notification', async (harness) => {
    const grant = await watch(harness);
    const lifetime = grant.expiresAt - harness.now();
    assertTrue(Math.abs(lifetime - 600 * SECOND) < MINUTE, `the channel lives for ${lifetime} ms`);
    assertEqual(
      await harness.received(),
      [{ channelId: 'channel-1', token: 'secret-1', resourceId: grant.resourceId, resourceState: 'sync' }],
      'the first notification',
    );
  });

  it('notifies of our own changes and those of a user, with the token of the channel', async (harness) => {
    const grant = await watch(harness);
    assertEqual(await statesOf(harness), ['sync'], 'the states so far');
    await insert(harness);
    assertEqual(await statesOf(harness), ['sync', 'exists'], 'the states after our own write');
    await harness.person.deleteEvent(harness.calendarIds[0], EVENT_ID);
    assertEqual(await statesOf(harness), ['sync', 'exists', 'exists'], 'the states after a person’s');
    const last = (await harness.received()).at(-1);
    assertEqual([last?.token, last?.resourceId], ['secret-1', grant.resourceId], 'token and resource');
  });

  it('does not notify of another calendar', async (harness) => {
    await watch(harness);
    await insert(harness, {}, EVENT_ID, harness.calendarIds[1]);
    assertEqual(await statesOf(harness), ['sync'], 'the states');
  });

  it('notifies every open channel', async (harness) => {
    await watch(harness);
    await watch(harness, { channelId: 'channel-2', token: 'secret-2' });
    await harness.received();
    await insert(harness);
    assertEqual(await statesOf(harness, 'channel-1'), ['sync', 'exists'], 'the first channel');
    assertEqual(await statesOf(harness, 'channel-2'), ['sync', 'exists'], 'the second channel');
  });

  it('refuses a channel id that was used before', async (harness) => {
    await watch(harness);
    assertErr(await harness.calendars.watch(request(harness, { calendarId: harness.calendarIds[1] })), 'invalid');
  });

  it('sends no notification after it is stopped, and can be stopped again', async (harness) => {
    const { resourceId } = await watch(harness);
    await harness.received();
    assertOk(await harness.calendars.stopChannel('channel-1', resourceId));
    assertOk(await harness.calendars.stopChannel('channel-1', resourceId), 'a stopped channel can be stopped');
    assertOk(await harness.calendars.stopChannel('never-opened', resourceId), 'one that never was, too');
    await insert(harness);
    assertEqual(await statesOf(harness), ['sync'], 'the states');
  });

  it('sends no notification after its expiry', async (harness) => {
    await watch(harness, { ttlSeconds: 60 });
    await harness.received();
    await harness.elapse(61 * SECOND);
    await insert(harness);
    assertEqual(await statesOf(harness), ['sync'], 'the states');
  });

  it('does not watch a calendar that is not shared with us', async (harness) => {
    await harness.share(harness.calendarIds[0], 'none');
    assertErr(await harness.calendars.watch(request(harness)), 'not-found');
  });
}
