import type { CalendarSystem } from '../../ports/calendar-system.js';
import { Ok } from '../../result.js';
import type { MemoryCalendars } from '../memory-calendars.js';
import type { Faults } from './faults.js';

/** Serves full lists whose pages lack some events, while the fault lasts. */
export function partialCalendars(calendars: MemoryCalendars, faults: Faults): CalendarSystem {
  const listEvents: CalendarSystem['listEvents'] = async (calendarId, cursor) => {
    const page = await calendars.listEvents(calendarId, cursor);
    const isFull = cursor.syncToken === null;
    if (page.err || !isFull || !faults.lasts('partial-pages')) return page;
    return Ok({ ...page.val, events: page.val.events.filter((_, index) => index % 2 === 0) });
  };
  return new Proxy<CalendarSystem>(calendars, {
    get: (target, name): unknown => {
      if (name === 'listEvents') return listEvents;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
