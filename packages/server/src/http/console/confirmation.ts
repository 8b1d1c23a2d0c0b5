import type { Bay, HeldEdit, Instant } from '@loft/sync-core';
import { BOOKING_FEED, stopVersion, type FeedStop } from '@loft/sync-core/store';
import { heldVersion } from '../held-version.js';
import type { ZonedFormat } from '../zoned-format.js';
import type { Sides } from './pairs.js';
import { stopAdvice, stopWords } from './stop-words.js';
import { NO_UNDO } from './story-view.js';
import type { UndoableChange } from '../../journal/undoable-change.js';

/** One planned effect: customer, time, bay, and the change. */
export interface ConfirmedItem {
  readonly appointmentId: string;
  readonly customerName: string;
  readonly start: Instant;
  readonly bay: string;
  readonly would: string;
}

/** The content of the second step of an action. */
export interface Confirmation {
  readonly title: string;
  /** The reason for the question, in a sentence. */
  readonly why: string;
  readonly items: readonly ConfirmedItem[];
  /** The address of its form. */
  readonly action: string;
  /** Fields that identify what was shown: the action has no other effect. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The label of its button, with the number of effects. */
  readonly button: string;
}

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}

function bayName(bays: readonly Bay[], bay: string | null): string {
  return bays.find((one) => one.bay === bay)?.name ?? bay ?? '';
}

/** The confirmation of a resume of a paused feed. */
export function resumeConfirmation(feed: string, name: string, stop: FeedStop, bays: readonly Bay[]): Confirmation {
  const { items = [], reason } = stop;
  const bay = feed === BOOKING_FEED ? null : feed;
  return {
    title: `Resume: ${name}`,
    why: `It is paused: ${stopWords(reason)}. ${stopAdvice(bay)}`,
    items: items.map((item) => ({ ...item, bay: bayName(bays, item.bay) })),
    action: `/console/feeds/${encodeURIComponent(feed)}/resume`,
    fields: [['version', stopVersion(stop)]],
    button: items.length === 0 ? 'Resume' : `Resume, with ${counted(items.length, 'change', 'changes')}`,
  };
}

function wouldOf({ would, to }: HeldEdit, bays: readonly Bay[], format: ZonedFormat): string {
  if (would === 'cancel' || to === null) return 'cancel the booking';
  return `move the booking to ${format.day(to.start)} ${format.time(to.start)}, ${bayName(bays, to.bay)}`;
}

/** The confirmation that executes or reverts the held edits of a bay. */
export function heldConfirmation(
  decision: 'release' | 'revert',
  { bay, name }: Pick<Bay, 'bay' | 'name'>,
  edits: readonly HeldEdit[],
  bays: readonly Bay[],
  format: ZonedFormat,
): Confirmation {
  const { length } = edits;
  const isRelease = decision === 'release';
  return {
    title: isRelease ? `Carry out the edits of ${name}` : `Revert the edits of ${name}`,
    why: isRelease
      ? 'These edits in Google Calendar are held. Carrying them out changes the bookings in USchedule.'
      : 'These edits in Google Calendar are held. Reverting them restores the events; no booking changes.',
    items: edits.map((edit) => ({
      appointmentId: edit.appointmentId,
      customerName: edit.customerName,
      start: edit.start,
      bay: bayName(bays, edit.bay),
      would: isRelease ? wouldOf(edit, bays, format) : 'show the booking in Google Calendar again',
    })),
    action: `/console/held/${encodeURIComponent(bay)}/${decision}`,
    fields: [
      ['version', heldVersion(edits)],
      ...edits.map(({ appointmentId }) => ['appointment', appointmentId] as const),
    ],
    button: isRelease ? `Carry out ${counted(length, 'edit', 'edits')}` : `Revert ${counted(length, 'edit', 'edits')}`,
  };
}

/** The confirmation that undoes a change of time or bay. */
export function undoConfirmation(
  appointmentId: string,
  customerName: string,
  entry: string,
  { backTo, leftAt }: UndoableChange,
  bays: readonly Bay[],
  format: ZonedFormat,
): Confirmation {
  const back = `${format.day(backTo.start)} ${format.time(backTo.start)}–${format.time(backTo.end)}`;
  return {
    title: `Undo a change of ${customerName === '' ? `appointment ${appointmentId}` : customerName}`,
    why:
      'The booking is moved back in USchedule, as a new change, and its event follows. The undo is dropped if anything has ' +
      'changed by then, or if USchedule refuses it, for example because the time is taken.',
    items: [
      {
        appointmentId,
        customerName,
        start: leftAt.start,
        bay: bayName(bays, leftAt.bay),
        would: `move the booking back to ${back}, ${bayName(bays, backTo.bay)}`,
      },
    ],
    action: `/console/bookings/${encodeURIComponent(appointmentId)}/undo`,
    fields: [['entry', entry]],
    button: 'Move 1 booking back',
  };
}

/** The confirmation of a cancellation by a simulated person of the sandbox. */
export function cancelConfirmation(
  act: 'cancel' | 'delete',
  { appointmentId, google, title, uschedule }: Sides,
  bays: readonly Bay[],
): Confirmation | null {
  const slot = act === 'cancel' ? uschedule : google;
  if (slot === null) return null;
  const [name, why, would, path, button] =
    act === 'cancel'
      ? [
          'Cancel the booking',
          'The customer cancels in USchedule. The service then removes the event from Google Calendar.',
          'cancel the booking, and remove its event',
          'bookings',
          'Cancel 1 booking',
        ]
      : [
          'Delete the event',
          'A person deletes the event in Google Calendar. The service then cancels the booking in USchedule.',
          'delete the event, and cancel its booking',
          'events',
          'Delete 1 event',
        ];
  return {
    title: `${name} of ${title}`,
    why: `${why} ${NO_UNDO}`,
    items: [{ appointmentId, customerName: title, start: slot.start, bay: bayName(bays, slot.bay), would }],
    action: `/console/sandbox/${path}/${encodeURIComponent(appointmentId)}/${act}`,
    fields: [],
    button,
  };
}
