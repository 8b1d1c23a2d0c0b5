import type { BookingCase, EventCase, MapCase } from './every-case.js';

/** One case: a map, a booking, an event, and what else matters. */
export interface Case {
  readonly map: MapCase;
  readonly booking: BookingCase | null;
  readonly event: EventCase | null;
  readonly refusal: boolean;
  readonly policy: 'last-write-wins' | 'booking-wins';
  readonly trust: 'trusted' | 'blind';
}

/** One row of the table, or one of the rules that come before it: when it holds, and what it says then. */
export interface Row {
  readonly row: number | 'first';
  readonly answers: string;
  readonly when: (facts: Facts) => boolean;
  readonly does: (facts: Facts) => string;
}

/** A case in the table's words. */
export type Facts = ReturnType<typeof factsOf>;

/** What the booking is taken to say: as it was seen, or as the base where an old answer may still be served. */
const AS_BASE: BookingCase = {
  life: 'live',
  known: true,
  time: 'base',
  bay: 'home',
  text: 'base',
  sure: true,
  stale: false,
};

/** The words of the table, found out from the names of a case alone, without a look at what `decide` is given. */
export function factsOf({ map, booking: read, event, refusal, policy, trust }: Case) {
  const none = map.state === 'none';
  const marked = event?.state === 'live' && event.marks === 'ours';
  const another = !none && event?.id === 'other';
  const stands = event?.state === 'live' && !event.canceled;
  const alive = read !== null && read.known && read.life !== 'dead';
  const over = alive && read.time === 'past';

  // The active map, step by step.
  const baseTime = map.over ? 'past' : 'base';
  const history = map.over && !(alive && !over);
  const active = map.state === 'active' && !another && !history;
  const echo = event?.state === 'live' && event.etag === 'same' && event.calendar === 'home';
  const news = event !== null && !echo;
  const staleBooking = active && read !== null && read.stale;
  const staleEvent = active && !staleBooking && news && event.stale;
  const olderVersion = active && !staleBooking && !staleEvent && news && map.recent && event.updated === 'older';
  const fresh = active && !staleBooking && !staleEvent && !olderVersion;
  const readingDiffers =
    read !== null && (!alive || read.time !== baseTime || read.bay !== 'home' || read.text !== 'base');
  const doubtful = fresh && !refusal && readingDiffers;
  const outdated = doubtful && map.written === 'just-before' && !read.fresh;
  const echoing = doubtful && map.written === 'in-window';
  const tooEarly = echoing && (!news || !read.known);

  const booking = echoing ? AS_BASE : read;
  const dead = fresh && !tooEarly && !outdated && booking !== null && (booking.life === 'dead' || !booking.known);
  const settled = fresh && !tooEarly && !outdated && !dead;
  const noRoute = booking?.bay === 'none';
  // What we were writing to the event when we were interrupted is no person's edit.
  const shows = news && event.state === 'live';
  const ownMove = shows && map.intent === 'write-bay' && event.calendar === 'other';
  const ownTime = shows && map.intent === 'write-time' && event.time === 'edited' && event.shape === 'timed';
  const misplaced = !noRoute && ((ownMove && booking?.bay !== 'other') || (ownTime && booking?.time !== 'edited'));
  const moved = booking !== null && (booking.time !== baseTime || booking.bay !== 'home' || misplaced);
  const differs = moved || (booking !== null && booking.text !== 'base');
  const refused = settled && refusal && event !== null;
  const plain = settled && !refused;

  const lost = plain && (ownMove || ownTime) && booking === null;
  const edit = plain && !lost && news && event.state === 'live';
  const unmarked = edit && event.marks === 'removed';
  const unsupported = edit && !unmarked && event.shape !== 'timed';
  const timeEdited = edit && !unmarked && !unsupported && event.time !== baseTime && !ownTime;
  const bayEdited = edit && !unmarked && !unsupported && event.calendar === 'other' && !ownMove;
  const placeEdited = timeEdited || bayEdited;
  const placeSure = placeEdited && (!bayEdited || event.proven);
  const placeKept = edit && !unmarked && !unsupported && !placeEdited;
  const textEdited = placeKept && (event.text !== 'base' || event.canceled);
  const gone = plain && news && event.state === 'gone';
  const agrees =
    placeEdited && (!timeEdited || booking?.time === event?.time) && (!bayEdited || booking?.bay === 'other');

  // The canceled map.
  const canceled = map.state === 'canceled' && !another;
  const believed = canceled && trust === 'trusted';
  const revived = believed && read !== null && !read.stale && alive && read.life === 'live';
  const revivedThen = revived && map.written === 'just-before' && !read.fresh;
  const revivedNow = revived && !revivedThen && map.written !== 'in-window';
  const lookFirst = believed && ((read === null && !(event !== null && !stands)) || (read !== null && read.stale));
  const laidToRest = canceled && !lookFirst && !revived;
  const leftBehind = revivedNow && !over && read.bay === 'none' && stands && marked;

  // No map.
  const candidate = none && marked;
  const unmapped = none && read !== null;
  const dying = unmapped && !alive;
  const born = unmapped && alive && !over;
  // An insert of ours that was never recorded, of a booking that has gone to a unit of no bay.
  const unrecorded =
    born &&
    read.life === 'live' &&
    read.bay === 'none' &&
    candidate &&
    stands &&
    event.id === 'mirror' &&
    event.shape === 'timed';

  return {
    baseTime,
    none,
    marked,
    another,
    stands,
    over,
    policy,
    trust,
    event,
    read,
    history: map.state === 'active' && !another && history,
    news,
    staleBooking,
    staleEvent,
    olderVersion,
    tooEarly,
    booking,
    dead,
    noRoute,
    moved,
    misplaced,
    lost,
    underway: map.intent !== 'none',
    differs,
    refused,
    plain,
    unmarked,
    unsupported,
    timeEdited,
    bayEdited,
    placeEdited,
    placeSure,
    placeKept,
    textEdited,
    gone,
    agrees,
    superseded: map.state === 'superseded' && !another,
    canceled,
    revived,
    revivedNow,
    lookFirst,
    laidToRest,
    leftBehind,
    waitsForEcho: revived && map.written === 'in-window',
    outdated: outdated || revivedThen,
    candidate,
    unmapped,
    dying,
    born,
    unrecorded,
  };
}

const nothing = (): string => 'nothing';

/** The booking has news that the event does not stand against, and a bay to show them in. */
function toBeShown(f: Facts): boolean {
  if (!f.plain || !f.booking || !f.differs || f.noRoute) return false;
  return !f.news || f.unmarked || f.placeKept || (f.agrees && f.placeSure);
}

function leftOurBays(f: Facts): boolean {
  if (!f.booking || !f.noRoute) return false;
  if (f.refused) return true;
  return f.plain && (!f.news || f.unmarked || f.placeKept || f.unsupported || f.placeSure || provenGone(f));
}

function provenGone(f: Facts): boolean {
  return f.gone && f.event?.proven === true;
}

/** The event was edited after the booking was read. In the booking's new bay it may have been we who moved it last. */
function laterEdit(f: Facts): boolean {
  const doubt = f.unsupported || f.misplaced || (f.bayEdited && f.booking?.bay === 'other');
  return f.policy === 'last-write-wins' && f.event?.updated === 'after' && !doubt;
}

const baseOf = (booking: BookingCase | null): string => `${booking?.time}/${booking?.bay}/${booking?.text}`;

/**
 * The fields of a write that makes the mirror show the booking, without a person's text: docs/decision-table.md#row-9
 * and its kin.
 */
function mirrorFields(event: EventCase | null, booking: BookingCase, baseTime: string): readonly string[] {
  const odd = event !== null && event.shape !== 'timed';
  const time = odd || (event?.time ?? baseTime) !== booking.time;
  const text = booking.text !== 'base' && event?.text !== 'agreed';
  return [
    ...(time ? ['end', 'start'] : []),
    ...(odd && event.shape === 'recurring' ? ['single'] : []),
    ...(text ? [booking.text] : []),
  ].sort();
}

/** The fields of a write that makes an event show all of the booking. */
function allFields(event: EventCase, booking: BookingCase): readonly string[] {
  const odd = event.shape !== 'timed';
  const title = booking.text === 'title' ? 'agreed' : 'base';
  const shownTitle = event.canceled ? 'canceled' : event.text;
  const description = booking.text === 'description' ? 'agreed' : 'base';
  const shownDescription = event.text === 'agreed' ? 'agreed' : 'base';
  return [
    ...(shownDescription === description ? [] : ['description']),
    ...(odd || event.time !== booking.time ? ['end', 'start'] : []),
    ...(event.canceled ? ['free'] : []),
    ...(event.shape === 'recurring' ? ['single'] : []),
    ...(shownTitle === title ? [] : ['title']),
  ].sort();
}

function written(event: EventCase | null, booking: BookingCase, fields: readonly string[]): string | null {
  const from = event?.calendar ?? 'home';
  if (from === booking.bay && fields.length === 0) return null;
  const etag = event?.etag ?? 'same';
  return `write ${from}→${booking.bay} {${fields.join()}} if ${etag} = ${baseOf(booking)}`;
}

/** The write of the mirror; what both sides agree on already is stored. */
function shown(f: Facts): string {
  const event = f.news ? f.event : null;
  if (!f.booking) return '';
  return (
    written(event, f.booking, mirrorFields(event, f.booking, f.baseTime)) ??
    `store ${baseOf(f.booking)} in ${event?.calendar} under ${event?.etag}`
  );
}

function putBack(f: Facts): string {
  if (!f.booking || !f.event) return '';
  if (f.event.state === 'gone') return restored(f);
  return (
    written(f.event, f.booking, mirrorFields(f.event, f.booking, f.baseTime)) ??
    `store ${baseOf(f.booking)} in ${f.event.calendar} under ${f.event.etag}`
  );
}

function restored(f: Facts): string {
  return `restore ${baseOf(f.booking)}`;
}

function followed(f: Facts): string {
  return `reschedule ${f.event?.time}/${f.event?.calendar}/base`;
}

const cancelledEvent = (f: Facts): string => (f.event ? `cancel event in ${f.event.calendar}` : 'cancel event');

function takenOver(f: Facts): string | null {
  return f.event && f.read && written(f.event, f.read, allFields(f.event, f.read));
}

function adoptedAsItIs({ event }: Facts): string {
  return `adopt with null = ${event?.time}/${event?.calendar}/${event?.text === 'agreed' ? 'title' : 'base'}`;
}

/** The rows of docs/decision-table.md, and before them what must be known or waited for. Exactly one holds. */
export const ROWS: readonly Row[] = [
  {
    row: 'first',
    answers: 'look booking',
    does: nothing,
    when: (f) =>
      (f.none && f.read === null && !(f.event?.state === 'live' && !f.marked)) ||
      (f.dying && f.candidate && f.stands && f.read?.sure === false) ||
      f.staleBooking ||
      f.outdated ||
      f.lookFirst ||
      ((f.refused || provenGone(f) || f.unsupported || f.placeEdited) && f.booking === null) ||
      f.lost ||
      (f.plain && f.event === null && f.booking === null),
  },
  {
    row: 'first',
    answers: 'look event',
    does: nothing,
    when: (f) =>
      f.staleEvent ||
      (f.gone && f.event?.proven === false) ||
      (f.bayEdited && f.event?.proven === false && f.booking !== null) ||
      ((f.laidToRest ? f.stands : f.leftBehind) && f.event?.stale === true),
  },
  { row: 'first', answers: 'wait 5000', does: nothing, when: (f) => f.tooEarly || f.olderVersion || f.waitsForEcho },
  {
    row: 'first',
    answers: 'wait for news',
    does: nothing,
    when: (f) =>
      (f.born && f.read?.life === 'unknown' && !(f.candidate && f.stands)) ||
      (f.laidToRest && f.stands && !f.event?.stale && f.marked && f.trust === 'trusted' && f.read?.life === 'unknown'),
  },
  {
    row: 1,
    answers: 'new-booking',
    when: (f) => f.born && f.read?.life === 'live' && f.read.bay !== 'none' && !f.candidate,
    does: (f) => `create ${baseOf(f.read)}`,
  },
  {
    row: 2,
    answers: 'no-route',
    when: (f) =>
      ((f.born && f.read?.life === 'live' && !f.unrecorded) || (f.revivedNow && !f.over && !f.leftBehind)) &&
      f.read?.bay === 'none',
    does: nothing,
  },
  { row: 3, answers: 'dead-on-arrival', when: (f) => f.dying && !(f.candidate && f.stands), does: nothing },
  {
    row: 4,
    answers: 'adopt',
    when: (f) => f.unrecorded || (f.born && f.read?.life === 'live' && f.read.bay !== 'none' && f.candidate),
    does: (f) => (f.unrecorded ? adoptedAsItIs(f) : `adopt with ${takenOver(f)} = ${baseOf(f.read)}`),
  },
  {
    row: 5,
    answers: 'orphan',
    when: (f) => f.dying && f.candidate && f.stands && f.read?.sure === true,
    does: cancelledEvent,
  },
  {
    row: 6,
    answers: 'orphan-unproven',
    when: (f) => f.born && f.read?.life === 'unknown' && f.candidate && f.stands,
    does: nothing,
  },
  {
    row: 7,
    answers: 'not-managed',
    when: (f) => (f.none && f.read === null && f.event?.state === 'live' && !f.marked) || (f.another && !f.marked),
    does: nothing,
  },
  {
    row: 8,
    answers: 'in-sync',
    when: (f) =>
      f.plain &&
      !f.differs &&
      ((!f.news && (f.booking !== null || f.event !== null)) || (f.placeKept && !f.textEdited)),
    // A change that was begun and shows on neither side is over.
    does: (f) => (f.underway && f.booking ? 'store base/home/base in home under same' : 'nothing'),
  },
  {
    row: 9,
    answers: 'booking-changed',
    when: (f) => toBeShown(f) && shown(f).startsWith('write') && !movesBay(f),
    does: shown,
  },
  {
    row: 10,
    answers: 'booking-moved-bay',
    when: (f) =>
      (toBeShown(f) && shown(f).startsWith('write') && movesBay(f)) ||
      leftOurBays(f) ||
      (f.leftBehind && f.event?.stale === false),
    does: (f) => {
      if (f.noRoute) return f.news || f.refused || f.leftBehind ? cancelledEvent(f) : 'cancel event';
      return shown(f);
    },
  },
  { row: 11, answers: 'booking-cancelled', when: (f) => f.dead, does: cancelledEvent },
  {
    row: 12,
    answers: 'event-moved',
    when: (f) => f.timeEdited && !f.bayEdited && f.booking !== null && !f.moved,
    does: followed,
  },
  {
    row: 13,
    answers: 'event-moved-bay',
    when: (f) => f.bayEdited && f.placeSure && f.booking !== null && !f.moved,
    does: followed,
  },
  {
    row: 14,
    answers: 'event-deleted',
    when: (f) => provenGone(f) && f.booking !== null && !f.differs,
    does: () => 'cancel booking',
  },
  {
    row: 15,
    answers: 'text-edited',
    when: (f) => f.textEdited && !f.differs,
    does: (f) => `store base/home/base in home under new${f.underway && !f.booking ? ', underway' : ''}`,
  },
  { row: 16, answers: 'converged', when: (f) => toBeShown(f) && shown(f).startsWith('store'), does: shown },
  {
    row: 17,
    answers: 'conflict',
    when: (f) => f.moved && !f.noRoute && (f.unsupported || (f.placeSure && !f.agrees)),
    does: (f) => (laterEdit(f) ? followed(f) : putBack(f)),
  },
  {
    row: 18,
    answers: 'conflict-restore',
    when: (f) => provenGone(f) && f.booking !== null && f.differs && !f.noRoute,
    does: restored,
  },
  {
    row: 19,
    answers: 'metadata-removed',
    when: (f) => (f.unmarked && !f.differs) || (f.laidToRest && f.stands && !f.event?.stale && !f.marked),
    does: nothing,
  },
  {
    row: 20,
    answers: 'unsupported-edit',
    when: (f) => f.unsupported && f.booking !== null && !f.moved,
    does: putBack,
  },
  { row: 21, answers: 'edit-refused', when: (f) => f.refused && f.booking !== null && !f.noRoute, does: putBack },
  { row: 22, answers: 'in-sync', when: (f) => f.superseded || (f.laidToRest && !f.stands), does: nothing },
  {
    row: 23,
    answers: 'dead-stays-dead',
    when: (f) =>
      f.laidToRest &&
      f.stands &&
      !f.event?.stale &&
      f.marked &&
      (f.trust === 'blind' || f.read === null || f.read.life === 'dead'),
    does: cancelledEvent,
  },
  {
    row: 24,
    answers: 'booking-revived',
    when: (f) => f.revivedNow && !f.over && f.read?.bay !== 'none',
    does: (f) => {
      if (f.event?.state !== 'live') return `restore ${baseOf(f.read)}`;
      return takenOver(f) ?? `adopt with null = ${baseOf(f.read)}`;
    },
  },
  { row: 25, answers: 'copy', when: (f) => f.another && f.marked, does: nothing },
  {
    row: 26,
    answers: 'past',
    when: (f) => f.history || (f.unmapped && f.over) || (f.revivedNow && f.over),
    does: nothing,
  },
];

function movesBay(f: Facts): boolean {
  return ((f.news ? f.event?.calendar : null) ?? 'home') !== f.booking?.bay;
}
