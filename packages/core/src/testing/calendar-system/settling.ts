import type { CalendarCapabilities } from '../../ports/capabilities.js';
import { assertAllSettle } from '../settled-calls.js';
import { draft, MARKS, type CalendarTest } from './harness.js';

export function settlingTests(it: CalendarTest, { watch, move }: CalendarCapabilities): void {
  it('returns from every call without a throw, for any argument', async (harness) => {
    const { calendars, calendarIds } = harness;
    const [calendarId] = calendarIds;
    for (const [calendar, event] of [
      [calendarId, 'none'],
      [calendarId, 'a/b?c=é'],
      ['none@calendar.example', 'loft0000001'],
    ] as const) {
      const of = `of "${event}" in "${calendar}"`;
      await assertAllSettle({
        [`getEvent ${of}`]: () => calendars.getEvent(calendar, event),
        [`patchEvent ${of}`]: () => calendars.patchEvent(calendar, event, { ...MARKS, title: 'x' }, '"none"'),
        [`deleteEvent ${of}`]: () => calendars.deleteEvent(calendar, event),
        ...(move && { [`moveEvent ${of}`]: () => calendars.moveEvent(calendar, event, 'none@calendar.example') }),
      });
    }
    await assertAllSettle({
      'listEvents of an unknown calendar': () =>
        calendars.listEvents('none@calendar.example', { syncToken: null, pageToken: null }),
      'listEvents with a made-up token': () => calendars.listEvents(calendarId, { syncToken: 'none', pageToken: null }),
      'insertEvent under an invalid id': () => calendars.insertEvent(calendarId, 'É?', draft(harness)),
      ...(watch && { 'stopChannel of an unknown channel': () => calendars.stopChannel('none', 'none') }),
    });
  });
}
