import { expect } from 'chai';
import { Ok, type CalendarEvent, type CalendarSystem } from '@loft/sync-core';
import { MarkedEvents } from '#src/engine/observe/removals.js';
import type { WorkItem } from '#src/engine/queue/appointment-state.js';
import { EventPages } from '#src/engine/sources/event-pages.js';
import { anEvent, aTombstone, ID } from '../rules/situations.js';
import { overridden } from './overridden.js';
import { QueueBench } from './queue-bench.js';
import { BAY1 } from './world.js';

describe('a deleted event of ours without a map, in a list of its calendar', () => {
  /**
   * @param busyWith the appointment whose task is in progress
   * @returns the appointments of the tasks that follow from the deletion, after a list that has shown the event
   */
  async function deleted(event: CalendarEvent, busyWith: string | null, isShared = false): Promise<readonly string[]> {
    const bench = new QueueBench({ isShared });
    const added: WorkItem[] = [];
    const queue = overridden(bench.queue, {
      add: async (works) => {
        added.push(...works);
        return Ok.EMPTY;
      },
      isBusyWith: (appointmentId) => appointmentId === busyWith,
    });
    let events: readonly CalendarEvent[] = [event];
    const listEvents: CalendarSystem['listEvents'] = async () =>
      Ok({ events, nextPageToken: null, nextSyncToken: 'next', writable: true, timeZone: null, summary: null });
    const parts = { ...bench.parts, markedEvents: new MarkedEvents() };
    const calendars = overridden<CalendarSystem>(parts.calendars, { listEvents });
    for (const page of [[event], [aTombstone({ eventId: event.eventId })]]) {
      events = page;
      added.length = 0;
      const pages = new EventPages(BAY1.calendarId, calendars, parts, queue);
      (await pages.list('token', async () => Ok(null))).unwrap();
    }
    return added.map(({ appointmentId }) => appointmentId);
  }

  const transferred = anEvent({ eventId: 'loft700100' });

  it('leads to a task while one may be about to store its map: of the appointment of its marks, which may be a later id', async () => {
    expect(await deleted(anEvent(), ID)).to.deep.equal([ID]);
    expect(await deleted(transferred, ID)).to.deep.equal([ID]);
    expect(await deleted(transferred, null, true)).to.deep.equal([ID]);
  });

  it('leads to none otherwise, or if it was a copy by a person', async () => {
    expect(await deleted(transferred, null)).to.deep.equal([]);
    expect(await deleted(transferred, '700100')).to.deep.equal([]);
    expect(await deleted(anEvent({ eventId: 'copy1' }), ID, true)).to.deep.equal([]);
  });
});
