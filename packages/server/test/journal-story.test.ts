import { DAY, HOUR, intlTimeZones, MINUTE, SECOND } from '@loft/sync-core';
import type { JournalEntry } from '@loft/sync-core/store';
import { expect } from 'chai';
import { storyOf } from '#src/journal/story.js';
import { Narrator } from '#src/sandbox/narrator.js';
import { minimalFile } from './support/settings-fixture.js';

/** 14:02:13 on Sunday 22 November in Phoenix. */
const AT = Date.UTC(2026, 10, 22, 21, 2, 13);
/** 13:00 on that day. */
const ONE = Date.UTC(2026, 10, 22, 20);
const PHOENIX = { timeZone: 'America/Phoenix', timeZones: intlTimeZones() };

const at13 = { start: ONE, end: ONE + HOUR, bay: '1' };
const at1430 = { start: ONE + 90 * MINUTE, end: ONE + 150 * MINUTE, bay: '1' };
const tomorrow = { start: ONE + 24 * HOUR, end: ONE + 25 * HOUR, bay: '1' };

const entry: JournalEntry = {
  id: 'e',
  at: AT,
  appointmentId: '700123',
  kind: 'write',
  trigger: 'sweep',
  reason: 'event-moved',
  action: 'update',
  direction: 'GCAL_TO_USCHEDULE',
  outcome: 'ok',
  attempt: 1,
  changedAt: AT - 2 * SECOND,
  before: at13,
  after: at1430,
  other: null,
  detail: null,
  error: null,
  dueAt: null,
};

const refused = { kind: 'refused', system: 'uschedule', message: 'slot is taken.', reason: null } as const;
const busy = { kind: 'rate-limited', system: 'google', message: 'Rate Limit Exceeded', reason: null } as const;

/** A case with its journal entry, and the line that describes it. */
const STORIES: readonly (readonly [string, Partial<JournalEntry>, string])[] = [
  [
    'a new booking',
    { reason: 'new-booking', before: null, after: at13 },
    'booked in USchedule for Sun 22 Nov 13:00–14:00, Bay 1 (the booking was made at 14:02:11) → event created',
  ],
  [
    'a booking that was moved',
    { reason: 'booking-changed', changedAt: null },
    'moved in USchedule from Sun 22 Nov 13:00–14:00 to 14:30–15:30 → event moved along',
  ],
  [
    'a booking that was moved to another day and bay',
    { reason: 'booking-moved-bay', changedAt: null, after: { ...tomorrow, bay: '2' } },
    "moved in USchedule from Sun 22 Nov 13:00–14:00 to Mon 23 Nov 13:00–14:00, Bay 1 to Bay 2 → event moved to that bay's calendar",
  ],
  [
    'a booking whose note was changed',
    { reason: 'booking-changed', changedAt: null, after: at13 },
    "text changed in USchedule → event's text updated",
  ],
  [
    'a booking that was cancelled',
    { reason: 'booking-cancelled', after: null },
    'cancelled in USchedule (it was booked for Sun 22 Nov 13:00–14:00, Bay 1) → event removed',
  ],
  [
    'an event that was dragged',
    {},
    'moved in Google Calendar at 14:02:11 from Sun 22 Nov 13:00–14:00 to 14:30–15:30 → booking rescheduled',
  ],
  [
    'an event that was dragged, and the booking has another id by it',
    { other: '700456' },
    'moved in Google Calendar at 14:02:11 from Sun 22 Nov 13:00–14:00 to 14:30–15:30 → booking rescheduled, as appointment 700456',
  ],
  [
    'an event that was deleted',
    { reason: 'event-deleted', after: null },
    'deleted in Google Calendar at 14:02:11 (it was booked for Sun 22 Nov 13:00–14:00, Bay 1) → booking cancelled',
  ],
  [
    'an edit that USchedule refused',
    { reason: 'edit-refused', direction: 'USCHEDULE_TO_GCAL', before: at1430, after: at13, error: refused },
    'moved in Google Calendar at 14:02:11 to 14:30–15:30 → USchedule refused: slot is taken → event reverted to Sun 22 Nov 13:00–14:00, Bay 1',
  ],
  [
    'a deletion that USchedule refused',
    { reason: 'edit-refused', direction: 'USCHEDULE_TO_GCAL', before: null, after: at13, error: refused },
    'deleted in Google Calendar at 14:02:11 → USchedule refused: slot is taken → event restored',
  ],
  [
    'an edit no booking can follow',
    { reason: 'unsupported-edit', direction: 'USCHEDULE_TO_GCAL', before: at1430, after: at13 },
    'edited in Google Calendar at 14:02:11 in a way that is impossible for a booking → event reverted to Sun 22 Nov 13:00–14:00, Bay 1',
  ],
  [
    'a conflict that USchedule has won',
    { reason: 'conflict', direction: 'USCHEDULE_TO_GCAL', before: at1430, after: at13 },
    'changed on both sides → the booking wins → event set to Sun 22 Nov 13:00–14:00, Bay 1',
  ],
  [
    'a write that failed for now',
    {
      reason: 'new-booking',
      before: null,
      after: at13,
      changedAt: null,
      outcome: 'retry',
      error: busy,
      dueAt: AT + 7000,
    },
    'booked in USchedule for Sun 22 Nov 13:00–14:00, Bay 1 → failed, Google Calendar says: Rate Limit Exceeded → is tried again 14:02:20',
  ],
  [
    'a write that was given up',
    {
      reason: 'event-deleted',
      after: null,
      outcome: 'dead-letter',
      attempt: 8,
      error: { ...busy, system: 'uschedule' },
    },
    'deleted in Google Calendar at 14:02:11 (it was booked for Sun 22 Nov 13:00–14:00, Bay 1) → failed, USchedule says: Rate Limit Exceeded → stored as a dead letter after 8 attempts',
  ],
  [
    'a replayed dead letter',
    { trigger: 'replay', reason: 'booking-cancelled', after: null },
    'replayed → cancelled in USchedule (it was booked for Sun 22 Nov 13:00–14:00, Bay 1) → event removed',
  ],
  [
    'a booking on no bay of ours',
    { kind: 'seen', reason: 'no-route', outcome: null },
    'booked on a unit that is not one of the bays → no event',
  ],
  [
    'a copy',
    { kind: 'seen', reason: 'copy', outcome: null, detail: 'event x is a copy of y' },
    'a copy of the event was made → not changed → event x is a copy of y',
  ],
  [
    'an edit of a bay that only follows its bookings',
    { reason: 'one-way', direction: 'USCHEDULE_TO_GCAL', before: at1430, after: at13 },
    'edited in Google Calendar at 14:02:11, which changes no booking of this bay → event reverted to Sun 22 Nov 13:00–14:00, Bay 1',
  ],
  [
    'a deletion in a bay that only follows its bookings',
    { reason: 'one-way', direction: 'USCHEDULE_TO_GCAL', before: null, after: at13 },
    'edited in Google Calendar at 14:02:11, which changes no booking of this bay → event restored',
  ],
  [
    'an event that was moved after its visit',
    { reason: 'past-edit', direction: 'USCHEDULE_TO_GCAL', before: at1430, after: at13 },
    'moved in Google Calendar at 14:02:11 after its visit was over → event reverted to Sun 22 Nov 13:00–14:00, Bay 1',
  ],
  [
    'an edit that could not be delivered',
    { reason: 'edit-undelivered', direction: 'USCHEDULE_TO_GCAL', before: at1430, after: at13 },
    'edited in Google Calendar at 14:02:11 → the edit could not be delivered; its dead letter keeps it → event reverted to Sun 22 Nov 13:00–14:00, Bay 1',
  ],
  [
    'a replay of an edit whose booking has changed',
    { kind: 'seen', reason: 'edit-undelivered', outcome: null, detail: 'the booking has changed' },
    'its edit could not be delivered → nothing is written to USchedule → the booking has changed',
  ],
  [
    'a held edit',
    { kind: 'seen', reason: 'edit-held', outcome: null },
    'edited in Google Calendar, with many other events → held until a person releases or reverts it',
  ],
  [
    'a held edit that a person reverted',
    { reason: 'edit-held', direction: 'USCHEDULE_TO_GCAL', before: at1430, after: at13 },
    'edited in Google Calendar at 14:02:11 → a person reverted the held edit → event reverted to Sun 22 Nov 13:00–14:00, Bay 1',
  ],
  [
    'a change that a person undid',
    { reason: 'change-undone', trigger: 'replay', direction: 'GCAL_TO_USCHEDULE', before: at1430, after: at13 },
    'a person undid the change before → booking moved back to Sun 22 Nov 13:00–14:00, Bay 1',
  ],
  [
    'a request to undo that came too late',
    { kind: 'seen', reason: 'change-undone', outcome: null, detail: 'the visit is over' },
    'a person asked to undo a change → not undone → the visit is over',
  ],
  [
    'an edit that is made again and again',
    { kind: 'seen', reason: 'edit-war', outcome: null },
    'the same edit was made again after it was reverted → waits longer before it is reverted again',
  ],
  [
    'a copy that shows the booking from now on',
    { reason: 'copy-adopted', direction: 'USCHEDULE_TO_GCAL' },
    "its event was deleted, and a copy of it is in a calendar → the copy took its place, with the booking's content",
  ],
  [
    'a copy that a person made in place of the event',
    { kind: 'seen', reason: 'event-replaced', outcome: null },
    'its event was deleted, and a person had copied it shortly before → the copy is its event now, and its time counts as an edit',
  ],
  [
    'the second booking of a rescheduling',
    { reason: 'rebook-leftover', action: 'cancel' },
    'booked again at the new time → the booking that is not needed any more cancelled',
  ],
  [
    "another account's event",
    { kind: 'seen', reason: 'orphan-foreign', outcome: null },
    'an event with our marks was made by another account → not removed, and reported',
  ],
  [
    'a checkout that may still be in progress',
    { kind: 'seen', reason: 'checkout-held', outcome: null },
    'its checkout may still be in progress → waits until the record is old enough',
  ],
  [
    'an outage',
    {
      kind: 'setback',
      reason: null,
      outcome: 'wait',
      error: { ...busy, kind: 'unauthorized', message: 'login refused' },
      dueAt: AT + DAY,
    },
    'waits: Google Calendar says: login refused → is tried again when Google Calendar can be used again',
  ],
  [
    'a booking whose calendar is not shared',
    {
      kind: 'setback',
      reason: null,
      outcome: 'wait',
      error: { ...busy, kind: 'forbidden', message: 'not shared' },
      dueAt: AT + DAY,
    },
    'waits: Google Calendar says: not shared → is tried again when the calendar can be used again',
  ],
  [
    'a refused write to a calendar whose retry was planned for a time that has passed',
    {
      reason: 'new-booking',
      before: null,
      after: at13,
      changedAt: null,
      outcome: 'retry',
      error: { ...busy, kind: 'forbidden', message: 'not shared' },
      dueAt: AT - SECOND,
    },
    'booked in USchedule for Sun 22 Nov 13:00–14:00, Bay 1 → failed, Google Calendar says: not shared → is tried again when the calendar can be used again',
  ],
  [
    'a failure whose retry was planned for a time that has passed',
    {
      reason: 'new-booking',
      before: null,
      after: at13,
      changedAt: null,
      outcome: 'retry',
      error: busy,
      dueAt: AT - SECOND,
    },
    'booked in USchedule for Sun 22 Nov 13:00–14:00, Bay 1 → failed, Google Calendar says: Rate Limit Exceeded → is tried again',
  ],
  [
    'a booking that continues under a new id',
    { kind: 'renamed', other: '700100' },
    'continues appointment 700100, which was rescheduled',
  ],
];

describe('the story of an appointment', () => {
  for (const [what, change, text] of STORIES) {
    it(`describes ${what}`, () => {
      const [line] = storyOf([{ ...entry, ...change }], PHOENIX, minimalFile.bays, AT);
      expect(line?.steps.join(' → ')).to.equal(text);
    });
  }

  it('quotes the other side’s reason without the call and its status', () => {
    const error = { ...refused, message: 'rescheduleappointment: HTTP 400, That time is gone.' };
    const [line] = storyOf([{ ...entry, reason: 'edit-refused', error }], PHOENIX, minimalFile.bays, AT);
    expect(line?.steps[1]).to.equal('USchedule refused: That time is gone');
  });

  it('describes a reverted edit with the tone `put-back`', () => {
    const tones = (['one-way', 'past-edit', 'edit-undelivered', 'edit-held'] as const).map((reason) => {
      const [line] = storyOf([{ ...entry, reason, direction: 'USCHEDULE_TO_GCAL' }], PHOENIX, minimalFile.bays, AT);
      return line?.tone;
    });
    expect(tones).to.deep.equal(['put-back', 'put-back', 'put-back', 'put-back']);
  });

  it('names the side that won a conflict', () => {
    const tones = (['USCHEDULE_TO_GCAL', 'GCAL_TO_USCHEDULE'] as const).map((direction) => {
      const [line] = storyOf([{ ...entry, reason: 'conflict', direction }], PHOENIX, minimalFile.bays, AT);
      return [line?.tone, line?.steps[1]];
    });
    expect(tones).to.deep.equal([
      ['put-back', 'the booking wins'],
      ['done', 'the event wins, because it was changed later'],
    ]);
  });

  it('names the same winner of a conflict in the lines that the sandbox prints', () => {
    for (const direction of ['USCHEDULE_TO_GCAL', 'GCAL_TO_USCHEDULE'] as const) {
      const [line] = storyOf([{ ...entry, reason: 'conflict', direction }], PHOENIX, minimalFile.bays, AT);
      const printed: string[] = [];
      const narrator = new Narrator(PHOENIX.timeZone, PHOENIX.timeZones, (text) => printed.push(text));
      narrator.report(
        {
          type: 'action',
          at: AT,
          action: 'update',
          direction,
          outcome: 'ok',
          reason: 'conflict',
          appointmentId: entry.appointmentId,
          calendarId: 'bay-1',
          eventId: 'loft700123',
          attempt: 1,
          durationMs: 5,
          trigger: 'sweep',
          propagationMs: null,
          changedAt: null,
          before: at13,
          after: at1430,
          successor: null,
          error: null,
        },
        () => null,
        [],
      );
      expect(printed).to.deep.equal([`  appointment 700123 ${line?.steps.slice(0, 2).join(' → ')}`]);
    }
  });

  it("writes day and time in the studio's zone", () => {
    const [line] = storyOf([entry], PHOENIX, minimalFile.bays, AT);
    expect(line).to.include({ day: 'Sun 22 Nov 2026', time: '14:02:13', tone: 'done', reason: 'event-moved' });
  });
});
